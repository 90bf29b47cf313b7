/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A bounded queue of blocks from one thread to another: the reader of the stream to its owner.
 *
 * One thread pushes, one thread pops. C11 atomics only, no GLib and no locks, so that
 * ThreadSanitizer sees everything. A full queue makes the producer wait, which makes the kernel
 * side count what it had to drop: nothing is lost silently here.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whole wire records, back to back. */
typedef struct
{
  size_t n_bytes;
  _Alignas(8) uint8_t bytes[];
} LscBlock;

/* NULL when there is no memory. Contents are not initialised. */
LscBlock *lsc_block_new (size_t n_bytes);
void lsc_block_free (LscBlock *self);

typedef struct _LscBlockQueue LscBlockQueue;

/* `capacity` blocks, a power of two. NULL when there is no memory. */
LscBlockQueue *lsc_block_queue_new (size_t capacity);
/* Frees what is still in it. Both threads are done with it. */
void lsc_block_queue_free (LscBlockQueue *self);

/* Producer. Takes `block` unless the queue is full (false). `out_was_empty` says whether the
 * consumer had taken everything before: then it has to be told. */
bool lsc_block_queue_push (LscBlockQueue *self, LscBlock *block, bool *out_was_empty);
/* Producer, after a push was refused. A descriptor that becomes readable when there may be room
 * again; lsc_block_queue_arm() asks for that and is false when there is room already;
 * lsc_block_queue_disarm() after waiting. */
int lsc_block_queue_get_fd (LscBlockQueue *self);
bool lsc_block_queue_arm (LscBlockQueue *self);
void lsc_block_queue_disarm (LscBlockQueue *self);

/* Consumer. The oldest block, now the caller's, or NULL. */
LscBlock *lsc_block_queue_pop (LscBlockQueue *self);
/* Blocks in it now; either thread, the other may change it at once. */
size_t lsc_block_queue_get_length (LscBlockQueue *self);
