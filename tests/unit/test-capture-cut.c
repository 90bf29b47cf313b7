/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A part of a capture is a capture that shows the same, and tells no names when it may not.
 */
#include "lib/files/capture-convert.h"
#include "lib/files/capture-load.h"
#include "tests/support/capture-fixture.h"
#include "tests/support/synth-trace.h"

#define N_LOOKS 4000u

static LscTrace *
cut (const Fixture *f, const GByteArray *stream, const LscCapturePart *part)
{
  g_autofree char *source = g_build_filename (f->folder, "source.lanes", NULL);
  g_autoptr (GError) error = NULL;
  LscCaptureCondition condition = { 0 };
  LscTrace *trace;

  write_capture (source, (GByteArray *) stream, 65536);
  g_assert_true (lsc_capture_convert (source, f->path, part, NULL, &error));
  g_assert_no_error (error);
  trace = lsc_capture_load (f->path, NULL, NULL, NULL, &condition, &error);
  g_assert_no_error (error);
  g_assert_false (condition.cut_short);
  g_assert_cmpuint (condition.n_damaged, ==, 0);
  return trace;
}

/* A wait in a run queue that began before the part has lost how it began; so has what a loss hides.
 */
static bool
is_same (const LscTrace *whole, const LscSpan *expected, const LscTrace *part, const LscSpan *span)
{
  bool cut_off = expected->start_ns < span->start_ns;

  if (span->facts.state == expected->facts.state)
    return cut_off || span->facts.state != LSC_STATE_SLEEPING
           || (span->facts.syscall == expected->facts.syscall
               && span->facts.arg == expected->facts.arg
               && span->facts.detail == expected->facts.detail);
  return cut_off && expected->facts.state == LSC_STATE_PREEMPTED
         && span->facts.state == LSC_STATE_RUNNABLE;
}

/* Looks at one thread at one time in both; whether it was there to be compared. */
static bool
look (const LscTrace *whole, const LscTrace *part, uint32_t tid, uint64_t time_ns)
{
  const LscThread *before = lsc_trace_find_thread_at (whole, tid, time_ns);
  const LscThread *after = lsc_trace_find_thread_at (part, tid, time_ns);
  LscSpan expected, span;

  if (before == NULL || before->lane == NULL || !lsc_lane_span_at (before->lane, time_ns, &expected)
      || expected.facts.state == LSC_STATE_UNKNOWN)
    return false;
  g_assert_nonnull (after);
  g_assert_nonnull (after->lane);
  g_assert_cmpstr (after->name, ==, before->name);
  g_assert_cmpstr (lsc_trace_get_process (part, after->process)->name, ==,
                   lsc_trace_get_process (whole, before->process)->name);
  if (!lsc_lane_span_at (after->lane, time_ns, &span) || !is_same (whole, &expected, part, &span))
    g_error ("thread %u at %" G_GUINT64_FORMAT ": state %u is %u in the part", tid, time_ns,
             expected.facts.state, span.facts.state);
  return true;
}

static uint32_t
compare (const LscTrace *whole, const LscTrace *part, uint64_t from_ns, uint64_t to_ns)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  uint32_t n = 0;

  for (uint32_t i = 0; i < N_LOOKS; i++)
    {
      uint32_t index =
          (uint32_t) g_rand_int_range (random, 0, (gint32) lsc_trace_get_n_threads (whole));
      uint64_t time_ns = from_ns + (uint64_t) (g_rand_double (random) * (double) (to_ns - from_ns));

      n += look (whole, part, lsc_trace_get_thread (whole, index)->tid, time_ns);
    }
  return n;
}

static GByteArray *
make_busy_stream (uint32_t lost)
{
  LscSynthConfig config = { .seed = 11,
                            .n_events = 30000,
                            .n_cpus = 4,
                            .n_threads = 40,
                            .n_processes = 5,
                            .churn = 20,
                            .lost = lost };

  return lsc_synth_all (&config);
}

