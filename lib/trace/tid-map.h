/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From a thread id to the number of the thread that has it now: a table of pages, for ids below the
 * kernel's PID_MAX_LIMIT (include/linux/threads.h), so that no stream can make it larger than 16
 * MiB.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define LSC_TID_LIMIT (4u * 1024 * 1024)

#define LSC_TID_PAGE 1024u

/* To be touched by lsc_tid_map_*() only. */
typedef struct
{
  uint32_t *pages[LSC_TID_LIMIT / LSC_TID_PAGE]; /* index + 1, or 0 */
  size_t n_pages;
} LscTidMap;

LscTidMap *lsc_tid_map_new (void);
void lsc_tid_map_free (LscTidMap *self);

/* The thread's index, or LSC_THREAD_NONE. */
static inline uint32_t
lsc_tid_map_get (const LscTidMap *self, uint32_t tid)
{
  const uint32_t *page = tid < LSC_TID_LIMIT ? self->pages[tid / LSC_TID_PAGE] : NULL;

  return (page != NULL ? page[tid % LSC_TID_PAGE] : 0) - 1;
}

/* Ids of LSC_TID_LIMIT and above are not kept. */
void lsc_tid_map_set (LscTidMap *self, uint32_t tid, uint32_t index);
size_t lsc_tid_map_get_memory (const LscTidMap *self);
