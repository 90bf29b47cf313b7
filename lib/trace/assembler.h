/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The assembler: turns records, in the order they arrive, into the spans of a trace.
 *
 * It never fails: what does not fit becomes UNKNOWN, and a record it cannot use is counted. Records
 * of different CPUs may arrive slightly out of time order; each CPU's own are in order.
 */
#pragma once

#include "lib/trace/trace.h"

typedef struct _LscAssembler LscAssembler;

/* `trace` must outlive it. */
LscAssembler *lsc_assembler_new (LscTrace *trace);
void lsc_assembler_free (LscAssembler *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscAssembler, lsc_assembler_free)

/* Takes every whole record at the start of `bytes` and returns how many bytes they were; what is
 * left is the beginning of a record of which more must come. A record that fails lsc_record_check()
 * makes the rest of the stream meaningless: -EBADMSG, and everything before it has been taken. A
 * header that this version cannot read: its error, see lsc_record_check_header(). */
int64_t lsc_assembler_feed (LscAssembler *self, const void *bytes, size_t n_bytes);

/* The stream is over: what is still open ends at the trace's end, and stays marked open. */
void lsc_assembler_finish (LscAssembler *self);

/* Records of kinds this version does not know, and records that fitted nowhere. */
uint64_t lsc_assembler_get_n_skipped (const LscAssembler *self);
