/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/row-list.h"
#include "lib/view/row-match.h"
#include "tests/support/convoy.h"
#include "tests/support/synth-trace.h"

/* Two processes: 10 with threads 10 (idle), 11 (runs 3 ms), 12 (runs 5 ms); 20 with 20 (1 ms). */
static LscTrace *
make_trace (void)
{
  g_autoptr (GByteArray) out = begin_stream (0);
  LscRecordTask other = { .head.flags = LSC_TASK_TRACED,
                          .tid = 20,
                          .tgid = 20,
                          .ns_tid = 20,
                          .start_ns = 78,
                          .name = "Zebra",
                          .state = 1,
                          .syscall = LSC_SYSCALL_NONE };

  add_task (out, 0, 10, "main", 0, 1);
  add_task (out, 0, 11, "alpha", 0, 1);
  add_task (out, 0, 12, "Beta", 0, 1);
  add_record (out, &other, LSC_RECORD_TASK, 0, 0);
  add_run (out, 1 * MS, 0, 12);
  add_sleep (out, 6 * MS, 0, 12, FUTEX, 0);
  add_run (out, 6 * MS, 1, 11);
  add_sleep (out, 9 * MS, 1, 11, FUTEX, 0);
  add_run (out, 9 * MS, 1, 20);
  add_sleep (out, 10 * MS, 1, 20, FUTEX, 0);
  end_stream (out, 20 * MS);
  return trace_of_stream (out);
}

/* The rows as "p10 12 11 10 | p20 20": headers by tgid, threads by tid, CPUs as c0. */
static char *
rows_as_text (const LscRowList *rows, const LscTrace *trace)
{
  GString *text = g_string_new (NULL);

  for (uint32_t i = 0; i < lsc_row_list_get_n_rows (rows); i++)
    {
      const LscRow *row = lsc_row_list_get (rows, i);

      g_string_append (text, i > 0 ? " " : "");
      if (row->kind == LSC_ROW_PROCESS)
        g_string_append_printf (text, "p%u", lsc_trace_get_process (trace, row->index)->tgid);
      else if (row->kind == LSC_ROW_THREAD)
        g_string_append_printf (text, "%s%u", row->pinned ? "*" : "",
                                lsc_trace_get_thread (trace, row->index)->tid);
      else
        g_string_append_printf (text, "c%u", row->index);
    }
  return g_string_free (text, FALSE);
}

static void
assert_rows (LscRowList *rows, const LscTrace *trace, const char *expected)
{
  g_autofree char *actual = NULL;

  lsc_row_list_update (rows, trace);
  actual = rows_as_text (rows, trace);
  g_assert_cmpstr (actual, ==, expected);
}

static void
test_sorts (void)
{
  g_autoptr (LscTrace) trace = make_trace ();
  g_autoptr (LscRowList) rows = lsc_row_list_new ();

  assert_rows (rows, trace, "p10 12 11 10 p20 20");
  lsc_row_list_set_sort (rows, LSC_SORT_TID);
  assert_rows (rows, trace, "p10 10 11 12 p20 20");
  lsc_row_list_set_sort (rows, LSC_SORT_FIRST_RUN);
  assert_rows (rows, trace, "p10 12 11 10 p20 20");
  lsc_row_list_set_sort (rows, LSC_SORT_NAME);
  assert_rows (rows, trace, "p20 20 p10 12 11 10");
  lsc_row_list_set_sort (rows, LSC_SORT_BUSIEST);
  lsc_row_list_sort (rows, 8 * MS, 20 * MS);
  assert_rows (rows, trace, "p10 11 10 12 p20 20");
  lsc_row_list_sort (rows, 9 * MS, 20 * MS);
  assert_rows (rows, trace, "p20 20 p10 10 11 12");
}

static void
test_sorts_by_a_statistic_of_the_range (void)
{
  g_autoptr (LscTrace) trace = make_trace ();
  g_autoptr (LscRowList) rows = lsc_row_list_new ();

  lsc_row_list_set_sort (rows, LSC_SORT_WAITING);
  assert_rows (rows, trace, "p10 10 11 12 p20 20");
  lsc_row_list_sort (rows, 6 * MS, 9 * MS); /* 11 runs then */
  assert_rows (rows, trace, "p10 10 12 11 p20 20");
  lsc_row_list_set_sort (rows, LSC_SORT_QUEUED);
  assert_rows (rows, trace, "p10 10 11 12 p20 20");
}

