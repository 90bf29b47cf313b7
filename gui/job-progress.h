/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How far a GTask's thread is, told on the main thread.
 */
#pragma once

#include <gio/gio.h>

/* A share of the work, 0..1. */
typedef void (*LscJobProgressFunc) (double done, gpointer user_data);

/* In the task's data. */
typedef struct
{
  LscJobProgressFunc func;
  gpointer user_data;
  double told;
} LscJobProgress;

/* From the task's thread. `func` is not called once the task was cancelled or has completed, nor
 * for less than a hundredth more than the last time. */
void lsc_job_progress_tell (LscJobProgress *self, GTask *task, double done);
