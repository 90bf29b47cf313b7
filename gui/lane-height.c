/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lane-height.h"

#include "gui/places.h"

#define SETTING "lane-height"

/* px: bars alone, a name in small letters, a name, and from 36 on its number below it */
static const int heights[] = { 10, 17, 24, 34, 46, 64 };

typedef struct
{
  LscLanesView *view; /* not owned */
  GSettings *settings;
  GActionMap *actions; /* not owned */
} Heights;

static guint
find_step (int height)
{
  guint step = 0;
  while (step + 1 < G_N_ELEMENTS (heights) && heights[step + 1] <= height)
    step++;
  return step;
}

static void
enable (Heights *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (self->actions, name);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
changed_cb (GSettings *settings, const char *key, gpointer data)
{
  Heights *self = data;
  int height = g_settings_get_int (settings, SETTING);
  lsc_lanes_view_set_lane_height (self->view, height);
  enable (self, "taller", height < heights[G_N_ELEMENTS (heights) - 1]);
  enable (self, "lower", height > heights[0]);
}

static void
taller_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Heights *self = data;
  guint step = find_step (g_settings_get_int (self->settings, SETTING));
  g_settings_set_int (self->settings, SETTING, heights[MIN (step + 1, G_N_ELEMENTS (heights) - 1)]);
}

static void
lower_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Heights *self = data;
  int height = g_settings_get_int (self->settings, SETTING);
  guint step = find_step (height);
  g_settings_set_int (self->settings, SETTING,
                      heights[heights[step] < height || step == 0 ? step : step - 1]);
}

static void
heights_free (gpointer data)
{
  Heights *self = data;
  g_signal_handlers_disconnect_by_data (self->settings, self);
  g_object_unref (self->settings);
  g_free (self);
}

void
lsc_lane_height_install (GActionMap *actions, LscLanesView *view)
{
  static const GActionEntry entries[] = {
    { .name = "taller", .activate = taller_cb },
    { .name = "lower", .activate = lower_cb },
  };
  Heights *self = g_new0 (Heights, 1);
  self->view = view;
  self->actions = actions;
  self->settings = lsc_places_new_settings (NULL);
  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), self);
  g_object_set_data_full (G_OBJECT (actions), "lane-height", self, heights_free);
  g_signal_connect (self->settings, "changed::" SETTING, G_CALLBACK (changed_cb), self);
  changed_cb (self->settings, SETTING, self);
}
