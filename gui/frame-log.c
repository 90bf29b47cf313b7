/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/frame-log.h"

#include <stdio.h>
#include <time.h>

typedef struct
{
  FILE *file;
  GdkFrameClock *clock;
  gint64 begin_us;
  gint64 begin_cpu_us;
} FrameLog;

static gint64
get_cpu_us (void)
{
  struct timespec t;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * G_USEC_PER_SEC + t.tv_nsec / 1000;
}

static void
begin_cb (GdkFrameClock *clock, FrameLog *self)
{
  self->begin_us = g_get_monotonic_time ();
  self->begin_cpu_us = get_cpu_us ();
}

static void
end_cb (GdkFrameClock *clock, FrameLog *self)
{
  gint64 end_us = g_get_monotonic_time ();
  if (self->begin_us != 0)
    fprintf (self->file, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
             self->begin_us, end_us - self->begin_us, get_cpu_us () - self->begin_cpu_us);
  self->begin_us = 0;
}

static void
unrealize_cb (GtkWidget *widget, FrameLog *self)
{
  if (self->clock != NULL)
    g_signal_handlers_disconnect_by_data (self->clock, self);
  g_clear_object (&self->clock);
  fflush (self->file);
}

static void
realize_cb (GtkWidget *widget, FrameLog *self)
{
  unrealize_cb (widget, self);
  self->clock = g_object_ref (gtk_widget_get_frame_clock (widget));
  g_signal_connect (self->clock, "before-paint", G_CALLBACK (begin_cb), self);
  g_signal_connect (self->clock, "after-paint", G_CALLBACK (end_cb), self);
}

static void
free_log (gpointer data)
{
  FrameLog *self = data;
  if (self->clock != NULL)
    g_signal_handlers_disconnect_by_data (self->clock, self);
  g_clear_object (&self->clock);
  fclose (self->file);
  g_free (self);
}

void
lsc_frame_log_watch (GtkWidget *widget)
{
  const char *path = g_getenv ("LSC_FRAME_LOG");
  FILE *file = path == NULL || path[0] == '\0' ? NULL : fopen (path, "we");
  if (file == NULL)
    return;
  FrameLog *self = g_new0 (FrameLog, 1);
  self->file = file;
  setvbuf (file, NULL, _IOLBF, 0);
  g_object_set_data_full (G_OBJECT (widget), "lsc-frame-log", self, free_log);
  g_signal_connect (widget, "realize", G_CALLBACK (realize_cb), self);
  g_signal_connect (widget, "unrealize", G_CALLBACK (unrealize_cb), self);
}
