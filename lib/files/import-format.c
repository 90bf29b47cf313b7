/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/import-format.h"

#include <stdio.h>
#include <string.h>

#define FLAG_INTERRUPT (0x08u | 0x10u | 0x40u) /* TRACE_FLAG_HARDIRQ, _SOFTIRQ, _NMI */
#define N_STATE_BITS 31

/* The order of LscImportFormat.fields, for each kind; all must be there but those in brackets. */
enum
{
  PREV_COMM,
  PREV_PID,
  PREV_PRIO,
  PREV_STATE,
  NEXT_COMM,
  NEXT_PID,
  NEXT_PRIO,
};
enum
{
  PID, /* of waking, wakeup, newtask, rename, exec, exit */
  COMM,
  CLONE_FLAGS,
  OLD_PID = CLONE_FLAGS,
};
enum
{
  PARENT_PID,
  CHILD_COMM,
  CHILD_PID,
};

static const struct
{
  const char *name;
  const char *fields[LSC_IMPORT_FIELDS_MAX + 1];
} events[LSC_IMPORT_N_KINDS] = {
  [LSC_IMPORT_SWITCH] = { "sched_switch",
                          { "prev_comm", "prev_pid", "prev_prio", "prev_state", "next_comm",
                            "next_pid", "next_prio" } },
  [LSC_IMPORT_WAKING] = { "sched_waking", { "pid", "comm" } },
  [LSC_IMPORT_WAKEUP] = { "sched_wakeup", { "pid", "comm" } },
  [LSC_IMPORT_WAKEUP_NEW] = { "sched_wakeup_new", { "pid", "comm" } },
  [LSC_IMPORT_NEWTASK] = { "task_newtask", { "pid", "comm", "clone_flags" } },
  [LSC_IMPORT_RENAME] = { "task_rename", { "pid", "newcomm" } },
  [LSC_IMPORT_EXEC] = { "sched_process_exec", { "pid", "filename", "old_pid" } },
  [LSC_IMPORT_EXIT] = { "sched_process_exit", { "pid", "comm" } },
  [LSC_IMPORT_FORK] = { "sched_process_fork", { "parent_pid", "child_comm", "child_pid" } },
};

void
lsc_import_format_init (LscImportFormats *self, bool swap)
{
  memset (self, 0, sizeof *self);
  self->swap = swap;
  /* Where the text does not tell: as kernels from 4.20 on have it. */
  for (int i = 0; i < N_STATE_BITS; i++)
    self->state_bits[i] = i < 7 ? 1u << i : LSC_IMPORT_STATE_UNKNOWN;
  self->state_bits[7] = 0x402; /* "I": idle */
  self->preempted = 0x100;
}

bool
lsc_import_format_find (const char *text, const char *name, LscImportField *out_field)
{
  size_t n_name = strlen (name);

  for (const char *p = strstr (text, "field:"); p != NULL; p = strstr (p + 1, "field:"))
    {
      const char *semicolon = strchr (p, ';');
      const char *end = semicolon;
      unsigned offset, size;

      if (semicolon == NULL)
        return false;
      if (end[-1] == ']') /* char comm[16] */
        while (end > p && *end != '[')
          end--;
      if ((size_t) (end - p) <= n_name || memcmp (end - n_name, name, n_name) != 0
          || end[-(ptrdiff_t) n_name - 1] != ' ')
        continue;
      if (sscanf (semicolon, "; offset:%u; size:%u;", &offset, &size) != 2 || offset > 4096
          || size == 0 || size > 65536)
        return false;
      out_field->offset = (uint16_t) offset;
      out_field->size = (uint16_t) MIN (size, UINT16_MAX);
      out_field->is_location = memmem (p, (size_t) (end - p), "__data_loc", 10) != NULL;
      return true;
    }
  return false;
}

/* The letters of the states, from sched_switch's print format: { 0x00000001, "S" }, ... */
static void
parse_states (LscImportFormats *self, const char *text)
{
  const char *p = strstr (text, "__print_flags");
  uint32_t highest = 0;

  for (p = p == NULL ? NULL : strchr (p, '{'); p != NULL; p = strchr (p + 1, '{'))
    {
      char letters[4] = { 0 };
      unsigned value;
      bool preempted;

      if (sscanf (p, "{ %x , \"%3[A-Za-z+]\"", &value, letters) != 2 || value == 0
          || (value & (value - 1)) != 0 || value >> 30 != 0)
        continue;
      lsc_import_book_parse_state (letters, &self->state_bits[g_bit_nth_lsf (value, -1)],
                                   &preempted);
      highest = MAX (highest, value);
    }
  if (highest != 0)
    self->preempted = highest << 1;
}