/* 12 waits for a lock twice, for 4 and 3 ms; 11 once, for 10 ms, and in the queue for 1 ms. */
static void
test_sorts_by_what_single_waits_tell (void)
{
  g_autoptr (GByteArray) out = begin_stream (0);
  g_autoptr (LscRowList) rows = lsc_row_list_new ();
  g_autoptr (LscTrace) trace = NULL;

  add_task (out, 0, 11, "alpha", 0, 1);
  add_task (out, 0, 12, "Beta", 0, 1);
  add_run (out, 1 * MS, 0, 11);
  add_run (out, 1 * MS, 1, 12);
  add_sleep (out, 2 * MS, 0, 11, CLOCK_NANOSLEEP, 0);
  add_sleep (out, 2 * MS, 1, 12, FUTEX, 0);
  add_run (out, 6 * MS, 1, 12);
  add_sleep (out, 7 * MS, 1, 12, FUTEX, 0);
  add_run (out, 10 * MS, 1, 12);
  add_waking (out, 11 * MS, 1, 11, 12);
  add_run (out, 12 * MS, 0, 11);
  end_stream (out, 20 * MS);
  trace = trace_of_stream (out);
  lsc_row_list_set_sort (rows, LSC_SORT_SWITCHES);
  assert_rows (rows, trace, "p10 12 11");
  lsc_row_list_set_sort (rows, LSC_SORT_LONGEST_WAIT);
  assert_rows (rows, trace, "p10 11 12");
  lsc_row_list_sort (rows, 2 * MS, 6 * MS); /* both wait, all the time: by number */
  assert_rows (rows, trace, "p10 11 12");
  lsc_row_list_sort (rows, 0, UINT64_MAX);
  lsc_row_list_set_sort (rows, (LscRowSort) (LSC_SORT_REASON + LSC_REASON_LOCK));
  assert_rows (rows, trace, "p10 12 11");
  lsc_row_list_set_sort (rows, (LscRowSort) (LSC_SORT_REASON + LSC_REASON_TIMER));
  assert_rows (rows, trace, "p10 11 12");
  lsc_row_list_set_sort (rows, LSC_SORT_WAITING);
  assert_rows (rows, trace, "p10 11 12");
  lsc_row_list_set_sort (rows, LSC_SORT_LONGEST_QUEUE);
  assert_rows (rows, trace, "p10 11 12");
  lsc_row_list_set_sort (rows, LSC_SORT_WAKEUPS);
  assert_rows (rows, trace, "p10 11 12");
}

/* With a budget the old order stays until the new one is whole. */
static void
test_sorts_a_piece_at_a_time (void)
{
  LscSynthConfig config = {
    .seed = 3, .n_events = 200000, .n_cpus = 4, .n_threads = 40, .n_processes = 1
  };
  g_autoptr (LscTrace) trace = trace_of_synth (&config);
  g_autoptr (LscRowList) rows = lsc_row_list_new ();
  g_autoptr (LscRowList) at_once = lsc_row_list_new ();
  g_autofree char *before = NULL, *after = NULL, *expected = NULL;
  unsigned n_steps = 0;

  lsc_row_list_update (rows, trace);
  before = rows_as_text (rows, trace);
  lsc_row_list_set_budget (rows, 1);
  lsc_row_list_set_sort (rows, LSC_SORT_LONGEST_WAIT);
  while (!lsc_row_list_update (rows, trace))
    {
      g_autofree char *meanwhile = rows_as_text (rows, trace);

      g_assert_cmpstr (meanwhile, ==, before);
      g_assert_true (lsc_row_list_is_sorting (rows));
      n_steps++;
    }
  g_assert_false (lsc_row_list_is_sorting (rows));
  g_assert_cmpuint (n_steps, >, 2);
  after = rows_as_text (rows, trace);
  g_assert_cmpstr (after, !=, before);
  lsc_row_list_set_sort (at_once, LSC_SORT_LONGEST_WAIT);
  lsc_row_list_update (at_once, trace);
  expected = rows_as_text (at_once, trace);
  g_assert_cmpstr (after, ==, expected);
}

