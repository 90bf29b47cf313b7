/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A thread that reads, and the queue of blocks between it and the one that takes them.
 *
 * One thread hands over, one takes. Bounded: a few blocks wait at most, then the reading thread
 * does. Semaphores and C11 atomics only, no GLib, so that ThreadSanitizer sees everything; the
 * error alone is GLib's.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct _LscReadThread LscReadThread;

/* One block, and how far (0..1) had been read with it. */
typedef struct
{
  const void *bytes;
  size_t n_bytes;
  double progress;
} LscReadBlock;

typedef enum
{
  LSC_READ_BLOCK, /* there is one; valid until the next call */
  LSC_READ_EMPTY, /* nothing has come: ask again later */
  LSC_READ_ENDED, /* and nothing will */
} LscReadResult;

/* What the thread does: hands blocks over until there are none, or until it is to stop. Sets
 * `error` when it could not go on. */
typedef void (*LscReadFunc) (LscReadThread *self, gpointer data, GError **error);

/* Starts at once. `data` outlives it. */
LscReadThread *lsc_read_thread_new (LscReadFunc func, gpointer data);
/* Tells the thread to stop, wherever it is, and waits for it. */
void lsc_read_thread_free (LscReadThread *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscReadThread, lsc_read_thread_free)

/* For the thread: hands a copy of the block, which is not empty, over, when there is room for it.
 * False: it is to stop.
 */
bool lsc_read_thread_hand_over (LscReadThread *self, const LscReadBlock *block);
/* For the thread: lets so much time go by. False: it is to stop. */
bool lsc_read_thread_pause (LscReadThread *self, unsigned ms);

/* For the owner: the next block; what was taken before is given back. Waits so long for one, or for
 * the end; 0: not at all. With LSC_READ_ENDED `out_block` is empty and `error` is set when the
 * thread could not read on; asked again it says the same. */
LscReadResult
lsc_read_thread_take (LscReadThread *self, unsigned ms, LscReadBlock *out_block, GError **error);
