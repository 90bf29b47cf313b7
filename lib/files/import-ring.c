/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/import-ring.h"

#include <string.h>

/* include/linux/ring_buffer.h */
#define TYPE_PADDING 29u
#define TYPE_TIME_EXTEND 30u
#define TYPE_TIME_STAMP 31u
#define TIME_SHIFT 27
#define TIME_KEPT (0x1full << 59) /* the top bits, which a time stamp leaves out */

/* kernel/trace/ring_buffer.c, the word `commit` of a page that has been read */
#define COMMIT_MASK ((1u << 27) - 1)
#define MISSED_EVENTS (1u << 31)
#define MISSED_STORED (1u << 30) /* their number stands behind the events */

bool
lsc_import_ring_init (LscImportRing *self, const char *header_page, bool swap)
{
  *self = (LscImportRing){ .swap = swap };
  return lsc_import_format_find (header_page, "timestamp", &self->time) && self->time.size == 8
         && lsc_import_format_find (header_page, "commit", &self->commit)
         && (self->commit.size == 4 || self->commit.size == 8)
         && lsc_import_format_find (header_page, "data", &self->data);
}

static inline uint32_t
get_u32 (const LscImportRing *self, const uint8_t *bytes)
{
  uint32_t value;

  memcpy (&value, bytes, sizeof value);
  return self->swap ? GUINT32_SWAP_LE_BE (value) : value;
}

static inline uint64_t
get_u64 (const LscImportRing *self, const uint8_t *bytes)
{
  uint64_t value;

  memcpy (&value, bytes, sizeof value);
  return self->swap ? GUINT64_SWAP_LE_BE (value) : value;
}

bool
lsc_import_ring_begin (const LscImportRing *self,
                       LscImportPage *page,
                       const uint8_t *bytes,
                       size_t n_bytes)
{
  uint64_t commit;
  size_t used;

  if (n_bytes < self->data.offset || n_bytes < (size_t) self->time.offset + 8
      || n_bytes < (size_t) self->commit.offset + self->commit.size)
    return false;
  commit = self->commit.size == 4 ? get_u32 (self, bytes + self->commit.offset)
                                  : get_u64 (self, bytes + self->commit.offset);
  used = commit & COMMIT_MASK;
  if (used > n_bytes - self->data.offset)
    return false;
  *page = (LscImportPage){ .bytes = bytes + self->data.offset,
                           .n_bytes = used,
                           .time_ns = get_u64 (self, bytes + self->time.offset),
                           .missed = (commit & MISSED_EVENTS) != 0 };
  if ((commit & MISSED_STORED) != 0 && n_bytes - self->data.offset - used >= self->commit.size)
    page->n_missed = self->commit.size == 4 ? get_u32 (self, page->bytes + used)
                                            : get_u64 (self, page->bytes + used);
  /* More than any buffer holds is no number that was counted. */
  if (page->n_missed > 1ull << 40)
    page->n_missed = 0;
  return true;
}

bool
lsc_import_ring_next (const LscImportRing *self, LscImportPage *page, LscImportRaw *out_raw)
{
  while (page->n_bytes - page->at >= 8)
    {
      const uint8_t *bytes = page->bytes + page->at;
      size_t n_left = page->n_bytes - page->at - 4;
      uint32_t word = get_u32 (self, bytes), extra = get_u32 (self, bytes + 4);
      bool big = self->swap == (G_BYTE_ORDER == G_LITTLE_ENDIAN);
      uint32_t type = big ? word >> 27 : word & 0x1f;
      uint64_t delta = big ? word & COMMIT_MASK : word >> 5;
      size_t n;

      if (type == TYPE_TIME_EXTEND || type == TYPE_TIME_STAMP)
        {
          delta |= (uint64_t) extra << TIME_SHIFT;
          page->time_ns = type == TYPE_TIME_EXTEND
                              ? page->time_ns + delta
                              : (delta & ~TIME_KEPT) | (page->time_ns & TIME_KEPT);
          page->at += 8;
          continue;
        }
      n = type == 0 || type == TYPE_PADDING ? extra : type * 4;
      if ((type == TYPE_PADDING && delta == 0) || n > n_left || n < 4)
        break; /* the rest of the page is empty, or not to be believed */
      page->time_ns += delta;
      page->at += 4 + ((n + 3) & ~(size_t) 3);
      page->at = MIN (page->at, page->n_bytes);
      if (type == TYPE_PADDING)
        continue;
      out_raw->time_ns = page->time_ns;
      out_raw->bytes = type == 0 ? bytes + 8 : bytes + 4;
      out_raw->n_bytes = type == 0 ? n - 4 : n;
      return true;
    }
  return false;
}
