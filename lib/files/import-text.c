/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/import-text.h"

#include "lsc-config.h"

#include "lib/files/import-line.h"
#include "lib/files/regular-file.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER_SIZE (256u << 10)
#define LINE_MAX_BYTES 65536u /* what is longer is no line of a trace */

struct _LscImportText
{
  LscEventFile file;
  GInputStream *stream; /* NULL: the file itself is read */
  LscImportBook book;
  LscImportLine line;
  char *buffer;
  size_t start, n; /* of the bytes not looked at yet */
  uint64_t n_read;
  uint32_t n_cpus;
  gboolean at_end, skipping, started, ended;
};

LscImportText *
lsc_import_text_new (const LscEventFile *file, GInputStream *stream)
{
  LscImportText *self = g_new0 (LscImportText, 1);

  self->file = *file;
  self->stream = stream != NULL ? g_object_ref (stream) : NULL;
  self->buffer = g_malloc (BUFFER_SIZE + 1);
  lsc_import_book_init (&self->book);
  self->line.book = &self->book;
  return self;
}

void
lsc_import_text_free (LscImportText *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->stream);
  g_free (self->buffer);
  lsc_import_book_clear (&self->book);
  g_free (self);
}

uint64_t
lsc_import_text_get_n_events (const LscImportText *self)
{
  return self->book.n_events;
}

uint64_t
lsc_import_text_get_n_bytes (const LscImportText *self)
{
  return self->n_read;
}

static gboolean
read_some (LscImportText *self, char *bytes, size_t *inout_n, GError **error)
{
  gssize n;

  if (self->stream == NULL)
    return !g_cancellable_set_error_if_cancelled (self->file.cancellable, error)
           && lsc_regular_file_read (self->file.fd, self->file.path, self->n_read, bytes, inout_n,
                                     error);
  n = g_input_stream_read (self->stream, bytes, *inout_n, self->file.cancellable, error);
  *inout_n = (size_t) MAX (n, 0);
  return n >= 0;
}

static gboolean
fill (LscImportText *self, GError **error)
{
  size_t n = BUFFER_SIZE - self->n;

  memmove (self->buffer, self->buffer + self->start, self->n);
  self->start = 0;
  if (!read_some (self, self->buffer + self->n, &n, error))
    return FALSE;
  self->at_end = n == 0;
  self->n += n;
  self->n_read += n;
  return TRUE;
}

/* The next line, NUL-terminated in place; NULL when there is none in the buffer. A last line
 * without its end was cut short, and may say something else than it said. */
static char *
take_line (LscImportText *self)
{
  char *line = self->buffer + self->start;
  char *end = memchr (line, '\n', self->n);
  size_t n;

  if (end == NULL)
    return NULL;
  n = (size_t) (end - line) + 1;
  self->start += n;
  self->n -= n;
  *end = '\0';
  if (end > line && end[-1] == '\r')
    end[-1] = '\0';
  return line;
}

/* "#P:8" of ftrace, "cpus=8" of trace-cmd */
static void
look_for_cpus (LscImportText *self, const char *line)
{
  const char *p = g_str_has_prefix (line, "cpus=") ? line + 5 : strstr (line, "#P:");

  if (p == NULL || self->book.n_events > 0)
    return;
  self->n_cpus =
      (uint32_t) CLAMP (strtol (p + (p[0] == '#' ? 3 : 0), NULL, 10), 0, LSC_IMPORT_LINE_CPUS);
}

static void
take (LscImportText *self, char *line)
{
  if (line[0] == '#' || line[0] == 'c')
    look_for_cpus (self, line);
  if (lsc_import_line_take (&self->line, line) == LSC_IMPORT_LINE_STRANGE
      && self->book.n_events > 0)
    self->file.condition->n_unread++;
}

