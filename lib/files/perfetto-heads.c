/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/perfetto-parts.h"

#define CLOCK_ID_REALTIME 1
#define CLOCK_ID_MONOTONIC 3
#define CLOCK_ID_BOOTTIME 6

static void
put_clocks (const LscExport *what, LscExportOut *out)
{
  const LscRecordHeader *header = lsc_trace_get_header (what->trace);
  uint64_t start_ns = lsc_trace_get_start_ns (what->trace);
  LscPb__ClockSnapshot__Clock clocks[3] = { LSC_PB__CLOCK_SNAPSHOT__CLOCK__INIT,
                                            LSC_PB__CLOCK_SNAPSHOT__CLOCK__INIT,
                                            LSC_PB__CLOCK_SNAPSHOT__CLOCK__INIT };
  const struct
  {
    uint32_t id;
    int64_t offset_ns;
  } values[3] = { { CLOCK_ID_BOOTTIME, header->boottime_offset_ns },
                  { CLOCK_ID_MONOTONIC, 0 },
                  { CLOCK_ID_REALTIME, header->realtime_offset_ns } };
  LscPb__ClockSnapshot__Clock *list[3];
  LscPb__ClockSnapshot snapshot = LSC_PB__CLOCK_SNAPSHOT__INIT;
  LscPb__TracePacket packet = LSC_PB__TRACE_PACKET__INIT;

  for (size_t i = 0; i < G_N_ELEMENTS (list); i++)
    {
      list[i] = &clocks[i];
      clocks[i].has_clock_id = clocks[i].has_timestamp = TRUE;
      clocks[i].clock_id = values[i].id;
      clocks[i].timestamp = start_ns + (uint64_t) values[i].offset_ns;
    }
  snapshot.clocks = list;
  snapshot.n_clocks = header->realtime_offset_ns != 0 ? 3 : 2;
  snapshot.has_primary_trace_clock = TRUE;
  snapshot.primary_trace_clock = CLOCK_ID_BOOTTIME;
  packet.clock_snapshot = &snapshot;
  lsc_perfetto_put (out, &packet);
}

static void
put_system (const LscExport *what, LscExportOut *out)
{
  const LscRecordHeader *header = lsc_trace_get_header (what->trace);
  g_autofree char *release = g_utf8_make_valid (header->release, -1);
  g_autofree char *machine = g_utf8_make_valid (header->machine, -1);
  LscPb__Utsname name = LSC_PB__UTSNAME__INIT;
  LscPb__SystemInfo system = LSC_PB__SYSTEM_INFO__INIT;
  LscPb__TracePacket packet = LSC_PB__TRACE_PACKET__INIT;
  char sysname[] = "Linux";

  name.sysname = sysname;
  name.release = release;
  name.machine = machine;
  system.utsname = &name;
  packet.system_info = &system;
  lsc_perfetto_put (out, &packet);
}

static void
put_process (const LscExport *what, LscExportOut *out, const LscProcess *process)
{
  g_autofree char *name = g_utf8_make_valid (process->name, -1);
  LscPb__ProcessTree__Process entry = LSC_PB__PROCESS_TREE__PROCESS__INIT, *list = &entry;
  LscPb__ProcessTree tree = LSC_PB__PROCESS_TREE__INIT;
  LscPb__TracePacket packet = LSC_PB__TRACE_PACKET__INIT;

  entry.has_pid = entry.has_ppid = entry.has_uid = TRUE;
  entry.pid = (int32_t) process->tgid;
  entry.ppid = (int32_t) process->parent_tgid;
  entry.uid = (int32_t) process->uid;
  entry.cmdline = &name;
  entry.n_cmdline = name[0] != '\0';
  tree.processes = &list;
  tree.n_processes = 1;
  packet.process_tree = &tree;
  packet.has_timestamp = TRUE;
  packet.timestamp = lsc_perfetto_time (what, what->from_ns);
  lsc_perfetto_put (out, &packet);
}

/* The thread's place in the process tree, and the track its slices are on. */
static void
put_thread (const LscExport *what, LscExportOut *out, const LscThread *thread, char *name)
{
  int32_t tgid = (int32_t) lsc_trace_get_process (what->trace, thread->process)->tgid;
  LscPb__ProcessTree__Thread entry = LSC_PB__PROCESS_TREE__THREAD__INIT, *list = &entry;
  LscPb__ProcessTree tree = LSC_PB__PROCESS_TREE__INIT;
  LscPb__ThreadDescriptor descriptor = LSC_PB__THREAD_DESCRIPTOR__INIT;
  LscPb__TrackDescriptor track = LSC_PB__TRACK_DESCRIPTOR__INIT;
  LscPb__TracePacket packet = LSC_PB__TRACE_PACKET__INIT;

  entry.has_tid = entry.has_tgid = descriptor.has_pid = descriptor.has_tid = TRUE;
  entry.tid = descriptor.tid = (int32_t) thread->tid;
  entry.tgid = descriptor.pid = tgid;
  entry.name = descriptor.thread_name = name;
  tree.threads = &list;
  tree.n_threads = 1;
  packet.process_tree = &tree;
  packet.has_timestamp = TRUE;
  packet.timestamp = lsc_perfetto_time (what, what->from_ns);
  lsc_perfetto_put (out, &packet);
  packet.process_tree = NULL;
  if (!lsc_export_has_thread (what, thread))
    return;
  track.has_uuid = TRUE;
  track.uuid = LSC_PERFETTO_TRACK (thread->index);
  track.thread = &descriptor;
  packet.track_descriptor = &track;
  lsc_perfetto_put (out, &packet);
}

void
lsc_perfetto_put_heads (const LscExport *what, LscExportOut *out, char *const *names)
{
  put_clocks (what, out);
  put_system (what, out);
  for (uint32_t i = 0; i < lsc_trace_get_n_processes (what->trace); i++)
    {
      put_process (what, out, lsc_trace_get_process (what->trace, i));
      if (!lsc_export_out_step (out))
        return;
    }
  for (uint32_t i = 0; i < lsc_trace_get_n_threads (what->trace); i++)
    {
      put_thread (what, out, lsc_trace_get_thread (what->trace, i), names[i]);
      if (!lsc_export_out_step (out))
        return;
    }
}
