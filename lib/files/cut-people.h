/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Who lives at a moment of a stream of records, and what each does then: so that a stream can begin
 * at that moment as if it had been recorded from there on, and so that names can be left out.
 */
#pragma once

#include "lib/wire/record.h"

#include <glib.h>

typedef struct _LscCutPeople LscCutPeople;

LscCutPeople *lsc_cut_people_new (void);
void lsc_cut_people_free (LscCutPeople *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscCutPeople, lsc_cut_people_free)

/* Takes one whole record that has passed lsc_record_check(), in the order of the stream. */
void lsc_cut_people_take (LscCutPeople *self, const LscRecordHead *record);

/* Appends what a recording that begins at `time_ns` would begin with: a task record for everyone
 * who is known, and LSC_RECORD_READY. */
void lsc_cut_people_introduce (LscCutPeople *self, uint64_t time_ns, GByteArray *out);

/* Writes "process-3" or "thread-7" over a name; nothing but zeros for who is not known. */
void lsc_cut_people_redact (const LscCutPeople *self, uint32_t tid, char name[LSC_NAME_SIZE]);
