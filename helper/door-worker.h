/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A worker: one lanescope-tracer with one end of a socket pair, started with exactly the
 * descriptors and arguments it needs, watched and ended by pidfd.
 */
#pragma once

#include <gio/gio.h>
#include <stdint.h>

typedef struct _LscDoorWorker LscDoorWorker;

typedef struct
{
  const char *program; /* lanescope-tracer */
  const char *scope;   /* "own" or "any" */
  uint32_t uid;
  const int *pidfds;
  guint n_pidfds;
} LscDoorWorkerOptions;

/* `ended` is called once, on the main context, with the wait status; then the worker frees itself.
 * `out_fd` is the client's end, close-on-exec. */
LscDoorWorker *lsc_door_worker_new (const LscDoorWorkerOptions *options,
                                    void (*ended) (int wait_status, gpointer user_data),
                                    gpointer user_data,
                                    int *out_fd,
                                    GError **error);
/* SIGTERM now, SIGKILL half a second later; `ended` still comes. */
void lsc_door_worker_stop (LscDoorWorker *self);
