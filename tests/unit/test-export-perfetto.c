/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Perfetto's format: what is written reads back as the same lanes, and holds what is promised.
 */
#include "lib/explain/statistics.h"
#include "lib/files/capture-load.h"
#include "lib/files/export.h"
#include "perfetto.pb-c.h"
#include "tests/support/synth.h"

#include <glib/gstdio.h>

typedef struct
{
  char *folder;
  char *path;
  LscTrace *trace;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  LscSynthConfig config = { .seed = 5,
                            .n_events = 300000,
                            .n_cpus = 4,
                            .n_threads = 30,
                            .n_processes = 4,
                            .churn = 2,
                            .lost = GPOINTER_TO_UINT (data) };
  g_autoptr (GByteArray) all = lsc_synth_all (&config);
  g_autoptr (LscAssembler) assembler = NULL;

  f->folder = g_dir_make_tmp ("lanescope-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "a.pftrace", NULL);
  f->trace = lsc_trace_new ();
  assembler = lsc_assembler_new (f->trace);
  g_assert_cmpint (lsc_assembler_feed (assembler, all->data, all->len), ==, all->len);
  lsc_assembler_finish (assembler);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_unlink (f->path);
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  lsc_trace_free (f->trace);
  g_free (f->folder);
  g_free (f->path);
}

static void
write_export (const Fixture *f, uint64_t from_ns, uint64_t to_ns, const bool *threads)
{
  LscExport what = { f->trace, from_ns, to_ns, threads, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (
      lsc_export_write (&what, lsc_export_find_format ("perfetto"), f->path, NULL, &error));
  g_assert_no_error (error);
}

static LscPb__Trace *
decode (const Fixture *f)
{
  g_autofree char *bytes = NULL;
  gsize n_bytes;
  LscPb__Trace *decoded;

  g_assert_true (g_file_get_contents (f->path, &bytes, &n_bytes, NULL));
  decoded = lsc_pb__trace__unpack (NULL, n_bytes, (const uint8_t *) bytes);
  g_assert_nonnull (decoded);
  return decoded;
}

/* The stretches on a CPU of a thread, from the first that began inside. */
static GArray *
get_runs (const LscThread *thread)
{
  GArray *runs = g_array_new (FALSE, FALSE, sizeof (LscSpan));

  for (uint64_t i = lsc_lane_get_first (thread->lane); i < lsc_lane_get_end (thread->lane); i++)
    {
      LscSpan span;

      lsc_lane_get (thread->lane, i, &span);
      if (span.facts.state == LSC_STATE_RUNNING && !span.open_start && !span.open_end)
        g_array_append_val (runs, span);
    }
  return runs;
}

static void
test_reads_back_as_the_same_lanes (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LscTrace) back = NULL;
  int64_t shift = lsc_trace_get_header (f->trace)->boottime_offset_ns;
  uint64_t n_compared = 0, n_ended = 0;

  write_export (f, 0, UINT64_MAX, NULL);
  back = lsc_capture_load (f->path, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  for (uint32_t i = 0; i < lsc_trace_get_n_threads (f->trace); i++)
    {
      const LscThread *thread = lsc_trace_get_thread (f->trace, i);
      const LscThread *other = lsc_trace_find_thread (back, thread->tid);
      g_autoptr (GArray) runs = NULL, others = NULL;

      if (thread->lane == NULL || lsc_trace_find_thread (f->trace, thread->tid) != thread)
        continue;
      runs = get_runs (thread);
      if (runs->len == 0)
        continue;
      g_assert_nonnull (other);
      others = get_runs (other);
      g_assert_cmpuint (runs->len, ==, others->len);
      for (guint k = 0; k < runs->len; k++)
        {
          const LscSpan *a = &g_array_index (runs, LscSpan, k);
          const LscSpan *b = &g_array_index (others, LscSpan, k);

          g_assert_cmpuint (a->start_ns + (uint64_t) shift, ==, b->start_ns);
          g_assert_cmpuint (a->end_ns + (uint64_t) shift, ==, b->end_ns);
          g_assert_cmpuint (a->facts.cpu, ==, b->facts.cpu);
          n_compared++;
        }
      g_assert_cmpstr (thread->name, ==, other->name);
      g_assert_cmpint (thread->ended, ==, other->ended);
      if (thread->ended)
        g_assert_cmpuint (lsc_lane_get_end_ns (thread->lane) + (uint64_t) shift, ==,
                          lsc_lane_get_end_ns (other->lane));
      n_ended += thread->ended;
    }
  g_assert_cmpuint (n_compared, >, 50000);
  g_assert_cmpuint (n_ended, >, 10);
}

static uint64_t
get_running_ns (const LscTrace *trace, const LscThread *thread)
{
  LscStatistics statistics = { 0 };

  (void) lsc_statistics_of_thread (trace, thread->index, 0, UINT64_MAX, &statistics);
  return statistics.ns[LSC_STATE_RUNNING];
}

/* A gap is where it was, and hardly takes anything with it. */
static void
test_tells_where_events_were_lost (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LscTrace) back = NULL;
  uint32_t n_gaps = lsc_trace_get_n_gaps (f->trace), n_compared = 0;

  write_export (f, 0, UINT64_MAX, NULL);
  back = lsc_capture_load (f->path, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_gaps, >, 1000);
  g_assert_cmpuint (lsc_trace_get_n_gaps (back), >, n_gaps / 100 * 95);
  g_assert_cmpuint (lsc_trace_get_n_gaps (back), <=, n_gaps);
  for (uint32_t i = 0; i < lsc_trace_get_n_threads (f->trace); i++)
    {
      const LscThread *thread = lsc_trace_get_thread (f->trace, i);
      const LscThread *other = lsc_trace_find_thread (back, thread->tid);
      uint64_t running_ns;

      if (thread->lane == NULL || other == NULL || other->lane == NULL)
        continue;
      running_ns = get_running_ns (f->trace, thread);
      g_assert_cmpuint (get_running_ns (back, other), <=, running_ns + running_ns / 500);
      g_assert_cmpuint (get_running_ns (back, other), >=, running_ns - running_ns / 500);
      n_compared++;
    }
  g_assert_cmpuint (n_compared, >, 50);
}

typedef struct
{
  uint64_t n_begin, n_end, n_flow_out, n_flow_in, n_switches, n_wakings, first_ns, last_ns;
} Tally;

static Tally
tally (const LscPb__Trace *trace)
{
  Tally tally = { .first_ns = UINT64_MAX };

  for (size_t i = 0; i < trace->n_packet; i++)
    {
      const LscPb__TrackEvent *event = trace->packet[i]->track_event;

      if (trace->packet[i]->ftrace_events != NULL)
        {
          const LscPb__CompactSched *sched = trace->packet[i]->ftrace_events->compact_sched;

          g_assert_cmpuint (sched->n_switch_timestamp, ==, sched->n_switch_next_pid);
          g_assert_cmpuint (sched->n_waking_timestamp, ==, sched->n_waking_comm_index);
          tally.n_switches += sched->n_switch_timestamp;
          tally.n_wakings += sched->n_waking_timestamp;
        }
      if (event == NULL)
        continue;
      tally.first_ns = MIN (tally.first_ns, trace->packet[i]->timestamp);
      tally.last_ns = MAX (tally.last_ns, trace->packet[i]->timestamp);
      tally.n_begin += event->type == LSC_PB__TRACK_EVENT__TYPE__TYPE_SLICE_BEGIN;
      tally.n_end += event->type == LSC_PB__TRACK_EVENT__TYPE__TYPE_SLICE_END;
      tally.n_flow_out += event->n_flow_ids;
      tally.n_flow_in += event->n_terminating_flow_ids;
    }
  return tally;
}

static void
test_holds_every_event (Fixture *f, gconstpointer data)
{
  LscPb__Trace *decoded;
  Tally all;

  write_export (f, 0, UINT64_MAX, NULL);
  decoded = decode (f);
  all = tally (decoded);
  g_assert_cmpuint (all.n_begin, ==, all.n_end);
  g_assert_cmpuint (all.n_flow_out, ==, all.n_flow_in);
  g_assert_cmpuint (all.n_flow_out, >, 1000);
  g_assert_cmpuint (all.n_flow_out, <=, all.n_wakings);
  /* Births and ends are neither; nearly all events are. */
  g_assert_cmpuint (all.n_switches + all.n_wakings, >, 290000);
  g_assert_cmpuint (all.n_switches + all.n_wakings, <=, 301000);
  lsc_pb__trace__free_unpacked (decoded, NULL);
}

static void
test_keeps_to_range_and_threads (Fixture *f, gconstpointer data)
{
  uint64_t start = lsc_trace_get_start_ns (f->trace), end = lsc_trace_get_end_ns (f->trace);
  uint64_t shift = (uint64_t) lsc_trace_get_header (f->trace)->boottime_offset_ns;
  uint64_t from = start + (end - start) / 4, to = start + (end - start) / 2;
  g_autofree bool *threads = g_new0 (bool, lsc_trace_get_n_threads (f->trace));
  LscPb__Trace *decoded;
  Tally part;

  threads[1] = true;
  write_export (f, from, to, threads);
  decoded = decode (f);
  part = tally (decoded);
  g_assert_cmpuint (part.n_begin, >, 0);
  g_assert_cmpuint (part.n_begin, ==, part.n_end);
  g_assert_cmpuint (part.first_ns, >=, from + shift);
  g_assert_cmpuint (part.last_ns, <=, to + shift);
  for (size_t i = 0; i < decoded->n_packet; i++)
    if (decoded->packet[i]->track_event != NULL)
      g_assert_cmpuint (decoded->packet[i]->track_event->track_uuid & UINT32_MAX, ==, 1);
  lsc_pb__trace__free_unpacked (decoded, NULL);
}

/* Notes: a slice below its thread's track, as long as the bar; markers: instants of a track that is
 * nobody's. */
static void
test_holds_notes (Fixture *f, gconstpointer data)
{
  const LscThread *thread = lsc_trace_get_thread (f->trace, 1);
  uint64_t start_ns = lsc_trace_get_start_ns (f->trace);
  uint64_t offset_ns = (uint64_t) lsc_trace_get_header (f->trace)->boottime_offset_ns;
  g_autoptr (LscAnnotations) annotations = lsc_annotations_new ();
  LscRecordNote marker = { .head = { .time_ns = start_ns + 50 }, .id = 3, .kind = LSC_NOTE_MARKER };
  LscRecordNote note = { .head = { .time_ns = start_ns + 100 },
                         .end_ns = start_ns + 400,
                         .id = 4,
                         .tid = thread->tid,
                         .kind = LSC_NOTE_BAR };
  LscExport what = { f->trace, 0, UINT64_MAX, NULL, annotations };
  LscPb__Trace *decoded;
  uint64_t track = 0, parent = 0;
  unsigned n_told[4] = { 0 };

  lsc_annotations_fill_text (&note, "hangs\nhere");
  lsc_annotations_put_note (annotations, &marker);
  lsc_annotations_put_note (annotations, &note);
  g_assert_true (
      lsc_export_write (&what, lsc_export_find_format ("perfetto"), f->path, NULL, NULL));
  decoded = decode (f);
  for (size_t i = 0; i < decoded->n_packet; i++)
    {
      const LscPb__TrackDescriptor *descriptor = decoded->packet[i]->track_descriptor;
      const LscPb__TrackEvent *event = decoded->packet[i]->track_event;
      uint64_t time_ns = decoded->packet[i]->timestamp - offset_ns;

      if (descriptor != NULL && g_strcmp0 (descriptor->name, "notes") == 0)
        {
          track = descriptor->uuid;
          parent = descriptor->parent_uuid;
        }
      if (event == NULL || event->n_categories != 1)
        continue;
      g_assert_cmpstr (event->categories[0], ==, "note");
      n_told[event->type]++;
      switch ((int) event->type)
        {
        case LSC_PB__TRACK_EVENT__TYPE__TYPE_SLICE_BEGIN:
          g_assert_cmpstr (event->name, ==, "hangs here");
          g_assert_cmpuint (event->track_uuid, ==, track);
          g_assert_cmpuint (time_ns, ==, start_ns + 100);
          break;
        case LSC_PB__TRACK_EVENT__TYPE__TYPE_SLICE_END:
          g_assert_cmpuint (event->track_uuid, ==, track);
          g_assert_cmpuint (time_ns, ==, start_ns + 400);
          break;
        default:
          g_assert_cmpstr (event->name, ==, "marker 3");
          g_assert_cmpuint (event->track_uuid, !=, track);
          g_assert_cmpuint (time_ns, ==, start_ns + 50);
        }
    }
  lsc_pb__trace__free_unpacked (decoded, NULL);
  g_assert_cmpuint (parent & UINT32_MAX, ==, thread->index);
  for (size_t type = LSC_PB__TRACK_EVENT__TYPE__TYPE_SLICE_BEGIN; type < 4; type++)
    g_assert_cmpuint (n_told[type], ==, 1);
}

static void
test_redacted_names_nobody (Fixture *f, gconstpointer data)
{
  g_autofree char *name = g_strdup (lsc_trace_get_thread (f->trace, 0)->name);
  g_autofree char *bytes = NULL;
  gsize n_bytes;

  g_assert_cmpuint (strlen (name), >, 2);
  lsc_trace_redact (f->trace);
  write_export (f, 0, UINT64_MAX, NULL);
  g_assert_true (g_file_get_contents (f->path, &bytes, &n_bytes, NULL));
  g_assert_null (memmem (bytes, n_bytes, name, strlen (name)));
  g_assert_nonnull (memmem (bytes, n_bytes, "thread-", 7));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/export-perfetto/back", Fixture, NULL, set_up, test_reads_back_as_the_same_lanes,
              tear_down);
  g_test_add ("/export-perfetto/all", Fixture, NULL, set_up, test_holds_every_event, tear_down);
  g_test_add ("/export-perfetto/part", Fixture, NULL, set_up, test_keeps_to_range_and_threads,
              tear_down);
  g_test_add ("/export-perfetto/notes", Fixture, NULL, set_up, test_holds_notes, tear_down);
  g_test_add ("/export-perfetto/redacted", Fixture, NULL, set_up, test_redacted_names_nobody,
              tear_down);
  g_test_add ("/export-perfetto/lost", Fixture, GUINT_TO_POINTER (5), set_up,
              test_tells_where_events_were_lost, tear_down);
  return g_test_run ();
}