static void
test_rows_are_moved_by_hand (void)
{
  g_autoptr (LscTrace) trace = make_trace ();
  g_autoptr (LscRowList) rows = lsc_row_list_new ();
  uint32_t thread[3], process;

  assert_rows (rows, trace, "p10 12 11 10 p20 20");
  for (uint32_t i = 0; i < 3; i++)
    thread[i] = lsc_row_list_get (rows, i + 1)->index;
  process = lsc_row_list_get (rows, 4)->index;
  g_assert_true (lsc_row_list_move (rows, trace, LSC_ROW_THREAD, thread[0], 1));
  assert_rows (rows, trace, "p10 11 12 10 p20 20");
  g_assert_true (lsc_row_list_move (rows, trace, LSC_ROW_THREAD, thread[2], -1));
  assert_rows (rows, trace, "p10 11 10 12 p20 20");
  /* not out of its process */
  g_assert_false (lsc_row_list_move (rows, trace, LSC_ROW_THREAD, thread[0], 1));
  g_assert_true (lsc_row_list_move (rows, trace, LSC_ROW_PROCESS, process, -1));
  assert_rows (rows, trace, "p20 20 p10 11 10 12");
  g_assert_false (lsc_row_list_move (rows, trace, LSC_ROW_PROCESS, process, -1));
  /* past what is hidden, in one step */
  lsc_row_list_set (rows, LSC_ROW_THREAD, thread[2], LSC_ROW_HIDDEN, true);
  assert_rows (rows, trace, "p20 20 p10 11 12");
  g_assert_false (lsc_row_list_move (rows, trace, LSC_ROW_THREAD, thread[2], 1));
  g_assert_true (lsc_row_list_move (rows, trace, LSC_ROW_THREAD, thread[0], -1));
  assert_rows (rows, trace, "p20 20 p10 12 11");
  lsc_row_list_set (rows, LSC_ROW_THREAD, thread[0], LSC_ROW_PINNED, true);
  lsc_row_list_set (rows, LSC_ROW_THREAD, thread[1], LSC_ROW_PINNED, true);
  assert_rows (rows, trace, "*12 *11 p20 20 p10");
  g_assert_true (lsc_row_list_move (rows, trace, LSC_ROW_THREAD, thread[1], -1));
  assert_rows (rows, trace, "*11 *12 p20 20 p10");
  lsc_row_list_sort (rows, 0, UINT64_MAX);
  lsc_row_list_show_all (rows);
  assert_rows (rows, trace, "*11 *12 p10 10 p20 20");
}

