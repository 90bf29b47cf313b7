/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads the machine's processes on a thread of its own, twice a second, through libproc2. The only
 * file that knows that library.
 */
#pragma once

#include <glib.h>

#define LSC_PROCESS_INTERVAL_MS 500

/* One process, or one thread of a process. */
typedef struct
{
  guint32 pid;
  guint32 tid; /* equal to pid for the process itself */
  guint32 uid; /* effective */
  guint32 n_threads;
  guint64 start_ticks; /* with tid the identity, /proc/PID/stat field 22 */
  guint64 cpu_ticks;   /* used so far */
  gboolean kernel;     /* a thread of the kernel */
  char *user;
  char *name;
  char *command_line; /* empty for kernel threads */
} LscProcessRow;

/* All processes at one moment. */
typedef struct
{
  gint64 time_us; /* monotonic */
  guint ticks_per_second;
  GPtrArray *rows;    /* LscProcessRow, processes */
  GPtrArray *threads; /* LscProcessRow, threads of the processes asked for */
} LscProcessSample;

void lsc_process_sample_free (LscProcessSample *self);

typedef struct _LscProcessReader LscProcessReader;

/* Called in the main context that made the reader; takes `sample`. */
typedef void (*LscProcessReaderFunc) (LscProcessSample *sample, gpointer user_data);

LscProcessReader *lsc_process_reader_new (LscProcessReaderFunc func, gpointer user_data);
/* No call of the function happens after this. */
void lsc_process_reader_free (LscProcessReader *self);

/* Reading goes on, or rests (while nobody looks). Resting at first. */
void lsc_process_reader_set_active (LscProcessReader *self, gboolean active);

/* The processes whose threads are read too, by pid. */
void lsc_process_reader_set_expanded (LscProcessReader *self, const guint32 *pids, guint n_pids);
