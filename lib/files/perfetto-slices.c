/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/perfetto-parts.h"

#include "lib/explain/syscall-name.h"
#include "lib/explain/words.h"

#define SEQUENCE 1
#define STATE_CLEARED 1u /* TracePacket.SequenceFlags */
#define NEEDS_STATE 2u
#define IID_CATEGORY 1
#define IID_WAKES 1 /* names of events; those of waits follow */
#define IID_WOKEN 2
#define IID_FIRST 3

struct _LscPerfettoSlices
{
  const LscExport *what;
  LscExportOut *out;
  char *const *names;
  const char *machine;
  LscAbi abi;
  GHashTable *iids; /* of the waits that have a name already: key of the wait -> iid */
  uint64_t n_flows;
  bool started;
};

LscPerfettoSlices *
lsc_perfetto_slices_new (const LscExport *what, LscExportOut *out, char *const *names)
{
  LscPerfettoSlices *self = g_new0 (LscPerfettoSlices, 1);

  self->what = what;
  self->out = out;
  self->names = names;
  self->machine = lsc_trace_get_header (what->trace)->machine;
  self->abi = lsc_reason_abi_of_machine (self->machine);
  self->iids = g_hash_table_new (NULL, NULL);
  return self;
}

void
lsc_perfetto_slices_free (LscPerfettoSlices *self)
{
  g_hash_table_unref (self->iids);
  g_free (self);
}

static void
put_event (LscPerfettoSlices *self,
           uint64_t time_ns,
           LscPb__TrackEvent *event,
           LscPb__InternedData *interned)
{
  LscPb__TracePacket packet = LSC_PB__TRACE_PACKET__INIT;

  packet.has_timestamp = packet.has_trusted_packet_sequence_id = packet.has_sequence_flags = TRUE;
  packet.timestamp = lsc_perfetto_time (self->what, time_ns);
  packet.trusted_packet_sequence_id = SEQUENCE;
  packet.sequence_flags = NEEDS_STATE;
  packet.track_event = event;
  packet.interned_data = interned;
  lsc_perfetto_put_small (self->out, &packet);
}

/* The first packet of the sequence: says that what is interned begins here. */
static void
start (LscPerfettoSlices *self)
{
  char wait[] = "wait", wakes[] = "wakes", woken[] = "woken";
  LscPb__EventCategory category = LSC_PB__EVENT_CATEGORY__INIT, *categories = &category;
  LscPb__EventName names[2] = { LSC_PB__EVENT_NAME__INIT, LSC_PB__EVENT_NAME__INIT };
  LscPb__EventName *list[2] = { &names[0], &names[1] };
  LscPb__InternedData interned = LSC_PB__INTERNED_DATA__INIT;
  LscPb__TracePacket packet = LSC_PB__TRACE_PACKET__INIT;

  self->started = true;
  category.has_iid = names[0].has_iid = names[1].has_iid = TRUE;
  category.iid = IID_CATEGORY;
  category.name = wait;
  names[0].iid = IID_WAKES;
  names[0].name = wakes;
  names[1].iid = IID_WOKEN;
  names[1].name = woken;
  interned.event_categories = &categories;
  interned.n_event_categories = 1;
  interned.event_names = list;
  interned.n_event_names = G_N_ELEMENTS (list);
  packet.interned_data = &interned;
  packet.has_trusted_packet_sequence_id = packet.has_sequence_flags = TRUE;
  packet.trusted_packet_sequence_id = SEQUENCE;
  packet.sequence_flags = STATE_CLEARED;
  lsc_perfetto_put (self->out, &packet);
}

static LscPb__TrackEvent
make_event (LscPerfettoSlices *self, LscPb__TrackEvent__Type type, const LscThread *thread)
{
  LscPb__TrackEvent event = LSC_PB__TRACK_EVENT__INIT;

  if (!self->started)
    start (self);
  event.has_type = event.has_track_uuid = TRUE;
  event.type = type;
  event.track_uuid = LSC_PERFETTO_TRACK (thread->index);
  return event;
}

