/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/import-trace-head.h"

#include "lsc-config.h"

#include "lib/files/import-cursor.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC "\x17\x08\x44tracing"
#define FORMAT_MAX 65536u       /* bytes of one event's format */
#define SECTION_MAX (64u << 20) /* bytes of what is not events, unpacked */
#define OPTION_MAX 65536u
#define N_OPTIONS_MAX 100000u
#define CPUS_MAX 4096u

enum
{
  OPTION_DONE = 0,
  OPTION_BUFFER = 3,
  OPTION_TRACECLOCK = 4,
  OPTION_UNAME = 5,
  OPTION_CPUCOUNT = 8,
  OPTION_HEADER_INFO = 16,
  OPTION_EVENT_FORMATS = 18,
  OPTION_CMDLINES = 21,
};

#define SECTION_PACKED 1u

typedef struct
{
  LscImportTraceHead *head;
  LscImportBook *book;
  LscImportCursor cursor; /* of the file */
} Reading;

gboolean
lsc_import_trace_head_recognise (const uint8_t *head, size_t n_head)
{
  return n_head >= sizeof MAGIC - 1 && memcmp (head, MAGIC, sizeof MAGIC - 1) == 0;
}

static void
read_header_info (Reading *reading, LscImportCursor *cursor)
{
  g_autofree char *page = NULL;

  lsc_import_cursor_skip (cursor, sizeof "header_page");
  page = lsc_import_cursor_text (cursor, lsc_import_cursor_u64 (cursor), FORMAT_MAX);
  if (page == NULL || !lsc_import_ring_init (&reading->head->ring, page, cursor->swap))
    cursor->failed = TRUE;
  lsc_import_cursor_skip (cursor, sizeof "header_event");
  lsc_import_cursor_skip (cursor, lsc_import_cursor_u64 (cursor));
}

/* Ftrace's own events are none of the scheduler's. */
static void
skip_ftrace_events (LscImportCursor *cursor)
{
  uint32_t n = lsc_import_cursor_u32 (cursor);

  for (uint32_t i = 0; i < n && !cursor->failed; i++)
    lsc_import_cursor_skip (cursor, lsc_import_cursor_u64 (cursor));
}

static void
read_event_formats (Reading *reading, LscImportCursor *cursor)
{
  uint32_t n_systems = lsc_import_cursor_u32 (cursor);

  for (uint32_t i = 0; i < n_systems && !cursor->failed; i++)
    {
      char system[256];
      uint32_t n_events;
      gboolean ours;

      lsc_import_cursor_string (cursor, system, sizeof system);
      n_events = lsc_import_cursor_u32 (cursor);
      ours = strcmp (system, "sched") == 0 || strcmp (system, "task") == 0;
      for (uint32_t k = 0; k < n_events && !cursor->failed; k++)
        {
          uint64_t n_bytes = lsc_import_cursor_u64 (cursor);
          g_autofree char *text = lsc_import_cursor_text (cursor, n_bytes, ours ? FORMAT_MAX : 0);

          if (text != NULL)
            lsc_import_format_parse (&reading->head->formats, text);
        }
    }
}

static void
read_cmdlines (Reading *reading, LscImportCursor *cursor)
{
  uint64_t n_bytes = lsc_import_cursor_u64 (cursor);
  g_autofree char *text = lsc_import_cursor_text (cursor, n_bytes, SECTION_MAX);
  char *next = text;

  while (next != NULL && *next != '\0')
    {
      char *line = next, *name;
      long tid = strtol (line, &name, 10);

      next = strchr (line, '\n');
      if (next != NULL)
        *next++ = '\0';
      if (*name == ' ' && tid > 0 && tid < (long) LSC_TID_LIMIT)
        lsc_import_book_learn (reading->book, (int32_t) tid, 0, name + 1);
    }
}

/* "local [global] mono": the one in brackets is in use. */
static void
take_clock (LscImportTraceHead *head, const char *text)
{
  const char *open = strchr (text, '['), *close = open != NULL ? strchr (open, ']') : NULL;

  if (close == NULL)
    g_strlcpy (head->clock, text, sizeof head->clock);
  else
    g_strlcpy (head->clock, open + 1, MIN (sizeof head->clock, (size_t) (close - open)));
}

