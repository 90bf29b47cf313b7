/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads a Perfetto trace. Its packets may stand in any order, so it is gone through twice: once to
 * see who is who and where the events of each CPU are, then CPU by CPU, merged by time. In memory
 * are the places of the packets and one packet a CPU.
 */
#include "lib/files/import-merge.h"
#include "lib/files/import-packets.h"

#include "lib/files/import-who.h"
#include "lsc-config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CPUS_MAX 4096u
#define FLAG_INTERRUPT (0x08u | 0x10u | 0x40u) /* TRACE_FLAG_HARDIRQ, _SOFTIRQ, _NMI */

/* A packet with events of one CPU. */
typedef struct
{
  LscImportPlace place;
  uint64_t first_ns;
  uint32_t cpu;
} Bundle;

/* The events of one CPU: the packet that is being read, and how far. */
typedef struct
{
  LscImportArena *arena;
  guint next, end; /* its bundles that come */
  uint32_t cpu;
  const LscPb__FtraceEventBundle *bundle;
  size_t i_event, i_switch, i_waking;
  uint64_t switch_ns, waking_ns; /* of the next ones */
  uint64_t seen_ns;
  int32_t current_tid; /* who has the CPU; -1: not known */
  int32_t current_prio;
} Stream;

typedef struct
{
  LscEventFile file;
  LscImportPackets *packets;
  LscImportBook book;
  LscImportMerge merge;
  GArray *bundles;
  GArray *streams;
  guint n_loaded;
  LscRecordHeader header;
  gboolean has_waking, started, ended;
} Reader;

static void
take_clock_name (Reader *self, const LscPb__FtraceEventBundle *bundle)
{
  static const char *const names[] = { "boot", "", "global", "local", "mono_raw" };

  g_strlcpy (self->file.condition->clock,
             bundle->ftrace_clock < G_N_ELEMENTS (names) ? names[bundle->ftrace_clock] : "",
             sizeof self->file.condition->clock);
}

static void
add_bundle (Reader *self, const LscPb__FtraceEventBundle *bundle, const LscImportPlace *place)
{
  const LscPb__CompactSched *compact = bundle->compact_sched;
  Bundle entry = { .place = *place, .first_ns = UINT64_MAX, .cpu = bundle->cpu };

  if (bundle->n_event > 0)
    entry.first_ns = bundle->event[0]->timestamp;
  if (compact != NULL && compact->n_switch_timestamp > 0)
    entry.first_ns = MIN (entry.first_ns, compact->switch_timestamp[0]);
  if (compact != NULL && compact->n_waking_timestamp > 0)
    entry.first_ns = MIN (entry.first_ns, compact->waking_timestamp[0]);
  if (entry.first_ns == UINT64_MAX || bundle->cpu >= CPUS_MAX)
    return;
  if (self->bundles->len == 0)
    take_clock_name (self, bundle);
  self->header.n_cpus = MAX (self->header.n_cpus, bundle->cpu + 1);
  g_array_append_val (self->bundles, entry);
}

/* The first time through. */
static gboolean
look_through (Reader *self, GError **error)
{
  for (;;)
    {
      LscPb__TracePacket *packet;
      LscImportPlace place;

      if (!lsc_import_packets_next (self->packets, &packet, &place, error))
        return FALSE;
      if (packet == NULL)
        return TRUE;
      if (packet->ftrace_events != NULL)
        add_bundle (self, packet->ftrace_events, &place);
      lsc_import_who_take (&self->book, &self->header, packet);
    }
}

static int
compare_bundles (const void *a, const void *b)
{
  const Bundle *x = a, *y = b;

  if (x->cpu != y->cpu)
    return x->cpu < y->cpu ? -1 : 1;
  return x->first_ns < y->first_ns ? -1 : x->first_ns > y->first_ns;
}

/* How many compact events there are that are told completely. */
static size_t
count_switches (const LscPb__CompactSched *compact)
{
  if (compact == NULL)
    return 0;
  return MIN (MIN (compact->n_switch_timestamp, compact->n_switch_prev_state),
              MIN (compact->n_switch_next_pid, compact->n_switch_next_prio));
}

static size_t
count_wakings (const LscPb__CompactSched *compact)
{
  return compact == NULL ? 0 : MIN (compact->n_waking_timestamp, compact->n_waking_pid);
}