static void
test_a_part_shows_the_same (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = make_busy_stream (0);
  g_autoptr (LscTrace) whole = trace_of_stream (stream);
  uint64_t start_ns = lsc_trace_get_start_ns (whole), end_ns = lsc_trace_get_end_ns (whole);
  uint64_t n_events = 0;

  for (uint64_t i = 0; i < 4; i++)
    {
      uint64_t piece_ns = (end_ns - start_ns) / 4;
      LscCapturePart part = { .from_ns = start_ns + i * piece_ns,
                              .to_ns = i == 3 ? end_ns + 1 : start_ns + (i + 1) * piece_ns };
      g_autoptr (LscTrace) trace = cut (f, stream, &part);

      g_assert_cmpuint (lsc_trace_get_start_ns (trace), ==, part.from_ns);
      g_assert_cmpuint (lsc_trace_get_end_ns (trace), ==, MIN (part.to_ns, end_ns));
      n_events += lsc_trace_get_n_events (trace);
      g_assert_cmpuint (compare (whole, trace, part.from_ns, part.to_ns), >, N_LOOKS / 10);
    }
  g_assert_cmpuint (n_events, ==, lsc_trace_get_n_events (whole));
}

/* What a loss hides stays unknown until the thread is heard of again; everything else is there. */
static void
test_a_part_of_a_capture_with_losses (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = make_busy_stream (3);
  g_autoptr (LscTrace) whole = trace_of_stream (stream);
  uint64_t start_ns = lsc_trace_get_start_ns (whole), end_ns = lsc_trace_get_end_ns (whole);
  LscCapturePart part = { .from_ns = (start_ns + end_ns) / 2, .to_ns = end_ns };
  g_autoptr (LscTrace) trace = cut (f, stream, &part);

  g_assert_cmpuint (lsc_trace_get_n_lost (whole), >, 10);
  g_assert_cmpuint (lsc_trace_get_n_lost (trace), >, 1);
  g_assert_cmpuint (lsc_trace_get_n_lost (trace), <, lsc_trace_get_n_lost (whole));
  /* from where everybody has been heard of */
  part.from_ns += (end_ns - part.from_ns) / 4;
  g_assert_cmpuint (compare (whole, trace, part.from_ns, part.to_ns), >, N_LOOKS / 10);
}

/* One waits for a lock all the time, and nothing happens: the part says so. */
static void
test_a_part_where_nothing_happens (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = begin_stream (1000);
  LscCapturePart part = { .from_ns = 3000, .to_ns = 5000 };
  g_autoptr (LscTrace) trace = NULL;
  LscSpan span;

  add_task (stream, 1000, 11, "a", LSC_TASK_ON_CPU, 0);
  add_task (stream, 1000, 12, "b", 0, 1);
  add_sleep (stream, 2000, 0, 11, FUTEX, 0);
  add_waking (stream, 2500, 0, 11, 12);
  end_stream (stream, 9000);
  trace = cut (f, stream, &part);
  g_assert_cmpuint (lsc_trace_get_start_ns (trace), ==, 3000);
  g_assert_cmpuint (lsc_trace_get_end_ns (trace), ==, 5000);
  g_assert_true (lsc_lane_span_at (lsc_trace_find_thread_at (trace, 11, 4000)->lane, 4000, &span));
  g_assert_cmpuint (span.facts.state, ==, LSC_STATE_SLEEPING);
  g_assert_cmpint (span.facts.syscall, ==, FUTEX);
  g_assert_true (lsc_lane_span_at (lsc_trace_find_thread_at (trace, 12, 4000)->lane, 4000, &span));
  g_assert_cmpuint (span.facts.state, ==, LSC_STATE_RUNNABLE);
}