/* "Linux HOST RELEASE MACHINE" */
static void
take_uname (LscImportTraceHead *head, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 4);

  if (g_strv_length (words) < 4)
    return;
  g_strlcpy (head->header.host, words[1], sizeof head->header.host);
  g_strlcpy (head->header.release, words[2], sizeof head->header.release);
  g_strlcpy (head->header.machine, words[3], sizeof head->header.machine);
}

static void
add_range (LscImportTraceHead *head, LscImportRange range)
{
  if (range.n_bytes > 0)
    g_array_append_val (head->ranges, range);
}

/* Where one buffer's events are. The whole machine's has no name; another is read when it is the
 * only one. */
static void
read_buffer (Reading *reading, LscImportCursor *option)
{
  LscImportCursor section = reading->cursor;
  LscImportTraceHead *head = reading->head;
  char name[256], clock[64];
  uint32_t n_cpus, page_size;

  section.at = lsc_import_cursor_u64 (option);
  lsc_import_cursor_string (option, name, sizeof name);
  lsc_import_cursor_string (option, clock, sizeof clock);
  page_size = lsc_import_cursor_u32 (option);
  n_cpus = lsc_import_cursor_u32 (option);
  if (option->failed || (name[0] != '\0' && head->ranges->len > 0))
    return;
  g_array_set_size (head->ranges, 0);
  head->page_size = page_size;
  take_clock (head, clock);
  (void) lsc_import_cursor_u16 (&section);
  head->packed = (lsc_import_cursor_u16 (&section) & SECTION_PACKED) != 0;
  for (uint32_t i = 0; i < n_cpus && i < CPUS_MAX && !option->failed; i++)
    {
      LscImportRange range = { .cpu = lsc_import_cursor_u32 (option) };

      range.at = lsc_import_cursor_u64 (option);
      range.n_bytes = lsc_import_cursor_u64 (option);
      add_range (head, range);
    }
}

static void
set_limit_error (const char *what, GError **error)
{
  g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_LIMIT,
               _ ("The trace was refused: its %s claims more than %u MiB, more than any trace-cmd "
                  "writes. The file is damaged, or made to do harm."),
               what, SECTION_MAX >> 20);
}

/* A section of version 7, unpacked; NULL with or without a sentence. */
static GBytes *
load_section (Reading *reading, uint64_t at, GError **error)
{
  LscImportCursor cursor = reading->cursor;
  uint64_t n_packed, n_bytes;
  g_autofree uint8_t *packed = NULL, *bytes = NULL;
  gboolean is_packed;
  gssize n;

  cursor.at = at;
  (void) lsc_import_cursor_u16 (&cursor);
  is_packed = (lsc_import_cursor_u16 (&cursor) & SECTION_PACKED) != 0;
  (void) lsc_import_cursor_u32 (&cursor);
  n_packed = n_bytes = lsc_import_cursor_u64 (&cursor);
  if (is_packed)
    {
      n_packed = lsc_import_cursor_u32 (&cursor);
      n_bytes = lsc_import_cursor_u32 (&cursor);
    }
  if (cursor.failed || n_packed > cursor.end - cursor.at)
    return NULL;
  if (n_packed > SECTION_MAX || n_bytes > SECTION_MAX)
    {
      set_limit_error (_ ("description"), error);
      return NULL;
    }
  packed = g_malloc (n_packed + 1);
  bytes = g_malloc (n_bytes + 1);
  lsc_import_cursor_read (&cursor, packed, n_packed);
  n = lsc_unpack (is_packed ? reading->head->packing : LSC_UNPACK_NONE, packed, n_packed, bytes,
                  n_bytes);
  return n < 0 ? NULL : g_bytes_new_take (g_steal_pointer (&bytes), (gsize) n);
}

static gboolean
read_section (Reading *reading,
              uint64_t at,
              void (*read) (Reading *reading, LscImportCursor *cursor),
              GError **error)
{
  g_autoptr (GBytes) bytes = load_section (reading, at, error);
  LscImportCursor cursor = { .fd = -1, .swap = reading->cursor.swap };
  gsize n_bytes;

  if (bytes == NULL)
    return FALSE;
  cursor.bytes = g_bytes_get_data (bytes, &n_bytes);
  cursor.end = n_bytes;
  read (reading, &cursor);
  return !cursor.failed;
}