/* "lock: futex" */
static char *
name_wait (LscPerfettoSlices *self, LscReason reason, const LscFacts *facts)
{
  g_autofree char *call =
      lsc_syscall_name (self->machine, facts->syscall, (facts->flags & LSC_FACT_COMPAT) != 0);

  if (facts->state == LSC_STATE_UNKNOWN)
    return g_strdup ("not known: events are missing");
  return call != NULL ? g_strdup_printf ("%s: %s", lsc_words_reason_id (reason), call)
                      : g_strdup (lsc_words_reason_id (reason));
}

void
lsc_perfetto_slices_begin (LscPerfettoSlices *self,
                           uint64_t time_ns,
                           const LscThread *thread,
                           const LscFacts *facts)
{
  LscReason reason = lsc_reason_of_facts (facts, self->abi, thread->kernel_thread);
  gpointer key = GUINT_TO_POINTER ((guint) reason << 20 | (facts->flags & LSC_FACT_COMPAT) << 15
                                   | (uint16_t) facts->syscall);
  LscPb__TrackEvent event = make_event (self, LSC_PB__TRACK_EVENT__TYPE__TYPE_SLICE_BEGIN, thread);
  LscPb__DebugAnnotation argument = LSC_PB__DEBUG_ANNOTATION__INIT, *arguments = &argument;
  LscPb__InternedData interned = LSC_PB__INTERNED_DATA__INIT;
  LscPb__EventName entry = LSC_PB__EVENT_NAME__INIT, *list = &entry;
  char label[] = "argument";
  uint64_t category = IID_CATEGORY;

  event.has_name_iid = TRUE;
  event.name_iid = GPOINTER_TO_UINT (g_hash_table_lookup (self->iids, key));
  event.category_iids = &category;
  event.n_category_iids = 1;
  if (facts->syscall >= 0)
    {
      argument.name = label;
      argument.has_uint_value = TRUE;
      argument.uint_value = facts->arg;
      event.debug_annotations = &arguments;
      event.n_debug_annotations = 1;
    }
  if (event.name_iid == 0)
    {
      event.name_iid = IID_FIRST + g_hash_table_size (self->iids);
      g_hash_table_insert (self->iids, key, GUINT_TO_POINTER ((guint) event.name_iid));
      entry.has_iid = TRUE;
      entry.iid = event.name_iid;
      entry.name = name_wait (self, reason, facts);
      interned.event_names = &list;
      interned.n_event_names = 1;
    }
  put_event (self, time_ns, &event, entry.has_iid ? &interned : NULL);
  if (entry.has_iid)
    g_free (entry.name);
}

void
lsc_perfetto_slices_end (LscPerfettoSlices *self, uint64_t time_ns, const LscThread *thread)
{
  LscPb__TrackEvent event = make_event (self, LSC_PB__TRACK_EVENT__TYPE__TYPE_SLICE_END, thread);

  put_event (self, time_ns, &event, NULL);
}

void
lsc_perfetto_slices_wake (LscPerfettoSlices *self,
                          uint64_t time_ns,
                          const LscThread *thread,
                          const LscFacts *facts)
{
  const LscTrace *trace = self->what->trace;
  const LscThread *waker = facts->thread < lsc_trace_get_n_threads (trace)
                               ? lsc_trace_get_thread (trace, facts->thread)
                               : NULL;
  LscPb__TrackEvent event;
  uint64_t flow, category = IID_CATEGORY;

  if (waker == NULL || !lsc_export_has_thread (self->what, waker))
    return;
  flow = ++self->n_flows;
  event = make_event (self, LSC_PB__TRACK_EVENT__TYPE__TYPE_INSTANT, waker);
  event.has_name_iid = TRUE;
  event.name_iid = IID_WAKES;
  event.category_iids = &category;
  event.n_category_iids = 1;
  event.flow_ids = &flow;
  event.n_flow_ids = 1;
  put_event (self, time_ns, &event, NULL);
  event.track_uuid = LSC_PERFETTO_TRACK (thread->index);
  event.name_iid = IID_WOKEN;
  event.n_flow_ids = 0;
  event.terminating_flow_ids = &flow;
  event.n_terminating_flow_ids = 1;
  put_event (self, time_ns, &event, NULL);
}
