/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/session-verdict.h"

#include "lib/client/tracer-process.h"
#include "lib/wire/exit-code.h"

#include <string.h>

static GError *
judge_failure (const LscRecordEnd *end, gboolean has_header)
{
  /* Before the header the number is an exit code, afterwards an errno. */
  if (!has_header && end->error >= LSC_TRACER_EXIT_FIRST && end->error <= LSC_TRACER_EXIT_LAST)
    return lsc_tracer_process_explain_exit ((int) end->error, NULL);
  return lsc_trouble_new (LSC_CLIENT_ERROR_HELPER_FAILED, end->error != 0 && end->error < 4096
                                                              ? g_strerror ((int) end->error)
                                                              : NULL);
}

static GError *
judge_end (const LscSessionFacts *facts)
{
  switch (facts->end->reason)
    {
    case LSC_END_STOPPED:
    case LSC_END_TARGET_EXIT:
      return NULL;
    case LSC_END_NO_TARGET:
      return lsc_trouble_new (LSC_CLIENT_ERROR_TARGET_ENDED, NULL);
    case LSC_END_PROTOCOL:
      return lsc_trouble_new (LSC_CLIENT_ERROR_PROTOCOL, NULL);
    case LSC_END_SIGNAL:
      return facts->stopped ? NULL : lsc_trouble_new (LSC_CLIENT_ERROR_HELPER_STOPPED, NULL);
    case LSC_END_FAILED:
    default:
      return judge_failure (facts->end, facts->has_header);
    }
}

GError *
lsc_session_verdict (const LscSessionFacts *facts)
{
  switch (facts->outcome)
    {
    case LSC_OUTCOME_END:
      return judge_end (facts);
    case LSC_OUTCOME_BAD:
      return lsc_trouble_new (LSC_CLIENT_ERROR_BAD_STREAM, NULL);
    case LSC_OUTCOME_NEWER:
      return lsc_trouble_new (LSC_CLIENT_ERROR_NEWER_STREAM, NULL);
    case LSC_OUTCOME_NO_MEMORY:
      return lsc_trouble_new (LSC_CLIENT_ERROR_NO_MEMORY, NULL);
    case LSC_OUTCOME_CANCELLED:
      return lsc_trouble_new (LSC_CLIENT_ERROR_CANCELLED, NULL);
    case LSC_OUTCOME_NONE:
    case LSC_OUTCOME_CUT:
    case LSC_OUTCOME_SINK:
    default:
      return lsc_trouble_new (LSC_CLIENT_ERROR_HELPER_LOST, NULL);
    }
}
