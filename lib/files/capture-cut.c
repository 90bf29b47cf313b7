/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/capture-cut.h"

#include "lib/files/cut-people.h"

#include <stdbool.h>
#include <string.h>

struct _LscCaptureCut
{
  const LscCapturePart *part;
  uint64_t from_ns, to_ns; /* as soon as `started` */
  LscCutPeople *people;
  GByteArray *out;
  bool started;               /* an event was seen */
  bool begun;                 /* the part was */
  bool has_end;               /* the end record was */
  uint64_t start_ns, last_ns; /* of the whole */
  uint64_t n_lost;
  LscRecordHeader header; /* until the part begins */
  LscRecordEnd end;
};

LscCaptureCut *
lsc_capture_cut_new (const LscCapturePart *part)
{
  LscCaptureCut *self = g_new0 (LscCaptureCut, 1);

  self->part = part;
  self->people = lsc_cut_people_new ();
  self->out = g_byte_array_new ();
  self->begun = part->from_ns == 0;
  self->end.head =
      (LscRecordHead){ .size = sizeof self->end, .kind = LSC_RECORD_END, .cpu = LSC_CPU_NONE };
  self->end.reason = LSC_END_STOPPED;
  return self;
}

void
lsc_capture_cut_free (LscCaptureCut *self)
{
  if (self == NULL)
    return;
  lsc_cut_people_free (self->people);
  g_byte_array_unref (self->out);
  g_free (self);
}

static bool
is_whole (const LscCaptureCut *self)
{
  return self->part->from_ns == 0 && self->part->to_ns == UINT64_MAX;
}

static void *
add (LscCaptureCut *self, const LscRecordHead *record)
{
  guint at = self->out->len;

  g_byte_array_append (self->out, (const guint8 *) record, record->size);
  return self->out->data + at;
}

static uint64_t
add_up (uint64_t start_ns, uint64_t after_ns)
{
  return after_ns > UINT64_MAX - start_ns ? UINT64_MAX : start_ns + after_ns;
}

static void
see_time (LscCaptureCut *self, uint64_t time_ns)
{
  if (!self->started)
    {
      uint64_t zero_ns = self->part->relative ? time_ns : 0;

      self->started = true;
      self->start_ns = time_ns;
      self->from_ns = self->part->from_ns == 0 ? 0 : add_up (zero_ns, self->part->from_ns);
      self->to_ns = add_up (zero_ns, self->part->to_ns);
    }
  self->start_ns = MIN (self->start_ns, time_ns);
  self->last_ns = MAX (self->last_ns, time_ns);
}

static void
redact (LscCaptureCut *self, LscRecordHead *record)
{
  void *bytes = record;
  LscRecordHeader *header = bytes;
  LscRecordTask *task = bytes;
  LscRecordExec *exec = bytes;
  LscRecordRename *rename = bytes;

  switch (record->kind)
    {
    case LSC_RECORD_HEADER:
      memset (header->command, 0, sizeof header->command);
      memset (header->host, 0, sizeof header->host);
      break;
    case LSC_RECORD_TASK:
      lsc_cut_people_redact (self->people, task->tid, task->name);
      break;
    case LSC_RECORD_EXEC:
      lsc_cut_people_redact (self->people, exec->tid, exec->name);
      break;
    case LSC_RECORD_RENAME:
      lsc_cut_people_redact (self->people, rename->tid, rename->name);
      break;
    default:
      break;
    }
}

static void
put (LscCaptureCut *self, const LscRecordHead *record)
{
  LscRecordHead *head = add (self, record);

  head->time_ns = MAX (head->time_ns, self->from_ns);
  if (self->part->redact)
    redact (self, head);
}

static void
begin (LscCaptureCut *self)
{
  guint at = self->out->len;

  self->begun = true;
  if (self->header.head.size != 0)
    put (self, &self->header.head);
  lsc_cut_people_introduce (self->people, self->from_ns, self->out);
  while (self->part->redact && at < self->out->len)
    {
      LscRecordHead *head = (LscRecordHead *) (void *) (self->out->data + at);

      redact (self, head);
      at += head->size;
    }
}

/* An event, or what a newer version knows: that may hold names. */
static void
take_event (LscCaptureCut *self, const LscRecordHead *record)
{
  bool known = lsc_record_size_of (record->kind) != 0;

  if (!known && self->part->redact)
    return;
  if (known)
    see_time (self, record->time_ns);
  if (!self->begun && self->started && record->time_ns >= self->from_ns)
    begin (self);
  if (!self->begun || (self->part->redact && record->time_ns < self->to_ns))
    lsc_cut_people_take (self->people, record);
  if (self->begun && (!self->started || record->time_ns < self->to_ns))
    put (self, record);
}

