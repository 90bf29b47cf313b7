/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/critical-strip.h"

#include "gui/lanes-links.h"
#include "gui/share-bar.h"
#include "lib/explain/critical-path.h"
#include "lib/explain/duration.h"
#include "lib/explain/sentence.h"

#include <glib/gi18n.h>

#define REST_MS 200
#define STEP 2000u     /* segments; about a millisecond */
#define REST 4         /* times as long as it worked, while what is in view grows */
#define TOLD_US 700000 /* between two "changed" of a path that grows */
#define THREADS_MAX 6u

/* A path, and of what it is. */
typedef struct
{
  LscCriticalPath *path; /* NULL: none */
  guint32 thread;
  LscTimeRange range; /* ends with the trace */
} Path;

struct _LscCriticalStrip
{
  GObject parent_instance;
  LscLanesView *view;
  gboolean wanted;
  guint timer;      /* until the view has come to rest */
  guint source;     /* works on `next` */
  gint64 worked_us; /* on the present path, or the last one */
  gint64 ended_us;
  gint64 told_us;
  Path shown;
  Path next;
  GArray *parts; /* LscStripPart: of `shown` */
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
path_clear (Path *self)
{
  g_clear_pointer (&self->path, lsc_critical_path_free);
}

static gboolean
path_is_of (const Path *self, guint32 thread, const LscTimeRange *range)
{
  return self->path != NULL && self->thread == thread && self->range.from_ns == range->from_ns
         && self->range.to_ns == range->to_ns;
}

static void
stop (LscCriticalStrip *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  path_clear (&self->next);
}

static void
tell (LscCriticalStrip *self)
{
  self->told_us = g_get_monotonic_time ();
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
show_nothing (LscCriticalStrip *self)
{
  stop (self);
  lsc_lanes_view_set_strip (self->view, LSC_STRIP_PATH, NULL);
  path_clear (&self->shown);
  tell (self);
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
fill_parts (LscCriticalStrip *self)
{
  g_array_set_size (self->parts, 0);
  for (guint i = 0; i < lsc_critical_path_get_n (self->shown.path); i++)
    {
      const LscCriticalSegment *segment = lsc_critical_path_get (self->shown.path, i);
      LscStripPart part = { segment->from_ns, segment->to_ns, state_of (segment->kind),
                            segment->reason, segment->thread };
      g_array_append_val (self->parts, part);
    }
}

/* What was shown before gives way only now, so that the lanes below stay where they are. */
static void
show_next (LscCriticalStrip *self)
{
  LscStrip strip = { .title = _ ("Critical path") };
  gboolean same = self->shown.path != NULL && self->shown.thread == self->next.thread;
  path_clear (&self->shown);
  self->shown = self->next;
  self->next = (Path){ 0 };
  g_autofree char *name =
      lsc_sentence_name_thread (lsc_lanes_view_get_trace (self->view), self->shown.thread);
  fill_parts (self);
  g_free (self->subtitle);
  /* Translators: a thread. */
  self->subtitle = g_strdup_printf (_ ("of %s"), name);
  strip.subtitle = self->subtitle;
  strip.parts = (const LscStripPart *) (const void *) self->parts->data;
  strip.n_parts = self->parts->len;
  lsc_lanes_view_set_strip (self->view, LSC_STRIP_PATH, &strip);
  if (!same || !lsc_lanes_view_get_follow (self->view)
      || g_get_monotonic_time () - self->told_us >= TOLD_US)
    tell (self);
}

static gboolean
step_cb (gpointer data)
{
  LscCriticalStrip *self = data;
  gint64 began_us = g_get_monotonic_time ();
  gboolean more = lsc_critical_path_step (self->next.path, STEP);
  self->ended_us = g_get_monotonic_time ();
  self->worked_us += self->ended_us - began_us;
  if (more)
    return G_SOURCE_CONTINUE;
  self->source = 0;
  show_next (self);
  return G_SOURCE_REMOVE;
}

/* Of a range that was selected; else of what is in view. */
static LscTimeRange
get_range (LscCriticalStrip *self)
{
  LscTimeRange range = lsc_lanes_view_get_visible (self->view);
  lsc_lanes_view_get_selection (self->view, &range);
  range.to_ns =
      MAX (range.from_ns,
           MIN (range.to_ns, lsc_trace_get_end_ns (lsc_lanes_view_get_trace (self->view))));
  return range;
}

static void
update (LscCriticalStrip *self)
{
  guint32 thread = 0;
  if (!self->wanted || !lsc_lanes_view_get_thread (self->view, &thread))
    {
      show_nothing (self);
      return;
    }
  LscTimeRange range = get_range (self);
  if (path_is_of (self->source != 0 ? &self->next : &self->shown, thread, &range))
    return;
  stop (self);
  self->next = (Path){ lsc_critical_path_new (lsc_lanes_view_get_trace (self->view), thread,
                                              range.from_ns, range.to_ns),
                       thread, range };
  self->worked_us = 0;
  /* the first piece at once: most paths have no more */
  if (step_cb (self) == G_SOURCE_CONTINUE)
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
  if (self->wanted)
    self->timer = g_timeout_add (REST_MS, timer_cb, self);
}

/* It goes along with what grows, for at most a fifth of the window's time. */
void
lsc_critical_strip_grow (LscCriticalStrip *self)
{
  if (self->shown.path != NULL && self->source == 0 && self->timer == 0
      && g_get_monotonic_time () - self->ended_us >= REST * self->worked_us)
    update (self);
}

static void
lsc_critical_strip_finalize (GObject *object)
{
  LscCriticalStrip *self = LSC_CRITICAL_STRIP (object);
  g_clear_handle_id (&self->timer, g_source_remove);
  stop (self);
  path_clear (&self->shown);
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
  self->wanted = g_variant_get_boolean (shown);
  if (lsc_lanes_view_get_trace (self->view) == NULL)
    return;
  if (self->wanted && !lsc_lanes_view_get_thread (self->view, &thread))
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
  show_nothing (self);
}

char *
lsc_critical_strip_dup_title (LscCriticalStrip *self)
{
  if (self->shown.path == NULL)
    return NULL;
  g_autofree char *name =
      lsc_sentence_name_thread (lsc_lanes_view_get_trace (self->view), self->shown.thread);
  g_autofree char *length =
      lsc_duration_format (self->shown.range.to_ns - self->shown.range.from_ns);
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
  g_autoptr (GArray) shares = lsc_critical_path_sum (self->shown.path);
  uint64_t whole_ns = self->shown.range.to_ns - self->shown.range.from_ns;
  lsc_facts_grid_clear (grid);
  add_kinds (shares, grid, whole_ns);
  for (guint i = 0; i < MIN (shares->len, THREADS_MAX); i++)
    {
      const LscCriticalShare *share = &g_array_index (shares, LscCriticalShare, i);
      g_autofree char *name = lsc_sentence_name_apart (trace, share->thread);
      add_row (grid, NULL,
               lsc_lanes_links_new_thread_at (name, share->thread, self->shown.range.from_ns),
               lsc_critical_share_get_ns (share), whole_ns);
    }
}