/* When the stream's next event is; FALSE at the end of its packet. */
static gboolean
get_time (const Stream *stream, uint64_t *out_ns)
{
  const LscPb__FtraceEventBundle *bundle = stream->bundle;
  gboolean any = FALSE;

  *out_ns = UINT64_MAX;
  if (bundle == NULL)
    return FALSE;
  if (stream->i_event < bundle->n_event)
    any = TRUE, *out_ns = bundle->event[stream->i_event]->timestamp;
  if (stream->i_switch < count_switches (bundle->compact_sched))
    any = TRUE, *out_ns = MIN (*out_ns, stream->switch_ns);
  if (stream->i_waking < count_wakings (bundle->compact_sched))
    any = TRUE, *out_ns = MIN (*out_ns, stream->waking_ns);
  return any;
}

/* Goes on to the CPU's next packet that has events; FALSE at its end. */
static gboolean
load_next (Reader *self, Stream *stream, uint64_t *out_ns)
{
  while (!get_time (stream, out_ns))
    {
      const Bundle *bundle = &g_array_index (self->bundles, Bundle, stream->next);
      const LscPb__TracePacket *packet;

      if (stream->next == stream->end)
        return FALSE;
      stream->next++;
      self->n_loaded++;
      packet = lsc_import_packets_load (self->packets, stream->arena, &bundle->place);
      stream->bundle = packet != NULL ? packet->ftrace_events : NULL;
      stream->i_event = stream->i_switch = stream->i_waking = 0;
      if (stream->bundle == NULL)
        continue;
      if (count_switches (stream->bundle->compact_sched) > 0)
        stream->switch_ns = stream->bundle->compact_sched->switch_timestamp[0];
      if (count_wakings (stream->bundle->compact_sched) > 0)
        stream->waking_ns = stream->bundle->compact_sched->waking_timestamp[0];
      if (stream->bundle->lost_events && get_time (stream, out_ns))
        lsc_import_book_gap (&self->book, stream->cpu,
                             stream->seen_ns != 0 ? stream->seen_ns : self->book.first_ns, *out_ns,
                             0);
    }
  return TRUE;
}

/* A name as the book wants it: LSC_NAME_SIZE bytes, or NULL. */
static const char *
pad (const char *name, char buffer[static LSC_NAME_SIZE])
{
  if (name == NULL || name[0] == '\0')
    return NULL;
  strncpy (buffer, name, LSC_NAME_SIZE - 1);
  buffer[LSC_NAME_SIZE - 1] = '\0';
  return buffer;
}

/* prev_state as the kernels Perfetto runs on have it (4.20 and newer). */
static uint32_t
get_state (int64_t state, bool *out_preempted)
{
  uint32_t bits = (uint32_t) state & 0x7f;

  *out_preempted = state >= 0 && (state & 0x100) != 0;
  if ((state & 0x80) != 0)
    bits |= 0x402; /* idle */
  return state < 0 ? LSC_IMPORT_STATE_UNKNOWN : bits;
}

static void
write_switch (Reader *self, Stream *stream, LscImportSwitch event, int64_t state)
{
  event.cpu = stream->cpu;
  event.prev_state = get_state (state, &event.preempted);
  lsc_import_book_switch (&self->book, &event);
  stream->current_tid = event.next_tid;
  stream->current_prio = event.next_prio;
}

static const char *
get_interned (const LscPb__CompactSched *compact, const uint32_t *indices, size_t n, size_t i)
{
  return i < n && indices[i] < compact->n_intern_table ? compact->intern_table[indices[i]] : NULL;
}

static void
take_compact_switch (Reader *self, Stream *stream)
{
  const LscPb__CompactSched *compact = stream->bundle->compact_sched;
  size_t i = stream->i_switch++;
  char name[LSC_NAME_SIZE] = { 0 };
  LscImportSwitch event = {
    .time_ns = stream->switch_ns,
    .prev_tid = stream->current_tid,
    .prev_prio = stream->current_prio,
    .next_tid = compact->switch_next_pid[i],
    .next_prio = compact->switch_next_prio[i],
    .next_name = pad (get_interned (compact, compact->switch_next_comm_index,
                                    compact->n_switch_next_comm_index, i),
                      name),
  };

  write_switch (self, stream, event, compact->switch_prev_state[i]);
  if (stream->i_switch < compact->n_switch_timestamp)
    stream->switch_ns += compact->switch_timestamp[stream->i_switch];
}

