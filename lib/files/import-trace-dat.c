/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads the events of a trace.dat: the pages of each CPU, a few at a time, merged by time.
 *
 * libtracecmd is not used for it: it trusts the file (it is made for one's own), unpacks a packed
 * one into a temporary file first, and allocates for each event.
 */
#include "lib/files/import-merge.h"
#include "lib/files/import-trace-head.h"
#include "lib/files/regular-file.h"

#include "lsc-config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PAGES_AT_ONCE 16u
#define CHUNK_MAX (1u << 20)     /* bytes of one packed part, unpacked */
#define BUFFERS_MAX (256u << 20) /* of all CPUs together */

typedef struct
{
  LscImportRange range; /* of the file, what is still to be read */
  uint32_t n_chunks;    /* packed parts to come */
  uint8_t *buffer;
  size_t capacity;
  size_t n_buffer;
  size_t page_at; /* in the buffer */
  LscImportPage page;
  LscImportRaw event; /* the next one */
  uint64_t seen_ns;   /* time of the event before */
  gboolean missed;    /* events are missing before `event` */
  uint64_t n_missed;
} Cpu;

typedef struct
{
  LscEventFile file;
  LscImportTraceHead *head;
  LscImportBook book;
  LscImportMerge merge;
  GArray *cpus;
  uint8_t *packed;  /* CHUNK_MAX bytes and a little more, where there are packed parts */
  size_t n_buffers; /* bytes, of all CPUs */
  uint64_t n_total, n_done;
  gboolean started, ended;
} Reader;

static gboolean
fail_chunk (Reader *self, const Cpu *cpu, GError **error)
{
  g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_LIMIT,
               _ ("The trace was refused: a part at byte %lu would unpack to more than 1 MiB, more "
                  "than trace-cmd packs at once. The file is damaged, or made to do harm."),
               (unsigned long) cpu->range.at);
  return FALSE;
}

/* Reads `n` bytes of the CPU's range; fewer when the file ends before. */
static gboolean
read_range (Reader *self, Cpu *cpu, void *bytes, size_t *inout_n, GError **error)
{
  size_t wanted = (size_t) MIN (*inout_n, cpu->range.n_bytes);

  *inout_n = wanted;
  if (!lsc_regular_file_read (self->file.fd, self->file.path, cpu->range.at, bytes, inout_n, error))
    return FALSE;
  cpu->range.at += *inout_n;
  cpu->range.n_bytes -= *inout_n;
  self->n_done += *inout_n;
  if (*inout_n < wanted)
    {
      self->file.condition->cut_short = TRUE;
      self->n_done += cpu->range.n_bytes;
      cpu->range.n_bytes = 0;
    }
  return TRUE;
}

static gboolean
read_u32 (Reader *self, Cpu *cpu, uint32_t *out_value, GError **error)
{
  size_t n = sizeof *out_value;

  *out_value = 0;
  if (!read_range (self, cpu, out_value, &n, error))
    return FALSE;
  if (self->head->formats.swap)
    *out_value = GUINT32_SWAP_LE_BE (*out_value);
  return TRUE;
}

/* Makes room for `n_bytes`; a buffer is as large as its CPU's events need. */
static gboolean
ensure_buffer (Reader *self, Cpu *cpu, size_t n_bytes, GError **error)
{
  if (n_bytes <= cpu->capacity)
    return TRUE;
  self->n_buffers += n_bytes - cpu->capacity;
  if (self->n_buffers > BUFFERS_MAX)
    return fail_chunk (self, cpu, error);
  g_free (cpu->buffer);
  cpu->buffer = g_malloc (n_bytes);
  cpu->capacity = n_bytes;
  return TRUE;
}