static void
take_gap (LscCaptureCut *self, const LscRecordGap *record)
{
  LscRecordGap gap = *record;

  see_time (self, record->last_ns);
  if (record->last_ns < self->from_ns)
    {
      lsc_cut_people_take (self->people, &record->head);
      return;
    }
  if (record->first_ns >= self->to_ns)
    return;
  gap.first_ns = MAX (gap.first_ns, self->from_ns);
  gap.last_ns = MIN (gap.last_ns, self->to_ns - 1);
  if (!self->begun)
    begin (self);
  self->n_lost += gap.count;
  put (self, &gap.head);
}

static void
take (LscCaptureCut *self, const LscRecordHead *record)
{
  switch (record->kind)
    {
    case LSC_RECORD_HEADER:
      self->header = *(const LscRecordHeader *) (const void *) record;
      if (self->begun)
        put (self, record);
      break;
    case LSC_RECORD_NOTE: /* the annotations have them */
    case LSC_RECORD_SETTING:
      break;
    case LSC_RECORD_STATUS: /* speaks of the whole */
      if (is_whole (self))
        put (self, record);
      break;
    case LSC_RECORD_READY:
      lsc_cut_people_take (self->people, record);
      if (self->begun)
        put (self, record);
      break;
    case LSC_RECORD_END:
      self->end = *(const LscRecordEnd *) (const void *) record;
      self->has_end = true;
      if (is_whole (self))
        put (self, record);
      break;
    case LSC_RECORD_GAP:
      take_gap (self, (const LscRecordGap *) (const void *) record);
      break;
    default:
      take_event (self, record);
      break;
    }
}

const GByteArray *
lsc_capture_cut_take (LscCaptureCut *self, const void *records, size_t n_bytes)
{
  const uint8_t *bytes = records;

  g_byte_array_set_size (self->out, 0);
  for (size_t at = 0; at < n_bytes;)
    {
      const LscRecordHead *head = (const LscRecordHead *) (const void *) (bytes + at);

      take (self, head);
      at += head->size;
    }
  return self->out;
}

static void
put_end (LscCaptureCut *self, uint64_t n_events)
{
  LscRecordEnd end = self->end;

  end.head.time_ns = MIN (MAX (self->last_ns, end.head.time_ns), self->to_ns);
  end.delivered = n_events;
  end.lost = self->n_lost;
  end.seen = end.delivered + end.lost;
  add (self, &end.head);
}

static bool
is_in_part (const LscCaptureCut *self, const LscRecordNote *note)
{
  return note->head.time_ns < self->to_ns
         && MAX (note->end_ns, note->head.time_ns) >= self->from_ns;
}

static void
put_annotations (LscCaptureCut *self, const LscAnnotations *annotations)
{
  g_autoptr (GBytes) all = lsc_annotations_dup_all (annotations);
  size_t n_bytes = 0;
  const uint8_t *bytes = all == NULL ? NULL : g_bytes_get_data (all, &n_bytes);

  for (size_t at = 0; at < n_bytes;)
    {
      const LscRecordHead *head = (const LscRecordHead *) (const void *) (bytes + at);
      const LscRecordSetting *setting = (const LscRecordSetting *) (const void *) head;

      /* A part is seen whole at first. */
      if (head->kind == LSC_RECORD_NOTE
              ? is_in_part (self, (const LscRecordNote *) (const void *) head)
              : is_whole (self) || !g_str_equal (setting->key, "view.range"))
        add (self, head);
      at += head->size;
    }
}

const GByteArray *
lsc_capture_cut_finish (LscCaptureCut *self,
                        const LscAnnotations *annotations,
                        uint64_t n_events,
                        gboolean torn)
{
  uint64_t end_ns = MAX (self->last_ns, self->end.head.time_ns);

  g_byte_array_set_size (self->out, 0);
  if (!is_whole (self)
      && (!self->started || self->from_ns >= MIN (self->to_ns, end_ns)
          || self->to_ns <= self->start_ns))
    return NULL;
  /* Nothing happened any more, but everybody was there. */
  if (!self->begun)
    begin (self);
  if (torn ? self->to_ns <= end_ns : !is_whole (self) || !self->has_end)
    put_end (self, n_events);
  put_annotations (self, annotations);
  return self->out;
}
