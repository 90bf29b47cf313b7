/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Perfetto traces: full and compact events, in packets of any order, packed together or not, give
 * the same lanes; names and processes come from the process tree.
 */
#include "lib/files/capture-load.h"
#include "tests/support/capture-fixture.h"

#include "perfetto.pb-c.h"

#include <gio/gio.h>

#define START 1000000000u

/* Adds a packet in the shape it has in a trace: field 1 of the whole. */
static void
add_packet (GPtrArray *packets, const LscPb__TracePacket *packet)
{
  LscPb__Trace trace = LSC_PB__TRACE__INIT;
  LscPb__TracePacket *list[] = { (LscPb__TracePacket *) packet };
  GByteArray *bytes = g_byte_array_new ();

  trace.n_packet = 1;
  trace.packet = list;
  g_byte_array_set_size (bytes, (guint) lsc_pb__trace__get_packed_size (&trace));
  lsc_pb__trace__pack (&trace, bytes->data);
  g_ptr_array_add (packets, bytes);
}

static void
add_bundle (GPtrArray *packets, LscPb__FtraceEventBundle *bundle, uint32_t cpu)
{
  LscPb__TracePacket packet = LSC_PB__TRACE_PACKET__INIT;

  bundle->has_cpu = TRUE;
  bundle->cpu = cpu;
  packet.ftrace_events = bundle;
  add_packet (packets, &packet);
}

static void
add_full_switch (
    GPtrArray *packets, uint64_t time_ns, uint32_t cpu, int32_t prev, int64_t state, int32_t next)
{
  LscPb__FtraceEventBundle bundle = LSC_PB__FTRACE_EVENT_BUNDLE__INIT;
  LscPb__FtraceEvent event = LSC_PB__FTRACE_EVENT__INIT, *list[] = { &event };
  LscPb__SchedSwitch change = LSC_PB__SCHED_SWITCH__INIT;

  change.has_prev_pid = change.has_next_pid = change.has_prev_state = TRUE;
  change.prev_pid = prev;
  change.next_pid = next;
  change.prev_state = state;
  change.next_comm = (char *) "worker";
  event.has_timestamp = TRUE;
  event.timestamp = START + time_ns;
  event.sched_switch = &change;
  bundle.n_event = 1;
  bundle.event = list;
  add_bundle (packets, &bundle, cpu);
}

static void
add_full_waking (GPtrArray *packets, uint64_t time_ns, uint32_t cpu, uint32_t waker, int32_t wakee)
{
  LscPb__FtraceEventBundle bundle = LSC_PB__FTRACE_EVENT_BUNDLE__INIT;
  LscPb__FtraceEvent event = LSC_PB__FTRACE_EVENT__INIT, *list[] = { &event };
  LscPb__SchedWakeup wakeup = LSC_PB__SCHED_WAKEUP__INIT;

  wakeup.has_pid = TRUE;
  wakeup.pid = wakee;
  wakeup.comm = (char *) "worker";
  event.has_timestamp = event.has_pid = TRUE;
  event.timestamp = START + time_ns;
  event.pid = waker;
  event.sched_waking = &wakeup;
  bundle.n_event = 1;
  bundle.event = list;
  add_bundle (packets, &bundle, cpu);
}

/* CPU 0: 11 runs, sleeps, is woken by 12 of CPU 1, runs again. */
static void
add_full (GPtrArray *packets)
{
  add_full_switch (packets, 0, 0, 0, 0, 11);
  add_full_switch (packets, 100, 0, 11, 1, 0);
  add_full_switch (packets, 400, 0, 0, 0, 11);
  add_full_switch (packets, 50, 1, 0, 0, 12);
  add_full_waking (packets, 300, 1, 12, 11);
  add_full_switch (packets, 500, 1, 12, 0x100, 13);
}

