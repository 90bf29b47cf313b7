/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/critical-strip.h"

#include "gui/lanes-links.h"
#include "gui/share-bar.h"
#include "lib/explain/critical-path.h"
#include "lib/explain/duration.h"
#include "lib/explain/sentence.h"

#include <glib/gi18n.h>

#define REST_MS 200
#define STEP 2000u /* segments; about a millisecond */
#define THREADS_MAX 6u

struct _LscCriticalStrip
{
  GObject parent_instance;
  LscLanesView *view;
  gboolean shown;
  guint timer; /* until the view has come to rest */
  guint source;
  guint32 thread;
  LscTimeRange range;
  LscCriticalPath *path; /* whole when `source` is 0 */
  GArray *parts;         /* LscStripPart */
  char *subtitle;
};

G_DEFINE_FINAL_TYPE (LscCriticalStrip, lsc_critical_strip, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
forget_path (LscCriticalStrip *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  lsc_lanes_view_set_strip (self->view, LSC_STRIP_PATH, NULL);
  g_clear_pointer (&self->path, lsc_critical_path_free);
  g_array_set_size (self->parts, 0);
  g_clear_pointer (&self->subtitle, g_free);
}

static LscState
state_of (LscCriticalKind kind)
{
  static const LscState states[LSC_N_CRITICAL_KINDS] = {
    [LSC_CRITICAL_RUNNING] = LSC_STATE_RUNNING,  [LSC_CRITICAL_QUEUED] = LSC_STATE_RUNNABLE,
    [LSC_CRITICAL_WAITING] = LSC_STATE_SLEEPING, [LSC_CRITICAL_BLOCKED] = LSC_STATE_SLEEPING,
    [LSC_CRITICAL_UNKNOWN] = LSC_STATE_UNKNOWN,  [LSC_CRITICAL_ABSENT] = LSC_STATE_ABSENT,
  };
  return states[kind];
}

static void
show_path (LscCriticalStrip *self)
{
  LscStrip strip = { .title = _ ("Critical path") };
  g_autofree char *name =
      lsc_sentence_name_thread (lsc_lanes_view_get_trace (self->view), self->thread);
  for (guint i = 0; i < lsc_critical_path_get_n (self->path); i++)
    {
      const LscCriticalSegment *segment = lsc_critical_path_get (self->path, i);
      LscStripPart part = { segment->from_ns, segment->to_ns, state_of (segment->kind),
                            segment->reason, segment->thread };
      g_array_append_val (self->parts, part);
    }
  /* Translators: a thread. */
  self->subtitle = g_strdup_printf (_ ("of %s"), name);
  strip.subtitle = self->subtitle;
  strip.parts = (const LscStripPart *) (const void *) self->parts->data;
  strip.n_parts = self->parts->len;
  lsc_lanes_view_set_strip (self->view, LSC_STRIP_PATH, &strip);
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
step_cb (gpointer data)
{
  LscCriticalStrip *self = data;
  if (lsc_critical_path_step (self->path, STEP))
    return G_SOURCE_CONTINUE;
  self->source = 0;
  show_path (self);
  return G_SOURCE_REMOVE;
}

/* Of a range that was selected; else of what is in view. */
static void
update (LscCriticalStrip *self)
{
  guint32 thread = 0;
  gboolean wanted = self->shown && lsc_lanes_view_get_thread (self->view, &thread);
  LscTimeRange range = { 0 };
  if (wanted)
    range = lsc_lanes_view_get_visible (self->view);
  if (wanted)
    lsc_lanes_view_get_selection (self->view, &range);
  if (wanted && self->path != NULL && thread == self->thread && range.from_ns == self->range.from_ns
      && range.to_ns == self->range.to_ns)
    return;
  forget_path (self);
  if (!wanted)
    {
      g_signal_emit (self, signals[CHANGED], 0);
      return;
    }
  self->thread = thread;
  self->range = range;
  self->path = lsc_critical_path_new (lsc_lanes_view_get_trace (self->view), thread, range.from_ns,
                                      range.to_ns);
  self->source = g_idle_add (step_cb, self);
}

static gboolean
timer_cb (gpointer data)
{
  LscCriticalStrip *self = data;
  self->timer = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

static void
moved_cb (LscCriticalStrip *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->shown)
    self->timer = g_timeout_add (REST_MS, timer_cb, self);
}

static void
lsc_critical_strip_finalize (GObject *object)
{
  LscCriticalStrip *self = LSC_CRITICAL_STRIP (object);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_pointer (&self->path, lsc_critical_path_free);
  g_array_unref (self->parts);
  g_free (self->subtitle);
  G_OBJECT_CLASS (lsc_critical_strip_parent_class)->finalize (object);
}

static void
lsc_critical_strip_class_init (LscCriticalStripClass *class)
{
  G_OBJECT_CLASS (class)->finalize = lsc_critical_strip_finalize;
  signals[CHANGED] = g_signal_new ("changed", LSC_TYPE_CRITICAL_STRIP, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
lsc_critical_strip_init (LscCriticalStrip *self)
{
  self->parts = g_array_new (FALSE, FALSE, sizeof (LscStripPart));
}

static void
shown_cb (GSimpleAction *action, GVariant *shown, gpointer data)
{
  LscCriticalStrip *self = data;
  guint32 thread = 0;
  g_simple_action_set_state (action, shown);
  self->shown = g_variant_get_boolean (shown);
  if (lsc_lanes_view_get_trace (self->view) == NULL)
    return;
  if (self->shown && !lsc_lanes_view_get_thread (self->view, &thread))
    gtk_widget_activate_action (GTK_WIDGET (self->view), "win.toast", "s",
                                _ ("Pick a thread to see its critical path"));
  update (self);
}

LscCriticalStrip *
lsc_critical_strip_new (GActionMap *actions, LscLanesView *view)
{
  static const GActionEntry entry = { .name = "critical-path",
                                      .state = "false",
                                      .change_state = shown_cb };
  LscCriticalStrip *self = g_object_new (LSC_TYPE_CRITICAL_STRIP, NULL);
  self->view = view;
  g_action_map_add_action_entries (actions, &entry, 1, self);
  g_signal_connect_object (view, "view-changed", G_CALLBACK (moved_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "selected", G_CALLBACK (moved_cb), self, G_CONNECT_SWAPPED);
  return self;
}

void
lsc_critical_strip_forget (LscCriticalStrip *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  forget_path (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

char *
lsc_critical_strip_dup_title (LscCriticalStrip *self)
{
  if (self->path == NULL || self->source != 0)
    return NULL;
  g_autofree char *name =
      lsc_sentence_name_thread (lsc_lanes_view_get_trace (self->view), self->thread);
  g_autofree char *length = lsc_duration_format (self->range.to_ns - self->range.from_ns);
  /* Translators: a thread, a length of time. */
  return g_strdup_printf (_ ("Critical path of %s (%s)"), name, length);
}

static void
add_row (LscFactsGrid *grid, GtkWidget *swatch, GtkWidget *name, uint64_t ns, uint64_t whole_ns)
{
  g_autofree char *length = lsc_duration_format (ns);
  g_autofree char *share = lsc_facts_grid_format_share ((double) ns, whole_ns);
  lsc_facts_grid_add_share (grid, swatch, name, length, share);
}

/* All threads together, by what the time went into. */
static void
add_kinds (const GArray *shares, LscFactsGrid *grid, uint64_t whole_ns)
{
  for (guint kind = 0; kind < LSC_N_CRITICAL_KINDS; kind++)
    {
      uint64_t ns = 0;
      for (guint i = 0; i < shares->len; i++)
        ns += g_array_index (shares, LscCriticalShare, i).ns[kind];
      if (ns > 0)
        add_row (grid,
                 lsc_share_bar_new_swatch (state_of ((LscCriticalKind) kind), LSC_REASON_KERNEL),
                 lsc_facts_grid_new_label (lsc_critical_kind_name ((LscCriticalKind) kind)), ns,
                 whole_ns);
    }
}

void
lsc_critical_strip_fill (LscCriticalStrip *self, LscFactsGrid *grid)
{
  const LscTrace *trace = lsc_lanes_view_get_trace (self->view);
  g_autoptr (GArray) shares = lsc_critical_path_sum (self->path);
  uint64_t whole_ns = self->range.to_ns - self->range.from_ns;
  lsc_facts_grid_clear (grid);
  add_kinds (shares, grid, whole_ns);
  for (guint i = 0; i < MIN (shares->len, THREADS_MAX); i++)
    {
      const LscCriticalShare *share = &g_array_index (shares, LscCriticalShare, i);
      g_autofree char *name = lsc_sentence_name_thread (trace, share->thread);
      add_row (grid, NULL, lsc_lanes_links_new_thread_at (name, share->thread, self->range.from_ns),
               lsc_critical_share_get_ns (share), whole_ns);
    }
}