/* Text is char[16] or stands elsewhere; numbers are of the sizes read below. */
static bool
fits (const char *name, const LscImportField *field)
{
  bool is_text = strstr (name, "comm") != NULL || strcmp (name, "filename") == 0;

  if (is_text)
    return field->is_location ? field->size == 4 : field->size == LSC_NAME_SIZE;
  return !field->is_location && (field->size == 4 || field->size == 8);
}

static bool
parse_fields (LscImportFormat *format, LscImportKind kind, const char *text)
{
  if (!lsc_import_format_find (text, "common_flags", &format->flags) || format->flags.size != 1
      || !lsc_import_format_find (text, "common_pid", &format->pid) || format->pid.size != 4)
    return false;
  format->min_size = (uint16_t) (format->pid.offset + 4);
  format->min_size = MAX (format->min_size, (uint16_t) (format->flags.offset + 1));
  for (int i = 0; events[kind].fields[i] != NULL; i++)
    {
      LscImportField *field = &format->fields[i];

      if (!lsc_import_format_find (text, events[kind].fields[i], field)
          || !fits (events[kind].fields[i], field))
        return false;
      format->min_size = MAX (format->min_size, (uint16_t) (field->offset + field->size));
    }
  return true;
}

void
lsc_import_format_parse (LscImportFormats *self, const char *text)
{
  char name[64];
  unsigned id;

  if (sscanf (text, "name: %63s ID: %u", name, &id) != 2 || id > UINT16_MAX)
    return;
  for (int kind = LSC_IMPORT_SWITCH; kind < LSC_IMPORT_N_KINDS; kind++)
    {
      LscImportFormat format = { 0 };

      if (strcmp (name, events[kind].name) != 0
          || !parse_fields (&format, (LscImportKind) kind, text))
        continue;
      format.known = true;
      self->formats[kind] = format;
      self->kind_of_id[id] = (uint8_t) kind;
      if (kind == LSC_IMPORT_SWITCH)
        parse_states (self, text);
    }
}

static inline int32_t
get_int (const LscImportFormats *self, const LscImportRaw *raw, const LscImportField *field)
{
  uint32_t value;

  memcpy (&value, raw->bytes + field->offset, sizeof value);
  return (int32_t) (self->swap ? GUINT32_SWAP_LE_BE (value) : value);
}

static inline uint64_t
get_long (const LscImportFormats *self, const LscImportRaw *raw, const LscImportField *field)
{
  uint64_t value;

  if (field->size == 4)
    return (uint32_t) get_int (self, raw, field);
  memcpy (&value, raw->bytes + field->offset, sizeof value);
  return self->swap ? GUINT64_SWAP_LE_BE (value) : value;
}

/* The bytes of a name in place, where they are at hand; else copied to `buffer`. */
static inline const char *
get_name (const LscImportFormats *self,
          const LscImportRaw *raw,
          const LscImportField *field,
          char buffer[static LSC_NAME_SIZE])
{
  uint32_t location;
  size_t n;

  if (!field->is_location)
    return (const char *) raw->bytes + field->offset;
  location = (uint32_t) get_int (self, raw, field);
  n = MIN (location >> 16, LSC_NAME_SIZE - 1u);
  memset (buffer, 0, LSC_NAME_SIZE);
  if ((location & 0xffff) + n <= raw->n_bytes)
    strncpy (buffer, (const char *) raw->bytes + (location & 0xffff), n);
  return buffer;
}

static uint32_t
get_state (const LscImportFormats *self, uint64_t value, bool *out_preempted)
{
  uint32_t bits = 0;

  *out_preempted = (value & self->preempted) != 0;
  for (uint64_t left = value & (self->preempted - 1); left != 0; left &= left - 1)
    bits |= self->state_bits[__builtin_ctzll (left)];
  return bits;
}