/* The same, compact: times are differences, names stand in a table. */
static void
add_compact (GPtrArray *packets, protobuf_c_boolean lost)
{
  uint64_t times[] = { START, 100, 300 }, other_times[] = { START + 50, 450 };
  uint64_t waking_time[] = { START + 300 };
  int64_t states[] = { 0, 1, 0 }, other_states[] = { 0, 0x100 };
  int32_t next[] = { 11, 0, 11 }, other_next[] = { 12, 13 }, prio[] = { 120, 120, 120 };
  int32_t wakee[] = { 11 };
  uint32_t names[] = { 0, 1, 0 }, other_names[] = { 0, 0 }, waking_flags[] = { 1 };
  char *table[] = { (char *) "worker", (char *) "swapper" };
  LscPb__FtraceEventBundle bundle = LSC_PB__FTRACE_EVENT_BUNDLE__INIT;
  LscPb__CompactSched compact = LSC_PB__COMPACT_SCHED__INIT;

  compact.n_intern_table = 2;
  compact.intern_table = table;
  compact.n_switch_timestamp = compact.n_switch_prev_state = compact.n_switch_next_pid = 3;
  compact.n_switch_next_prio = compact.n_switch_next_comm_index = 3;
  compact.switch_timestamp = times;
  compact.switch_prev_state = states;
  compact.switch_next_pid = next;
  compact.switch_next_prio = prio;
  compact.switch_next_comm_index = names;
  bundle.compact_sched = &compact;
  bundle.has_lost_events = bundle.lost_events = lost;
  add_bundle (packets, &bundle, 0);
  bundle.has_lost_events = FALSE;
  compact.n_switch_timestamp = compact.n_switch_prev_state = compact.n_switch_next_pid = 2;
  compact.n_switch_next_prio = compact.n_switch_next_comm_index = 2;
  compact.switch_timestamp = other_times;
  compact.switch_prev_state = other_states;
  compact.switch_next_pid = other_next;
  compact.switch_next_comm_index = other_names;
  compact.n_waking_timestamp = compact.n_waking_pid = compact.n_waking_common_flags = 1;
  compact.waking_timestamp = waking_time;
  compact.waking_pid = wakee;
  compact.waking_common_flags = waking_flags;
  add_bundle (packets, &bundle, 1);
}

static void
add_tree (GPtrArray *packets)
{
  LscPb__TracePacket packet = LSC_PB__TRACE_PACKET__INIT;
  LscPb__ProcessTree tree = LSC_PB__PROCESS_TREE__INIT;
  LscPb__ProcessTree__Process process = LSC_PB__PROCESS_TREE__PROCESS__INIT, *processes[1];
  LscPb__ProcessTree__Thread thread = LSC_PB__PROCESS_TREE__THREAD__INIT, *threads[1];
  char *cmdline[] = { (char *) "/usr/bin/prog" };

  process.has_pid = process.has_ppid = process.has_uid = TRUE;
  process.pid = 10;
  process.ppid = 5;
  process.uid = 1000;
  process.n_cmdline = 1;
  process.cmdline = cmdline;
  thread.has_tid = thread.has_tgid = TRUE;
  thread.tid = 11;
  thread.tgid = 10;
  processes[0] = &process;
  threads[0] = &thread;
  tree.n_processes = tree.n_threads = 1;
  tree.processes = processes;
  tree.threads = threads;
  packet.process_tree = &tree;
  add_packet (packets, &packet);
}

static GByteArray *
join (GPtrArray *packets, gboolean backwards)
{
  GByteArray *all = g_byte_array_new ();

  for (guint i = 0; i < packets->len; i++)
    {
      const GByteArray *packet = g_ptr_array_index (packets, backwards ? packets->len - 1 - i : i);

      g_byte_array_append (all, packet->data, packet->len);
    }
  g_ptr_array_unref (packets);
  return all;
}

static GPtrArray *
new_packets (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
}

/* All of it packed into one packet. */
static GByteArray *
pack (GByteArray *bytes)
{
  g_autoptr (GZlibCompressor) packer = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 6);
  LscPb__TracePacket packet = LSC_PB__TRACE_PACKET__INIT;
  g_autofree guint8 *packed = g_malloc (bytes->len + 1000);
  GPtrArray *packets = new_packets ();
  gsize n_read, n;

  g_assert_cmpint (g_converter_convert (G_CONVERTER (packer), bytes->data, bytes->len, packed,
                                        bytes->len + 1000, G_CONVERTER_INPUT_AT_END, &n_read, &n,
                                        NULL),
                   ==, G_CONVERTER_FINISHED);
  g_byte_array_unref (bytes);
  packet.has_compressed_packets = TRUE;
  packet.compressed_packets.data = packed;
  packet.compressed_packets.len = n;
  add_packet (packets, &packet);
  return join (packets, FALSE);
}

static LscTrace *
load (Fixture *f, GByteArray *file, LscCaptureCondition *out_condition, GError **error)
{
  *out_condition = (LscCaptureCondition){ 0 };
  put (f->path, file->data, file->len);
  return lsc_capture_load (f->path, NULL, NULL, NULL, out_condition, error);
}

static void
assert_span (const LscTrace *trace, uint32_t tid, uint64_t n, uint64_t from, LscState state)
{
  const LscThread *thread = lsc_trace_find_thread (trace, tid);
  LscSpan span;

  g_assert_nonnull (thread);
  g_assert_cmpuint (n, <, lsc_lane_get_end (thread->lane));
  lsc_lane_get (thread->lane, n, &span);
  g_assert_cmpuint (span.start_ns, ==, START + from);
  g_assert_cmpint (span.facts.state, ==, state);
  if (state == LSC_STATE_RUNNABLE)
    g_assert_cmpuint (span.facts.thread, ==, lsc_trace_find_thread (trace, 12)->index);
}

