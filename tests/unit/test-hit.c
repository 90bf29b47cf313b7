/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/hit.h"
#include "tests/support/convoy.h"
#include "tests/support/synth-trace.h"

typedef struct
{
  LscTrace *trace;
  LscRowList *rows;
  LscScene scene;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = make_convoy ();

  f->trace = trace_of_stream (stream);
  f->rows = lsc_row_list_new ();
  lsc_row_list_set_sort (f->rows, LSC_SORT_TID);
  lsc_row_list_update (f->rows, f->trace);
  /* 60 ms on 600 pixels; rows: header 0-24, then 46 each: tid 10, 11, ... */
  lsc_scene_init (&f->scene, f->trace, f->rows, 600);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  lsc_row_list_free (f->rows);
  lsc_trace_free (f->trace);
}

static LscHit
find (Fixture *f, double x, double y)
{
  LscHit hit;

  lsc_hit_find (&f->scene, x, y, &hit);
  return hit;
}

static LscSpan
span_at (Fixture *f, double x, double y)
{
  LscHit hit = find (f, x, y);
  LscSpan span;

  g_assert_true (lsc_hit_get_span (&f->scene, &hit.pick, &span));
  return span;
}

static void
test_row_and_span_under_the_pointer (Fixture *f, gconstpointer data)
{
  LscHit hit = find (f, 300, 10);
  LscSpan span;

  g_assert_cmpint (hit.pick.kind, ==, LSC_ROW_PROCESS);
  g_assert_false (hit.pick.has_number);
  /* worker-0 holds the lock from 1.5 to 4.4 ms, and sleeps in futex after that */
  span = span_at (f, 30, 24 + 46 + 20);
  g_assert_cmpint (span.facts.state, ==, LSC_STATE_RUNNING);
  g_assert_cmpuint (span.start_ns, ==, 1500 * US);
  g_assert_cmpuint (span.end_ns, ==, 4400 * US);
  span = span_at (f, 100, 24 + 46 + 20);
  g_assert_cmpint (span.facts.state, ==, LSC_STATE_SLEEPING);
  g_assert_cmpint (span.facts.syscall, ==, FUTEX);
  hit = find (f, 100, 24 + 7 * 46 + 1);
  g_assert_cmpuint (hit.row, ==, LSC_ROW_NONE);
  g_assert_cmpuint (hit.pick.index, ==, LSC_ROW_NONE);
  g_assert_cmpuint (hit.time_ns, ==, 10 * MS);
}

static void
test_scrolling_shifts_rows (Fixture *f, gconstpointer data)
{
  f->scene.scroll_y = 46;
  g_assert_cmpuint (find (f, 10, 24 + 20).pick.index, ==, 1);
  f->scene.scroll_y = 0;
  g_assert_cmpuint (find (f, 10, 24 + 20).pick.index, ==, 0);
}

/* The logger runs for 0.2 ms, 2 pixels, at 4.2 ms and sleeps around it. */
static void
test_thin_run_is_found_from_beside_it (Fixture *f, gconstpointer data)
{
  double y = 24 + 5 * 46 + 20;

  g_assert_cmpint (span_at (f, 43, y).facts.state, ==, LSC_STATE_RUNNING);
  g_assert_cmpint (span_at (f, 45.2, y).facts.state, ==, LSC_STATE_RUNNING);
  g_assert_cmpint (span_at (f, 50, y).facts.state, ==, LSC_STATE_SLEEPING);
}

static void
test_header_has_no_span (Fixture *f, gconstpointer data)
{
  LscHit hit = find (f, -30, 24 + 46 + 20);

  g_assert_cmpuint (hit.pick.index, ==, 1);
  g_assert_false (hit.pick.has_number);
}

static void
test_next_and_previous_walk_all_spans (Fixture *f, gconstpointer data)
{
  LscPick pick = { LSC_ROW_THREAD, 1, false, 0 };
  uint64_t time = 0, last = 0;
  uint32_t forward = 0, back = 0;
  LscSpan span;

  while (lsc_hit_next (&f->scene, &pick, time, &pick))
    {
      g_assert_true (lsc_hit_get_span (&f->scene, &pick, &span));
      g_assert_cmpuint (span.start_ns, >, time);
      time = last = span.start_ns;
      forward++;
    }
  while (lsc_hit_previous (&f->scene, &pick, time, &pick))
    {
      g_assert_true (lsc_hit_get_span (&f->scene, &pick, &span));
      g_assert_cmpuint (span.start_ns, <, time);
      time = span.start_ns;
      back++;
    }
  g_assert_cmpuint (forward, >, 8);
  g_assert_cmpuint (back, ==, forward);
  g_assert_cmpuint (time, ==, 0);
  g_assert_cmpuint (last, >, 50 * MS);
}

static void
test_what_is_gone_is_not_found (Fixture *f, gconstpointer data)
{
  LscPick pick = { LSC_ROW_THREAD, 1, true, 100000 };
  LscSpan span;

  g_assert_false (lsc_hit_get_span (&f->scene, &pick, &span));
  pick.index = 5000;
  g_assert_false (lsc_hit_get_span (&f->scene, &pick, &span));
  g_assert_false (lsc_hit_get_span (&f->scene, &LSC_PICK_NOTHING, &span));
}

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/hit/row-and-span", test_row_and_span_under_the_pointer);
  ADD ("/hit/scrolling", test_scrolling_shifts_rows);
  ADD ("/hit/thin-run", test_thin_run_is_found_from_beside_it);
  ADD ("/hit/header", test_header_has_no_span);
  ADD ("/hit/next-previous", test_next_and_previous_walk_all_spans);
  ADD ("/hit/gone", test_what_is_gone_is_not_found);
  return g_test_run ();
}
