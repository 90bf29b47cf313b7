/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lanes-motion.h"

#include <adwaita.h>

#define DURATION_MS 160

struct _LscMotion
{
  GtkWidget *widget; /* owns this */
  LscMotionFunc func;
  gpointer user_data;
  AdwAnimation *animation; /* NULL while it rests */
  LscViewport from;
  LscViewport goal;
};

static void
step_cb (double at, gpointer data)
{
  LscMotion *self = data;
  LscViewport between;
  lsc_viewport_between (&between, &self->from, &self->goal, at);
  self->func (&between, self->user_data);
}

static void
done_cb (AdwAnimation *animation, LscMotion *self)
{
  if (animation == self->animation)
    g_clear_object (&self->animation);
}

LscMotion *
lsc_motion_new (GtkWidget *widget, LscMotionFunc func, gpointer user_data)
{
  LscMotion *self = g_new0 (LscMotion, 1);
  self->widget = widget;
  self->func = func;
  self->user_data = user_data;
  return self;
}

void
lsc_motion_stop (LscMotion *self)
{
  g_autoptr (AdwAnimation) animation = g_steal_pointer (&self->animation);
  if (animation == NULL)
    return;
  g_signal_handlers_disconnect_by_data (animation, self);
  adw_animation_pause (animation);
}

void
lsc_motion_free (LscMotion *self)
{
  lsc_motion_stop (self);
  g_free (self);
}

void
lsc_motion_start (LscMotion *self, const LscViewport *from, const LscViewport *goal)
{
  lsc_motion_stop (self);
  self->from = *from;
  self->goal = *goal;
  if (!adw_get_enable_animations (self->widget))
    {
      self->func (goal, self->user_data);
      return;
    }
  AdwAnimationTarget *target = adw_callback_animation_target_new (step_cb, self, NULL);
  self->animation = adw_timed_animation_new (self->widget, 0, 1, DURATION_MS, target);
  adw_timed_animation_set_easing (ADW_TIMED_ANIMATION (self->animation), ADW_EASE_OUT_CUBIC);
  g_signal_connect (self->animation, "done", G_CALLBACK (done_cb), self);
  adw_animation_play (self->animation);
}

const LscViewport *
lsc_motion_get_goal (const LscMotion *self)
{
  return self->animation == NULL ? NULL : &self->goal;
}