/* The next packed part, into the buffer. */
static gboolean
fill_packed (Reader *self, Cpu *cpu, GError **error)
{
  uint32_t n_packed, n_bytes;
  size_t n;
  gssize n_unpacked;

  if (!read_u32 (self, cpu, &n_packed, error) || !read_u32 (self, cpu, &n_bytes, error))
    return FALSE;
  if (n_packed > CHUNK_MAX || n_bytes > CHUNK_MAX)
    return fail_chunk (self, cpu, error);
  n = n_packed;
  if (!ensure_buffer (self, cpu, n_bytes, error)
      || !read_range (self, cpu, self->packed, &n, error))
    return FALSE;
  cpu->n_chunks--;
  n_unpacked = lsc_unpack (self->head->packing, self->packed, n, cpu->buffer, cpu->capacity);
  if (n_unpacked < 0)
    {
      /* The parts do not depend on each other: what comes after this one may be whole. */
      if (self->file.condition->n_damaged++ == 0)
        self->file.condition->first_damaged = cpu->range.at - n;
      cpu->missed = TRUE;
      n_unpacked = 0;
    }
  cpu->n_buffer = (size_t) n_unpacked;
  return TRUE;
}

/* The next bytes of the CPU, into the buffer: none at its end. */
static gboolean
fill (Reader *self, Cpu *cpu, GError **error)
{
  cpu->page_at = 0;
  cpu->n_buffer = 0;
  if (self->head->packed)
    {
      while (cpu->n_buffer == 0 && cpu->n_chunks > 0 && cpu->range.n_bytes > 0)
        if (!fill_packed (self, cpu, error))
          return FALSE;
      return TRUE;
    }
  cpu->n_buffer =
      (size_t) MIN (cpu->range.n_bytes, (uint64_t) self->head->page_size * PAGES_AT_ONCE);
  return ensure_buffer (self, cpu, cpu->n_buffer, error)
         && read_range (self, cpu, cpu->buffer, &cpu->n_buffer, error);
}

/* Begins the CPU's next page; `*out_any` is false at its end. */
static gboolean
next_page (Reader *self, Cpu *cpu, gboolean *out_any, GError **error)
{
  size_t page_size = self->head->page_size;

  *out_any = FALSE;
  if (cpu->n_buffer - cpu->page_at < page_size && !fill (self, cpu, error))
    return FALSE;
  if (cpu->n_buffer - cpu->page_at < page_size)
    {
      self->file.condition->cut_short |= cpu->n_buffer > cpu->page_at;
      return TRUE;
    }
  *out_any = TRUE;
  if (!lsc_import_ring_begin (&self->head->ring, &cpu->page, cpu->buffer + cpu->page_at, page_size))
    {
      if (self->file.condition->n_damaged++ == 0)
        self->file.condition->first_damaged = cpu->range.at - cpu->n_buffer + cpu->page_at;
      cpu->page = (LscImportPage){ .missed = TRUE };
    }
  cpu->missed |= cpu->page.missed;
  cpu->n_missed += cpu->page.n_missed;
  cpu->page_at += page_size;
  return TRUE;
}

/* Goes on to the CPU's next event of the scheduler. */
static gboolean
advance (Reader *self, Cpu *cpu, gboolean *out_any, GError **error)
{
  const LscImportFormats *formats = &self->head->formats;

  *out_any = TRUE;
  while (*out_any)
    {
      while (lsc_import_ring_next (&self->head->ring, &cpu->page, &cpu->event))
        if (lsc_import_format_kind_of (formats, cpu->event.bytes, cpu->event.n_bytes)
            != LSC_IMPORT_NOTHING)
          return TRUE;
      if (!next_page (self, cpu, out_any, error))
        return FALSE;
    }
  return TRUE;
}

static void
take (Reader *self, Cpu *cpu)
{
  if (cpu->missed)
    lsc_import_book_gap (&self->book, cpu->range.cpu,
                         cpu->seen_ns != 0 ? cpu->seen_ns : self->book.first_ns, cpu->event.time_ns,
                         cpu->n_missed);
  cpu->missed = FALSE;
  cpu->n_missed = 0;
  cpu->seen_ns = cpu->event.time_ns;
  lsc_import_format_take (&self->head->formats, &self->book, &cpu->event);
}

