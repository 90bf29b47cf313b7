/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/capture-writer.h"

#include "lib/files/frame.h"
#include "lib/files/safe-file.h"
#include "lib/wire/record.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define FLUSH_US G_USEC_PER_SEC
/* Up to these rates (events a second) packing tighter stays below 5 % of one CPU. */
#define RATE_TIGHT 40000u
#define RATE_CLOSE 125000u
#define EASY_RATIO 8u /* what packs this well packs in half the time */

struct _LscCaptureWriter
{
  LscSafeFile file;
  LscFrame *frame;
  uint8_t *held; /* whole records, not written yet */
  size_t n_held;
  uint64_t n_held_events;
  uint64_t last_ns; /* time of the last record held */
  gboolean easy;    /* the last frame packed well */
  gint64 flushed_us;
  gboolean begun; /* the first frame is out */
  gboolean finished;
  GError *error; /* the first one */
  _Atomic uint64_t n_bytes;
  _Atomic uint64_t n_events;
  _Atomic bool failed;
};

G_STATIC_ASSERT (LSC_CAPTURE_FRAME_MAX == LSC_FRAME_MAX);

LscCaptureWriter *
lsc_capture_writer_new (const char *path, GError **error)
{
  LscSafeFile file;
  LscCaptureWriter *self;

  if (!lsc_safe_file_open (&file, path, LSC_SAFE_FILE_IN_PLACE, error))
    return NULL;
  /* Tells lsc_capture_store_list_leftovers() that somebody is writing. */
  if (!file.device)
    (void) flock (file.fd, LOCK_EX | LOCK_NB);
  self = g_new0 (LscCaptureWriter, 1);
  self->file = file;
  self->frame = lsc_frame_new ();
  self->held = g_malloc (LSC_CAPTURE_FRAME_MAX);
  self->flushed_us = g_get_monotonic_time ();
  return self;
}

void
lsc_capture_writer_free (LscCaptureWriter *self)
{
  if (self == NULL)
    return;
  /* An empty file is no capture: it would only puzzle. */
  if (!self->finished && !self->file.device && self->file.beside == NULL
      && atomic_load (&self->n_bytes) == 0)
    (void) unlink (self->file.path);
  lsc_safe_file_clear (&self->file);
  lsc_frame_free (self->frame);
  g_free (self->held);
  g_clear_error (&self->error);
  g_free (self);
}

/* FALSE and a copy of the first error, if there was one. */
static gboolean
report (LscCaptureWriter *self, GError **error)
{
  if (self->error == NULL)
    return TRUE;
  atomic_store (&self->failed, true);
  if (error != NULL)
    *error = g_error_copy (self->error);
  return FALSE;
}

/* By the events' own times, so that the same records always become the same file. */
static LscFrameEffort
choose_effort (const LscCaptureWriter *self)
{
  uint64_t first_ns = ((const LscRecordHead *) (const void *) self->held)->time_ns;
  uint64_t span_ns = self->last_ns > first_ns ? self->last_ns - first_ns : 0;
  uint64_t rate = self->n_held_events * G_USEC_PER_SEC / (span_ns / 1000 + 1);

  if (rate <= RATE_TIGHT)
    return LSC_FRAME_TIGHT;
  return rate <= RATE_CLOSE || self->easy ? LSC_FRAME_CLOSE : LSC_FRAME_QUICK;
}

static void
flush_held (LscCaptureWriter *self)
{
  const void *packed;
  size_t n_packed;

  if (self->n_held == 0 || self->error != NULL)
    return;
  packed = lsc_frame_pack (self->frame, self->held, self->n_held, choose_effort (self), &n_packed);
  self->easy = n_packed < self->n_held / EASY_RATIO;
  if (!lsc_safe_file_write (&self->file, packed, n_packed, &self->error))
    return;
  atomic_fetch_add (&self->n_bytes, n_packed);
  atomic_fetch_add (&self->n_events, self->n_held_events);
  self->n_held = 0;
  self->n_held_events = 0;
  self->begun = TRUE;
  self->flushed_us = g_get_monotonic_time ();
}

/* What lsc_trace_get_n_events() counts. */
static bool
is_event (uint8_t kind)
{
  return kind == LSC_RECORD_SWITCH || kind == LSC_RECORD_WAKING
         || (kind >= LSC_RECORD_FORK && kind <= LSC_RECORD_EXIT);
}

static void
hold (LscCaptureWriter *self, const uint8_t *records, size_t n_bytes)
{
  const LscRecordHead *head;
  uint64_t n_events = 0;

  memcpy (self->held + self->n_held, records, n_bytes);
  for (size_t n = 0; n < n_bytes; n += head->size)
    {
      head = (const LscRecordHead *) (const void *) (self->held + self->n_held + n);
      n_events += is_event (head->kind);
      self->last_ns = head->time_ns;
    }
  self->n_held += n_bytes;
  self->n_held_events += n_events;
}

/* How many bytes at the start of `records` are whole records and fit into `room`. */
static size_t
count_fitting (const uint8_t *records, size_t n_bytes, size_t room)
{
  size_t n = 0;

  while (n < n_bytes)
    {
      int size = lsc_record_check (records + n, n_bytes - n);

      if (size <= 0 || n + (size_t) size > room)
        break;
      n += (size_t) size;
    }
  return n;
}

gboolean
lsc_capture_writer_write (LscCaptureWriter *self,
                          const void *records,
                          size_t n_bytes,
                          GError **error)
{
  const uint8_t *p = records;

  while (n_bytes > 0 && self->error == NULL)
    {
      size_t n = count_fitting (p, n_bytes, LSC_CAPTURE_FRAME_MAX - self->n_held);

      if (n == 0 && self->n_held == 0)
        {
          lsc_files_error_writing (self->file.path, EBADMSG, &self->error);
          break;
        }
      hold (self, p, n);
      p += n;
      n_bytes -= n;
      if (n_bytes > 0)
        flush_held (self);
    }
  /* The header goes out at once: from then on the file is a capture. */
  if (!self->begun || g_get_monotonic_time () - self->flushed_us >= FLUSH_US)
    flush_held (self);
  return report (self, error);
}

gboolean
lsc_capture_writer_sink (const void *records, gsize n_bytes, gpointer self, GError **error)
{
  return lsc_capture_writer_write (self, records, n_bytes, error);
}

gboolean
lsc_capture_writer_flush (LscCaptureWriter *self, GError **error)
{
  flush_held (self);
  return report (self, error);
}

gboolean
lsc_capture_writer_finish (LscCaptureWriter *self, GError **error)
{
  if (self->finished)
    return report (self, error);
  flush_held (self);
  if (atomic_load (&self->n_bytes) == 0)
    return report (self, error);
  if (self->error == NULL)
    (void) lsc_safe_file_commit (&self->file, &self->error);
  self->finished = TRUE;
  return report (self, error);
}

void
lsc_capture_writer_discard (LscCaptureWriter *self)
{
  if (!self->finished && !self->file.device)
    (void) unlink (lsc_safe_file_get_path (&self->file));
  self->finished = TRUE;
}

uint64_t
lsc_capture_writer_get_n_bytes (const LscCaptureWriter *self)
{
  return atomic_load (&self->n_bytes);
}

uint64_t
lsc_capture_writer_get_n_events (const LscCaptureWriter *self)
{
  return atomic_load (&self->n_events);
}

gboolean
lsc_capture_writer_has_failed (const LscCaptureWriter *self)
{
  return atomic_load (&self->failed);
}
