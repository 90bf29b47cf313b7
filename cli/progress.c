/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#define PATIENCE_US (G_USEC_PER_SEC / 2)

void
lsc_progress_init (LscProgress *self, const char *format, bool quiet)
{
  *self = (LscProgress){ .format = format,
                         .started_us = g_get_monotonic_time (),
                         .shown = -1,
                         .watched = !quiet && isatty (STDERR_FILENO) == 1 };
}

void
lsc_progress_show (double done, void *data)
{
  LscProgress *self = data;
  int percent = (int) (done * 100);

  if (!self->watched || percent == self->shown
      || g_get_monotonic_time () - self->started_us < PATIENCE_US)
    return;
  self->shown = percent;
  fputc ('\r', stderr);
  fprintf (stderr, self->format, percent);
}

void
lsc_progress_end (LscProgress *self)
{
  if (self->shown >= 0)
    fputs ("\r\033[K", stderr);
  self->shown = -1;
}
