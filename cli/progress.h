/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How far a long job is, on one line of a terminal that is written over and over. Silent where
 * nobody watches, and for what is done at once.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct
{
  const char *format; /* translated, with %d for per cent */
  gint64 started_us;
  int shown; /* per cent, -1: nothing yet */
  bool watched;
} LscProgress;

/* `format` stays the caller's. */
void lsc_progress_init (LscProgress *self, const char *format, bool quiet);

/* 0..1; in the shape of the callbacks that take a function and its data. */
void lsc_progress_show (double done, void *self);

/* Leaves the line as it was before. */
void lsc_progress_end (LscProgress *self);
