/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The kernel's event formats (/sys/kernel/tracing/events/SYSTEM/EVENT/format): where the fields of
 * the scheduler's events stand in the raw bytes, and what they mean.
 *
 * Offsets differ between kernels and are only ever taken from the text that came with the trace.
 */
#pragma once

#include "lib/files/import-book.h"

#define LSC_IMPORT_FIELDS_MAX 7

typedef struct
{
  uint16_t offset;
  uint16_t size;    /* 0: there is no such field */
  bool is_location; /* holds offset and length of the text elsewhere (__data_loc) */
} LscImportField;

typedef struct
{
  bool known;
  uint16_t min_size; /* bytes an event has at least */
  LscImportField flags;
  LscImportField pid; /* who it happened to */
  LscImportField fields[LSC_IMPORT_FIELDS_MAX];
} LscImportFormat;

typedef enum
{
  LSC_IMPORT_NOTHING,
  LSC_IMPORT_SWITCH,
  LSC_IMPORT_WAKING,
  LSC_IMPORT_WAKEUP,
  LSC_IMPORT_WAKEUP_NEW,
  LSC_IMPORT_NEWTASK,
  LSC_IMPORT_RENAME,
  LSC_IMPORT_EXEC,
  LSC_IMPORT_EXIT,
  LSC_IMPORT_FORK,
  LSC_IMPORT_N_KINDS
} LscImportKind;

typedef struct
{
  LscImportFormat formats[LSC_IMPORT_N_KINDS];
  uint8_t kind_of_id[65536]; /* LscImportKind */
  uint32_t state_bits[31];   /* of each bit of prev_state in this trace: as in LscRecordSwitch */
  uint32_t preempted;        /* the bit that says so */
  bool swap;                 /* the other byte order than ours */
  bool has_waking;           /* sched_waking was seen: sched_wakeup says nothing new */
} LscImportFormats;

/* One event as it stands in the trace. */
typedef struct
{
  uint64_t time_ns;
  uint32_t cpu;
  const uint8_t *bytes;
  size_t n_bytes;
} LscImportRaw;

/* Nothing is known yet. */
void lsc_import_format_init (LscImportFormats *self, bool swap);

/* Reads one format file. What is no event of the scheduler, or makes no sense, is left out. */
void lsc_import_format_parse (LscImportFormats *self, const char *text);

/* Where the field is, in a format file or in header_page. */
bool lsc_import_format_find (const char *text, const char *name, LscImportField *out_field);

/* What kind of event the raw bytes are. */
static inline LscImportKind
lsc_import_format_kind_of (const LscImportFormats *self, const uint8_t *bytes, size_t n_bytes)
{
  uint16_t id;

  if (n_bytes < 8)
    return LSC_IMPORT_NOTHING;
  __builtin_memcpy (&id, bytes, sizeof id);
  return (LscImportKind) self->kind_of_id[self->swap ? __builtin_bswap16 (id) : id];
}

/* Writes the event down. */
void lsc_import_format_take (LscImportFormats *self, LscImportBook *book, const LscImportRaw *raw);
