/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What `info` says about what people have written on a capture.
 */
#pragma once

#include "lib/files/annotations.h"
#include "lib/files/json-text.h"
#include "lib/trace/trace.h"

/* A line a note, by time, to stdout; nothing when there is none. */
void lsc_print_notes (const LscTrace *trace, const LscAnnotations *annotations);
/* The members "notes" and "settings" of the object that is being written. */
void lsc_print_notes_json (const LscAnnotations *annotations, LscJsonText *json);
