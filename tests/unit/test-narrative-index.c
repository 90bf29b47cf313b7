/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/narrative-index.h"
#include "lib/explain/narrative.h"
#include "tests/support/synth-trace.h"

static const LscSynthConfig config = {
  .seed = 11, .n_events = 60000, .n_cpus = 4, .n_threads = 6, .n_processes = 2
};

/* Feeds bytes [from, to), as far as whole records go; returns how far that was. */
static guint
feed (LscAssembler *assembler, const GByteArray *stream, guint from, guint to)
{
  ssize_t n = lsc_assembler_feed (assembler, stream->data + from, to - from);

  g_assert_cmpint (n, >, 0);
  return from + (guint) n;
}

/* Every span of the lane, asked both ways: the index says what the narrative itself says. */
static void
check (const LscTrace *trace, uint32_t thread, const LscNarrativeIndex *index)
{
  const LscLane *lane = lsc_trace_get_thread (trace, thread)->lane;
  uint32_t line = 0, found;

  for (uint64_t number = lsc_lane_get_first (lane); number < lsc_lane_get_end (lane); number++)
    {
      bool own = !lsc_narrative_is_told_before (trace, thread, number);

      g_assert_true (own || line > 0);
      g_assert_true (lsc_narrative_index_find_line (index, number, &found));
      g_assert_cmpuint (found, ==, own ? line : line - 1);
      if (own)
        g_assert_cmpuint (lsc_narrative_index_get_number (index, line++), ==, number);
    }
  g_assert_cmpuint (lsc_narrative_index_get_n_lines (index), ==, line);
  g_assert_false (lsc_narrative_index_find_line (index, lsc_lane_get_end (lane), &found));
}

static void
test_same_as_narrative (void)
{
  g_autoptr (LscTrace) trace = trace_of_synth (&config);
  uint32_t n_checked = 0;

  for (uint32_t thread = 0; thread < lsc_trace_get_n_threads (trace); thread++)
    {
      g_autoptr (LscNarrativeIndex) index = lsc_narrative_index_new (trace, thread);

      if (lsc_trace_get_thread (trace, thread)->lane == NULL)
        continue;
      /* in pieces that do not divide the blocks */
      while (lsc_narrative_index_read (index, 97) > 0)
        ;
      check (trace, thread, index);
      n_checked += lsc_narrative_index_get_n_lines (index) > 500;
    }
  g_assert_cmpuint (n_checked, >=, 2);
}

static uint64_t
count_spans (const LscTrace *trace, uint32_t thread)
{
  const LscLane *lane = lsc_trace_get_thread (trace, thread)->lane;

  return lane == NULL ? 0 : lsc_lane_get_end (lane) - lsc_lane_get_first (lane);
}

/* The oldest events leave the memory while lines are read: what is left is numbered from 0. */
static void
test_forgets (void)
{
  g_autoptr (GByteArray) stream = lsc_synth_all (&config);
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  g_autoptr (LscNarrativeIndex) index = NULL;
  uint32_t thread = 0, gone = 0, found;

  guint at = feed (assembler, stream, 0, stream->len / 2);
  for (uint32_t i = 0; i < lsc_trace_get_n_threads (trace); i++)
    if (count_spans (trace, i) > count_spans (trace, thread))
      thread = i;
  index = lsc_narrative_index_new (trace, thread);
  g_assert_cmpuint (lsc_narrative_index_forget (index), ==, 0);
  lsc_trace_set_memory_limit (trace, lsc_trace_get_memory (trace) / 2);
  while (at < stream->len)
    {
      uint32_t n_lines;

      lsc_narrative_index_read (index, 500);
      n_lines = lsc_narrative_index_get_n_lines (index);
      at = feed (assembler, stream, at, MIN (at + 4000, stream->len));
      gone += lsc_narrative_index_forget (index);
      g_assert_cmpuint (lsc_narrative_index_get_n_lines (index), <=, n_lines);
    }
  g_assert_true (lsc_trace_has_dropped (trace));
  g_assert_cmpuint (gone, >, 100);
  lsc_narrative_index_read (index, UINT32_MAX);
  for (uint32_t line = 0; line < lsc_narrative_index_get_n_lines (index); line++)
    {
      uint64_t number = lsc_narrative_index_get_number (index, line);

      g_assert_cmpuint (number, >=,
                        lsc_lane_get_first (lsc_trace_get_thread (trace, thread)->lane));
      g_assert_true (lsc_narrative_index_find_line (index, number, &found));
      g_assert_cmpuint (found, ==, line);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/narrative-index/same-as-narrative", test_same_as_narrative);
  g_test_add_func ("/narrative-index/forgets", test_forgets);
  return g_test_run ();
}