/* Woken while it still has its CPU, before the part; it leaves it, ready, within. */
static void
test_a_wakeup_that_is_early (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = begin_stream (1000);
  LscCapturePart part = { .from_ns = 3000, .to_ns = 9000 };
  g_autoptr (LscTrace) trace = NULL;
  LscSpan span;

  add_task (stream, 1000, 11, "a", LSC_TASK_ON_CPU, 0);
  add_task (stream, 1000, 12, "b", 0, 1);
  add_waking (stream, 2900, 1, 12, 11);
  add_sleep (stream, 4000, 0, 11, FUTEX, 0);
  add_switch (stream, 6000, 0, (LscRecordSwitch){ .next_tid = 11 });
  end_stream (stream, 9000);
  trace = cut (f, stream, &part);
  g_assert_true (lsc_lane_span_at (lsc_trace_find_thread_at (trace, 11, 5000)->lane, 5000, &span));
  g_assert_cmpuint (span.facts.state, ==, LSC_STATE_RUNNABLE);
}

/* A hundred processes wake a traced thread and end, half of them before they are introduced. */
static void
add_short_lives (GByteArray *stream)
{
  for (uint32_t i = 0; i < 100; i++)
    {
      uint64_t time_ns = 1000 + i * G_GUINT64_CONSTANT (100000000);
      LscRecordTask task = { .head.flags = i % 2 != 0 ? LSC_TASK_EXITING : 0,
                             .tid = 1000 + i,
                             .tgid = 1000 + i,
                             .start_ns = time_ns,
                             .name = "short" };
      LscRecordExit gone = { .head.flags = LSC_EXIT_NEIGHBOUR | LSC_EXIT_GROUP, .tid = task.tid };

      add_record (stream, &task, LSC_RECORD_TASK, time_ns, 0);
      add_waking (stream, time_ns + 10, 0, task.tid, 11);
      add_switch (stream, time_ns + 20, 1, (LscRecordSwitch){ .next_tid = 11 });
      add_sleep (stream, time_ns + 30, 1, 11, FUTEX, 0);
      if (i % 2 == 0)
        add_record (stream, &gone, LSC_RECORD_EXIT, time_ns + 40, 0);
    }
}

/* Of neighbours whose end was told a part introduces only those that may still be named. */
static void
test_who_has_ended_is_not_introduced (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) stream = begin_stream (1000);
  LscCapturePart part = { .from_ns = 9000000000, .to_ns = 9950000000 };
  g_autoptr (LscTrace) trace = NULL;

  add_task (stream, 1000, 11, "a", 0, 1);
  add_short_lives (stream);
  end_stream (stream, 9950000000);
  trace = cut (f, stream, &part);
  g_assert_null (lsc_trace_find_thread (trace, 1000 + 50));
  g_assert_null (lsc_trace_find_thread (trace, 1000 + 51));
  g_assert_nonnull (lsc_trace_find_thread (trace, 1000 + 85));
  /* a; ten that ended in the second before, ten within */
  g_assert_cmpuint (lsc_trace_get_n_threads (trace), ==, 21);
}

static void
assert_nothing (const Fixture *f, const char *source, uint64_t from_ns, uint64_t to_ns)
{
  LscCapturePart part = { .from_ns = from_ns, .to_ns = to_ns };
  g_autoptr (GByteArray) after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (lsc_capture_convert (source, f->path, &part, NULL, &error));
  g_assert_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NOTHING);
  after = get (f->path);
  assert_holds (after, "old", 3);
}

static void
test_nothing_is_not_written (Fixture *f, gconstpointer data)
{
  g_autofree char *source = g_build_filename (f->folder, "source.lanes", NULL);
  g_autoptr (GByteArray) stream = begin_stream (1000);

  add_task (stream, 1000, 11, "a", LSC_TASK_ON_CPU, 0);
  add_sleep (stream, 2000, 0, 11, FUTEX, 0);
  end_stream (stream, 9000);
  write_capture (source, stream, 65536);
  put (f->path, "old", 3);
  assert_nothing (f, source, 9000, 10000);
  assert_nothing (f, source, 0, 900);
  assert_nothing (f, source, 5000, 5000);
  assert_nothing (f, source, 6000, 5000);
}