/* What most options hold: where a section is. */
static gboolean
take_option (Reading *reading, uint16_t id, LscImportCursor *option, GError **error)
{
  char text[256];

  switch (id)
    {
    case OPTION_BUFFER:
      read_buffer (reading, option);
      return TRUE;
    case OPTION_TRACECLOCK:
      lsc_import_cursor_string (option, text, sizeof text);
      if (reading->head->clock[0] == '\0')
        take_clock (reading->head, text);
      return TRUE;
    case OPTION_UNAME:
      lsc_import_cursor_string (option, text, sizeof text);
      take_uname (reading->head, text);
      return TRUE;
    case OPTION_CPUCOUNT:
      reading->head->n_cpus = lsc_import_cursor_u32 (option);
      return TRUE;
    case OPTION_HEADER_INFO:
      return read_section (reading, lsc_import_cursor_u64 (option), read_header_info, error);
    case OPTION_EVENT_FORMATS:
      return read_section (reading, lsc_import_cursor_u64 (option), read_event_formats, error);
    case OPTION_CMDLINES:
      /* Names are a help, not a need. */
      (void) read_section (reading, lsc_import_cursor_u64 (option), read_cmdlines, error);
      return error == NULL || *error == NULL;
    default:
      return TRUE;
    }
}

/* The options from the cursor on; `*out_next` is where more are (version 7). */
static gboolean
read_options (Reading *reading, LscImportCursor *cursor, uint64_t *out_next, GError **error)
{
  *out_next = 0;
  for (uint32_t i = 0; i < N_OPTIONS_MAX && !cursor->failed; i++)
    {
      uint16_t id = lsc_import_cursor_u16 (cursor);
      LscImportCursor option = { .fd = -1, .swap = cursor->swap };
      g_autofree char *bytes = NULL;
      uint32_t n_bytes;

      n_bytes = lsc_import_cursor_u32 (cursor);
      bytes = lsc_import_cursor_text (cursor, n_bytes, OPTION_MAX);
      option.bytes = (const uint8_t *) bytes;
      option.end = bytes != NULL ? n_bytes + 1 : 0; /* a text may lack its NUL */
      if (cursor->failed)
        break;
      if (id == OPTION_DONE)
        {
          *out_next = lsc_import_cursor_u64 (&option);
          return TRUE;
        }
      if (!take_option (reading, id, &option, error))
        return FALSE;
    }
  return !cursor->failed;
}

static gboolean
read_version_7 (Reading *reading, GError **error)
{
  LscImportCursor *cursor = &reading->cursor;
  char method[64], version[64];
  uint64_t at;

  lsc_import_cursor_string (cursor, method, sizeof method);
  lsc_import_cursor_string (cursor, version, sizeof version);
  reading->head->packing = lsc_unpack_method_of_name (method);
  if (!cursor->failed && reading->head->packing == LSC_UNPACK_UNKNOWN)
    {
      g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NEWER,
                   _ ("The trace is packed with \342\200\234%s\342\200\235, which Lanescope cannot "
                      "unpack. Convert it: trace-cmd convert --compression none."),
                   method);
      return FALSE;
    }
  at = lsc_import_cursor_u64 (cursor);
  for (int i = 0; at != 0 && i < 64; i++)
    {
      g_autoptr (GBytes) bytes = load_section (reading, at, error);
      LscImportCursor options = { .fd = -1, .swap = cursor->swap };
      gsize n_bytes;

      if (bytes == NULL)
        return FALSE;
      options.bytes = g_bytes_get_data (bytes, &n_bytes);
      options.end = n_bytes;
      if (!read_options (reading, &options, &at, error))
        return FALSE;
    }
  return TRUE;
}

/* Options of version 6 end with an id alone. */
static void
read_options_6 (Reading *reading)
{
  LscImportCursor *cursor = &reading->cursor;

  for (uint32_t i = 0; i < N_OPTIONS_MAX && !cursor->failed; i++)
    {
      uint16_t id = lsc_import_cursor_u16 (cursor);
      uint32_t n_bytes;
      g_autofree char *bytes = NULL;

      if (id == OPTION_DONE)
        return;
      n_bytes = lsc_import_cursor_u32 (cursor);
      bytes = lsc_import_cursor_text (cursor, n_bytes, OPTION_MAX);
      if (bytes == NULL || cursor->failed)
        continue;
      if (id == OPTION_TRACECLOCK)
        take_clock (reading->head, bytes);
      else if (id == OPTION_UNAME)
        take_uname (reading->head, bytes);
    }
}

