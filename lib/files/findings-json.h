/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Parallelism, locks and patterns for programs: members of the JSON of `stats --json`.
 */
#pragma once

#include "lib/files/json-text.h"
#include "lib/trace/trace.h"

/* The locks that are listed, the most waited for first. */
#define LSC_FINDINGS_JSON_LOCKS 100u

/* Adds "parallelism", "locks" and "patterns" of [from_ns, to_ns) to the object that is open. */
void
lsc_findings_json_add (LscJsonText *json, const LscTrace *trace, uint64_t from_ns, uint64_t to_ns);