static void
take_compact_waking (Reader *self, Stream *stream)
{
  const LscPb__CompactSched *compact = stream->bundle->compact_sched;
  size_t i = stream->i_waking++;
  char name[LSC_NAME_SIZE] = { 0 };
  LscImportWaking event = {
    .time_ns = stream->waking_ns,
    .cpu = stream->cpu,
    .wakee_tid = compact->waking_pid[i],
    .waker_tid = stream->current_tid,
    .wakee_name = pad (
        get_interned (compact, compact->waking_comm_index, compact->n_waking_comm_index, i), name),
    .interrupt = i < compact->n_waking_common_flags
                 && (compact->waking_common_flags[i] & FLAG_INTERRUPT) != 0,
  };

  self->has_waking = TRUE;
  lsc_import_book_waking (&self->book, &event);
  if (stream->i_waking < compact->n_waking_timestamp)
    stream->waking_ns += compact->waking_timestamp[stream->i_waking];
}

static void
take_wakeup (Reader *self,
             const Stream *stream,
             const LscPb__FtraceEvent *event,
             const LscPb__SchedWakeup *wakeup)
{
  char name[LSC_NAME_SIZE] = { 0 };
  LscImportWaking waking = { .time_ns = event->timestamp,
                             .cpu = stream->cpu,
                             .wakee_tid = wakeup->pid,
                             .waker_tid = (int32_t) event->pid,
                             .wakee_name = pad (wakeup->comm, name),
                             .interrupt = (event->common_flags & FLAG_INTERRUPT) != 0,
                             .is_new = wakeup == event->sched_wakeup_new };

  lsc_import_book_waking (&self->book, &waking);
}

static void
take_full_switch (Reader *self, Stream *stream, const LscPb__FtraceEvent *event)
{
  const LscPb__SchedSwitch *change = event->sched_switch;
  char prev_name[LSC_NAME_SIZE] = { 0 }, next_name[LSC_NAME_SIZE] = { 0 };
  LscImportSwitch record = {
    .time_ns = event->timestamp,
    .prev_tid = change->prev_pid,
    .prev_prio = change->prev_prio,
    .prev_name = pad (change->prev_comm, prev_name),
    .next_tid = change->next_pid,
    .next_prio = change->next_prio,
    .next_name = pad (change->next_comm, next_name),
  };

  write_switch (self, stream, record, change->prev_state);
}

/* What is known of a thread's beginning, end and names. */
static void
take_life (Reader *self, const Stream *stream, const LscPb__FtraceEvent *event)
{
  char name[LSC_NAME_SIZE] = { 0 };
  uint64_t time_ns = event->timestamp;

  if (event->task_newtask != NULL)
    lsc_import_book_newtask (&self->book, (int32_t) event->pid, event->task_newtask->pid,
                             event->task_newtask->clone_flags);
  if (event->sched_process_fork != NULL)
    lsc_import_book_fork (&self->book, time_ns, stream->cpu, event->sched_process_fork->parent_pid,
                          event->sched_process_fork->child_pid,
                          pad (event->sched_process_fork->child_comm, name));
  if (event->sched_process_exec != NULL && event->sched_process_exec->filename != NULL)
    lsc_import_book_exec (&self->book, time_ns, stream->cpu, event->sched_process_exec->pid,
                          event->sched_process_exec->old_pid, event->sched_process_exec->filename);
  if (event->task_rename != NULL && event->task_rename->newcomm != NULL)
    lsc_import_book_rename (&self->book, time_ns, stream->cpu, event->task_rename->pid,
                            event->task_rename->newcomm);
  if (event->sched_process_exit != NULL)
    lsc_import_book_exit (&self->book, time_ns, stream->cpu, event->sched_process_exit->pid);
}

static void
take_full_event (Reader *self, Stream *stream)
{
  const LscPb__FtraceEvent *event = stream->bundle->event[stream->i_event++];

  if (event->sched_switch != NULL)
    take_full_switch (self, stream, event);
  self->has_waking |= event->sched_waking != NULL;
  if (event->sched_waking != NULL)
    take_wakeup (self, stream, event, event->sched_waking);
  /* Says nothing new after sched_waking. */
  if (event->sched_wakeup != NULL && !self->has_waking)
    take_wakeup (self, stream, event, event->sched_wakeup);
  if (event->sched_wakeup_new != NULL)
    take_wakeup (self, stream, event, event->sched_wakeup_new);
  take_life (self, stream, event);
}