static gboolean
read_version_6 (Reading *reading)
{
  LscImportCursor *cursor = &reading->cursor;
  char tag[10];

  read_header_info (reading, cursor);
  skip_ftrace_events (cursor);
  read_event_formats (reading, cursor);
  lsc_import_cursor_skip (cursor, lsc_import_cursor_u32 (cursor)); /* symbols */
  lsc_import_cursor_skip (cursor, lsc_import_cursor_u32 (cursor)); /* texts of trace_printk */
  read_cmdlines (reading, cursor);
  reading->head->n_cpus = lsc_import_cursor_u32 (cursor);
  lsc_import_cursor_read (cursor, tag, sizeof tag);
  if (memcmp (tag, "options  ", sizeof tag) == 0)
    {
      read_options_6 (reading);
      lsc_import_cursor_read (cursor, tag, sizeof tag);
    }
  if (cursor->failed || memcmp (tag, "flyrecord", sizeof tag) != 0)
    return FALSE;
  for (uint32_t i = 0; i < MIN (reading->head->n_cpus, CPUS_MAX) && !cursor->failed; i++)
    {
      LscImportRange range = { .cpu = i, .at = lsc_import_cursor_u64 (cursor) };

      range.n_bytes = lsc_import_cursor_u64 (cursor);
      add_range (reading->head, range);
    }
  return !cursor->failed;
}

/* Claims that cannot be true: pages that are none, more bytes than the file has. */
static gboolean
is_sane (const LscImportTraceHead *head, uint64_t n_file)
{
  uint64_t sum = 0;

  for (guint i = 0; i < head->ranges->len; i++)
    {
      const LscImportRange *range = &g_array_index (head->ranges, LscImportRange, i);

      if (range->at > n_file || range->n_bytes > UINT64_MAX / (CPUS_MAX + 1))
        return FALSE;
      sum += MIN (range->n_bytes, n_file - range->at);
    }
  return head->page_size >= 1024 && head->page_size <= 65536
         && (head->page_size & (head->page_size - 1)) == 0 && head->ring.data.size != 0
         && sum <= n_file;
}

static void
complain (const LscEventFile *file, GError **error)
{
  g_autofree char *name = lsc_files_error_name (file->path);

  if (*error == NULL)
    g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_DAMAGED,
                 _ ("\342\200\234%s\342\200\235 cannot be read: what a trace of trace-cmd says "
                    "about itself is damaged or cut short. Record it again, or use a copy."),
                 name);
}

static gboolean
read_head (Reading *reading, const LscEventFile *file, GError **error)
{
  LscImportCursor *cursor = &reading->cursor;
  char version[8];
  uint8_t big_endian, long_size;

  lsc_import_cursor_skip (cursor, sizeof MAGIC - 1);
  lsc_import_cursor_string (cursor, version, sizeof version);
  lsc_import_cursor_read (cursor, &big_endian, 1);
  lsc_import_cursor_read (cursor, &long_size, 1);
  cursor->swap = (big_endian != 0) != (G_BYTE_ORDER == G_BIG_ENDIAN);
  lsc_import_format_init (&reading->head->formats, cursor->swap);
  reading->head->page_size = lsc_import_cursor_u32 (cursor);
  if (cursor->failed)
    return FALSE;
  if (atoi (version) > 7)
    {
      g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NEWER,
                   _ ("The trace is of trace-cmd's format %s; this Lanescope reads 6 and 7. "
                      "Convert it: trace-cmd convert --file-version 7."),
                   version);
      return FALSE;
    }
  return (atoi (version) == 7 ? read_version_7 (reading, error) : read_version_6 (reading))
         && is_sane (reading->head, file->n_bytes);
}

LscImportTraceHead *
lsc_import_trace_head_read (const LscEventFile *file, LscImportBook *book, GError **error)
{
  LscImportTraceHead *head = g_new0 (LscImportTraceHead, 1);
  g_autoptr (GError) unread = NULL;
  Reading reading = {
    head, book, { .fd = file->fd, .path = file->path, .trouble = &unread, .end = file->n_bytes }
  };
  GError *trouble = NULL;

  head->ranges = g_array_new (FALSE, FALSE, sizeof (LscImportRange));
  if (read_head (&reading, file, &trouble) && unread == NULL)
    return head;
  complain (file, &trouble);
  if (unread != NULL)
    g_propagate_error (error, g_steal_pointer (&unread));
  else
    g_propagate_error (error, g_steal_pointer (&trouble));
  g_clear_error (&trouble);
  lsc_import_trace_head_free (head);
  return NULL;
}

void
lsc_import_trace_head_free (LscImportTraceHead *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->ranges);
  g_free (self);
}
