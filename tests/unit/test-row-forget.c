/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/assembler.h"
#include "lib/view/row-list.h"
#include "tests/support/synth.h"

/* Threads that the trace forgets leave the rows, with all that was set for them; what is left stays
 * in order. */
static void
test_forgotten_rows_go (void)
{
  LscSynthConfig config = {
    .seed = 4, .n_events = 150000, .n_cpus = 4, .n_threads = 20, .n_processes = 4, .churn = 100
  };
  g_autoptr (LscSynth) synth = lsc_synth_new (&config);
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (LscRowList) rows = lsc_row_list_new ();
  uint32_t n_pinned = 0, n_most = 0;

  lsc_trace_set_memory_limit (trace, 1000000);
  for (uint32_t round = 0; lsc_synth_fill (synth, bytes, 8000); round++)
    {
      uint32_t n = lsc_trace_get_n_threads (trace), n_threads = 0;

      lsc_assembler_feed (assembler, bytes->data, bytes->len);
      g_byte_array_set_size (bytes, 0);
      if (n > 10 && lsc_trace_has_thread (trace, n - 9))
        {
          lsc_row_list_set (rows, LSC_ROW_THREAD, n - 9, LSC_ROW_PINNED, true);
          n_pinned++;
        }
      if (round % 7 == 0)
        lsc_row_list_sort (rows, 0, UINT64_MAX);
      lsc_row_list_set_budget (rows, round % 3);
      lsc_row_list_update (rows, trace);
      for (uint32_t i = 0; i < lsc_row_list_get_n_rows (rows); i++)
        {
          const LscRow *row = lsc_row_list_get (rows, i);

          g_assert_cmpuint (lsc_row_list_find (rows, row->kind, row->index), ==, i);
          g_assert_true (row->kind == LSC_ROW_THREAD ? lsc_trace_has_thread (trace, row->index)
                                                     : lsc_trace_has_process (trace, row->index));
          n_threads += row->kind == LSC_ROW_THREAD;
        }
      g_assert_cmpuint (n_threads, ==, lsc_trace_get_n_threads_kept (trace));
      n_most = MAX (n_most, n_threads);
    }
  g_assert_cmpuint (n_pinned, >, 100);
  g_assert_cmpuint (n_most, <, lsc_trace_get_n_threads (trace) / 2);
  g_assert_false (lsc_row_list_is (rows, LSC_ROW_THREAD, 50, LSC_ROW_PINNED));
  g_assert_null (lsc_row_get_lane (&(LscRow){ .kind = LSC_ROW_THREAD, .index = 50 }, trace));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/row-forget/rows", test_forgotten_rows_go);
  return g_test_run ();
}