static void
assert_lanes (const LscTrace *trace)
{
  const LscThread *thread = lsc_trace_find_thread (trace, 11);

  assert_span (trace, 11, 0, 0, LSC_STATE_RUNNING);
  assert_span (trace, 11, 1, 100, LSC_STATE_SLEEPING);
  assert_span (trace, 11, 2, 300, LSC_STATE_RUNNABLE);
  assert_span (trace, 11, 3, 400, LSC_STATE_RUNNING);
  assert_span (trace, 12, 0, 50, LSC_STATE_RUNNING);
  assert_span (trace, 12, 1, 500, LSC_STATE_PREEMPTED);
  g_assert_cmpstr (thread->name, ==, "worker");
  g_assert_cmpuint (lsc_trace_get_process (trace, thread->process)->tgid, ==, 10);
  g_assert_cmpuint (lsc_trace_get_process (trace, thread->process)->uid, ==, 1000);
  g_assert_cmpuint (lsc_trace_get_n_events (trace), ==, 6);
  g_assert_cmpuint (lsc_trace_get_header (trace)->n_cpus, ==, 2);
}

static GByteArray *
make (int kind)
{
  GPtrArray *packets = new_packets ();

  if (kind % 2 == 0)
    add_full (packets);
  else
    add_compact (packets, FALSE);
  add_tree (packets);
  return join (packets, kind >= 2);
}

static void
test_all_shapes_give_the_same_lanes (Fixture *f, gconstpointer data)
{
  for (int kind = 0; kind < 8; kind++)
    {
      g_autoptr (GByteArray) file = kind < 4 ? make (kind) : pack (make (kind - 4));
      LscCaptureCondition condition;
      g_autoptr (GError) error = NULL;
      g_autoptr (LscTrace) trace = load (f, file, &condition, &error);

      g_assert_no_error (error);
      assert_lanes (trace);
      g_assert_cmpstr (condition.format, ==, "perfetto");
      g_assert_cmpstr (condition.clock, ==, "boot");
      g_assert_false (condition.cut_short);
      g_assert_cmpuint (condition.n_unread, ==, 0);
    }
}

static void
test_lost_events_are_a_gap (Fixture *f, gconstpointer data)
{
  GPtrArray *packets = new_packets ();
  g_autoptr (GByteArray) file = NULL;
  LscCaptureCondition condition;
  g_autoptr (LscTrace) trace = NULL;

  add_compact (packets, TRUE);
  file = join (packets, FALSE);
  trace = load (f, file, &condition, NULL);
  g_assert_cmpuint (lsc_trace_get_n_gaps (trace), ==, 1);
  g_assert_cmpuint (lsc_trace_get_gap (trace, 0)->cpu, ==, 0);
}

static void
test_cut_anywhere (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) whole = make (0);

  for (guint n = 0; n < whole->len; n++)
    {
      g_autoptr (GByteArray) file = g_byte_array_new ();
      LscCaptureCondition condition;
      g_autoptr (GError) error = NULL;
      g_autoptr (LscTrace) trace = NULL;

      g_byte_array_append (file, whole->data, n);
      trace = load (f, file, &condition, &error);
      g_assert_true ((trace == NULL) == (error != NULL));
    }
}

/* A packet that would unpack to 64 MiB is left out, and said to be. */
static void
test_bomb_is_left_out (Fixture *f, gconstpointer data)
{
  GByteArray *zeros = g_byte_array_new ();
  g_autoptr (GByteArray) bomb = NULL, rest = make (0);
  LscCaptureCondition condition;
  g_autoptr (GError) error = NULL;
  g_autoptr (LscTrace) trace = NULL;

  g_byte_array_set_size (zeros, 64 << 20);
  memset (zeros->data, 0, zeros->len);
  bomb = pack (zeros);
  g_assert_cmpuint (bomb->len, <, 100000);
  g_byte_array_append (bomb, rest->data, rest->len);
  trace = load (f, bomb, &condition, &error);
  g_assert_no_error (error);
  assert_lanes (trace);
  g_assert_cmpuint (condition.n_unread, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/import-perfetto/same-lanes", test_all_shapes_give_the_same_lanes);
  ADD ("/import-perfetto/lost", test_lost_events_are_a_gap);
  ADD ("/import-perfetto/cut", test_cut_anywhere);
  ADD ("/import-perfetto/bomb", test_bomb_is_left_out);
  return g_test_run ();
}
