/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From a thread id to the thread that has it now: a table of pages, for ids below the kernel's
 * PID_MAX_LIMIT (include/linux/threads.h), so that no stream can make it larger than 32 MiB.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define LSC_TID_LIMIT (4u * 1024 * 1024)

#define LSC_TID_PAGE 1024u

/* To be touched by lsc_tid_map_*() only. */
typedef struct
{
  void **pages[LSC_TID_LIMIT / LSC_TID_PAGE]; /* none is NULL: one that is empty serves for many */
  size_t n_pages;
} LscTidMap;

LscTidMap *lsc_tid_map_new (void);
void lsc_tid_map_free (LscTidMap *self);

/* What was set for the id, or NULL. */
static inline void *
lsc_tid_map_get (const LscTidMap *self, uint32_t tid)
{
  return tid < LSC_TID_LIMIT ? self->pages[tid / LSC_TID_PAGE][tid % LSC_TID_PAGE] : NULL;
}

/* Ids of LSC_TID_LIMIT and above are not kept. */
void lsc_tid_map_set (LscTidMap *self, uint32_t tid, void *value);
/* Nothing is set for the id any more. */
void lsc_tid_map_remove (LscTidMap *self, uint32_t tid);
size_t lsc_tid_map_get_memory (const LscTidMap *self);
