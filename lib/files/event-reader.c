/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/event-reader.h"

#include "lsc-config.h"

#include "lib/files/regular-file.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

struct _LscEventReader
{
  char *path;
  int fd;
  const LscEventFormat *format;
  gpointer reader;
  LscCaptureCondition condition; /* of another tool's trace */
};

static gboolean
recognise_own (const uint8_t *head, size_t n_head)
{
  /* A zstd frame, or one to be skipped: RFC 8878. */
  return n_head >= 4
         && (memcmp (head, "\x28\xb5\x2f\xfd", 4) == 0
             || ((head[0] & 0xf0) == 0x50 && memcmp (head + 1, "\x2a\x4d\x18", 3) == 0));
}

static gpointer
open_own (const LscEventFile *file, GError **error)
{
  return lsc_capture_reader_new (file->path, error);
}

static void
close_own (gpointer self)
{
  lsc_capture_reader_free (self);
}

static gboolean
next_own (gpointer self, const void **out_records, size_t *out_n_bytes, GError **error)
{
  return lsc_capture_reader_next (self, out_records, out_n_bytes, error);
}

static double
get_progress_own (gpointer self)
{
  return lsc_capture_reader_get_progress (self);
}

static const LscEventFormat own = {
  .id = "lanes",
  .name = N_ ("a Lanescope capture"),
  .recognise = recognise_own,
  .open = open_own,
  .close = close_own,
  .next = next_own,
  .get_progress = get_progress_own,
};

/* Perfetto's beginning is the least certain, text may look like anything: they come last. */
static const LscEventFormat *const formats[] = {
  &lsc_import_trace_dat, &lsc_import_perf_data, &lsc_import_perfetto, &lsc_import_text, NULL,
};

static void
complain (const char *path, const uint8_t *head, size_t n_head, GError **error)
{
  g_autofree char *name = lsc_files_error_name (path);

  if (n_head == 0)
    g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NOT_A_CAPTURE,
                 _ ("\342\200\234%s\342\200\235 is empty. Choose a file that Lanescope has saved."),
                 name);
  else if (n_head >= 2 && head[0] == 0x1f && head[1] == 0x8b)
    g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NOT_A_CAPTURE,
                 _ ("\342\200\234%s\342\200\235 is packed with gzip. Unpack it first (gunzip), "
                    "then open what was in it."),
                 name);
  else
    g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NOT_A_CAPTURE,
                 _ ("\342\200\234%s\342\200\235 is not a Lanescope capture, nor a trace of "
                    "trace-cmd, perf, ftrace or Perfetto. Choose another file."),
                 name);
}

gboolean
lsc_event_reader_complain_empty (const char *path, GError **error)
{
  g_autofree char *name = lsc_files_error_name (path);

  g_set_error (
      error, LSC_FILES_ERROR, LSC_FILES_ERROR_NOT_A_CAPTURE,
      _ ("\342\200\234%s\342\200\235 holds no context switches, so there are no lanes "
         "to draw. Record the scheduler's events: trace-cmd record -e sched, or perf sched "
         "record."),
      name);
  return FALSE;
}

static const LscEventFormat *
recognise (const char *path, const uint8_t *head, size_t n_head, GError **error)
{
  if (recognise_own (head, n_head))
    return &own;
  for (size_t i = 0; formats[i] != NULL; i++)
    if (formats[i]->recognise (head, n_head))
      return formats[i];
  complain (path, head, n_head, error);
  return NULL;
}

gboolean
lsc_event_reader_check_head (const char *path, const uint8_t *head, size_t n_head, GError **error)
{
  return recognise (path, head, n_head, error) != NULL;
}

LscEventReader *
lsc_event_reader_new (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (LscEventReader) self = g_new0 (LscEventReader, 1);
  uint8_t head[LSC_EVENT_HEAD_SIZE];
  size_t n_head = sizeof head;
  LscEventFile file = { .path = path, .cancellable = cancellable };

  self->fd = lsc_regular_file_open (path, &file.n_bytes, error);
  if (self->fd < 0 || !lsc_regular_file_read (self->fd, path, 0, head, &n_head, error))
    return NULL;
  self->format = recognise (path, head, n_head, error);
  if (self->format == NULL)
    return NULL;
  self->path = g_strdup (path);
  self->condition.n_bytes = file.n_bytes;
  self->condition.format = self->format->id;
  file.path = self->path;
  file.fd = self->fd;
  file.condition = &self->condition;
  self->reader = self->format->open (&file, error);
  return self->reader != NULL ? g_steal_pointer (&self) : NULL;
}

void
lsc_event_reader_free (LscEventReader *self)
{
  if (self == NULL)
    return;
  if (self->reader != NULL)
    self->format->close (self->reader);
  if (self->fd >= 0)
    (void) close (self->fd);
  g_free (self->path);
  g_free (self);
}

gboolean
lsc_event_reader_is_own (const LscEventReader *self)
{
  return self->format == &own;
}

void
lsc_event_reader_set_annotations (LscEventReader *self, LscAnnotations *annotations)
{
  if (self->format == &own)
    lsc_capture_reader_set_annotations (self->reader, annotations);
}

gboolean
lsc_event_reader_next (LscEventReader *self,
                       const void **out_records,
                       size_t *out_n_bytes,
                       GError **error)
{
  if (!self->format->next (self->reader, out_records, out_n_bytes, error))
    return FALSE;
  if (self->format != &own)
    self->condition.n_record_bytes += *out_n_bytes;
  return TRUE;
}

double
lsc_event_reader_get_progress (const LscEventReader *self)
{
  return CLAMP (self->format->get_progress (self->reader), 0.0, 1.0);
}

const LscCaptureCondition *
lsc_event_reader_get_condition (const LscEventReader *self)
{
  return self->format == &own ? lsc_capture_reader_get_condition (self->reader) : &self->condition;
}
