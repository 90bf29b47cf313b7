/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A part of a capture, record by record, so that it is a capture itself: it begins with everybody
 * who lived at its beginning and what they did then, as a recording from there on would, and has an
 * end of its own. Only how long a wait had lasted before is not told in it.
 *
 * One pass, in memory that follows the number of living threads.
 */
#pragma once

#include "lib/files/annotations.h"

typedef struct
{
  uint64_t from_ns, to_ns; /* what happens in [from, to); 0 and UINT64_MAX: everything */
  gboolean relative;       /* both are counted from the first event */
  gboolean redact;         /* numbers in place of names of processes and threads */
  GBytes *notes;           /* what is written on it beside what is in the file: records, or NULL */
} LscCapturePart;

typedef struct _LscCaptureCut LscCaptureCut;

/* `part` outlives it. */
LscCaptureCut *lsc_capture_cut_new (const LscCapturePart *part);
void lsc_capture_cut_free (LscCaptureCut *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscCaptureCut, lsc_capture_cut_free)

/* What is left of a block of whole records, notes and settings apart; valid until the next call. */
const GByteArray *lsc_capture_cut_take (LscCaptureCut *self, const void *records, size_t n_bytes);

/* The end, and what is written on the part; valid until the next call. `n_events`: how many events
 * the part has; `torn`: the capture was cut short, and so is a part that reaches to its end. NULL:
 * nothing lies in the part. */
const GByteArray *lsc_capture_cut_finish (LscCaptureCut *self,
                                          const LscAnnotations *annotations,
                                          uint64_t n_events,
                                          gboolean torn);
