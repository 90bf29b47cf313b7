/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Nearly all records are switches and wakings of threads about which everything is known, and which
 * do what they did before: this takes those, in a few dozen instructions each. What they mean is
 * said in lane-builder.c; here is only the way through it that is met all the time, and whatever
 * is in any way unusual is left alone.
 */
#pragma once

#include "lib/trace/trace-private.h"

/* Takes the plain events at the start of `bytes`; returns how many bytes they were. The record that
 * comes next is for others. */
size_t lsc_plain_events_take (LscTrace *trace, const void *bytes, size_t n_bytes);
