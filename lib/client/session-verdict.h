/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The verdict on a session that is over: which one sentence, if any.
 */
#pragma once

#include "lib/client/stream-reader.h"

typedef struct
{
  LscOutcome outcome;
  const LscRecordEnd *end; /* LSC_OUTCOME_END */
  gboolean has_header;     /* the stream had begun */
  gboolean stopped;        /* the owner asked for the end */
} LscSessionFacts;

/* NULL: it ended as it should. */
GError *lsc_session_verdict (const LscSessionFacts *facts);