static void
test_best_match (void)
{
  g_autoptr (LscTrace) trace = make_trace ();
  static const struct
  {
    const char *text;
    uint32_t tid;
  } cases[] = { { "12", 12 }, { "ALPHA", 11 }, { "be", 12 }, { "bra", 20 }, { "1", 10 } };

  for (uint32_t i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (lsc_row_match_best (trace, cases[i].text, LSC_THREAD_NONE)->tid, ==,
                      cases[i].tid);
  g_assert_null (lsc_row_match_best (trace, "nobody", LSC_THREAD_NONE));
  /* the next one that is as good */
  g_assert_cmpuint (
      lsc_row_match_best (trace, "1", lsc_row_match_best (trace, "1", LSC_THREAD_NONE)->index)->tid,
      ==, 11);
}

static void
test_idle_threads_are_hidden_and_counted (void)
{
  g_autoptr (LscTrace) trace = make_trace ();
  g_autoptr (LscRowList) rows = lsc_row_list_new ();

  lsc_row_list_set_hide_idle (rows, true);
  assert_rows (rows, trace, "p10 12 11 p20 20");
  g_assert_cmpuint (lsc_row_list_get_n_idle_hidden (rows), ==, 1);
  g_assert_cmpuint (lsc_row_list_get_n_lanes (rows), ==, 3);
  lsc_row_list_set_hide_idle (rows, false);
  assert_rows (rows, trace, "p10 12 11 10 p20 20");
  g_assert_cmpuint (lsc_row_list_get_n_idle_hidden (rows), ==, 0);
}

static void
test_filter_looks_at_names_and_numbers (void)
{
  g_autoptr (LscTrace) trace = make_trace ();
  g_autoptr (LscRowList) rows = lsc_row_list_new ();

  lsc_row_list_set_filter (rows, "BET");
  assert_rows (rows, trace, "p10 12");
  g_assert_cmpuint (lsc_row_list_get_n_filtered (rows), ==, 3);
  lsc_row_list_set_filter (rows, "20");
  assert_rows (rows, trace, "p20 20");
  lsc_row_list_set_filter (rows, "main");
  assert_rows (rows, trace, "p10 12 11 10"); /* the process's name */
  lsc_row_list_set_filter (rows, "nobody");
  assert_rows (rows, trace, "");
  g_assert_cmpuint (lsc_row_list_get_n_filtered (rows), ==, 4);
  lsc_row_list_set_filter (rows, "");
  assert_rows (rows, trace, "p10 12 11 10 p20 20");
}

static void
test_collapsed_pinned_hidden (void)
{
  g_autoptr (LscTrace) trace = make_trace ();
  g_autoptr (LscRowList) rows = lsc_row_list_new ();

  lsc_row_list_set (rows, LSC_ROW_PROCESS, 0, LSC_ROW_COLLAPSED, true);
  assert_rows (rows, trace, "p10 p20 20");
  g_assert_true (lsc_row_list_get (rows, 0)->collapsed);
  g_assert_cmpuint (lsc_row_list_find (rows, LSC_ROW_THREAD, 1), ==, LSC_ROW_NONE);
  lsc_row_list_set (rows, LSC_ROW_THREAD, 3, LSC_ROW_PINNED, true);
  lsc_row_list_set (rows, LSC_ROW_THREAD, 0, LSC_ROW_PINNED, true);
  assert_rows (rows, trace, "*20 *10 p10 p20");
  lsc_row_list_set (rows, LSC_ROW_THREAD, 3, LSC_ROW_PINNED, false);
  lsc_row_list_set (rows, LSC_ROW_PROCESS, 0, LSC_ROW_COLLAPSED, false);
  lsc_row_list_set (rows, LSC_ROW_THREAD, 2, LSC_ROW_HIDDEN, true);
  assert_rows (rows, trace, "*10 p10 11 p20 20");
  g_assert_cmpuint (lsc_row_list_get_n_hidden (rows), ==, 1);
  lsc_row_list_show_all (rows);
  assert_rows (rows, trace, "*10 p10 12 11 p20 20");
  lsc_row_list_reset (rows);
  assert_rows (rows, trace, "p10 12 11 10 p20 20");
}

static void
test_rows_touch_and_are_found (void)
{
  g_autoptr (LscTrace) trace = make_trace ();
  g_autoptr (LscRowList) rows = lsc_row_list_new ();
  double y = 0;

  lsc_row_list_set_heights (rows, 40, 20);
  lsc_row_list_update (rows, trace);
  for (uint32_t i = 0; i < lsc_row_list_get_n_rows (rows); i++)
    {
      const LscRow *row = lsc_row_list_get (rows, i);

      g_assert_cmpfloat (row->y, ==, y);
      y += row->height;
      g_assert_cmpuint (lsc_row_list_at_y (rows, row->y), ==, i);
      g_assert_cmpuint (lsc_row_list_at_y (rows, y - 0.01), ==, i);
      g_assert_cmpuint (lsc_row_list_find (rows, row->kind, row->index), ==, i);
    }
  g_assert_cmpfloat (y, ==, 4 * 40 + 2 * 20);
  g_assert_cmpfloat (lsc_row_list_get_height (rows), ==, y);
  g_assert_cmpuint (lsc_row_list_at_y (rows, y), ==, LSC_ROW_NONE);
  g_assert_cmpuint (lsc_row_list_at_y (rows, -1), ==, LSC_ROW_NONE);
}

static void
test_cpus_are_rows_too (void)
{
  g_autoptr (LscTrace) trace = make_trace ();
  g_autoptr (LscRowList) rows = lsc_row_list_new ();

  lsc_row_list_set_mode (rows, LSC_ROWS_BY_CPU);
  assert_rows (rows, trace, "c0 c1");
  g_assert_cmpuint (lsc_row_list_find (rows, LSC_ROW_CPU, 1), ==, 1);
}

static void
test_cpus_are_filtered_hidden_pinned_and_moved (void)
{
  g_autoptr (LscTrace) trace = make_trace ();
  g_autoptr (LscRowList) rows = lsc_row_list_new ();

  lsc_row_list_set_mode (rows, LSC_ROWS_BY_CPU);
  lsc_row_list_set_filter (rows, "CPU 1");
  assert_rows (rows, trace, "c1");
  g_assert_cmpuint (lsc_row_list_get_n_filtered (rows), ==, 1);
  lsc_row_list_set_filter (rows, NULL);
  lsc_row_list_set (rows, LSC_ROW_CPU, 0, LSC_ROW_HIDDEN, true);
  assert_rows (rows, trace, "c1");
  g_assert_cmpuint (lsc_row_list_get_n_hidden (rows), ==, 1);
  lsc_row_list_show_all (rows);
  lsc_row_list_set (rows, LSC_ROW_CPU, 1, LSC_ROW_PINNED, true);
  assert_rows (rows, trace, "c1 c0");
  g_assert_true (lsc_row_list_get (rows, 0)->pinned);
  lsc_row_list_set (rows, LSC_ROW_CPU, 1, LSC_ROW_PINNED, false);
  assert_rows (rows, trace, "c0 c1");
  g_assert_true (lsc_row_list_move (rows, trace, LSC_ROW_CPU, 0, 1));
  assert_rows (rows, trace, "c1 c0");
  /* each way to look has its own order */
  lsc_row_list_set_sort (rows, LSC_SORT_BUSIEST);
  assert_rows (rows, trace, "c0 c1");
  lsc_row_list_sort (rows, 6 * MS, 20 * MS); /* CPU 1 ran then */
  assert_rows (rows, trace, "c1 c0");
  lsc_row_list_set_mode (rows, LSC_ROWS_BY_THREAD);
  lsc_row_list_set_sort (rows, LSC_SORT_TID);
  assert_rows (rows, trace, "p10 10 11 12 p20 20");
  lsc_row_list_set_mode (rows, LSC_ROWS_BY_CPU);
  assert_rows (rows, trace, "c1 c0");
}

static void
test_processes_are_pinned_and_hidden_whole (void)
{
  g_autoptr (LscTrace) trace = make_trace ();
  g_autoptr (LscRowList) rows = lsc_row_list_new ();
  uint32_t main_process, other, last;

  assert_rows (rows, trace, "p10 12 11 10 p20 20");
  main_process = lsc_row_list_get (rows, 0)->index;
  other = lsc_row_list_get (rows, 4)->index;
  last = lsc_row_list_get (rows, 3)->index;
  lsc_row_list_set (rows, LSC_ROW_PROCESS, other, LSC_ROW_PINNED, true);
  assert_rows (rows, trace, "p20 20 p10 12 11 10");
  lsc_row_list_set (rows, LSC_ROW_THREAD, last, LSC_ROW_PINNED, true);
  assert_rows (rows, trace, "*10 p20 20 p10 12 11");
  lsc_row_list_set (rows, LSC_ROW_PROCESS, main_process, LSC_ROW_HIDDEN, true);
  assert_rows (rows, trace, "p20 20");
  g_assert_cmpuint (lsc_row_list_get_n_hidden (rows), ==, 3);
  lsc_row_list_set (rows, LSC_ROW_PROCESS, main_process, LSC_ROW_PINNED, true);
  lsc_row_list_show_all (rows);
  assert_rows (rows, trace, "*10 p20 20 p10 12 11");
  g_assert_true (lsc_row_list_move (rows, trace, LSC_ROW_PROCESS, main_process, -1));
  assert_rows (rows, trace, "*10 p10 12 11 p20 20");
}

/* One that ended at 5 ms, one that ended at 8 ms, one that goes on. */
static void
test_ended_threads_are_hidden_and_counted (void)
{
  g_autoptr (GByteArray) out = begin_stream (0);
  g_autoptr (LscRowList) rows = lsc_row_list_new ();
  g_autoptr (LscTrace) trace = NULL;

  for (uint32_t i = 0; i < 3; i++)
    add_task (out, 0, 10 + i, "worker", 0, 1);
  for (uint32_t i = 0; i < 2; i++)
    {
      LscRecordExit gone = { .tid = 10 + i, .tgid = 10 };

      add_run (out, (1 + i) * MS, i, 10 + i);
      add_record (out, &gone, LSC_RECORD_EXIT, (5 + 3 * i) * MS, i);
      add_switch (out, (5 + 3 * i) * MS, i,
                  (LscRecordSwitch){
                      .prev_tid = 10 + i, .prev_state = 0x80, .prev_syscall = LSC_SYSCALL_NONE });
    }
  end_stream (out, 20 * MS);
  trace = trace_of_stream (out);
  lsc_row_list_set_sort (rows, LSC_SORT_TID);
  assert_rows (rows, trace, "p10 10 11 12");
  lsc_row_list_set_ended_before (rows, 6 * MS);
  assert_rows (rows, trace, "p10 11 12");
  g_assert_cmpuint (lsc_row_list_get_n_ended_hidden (rows), ==, 1);
  lsc_row_list_set_ended_before (rows, 9 * MS);
  assert_rows (rows, trace, "p10 12");
  g_assert_cmpuint (lsc_row_list_get_n_ended_hidden (rows), ==, 2);
  lsc_row_list_set (rows, LSC_ROW_THREAD, lsc_trace_find_thread (trace, 10)->index, LSC_ROW_PINNED,
                    true);
  assert_rows (rows, trace, "*10 p10 12");
  lsc_row_list_set_ended_before (rows, 0);
  assert_rows (rows, trace, "*10 p10 11 12");
}

/* While a capture runs no row moves up or down past another. */
static void
test_live_order_is_stable (void)
{
  LscSynthConfig config = {
    .seed = 2, .n_events = 20000, .n_cpus = 4, .n_threads = 20, .n_processes = 4, .churn = 100
  };
  g_autoptr (LscSynth) synth = lsc_synth_new (&config);
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (LscRowList) rows = lsc_row_list_new ();
  g_autoptr (GArray) before = g_array_new (FALSE, FALSE, sizeof (LscRow));
  uint32_t n_grown = 0;

  while (lsc_synth_fill (synth, bytes, 8000))
    {
      uint32_t at = 0;

      lsc_assembler_feed (assembler, bytes->data, bytes->len);
      g_byte_array_set_size (bytes, 0);
      n_grown += lsc_row_list_update (rows, trace);
      g_assert_false (lsc_row_list_update (rows, trace));
      for (uint32_t i = 0; i < before->len; i++)
        {
          const LscRow *row = &g_array_index (before, LscRow, i);
          uint32_t now = lsc_row_list_find (rows, row->kind, row->index);

          g_assert_cmpuint (now, !=, LSC_ROW_NONE);
          g_assert_cmpuint (now, >=, at);
          at = now;
        }
      g_array_set_size (before, 0);
      for (uint32_t i = 0; i < lsc_row_list_get_n_rows (rows); i++)
        g_array_append_vals (before, lsc_row_list_get (rows, i), 1);
    }
  g_assert_cmpuint (n_grown, >, 10);
  g_assert_cmpuint (before->len, >, 50);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/row-list/sorts", test_sorts);
  g_test_add_func ("/row-list/idle", test_idle_threads_are_hidden_and_counted);
  g_test_add_func ("/row-list/statistic", test_sorts_by_a_statistic_of_the_range);
  g_test_add_func ("/row-list/moves", test_rows_are_moved_by_hand);
  g_test_add_func ("/row-list/best-match", test_best_match);
  g_test_add_func ("/row-list/filter", test_filter_looks_at_names_and_numbers);
  g_test_add_func ("/row-list/collapsed-pinned-hidden", test_collapsed_pinned_hidden);
  g_test_add_func ("/row-list/touch", test_rows_touch_and_are_found);
  g_test_add_func ("/row-list/cpus", test_cpus_are_rows_too);
  g_test_add_func ("/row-list/waits", test_sorts_by_what_single_waits_tell);
  g_test_add_func ("/row-list/pieces", test_sorts_a_piece_at_a_time);
  g_test_add_func ("/row-list/cpus-arranged", test_cpus_are_filtered_hidden_pinned_and_moved);
  g_test_add_func ("/row-list/processes", test_processes_are_pinned_and_hidden_whole);
  g_test_add_func ("/row-list/ended", test_ended_threads_are_hidden_and_counted);
  g_test_add_func ("/row-list/live", test_live_order_is_stable);
  return g_test_run ();
}