/* Each CPU's first event, and with it when the trace begins. */
static gboolean
start (Reader *self, GError **error)
{
  LscRecordHeader header = self->head->header;

  for (guint i = 0; i < self->cpus->len; i++)
    {
      Cpu *cpu = &g_array_index (self->cpus, Cpu, i);
      gboolean any;

      cpu->event.cpu = cpu->range.cpu;
      if (self->head->packed)
        {
          /* The size that trace-cmd writes leaves out the number of parts itself. */
          cpu->range.n_bytes += sizeof cpu->n_chunks;
          if (!read_u32 (self, cpu, &cpu->n_chunks, error))
            return FALSE;
        }
      if (!advance (self, cpu, &any, error))
        return FALSE;
      if (any)
        lsc_import_merge_add (&self->merge, cpu->event.time_ns, i);
    }
  header.head.flags = LSC_HEADER_WHOLE_MACHINE;
  header.n_cpus = self->head->n_cpus;
  header.scope = LSC_SCOPE_ANY;
  if (lsc_import_merge_get_first (&self->merge) != NULL)
    header.head.time_ns = lsc_import_merge_get_first (&self->merge)->time_ns;
  self->book.first_ns = header.head.time_ns;
  lsc_import_book_header (&self->book, &header);
  self->started = TRUE;
  return TRUE;
}

/* The events of the CPU that is first in time, until another one is. */
static gboolean
take_run (Reader *self, uint32_t stream, GError **error)
{
  Cpu *cpu = &g_array_index (self->cpus, Cpu, stream);
  uint64_t limit = lsc_import_merge_get_limit (&self->merge);
  gboolean any = TRUE;

  do
    {
      take (self, cpu);
      if (!advance (self, cpu, &any, error))
        return FALSE;
    }
  while (any && cpu->event.time_ns < limit && self->book.n_bytes < LSC_IMPORT_BLOCK);
  if (any)
    lsc_import_merge_move_first (&self->merge, cpu->event.time_ns);
  else
    lsc_import_merge_drop_first (&self->merge);
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
    if (!take_run (self, first->stream, error))
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

  for (guint i = 0; i < self->cpus->len; i++)
    g_free (g_array_index (self->cpus, Cpu, i).buffer);
  g_array_unref (self->cpus);
  g_free (self->packed);
  lsc_import_merge_clear (&self->merge);
  lsc_import_book_clear (&self->book);
  lsc_import_trace_head_free (self->head);
  g_free (self);
}

static void
add_cpus (Reader *self)
{
  for (guint i = 0; i < self->head->ranges->len; i++)
    {
      Cpu cpu = { .range = g_array_index (self->head->ranges, LscImportRange, i) };

      self->n_total += cpu.range.n_bytes;
      g_array_append_val (self->cpus, cpu);
    }
  if (self->head->packed)
    self->packed = g_malloc (CHUNK_MAX);
}

static gpointer
open_reader (const LscEventFile *file, GError **error)
{
  Reader *self = g_new0 (Reader, 1);

  self->file = *file;
  self->cpus = g_array_new (FALSE, TRUE, sizeof (Cpu));
  lsc_import_merge_init (&self->merge);
  lsc_import_book_init (&self->book);
  self->head = lsc_import_trace_head_read (file, &self->book, error);
  if (self->head == NULL)
    {
      close_reader (self);
      return NULL;
    }
  add_cpus (self);
  g_strlcpy (file->condition->clock, self->head->clock, sizeof file->condition->clock);
  return self;
}

static double
get_progress (gpointer data)
{
  const Reader *self = data;

  return self->n_total > 0 ? (double) self->n_done / (double) self->n_total : 1.0;
}

const LscEventFormat lsc_import_trace_dat = {
  .id = "trace-cmd",
  .name = N_ ("a trace of trace-cmd or KernelShark"),
  .recognise = lsc_import_trace_head_recognise,
  .open = open_reader,
  .close = close_reader,
  .next = next,
  .get_progress = get_progress,
};