/* Lines, until a block is full. */
static gboolean
fill_book (LscImportText *self, GError **error)
{
  while (self->book.n_bytes < LSC_IMPORT_BLOCK)
    {
      char *line = take_line (self);

      if (line != NULL && !self->skipping)
        take (self, line);
      else if (line != NULL)
        self->skipping = FALSE;
      else if (self->at_end)
        break;
      else
        {
          if (self->n > LINE_MAX_BYTES)
            {
              self->skipping = TRUE;
              self->n = 0;
              self->file.condition->n_unread++;
            }
          if (!fill (self, error))
            return FALSE;
        }
    }
  return TRUE;
}

/* What the first block has shown. */
static void
complete_header (LscImportText *self)
{
  LscRecordHeader *header = (LscRecordHeader *) (void *) self->book.bytes;

  for (uint32_t cpu = 0; cpu < LSC_IMPORT_LINE_CPUS; cpu++)
    if (self->line.seen_ns[cpu] != 0)
      self->n_cpus = MAX (self->n_cpus, cpu + 1);
  header->n_cpus = self->n_cpus;
  header->head.time_ns = self->book.n_events > 0 ? self->book.first_ns : 0;
}

static gboolean
end (LscImportText *self, GError **error)
{
  self->ended = TRUE;
  if (self->book.n_events == 0)
    return lsc_event_reader_complain_empty (self->file.path, error);
  if (self->n > 0)
    self->file.condition->cut_short = TRUE;
  else
    lsc_import_book_end (&self->book);
  return TRUE;
}

gboolean
lsc_import_text_next (LscImportText *self,
                      const void **out_records,
                      size_t *out_n_bytes,
                      GError **error)
{
  const LscRecordHeader header = { .head.flags = LSC_HEADER_WHOLE_MACHINE, .scope = LSC_SCOPE_ANY };
  gboolean first = !self->started;

  lsc_import_book_turn_page (&self->book);
  if (first)
    lsc_import_book_header (&self->book, &header);
  self->started = TRUE;
  if (!fill_book (self, error))
    return FALSE;
  if (first)
    complete_header (self);
  if (self->at_end && self->book.n_bytes < LSC_IMPORT_BLOCK && !self->ended && !end (self, error))
    return FALSE;
  *out_records = self->book.bytes;
  *out_n_bytes = self->book.n_bytes;
  return TRUE;
}

static gboolean
recognise (const uint8_t *head, size_t n_head)
{
  g_autofree char *text = g_strndup ((const char *) head, n_head);
  g_autofree LscImportLine *line = g_new0 (LscImportLine, 1);
  LscImportBook book;
  gboolean found = g_str_has_prefix (text, "# tracer:") || g_str_has_prefix (text, "cpus=")
                   || g_str_has_prefix (text, "version = ");

  if (strlen (text) != n_head)
    return FALSE;
  lsc_import_book_init (&book);
  line->book = &book;
  for (char *next = text, *p = NULL; !found && next != NULL; next = p)
    {
      LscImportLineResult result;

      p = strchr (next, '\n');
      if (p != NULL)
        *p++ = '\0';
      result = lsc_import_line_take (line, next);
      found = result == LSC_IMPORT_LINE_EVENT || result == LSC_IMPORT_LINE_OTHER;
    }
  lsc_import_book_clear (&book);
  return found;
}

static gpointer
open_reader (const LscEventFile *file, GError **error)
{
  return lsc_import_text_new (file, NULL);
}

static void
close_reader (gpointer self)
{
  lsc_import_text_free (self);
}

static gboolean
next (gpointer self, const void **out_records, size_t *out_n_bytes, GError **error)
{
  return lsc_import_text_next (self, out_records, out_n_bytes, error);
}

static double
get_progress (gpointer data)
{
  const LscImportText *self = data;

  return self->file.n_bytes > 0 ? (double) self->n_read / (double) self->file.n_bytes : 1.0;
}

const LscEventFormat lsc_import_text = {
  .id = "text",
  .name = N_ ("text of ftrace, trace-cmd or perf"),
  .recognise = recognise,
  .open = open_reader,
  .close = close_reader,
  .next = next,
  .get_progress = get_progress,
};
