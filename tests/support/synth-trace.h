/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A trace from a stream of records, or straight from the seeded generator.
 */
#pragma once

#include "lib/trace/assembler.h"
#include "tests/support/synth.h"

static inline LscTrace *
trace_of_stream (const GByteArray *stream)
{
  LscTrace *trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);

  g_assert_cmpint (lsc_assembler_feed (assembler, stream->data, stream->len), ==, stream->len);
  lsc_assembler_finish (assembler);
  return trace;
}

static inline LscTrace *
trace_of_synth (const LscSynthConfig *config)
{
  g_autoptr (GByteArray) stream = lsc_synth_all (config);

  return trace_of_stream (stream);
}