/* The next event of the stream, which is at `time_ns`. */
static void
take (Reader *self, Stream *stream, uint64_t time_ns)
{
  const LscPb__FtraceEventBundle *bundle = stream->bundle;

  stream->seen_ns = time_ns;
  if (stream->i_waking < count_wakings (bundle->compact_sched) && stream->waking_ns == time_ns)
    take_compact_waking (self, stream);
  else if (stream->i_switch < count_switches (bundle->compact_sched)
           && stream->switch_ns == time_ns)
    take_compact_switch (self, stream);
  else
    take_full_event (self, stream);
}

/* A stream for each CPU, from its bundles in order of time. */
static gboolean
start (Reader *self, GError **error)
{
  uint64_t time_ns;

  if (!look_through (self, error))
    return FALSE;
  g_array_sort (self->bundles, compare_bundles);
  for (guint i = 0; i < self->bundles->len;)
    {
      uint32_t cpu = g_array_index (self->bundles, Bundle, i).cpu;
      Stream stream = { .cpu = cpu, .next = i, .current_tid = -1, .current_prio = 120 };

      self->book.first_ns =
          MIN (self->book.first_ns, g_array_index (self->bundles, Bundle, i).first_ns);
      while (i < self->bundles->len && g_array_index (self->bundles, Bundle, i).cpu == cpu)
        i++;
      stream.end = i;
      stream.arena = lsc_import_packets_new_arena (self->packets);
      g_array_append_val (self->streams, stream);
    }
  self->header.head.flags = LSC_HEADER_WHOLE_MACHINE;
  self->header.head.time_ns = self->bundles->len > 0 ? self->book.first_ns : 0;
  self->header.scope = LSC_SCOPE_ANY;
  lsc_import_book_header (&self->book, &self->header);
  for (guint i = 0; i < self->streams->len; i++)
    if (load_next (self, &g_array_index (self->streams, Stream, i), &time_ns))
      lsc_import_merge_add (&self->merge, time_ns, i);
  self->started = TRUE;
  return TRUE;
}

static gboolean
next (gpointer data, const void **out_records, size_t *out_n_bytes, GError **error)
{
  Reader *self = data;
  const LscImportNext *first;

  lsc_import_book_turn_page (&self->book);
  if (!self->started && !start (self, error))
    return FALSE;
  while ((first = lsc_import_merge_get_first (&self->merge)) != NULL
         && self->book.n_bytes < LSC_IMPORT_BLOCK)
    {
      Stream *stream = &g_array_index (self->streams, Stream, first->stream);
      uint64_t time_ns = first->time_ns;

      take (self, stream, time_ns);
      if (load_next (self, stream, &time_ns))
        lsc_import_merge_move_first (&self->merge, time_ns);
      else
        lsc_import_merge_drop_first (&self->merge);
    }
  if (!lsc_import_packets_check (self->packets, error))
    return FALSE;
  if (first == NULL && !self->ended)
    {
      self->ended = TRUE;
      if (self->book.n_events == 0)
        return lsc_event_reader_complain_empty (self->file.path, error);
      if (!self->file.condition->cut_short)
        lsc_import_book_end (&self->book);
    }
  *out_records = self->book.bytes;
  *out_n_bytes = self->book.n_bytes;
  return TRUE;
}

static void
close_reader (gpointer data)
{
  Reader *self = data;

  for (guint i = 0; i < self->streams->len; i++)
    lsc_import_packets_free_arena (self->packets, g_array_index (self->streams, Stream, i).arena);
  g_array_unref (self->streams);
  g_array_unref (self->bundles);
  lsc_import_packets_free (self->packets);
  lsc_import_merge_clear (&self->merge);
  lsc_import_book_clear (&self->book);
  g_free (self);
}

static gpointer
open_reader (const LscEventFile *file, GError **error)
{
  Reader *self = g_new0 (Reader, 1);

  self->file = *file;
  self->packets = lsc_import_packets_new (&self->file);
  self->bundles = g_array_new (FALSE, FALSE, sizeof (Bundle));
  self->streams = g_array_new (FALSE, FALSE, sizeof (Stream));
  lsc_import_merge_init (&self->merge);
  lsc_import_book_init (&self->book);
  return self;
}

static double
get_progress (gpointer data)
{
  const Reader *self = data;

  return self->started && self->bundles->len > 0 ? (double) self->n_loaded / self->bundles->len
                                                 : 0.0;
}

const LscEventFormat lsc_import_perfetto = {
  .id = "perfetto",
  .name = N_ ("a Perfetto trace"),
  .recognise = lsc_import_packets_recognise,
  .open = open_reader,
  .close = close_reader,
  .next = next,
  .get_progress = get_progress,
};