static void
take_switch (const LscImportFormats *self, LscImportBook *book, const LscImportRaw *raw)
{
  const LscImportField *fields = self->formats[LSC_IMPORT_SWITCH].fields;
  char prev_name[LSC_NAME_SIZE], next_name[LSC_NAME_SIZE];
  LscImportSwitch event = {
    .time_ns = raw->time_ns,
    .cpu = raw->cpu,
    .prev_tid = get_int (self, raw, &fields[PREV_PID]),
    .prev_name = get_name (self, raw, &fields[PREV_COMM], prev_name),
    .prev_prio = get_int (self, raw, &fields[PREV_PRIO]),
    .next_tid = get_int (self, raw, &fields[NEXT_PID]),
    .next_name = get_name (self, raw, &fields[NEXT_COMM], next_name),
    .next_prio = get_int (self, raw, &fields[NEXT_PRIO]),
  };

  event.prev_state = get_state (self, get_long (self, raw, &fields[PREV_STATE]), &event.preempted);
  lsc_import_book_switch (book, &event);
}

static void
take_waking (const LscImportFormats *self,
             LscImportBook *book,
             const LscImportRaw *raw,
             LscImportKind kind)
{
  const LscImportFormat *format = &self->formats[kind];
  char name[LSC_NAME_SIZE];
  LscImportWaking event = {
    .time_ns = raw->time_ns,
    .cpu = raw->cpu,
    .wakee_tid = get_int (self, raw, &format->fields[PID]),
    .wakee_name = get_name (self, raw, &format->fields[COMM], name),
    .waker_tid = get_int (self, raw, &format->pid),
    .interrupt = (raw->bytes[format->flags.offset] & FLAG_INTERRUPT) != 0,
    .is_new = kind == LSC_IMPORT_WAKEUP_NEW,
  };

  lsc_import_book_waking (book, &event);
}

static void
take_newtask (const LscImportFormats *self, LscImportBook *book, const LscImportRaw *raw)
{
  const LscImportFormat *format = &self->formats[LSC_IMPORT_NEWTASK];

  lsc_import_book_newtask (book, get_int (self, raw, &format->pid),
                           get_int (self, raw, &format->fields[PID]),
                           get_long (self, raw, &format->fields[CLONE_FLAGS]));
}

static void
take_exec (const LscImportFormats *self, LscImportBook *book, const LscImportRaw *raw)
{
  const LscImportField *fields = self->formats[LSC_IMPORT_EXEC].fields;
  uint32_t location = (uint32_t) get_int (self, raw, &fields[COMM]);
  size_t n = location >> 16, offset = location & 0xffff;
  g_autofree char *file = NULL;

  if (!fields[COMM].is_location || offset > raw->n_bytes || n > raw->n_bytes - offset)
    return;
  file = g_strndup ((const char *) raw->bytes + offset, n);
  lsc_import_book_exec (book, raw->time_ns, raw->cpu, get_int (self, raw, &fields[PID]),
                        get_int (self, raw, &fields[OLD_PID]), file);
}

void
lsc_import_format_take (LscImportFormats *self, LscImportBook *book, const LscImportRaw *raw)
{
  LscImportKind kind = lsc_import_format_kind_of (self, raw->bytes, raw->n_bytes);
  const LscImportField *fields = self->formats[kind].fields;
  char name[LSC_NAME_SIZE];

  if (raw->n_bytes < self->formats[kind].min_size)
    return;
  switch (kind)
    {
    case LSC_IMPORT_SWITCH:
      take_switch (self, book, raw);
      break;
    case LSC_IMPORT_WAKEUP:
      if (self->has_waking)
        break;
      take_waking (self, book, raw, kind);
      break;
    case LSC_IMPORT_WAKING:
    case LSC_IMPORT_WAKEUP_NEW:
      self->has_waking |= kind == LSC_IMPORT_WAKING;
      take_waking (self, book, raw, kind);
      break;
    case LSC_IMPORT_NEWTASK:
      take_newtask (self, book, raw);
      break;
    case LSC_IMPORT_RENAME:
      lsc_import_book_rename (book, raw->time_ns, raw->cpu, get_int (self, raw, &fields[PID]),
                              get_name (self, raw, &fields[COMM], name));
      break;
    case LSC_IMPORT_EXEC:
      take_exec (self, book, raw);
      break;
    case LSC_IMPORT_EXIT:
      lsc_import_book_exit (book, raw->time_ns, raw->cpu, get_int (self, raw, &fields[PID]));
      break;
    case LSC_IMPORT_FORK:
      lsc_import_book_fork (book, raw->time_ns, raw->cpu, get_int (self, raw, &fields[PARENT_PID]),
                            get_int (self, raw, &fields[CHILD_PID]),
                            get_name (self, raw, &fields[CHILD_COMM], name));
      break;
    case LSC_IMPORT_NOTHING:
    case LSC_IMPORT_N_KINDS:
    default:
      break;
    }
}