/* What was cut short does not become whole by being copied; a part of its middle is. */
static void
test_cut_short_stays_so (Fixture *f, gconstpointer data)
{
  g_autofree char *source = g_build_filename (f->folder, "source.lanes", NULL);
  g_autoptr (GByteArray) stream = begin_stream (1000);
  const LscCapturePart parts[] = { { .to_ns = UINT64_MAX, .redact = TRUE },
                                   { .from_ns = 1500, .to_ns = UINT64_MAX },
                                   { .from_ns = 1500, .to_ns = 3000 } };

  add_task (stream, 1000, 11, "a", LSC_TASK_ON_CPU, 0);
  add_sleep (stream, 2000, 0, 11, FUTEX, 0);
  add_waking (stream, 4000, 0, 0, 11);
  write_capture (source, stream, 65536);
  for (size_t i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      LscCaptureCondition condition = { 0 };
      g_autoptr (GByteArray) records = NULL;

      g_assert_true (lsc_capture_convert (source, f->path, &parts[i], NULL, NULL));
      records = read_capture (f->path, &condition, NULL);
      g_assert_cmpint (condition.cut_short, ==, i < 2);
    }
}

static bool
holds (const GByteArray *records, const char *word)
{
  return memmem (records->data, records->len, word, strlen (word)) != NULL;
}

static void
add_names (GByteArray *stream)
{
  LscRecordRename rename = { .tid = 12, .name = "secret-three" };
  LscRecordExec exec = { .tid = 10, .old_tid = 10, .name = "secret-four" };
  struct
  {
    LscRecordHead head;
    char name[LSC_NAME_SIZE];
  } newer = { .head = { .time_ns = 4500, .size = sizeof newer, .kind = 200 },
              .name = "secret-five" };

  add_record (stream, &rename, LSC_RECORD_RENAME, 3000, 0);
  add_record (stream, &exec, LSC_RECORD_EXEC, 4000, 0);
  g_byte_array_append (stream, (const guint8 *) &newer, sizeof newer);
}

/* No name is left, before the part, in it, nor of the machine; threads can be told apart. */
static void
test_redacted_names_are_gone (Fixture *f, gconstpointer data)
{
  const uint64_t from_ns[] = { 0, 2500, 5000 };

  for (size_t i = 0; i < G_N_ELEMENTS (from_ns); i++)
    {
      LscCapturePart part = { .from_ns = from_ns[i], .to_ns = UINT64_MAX, .redact = TRUE };
      g_autoptr (GByteArray) stream = begin_stream (1000);
      g_autoptr (LscTrace) trace = NULL;
      g_autoptr (GByteArray) records = NULL;
      LscCaptureCondition condition = { 0 };

      add_task (stream, 1000, 10, "secret-one", LSC_TASK_ON_CPU, 0);
      add_task (stream, 1000, 12, "secret-two", 0, 1);
      add_names (stream);
      add_sleep (stream, 6000, 0, 10, FUTEX, 12);
      end_stream (stream, 9000);
      trace = cut (f, stream, &part);
      records = read_capture (f->path, &condition, NULL);
      g_assert_false (holds (records, "secret"));
      g_assert_false (holds (records, "handmade"));
      g_assert_false (holds (records, "here"));
      g_assert_cmpstr (lsc_trace_find_thread_at (trace, 10, 7000)->name, ==, "process-1");
      g_assert_cmpstr (lsc_trace_find_thread_at (trace, 12, 7000)->name, ==, "thread-2");
      g_assert_cmpuint (lsc_trace_get_n_events (trace), ==, i < 2 ? 3 : 1);
    }
}

