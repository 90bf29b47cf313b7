/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/narrative.h"

#include "lib/explain/duration.h"
#include "lib/explain/sentence.h"

static bool
holds (const LscLane *lane, uint64_t number)
{
  return lane != NULL && number >= lsc_lane_get_first (lane) && number < lsc_lane_get_end (lane);
}

bool
lsc_narrative_is_told_before (const LscTrace *trace, uint32_t thread, uint64_t number)
{
  const LscLane *lane = lsc_trace_get_thread (trace, thread)->lane;
  LscSpan span;

  if (!holds (lane, number) || number == lsc_lane_get_first (lane))
    return false;
  lsc_lane_get (lane, number, &span);
  if (span.facts.state != LSC_STATE_RUNNABLE)
    return false;
  lsc_lane_get (lane, number - 1, &span);
  return span.facts.state == LSC_STATE_SLEEPING || span.facts.state == LSC_STATE_UNINTERRUPTIBLE;
}

char *
lsc_narrative_line (const LscTrace *trace, uint32_t thread, uint64_t number, LscWords words)
{
  const LscLane *lane = lsc_trace_get_thread (trace, thread)->lane;
  g_autofree char *place = NULL, *sentence = NULL;
  LscSpan span;

  if (!holds (lane, number) || lsc_narrative_is_told_before (trace, thread, number))
    return NULL;
  lsc_lane_get (lane, number, &span);
  place = lsc_duration_format_place (span.start_ns - lsc_trace_get_start_ns (trace));
  sentence = lsc_sentence_of_span (trace, thread, number, words);
  return g_strdup_printf ("%s  %s", place, sentence);
}
