/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lock-strip.h"

#include "gui/range-search.h"
#include "lib/explain/lock-story.h"

#include <glib/gi18n.h>

#define LOOK_MS 100

struct _LscLockStrip
{
  LscLanesView *view; /* not owned */
  LscRangeSearch *search;
  guint32 process; /* LSC_LOCK_STRIP_NONE: nothing is shown */
  guint64 address;
  guint timer;   /* looks whether there is more to show */
  GArray *parts; /* LscStripPart */
  char *title;
};

static gpointer
join_cb (LscSurvey *survey, gpointer owner)
{
  const LscLockStrip *self = owner;
  return lsc_lock_story_new (survey, self->process, self->address);
}

static void
free_story (gpointer story)
{
  lsc_lock_story_free (story);
}

static void
found_cb (gpointer owner)
{
  LscLockStrip *self = owner;
  const LscLockStory *story = lsc_range_search_get (self->search);
  g_array_set_size (self->parts, 0);
  for (uint32_t i = 0; i < lsc_lock_story_get_n_holds (story); i++)
    {
      const LscLockHold *hold = lsc_lock_story_get_hold (story, i);
      LscStripPart part = { hold->from_ns, hold->to_ns, LSC_STATE_RUNNING, LSC_REASON_NONE,
                            hold->thread };
      g_array_append_val (self->parts, part);
    }
  g_free (self->title);
  self->title = g_strdup_printf (_ ("Lock 0x\342\200\246%03x"), (guint) (self->address & 0xfffu));
  const LscStrip strip = { .title = self->title,
                           .subtitle = _ ("held by, inferred"),
                           .parts = (const LscStripPart *) (const void *) self->parts->data,
                           .n_parts = self->parts->len };
  lsc_lanes_view_set_strip (self->view, LSC_STRIP_LOCK, &strip);
}

/* Nothing happens when neither the view has moved nor the trace has grown. */
static gboolean
look_cb (gpointer data)
{
  LscLockStrip *self = data;
  lsc_range_search_refresh (self->search, LSC_PANE_GROWN);
  return G_SOURCE_CONTINUE;
}

void
lsc_lock_strip_forget (LscLockStrip *self)
{
  self->process = LSC_LOCK_STRIP_NONE;
  g_clear_handle_id (&self->timer, g_source_remove);
  lsc_range_search_forget (self->search);
  lsc_lanes_view_set_strip (self->view, LSC_STRIP_LOCK, NULL);
}

/* Another one's lane takes the place of the one that is shown when it is known. */
static void
lane_cb (GSimpleAction *action, GVariant *lock, gpointer data)
{
  LscLockStrip *self = data;
  guint32 process = LSC_LOCK_STRIP_NONE;
  guint64 address = 0;
  g_variant_get (lock, "(ut)", &process, &address);
  if (process == self->process && address == self->address)
    return;
  if (process == LSC_LOCK_STRIP_NONE || lsc_lanes_view_get_trace (self->view) == NULL)
    {
      lsc_lock_strip_forget (self);
      return;
    }
  self->process = process;
  self->address = address;
  lsc_range_search_forget (self->search); /* it was of another lock */
  lsc_range_search_refresh (self->search, LSC_PANE_RANGE);
  if (self->timer == 0)
    self->timer = g_timeout_add (LOOK_MS, look_cb, self);
}

LscLockStrip *
lsc_lock_strip_new (GActionMap *actions, LscLanesView *view)
{
  static const LscRangeSearchKind kind = { join_cb, free_story };
  static const GActionEntry entry = { .name = "lock-lane",
                                      .parameter_type = "(ut)",
                                      .activate = lane_cb };
  LscLockStrip *self = g_new0 (LscLockStrip, 1);
  self->view = view;
  self->process = LSC_LOCK_STRIP_NONE;
  self->parts = g_array_new (FALSE, FALSE, sizeof (LscStripPart));
  self->search = lsc_range_search_new (&kind, found_cb, self, NULL);
  lsc_range_search_set_view (self->search, view);
  g_action_map_add_action_entries (actions, &entry, 1, self);
  return self;
}

void
lsc_lock_strip_free (LscLockStrip *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  lsc_range_search_free (self->search);
  g_array_unref (self->parts);
  g_free (self->title);
  g_free (self);
}