/* Markers in the part stay, those beside it go; how it was looked at stays but for the range. */
static void
test_notes_of_the_part_stay (Fixture *f, gconstpointer data)
{
  g_autofree char *source = g_build_filename (f->folder, "source.lanes", NULL);
  g_autoptr (GByteArray) stream = begin_stream (1000);
  g_autoptr (LscAnnotations) written = lsc_annotations_new (), read = lsc_annotations_new ();
  g_autoptr (GPtrArray) notes = NULL;
  g_autoptr (LscTrace) trace = NULL;
  g_autoptr (GBytes) bytes = NULL;
  LscCapturePart part = { .from_ns = 3000, .to_ns = 6000 };
  const LscCaptureWatch watch = { .annotations = read };

  for (uint64_t i = 1; i <= 8; i++)
    {
      LscRecordNote note = {
        .head.time_ns = i * 1000, .end_ns = i * 1000, .id = i, .kind = LSC_NOTE_MARKER
      };

      lsc_annotations_put_note (written, &note);
    }
  lsc_annotations_put_setting (written, "view.mode", "cpu");
  lsc_annotations_put_setting (written, "view.range", "1000 2000");
  part.notes = bytes = lsc_annotations_dup_all (written);
  add_task (stream, 1000, 11, "a", LSC_TASK_ON_CPU, 0);
  end_stream (stream, 9000);
  write_capture (source, stream, 65536);
  g_assert_true (lsc_capture_convert (source, f->path, &part, NULL, NULL));
  trace = lsc_capture_load_watched (f->path, &watch, NULL, NULL, NULL);
  g_assert_nonnull (trace);
  notes = lsc_annotations_list_notes (read);
  g_assert_cmpuint (notes->len, ==, 3);
  g_assert_cmpuint (((const LscRecordNote *) notes->pdata[0])->id, ==, 3);
  g_assert_cmpstr (lsc_annotations_get_setting (read, "view.mode"), ==, "cpu");
  g_assert_null (lsc_annotations_get_setting (read, "view.range"));
}

static void
cancel_cb (double done, void *data)
{
  if (done > 0.3)
    g_cancellable_cancel (data);
}

/* Whichever way it is saved: what was there stays, and nothing is left beside it. */
static void
test_cancelling_leaves_everything (Fixture *f, gconstpointer data)
{
  g_autofree char *source = g_build_filename (f->folder, "source.lanes", NULL);
  g_autoptr (GByteArray) stream = make_stream (400000);
  const LscCapturePart whole = { .to_ns = UINT64_MAX };
  const LscCapturePart *parts[] = { NULL, &whole };

  write_capture (source, stream, 65536);
  for (size_t i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      const LscExportWatch watch = { cancel_cb, cancellable, cancellable };
      g_autoptr (GByteArray) after = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GDir) dir = NULL;
      guint n = 0;

      put (f->path, "old", 3);
      g_assert_false (lsc_capture_convert (source, f->path, parts[i], &watch, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      after = get (f->path);
      assert_holds (after, "old", 3);
      dir = g_dir_open (f->folder, 0, NULL);
      while (g_dir_read_name (dir) != NULL)
        n++;
      g_assert_cmpuint (n, ==, 2);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/cut/same", test_a_part_shows_the_same);
  ADD ("/cut/losses", test_a_part_of_a_capture_with_losses);
  ADD ("/cut/quiet", test_a_part_where_nothing_happens);
  ADD ("/cut/early-wakeup", test_a_wakeup_that_is_early);
  ADD ("/cut/ended-neighbours", test_who_has_ended_is_not_introduced);
  ADD ("/cut/nothing", test_nothing_is_not_written);
  ADD ("/cut/cut-short", test_cut_short_stays_so);
  ADD ("/cut/redacted", test_redacted_names_are_gone);
  ADD ("/cut/notes", test_notes_of_the_part_stay);
  ADD ("/cut/cancelled", test_cancelling_leaves_everything);
  return g_test_run ();
}
