/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The book of an import: takes what another tool's trace says and writes it down as records, as if
 * Lanescope had recorded it.
 *
 * Invariants. A thread is introduced (LSC_RECORD_TASK) before the first event that speaks of it,
 * and again when its name has changed. What the trace does not say stays unknown: no system calls,
 * no states before the first event. Thread ids that cannot be ids become LSC_TID_OTHER.
 */
#pragma once

#include "lib/trace/tid-map.h"
#include "lib/wire/record.h"

#include <glib.h>
#include <stdbool.h>

#define LSC_IMPORT_BLOCK 65536u /* bytes of records that make a block worth handing out */
#define LSC_IMPORT_STATE_UNKNOWN 0x40000000u /* a task state we do not know */

typedef struct
{
  uint8_t *bytes; /* the records gathered */
  size_t n_bytes;
  size_t capacity;
  LscTidMap *tids;   /* to numbers in people */
  GArray *people;    /* LscImportPerson */
  uint64_t n_events; /* written so far */
  uint64_t n_lost;
  uint64_t last_ns;
  uint64_t first_ns; /* UINT64_MAX: nothing written yet */
} LscImportBook;

/* One who left a CPU and one who came. A name may be NULL (not said), else it is NUL-terminated or
 * LSC_NAME_SIZE bytes long. */
typedef struct
{
  uint64_t time_ns;
  uint32_t cpu;
  int32_t prev_tid, next_tid; /* 0: idle; below: not known */
  const char *prev_name, *next_name;
  int32_t prev_prio, next_prio;
  uint32_t prev_state; /* bits as in LscRecordSwitch */
  bool preempted;
} LscImportSwitch;

/* `interrupt`: the waker was only interrupted. */
typedef struct
{
  uint64_t time_ns;
  uint32_t cpu;
  int32_t wakee_tid, waker_tid;
  const char *wakee_name;
  bool interrupt, is_new;
} LscImportWaking;

void lsc_import_book_init (LscImportBook *self);
void lsc_import_book_clear (LscImportBook *self);

/* Forgets the records gathered; who is who stays. */
void lsc_import_book_turn_page (LscImportBook *self);

/* Writes a header: `header` with magic, version and sizes filled in here. */
void lsc_import_book_header (LscImportBook *self, const LscRecordHeader *header);
/* The trace ended in order. */
void lsc_import_book_end (LscImportBook *self);

/* Notes who somebody is, for when he is introduced. A tgid of 0 and a NULL name say nothing. */
void lsc_import_book_learn (LscImportBook *self, int32_t tid, int32_t tgid, const char *name);
/* The parent and the user of a process. */
void
lsc_import_book_learn_process (LscImportBook *self, int32_t tgid, int32_t parent, uint32_t uid);
/* The process of a thread as far as it is known: 0 when not. */
int32_t lsc_import_book_get_tgid (const LscImportBook *self, int32_t tid);

void lsc_import_book_switch (LscImportBook *self, const LscImportSwitch *event);
void lsc_import_book_waking (LscImportBook *self, const LscImportWaking *event);
/* task_newtask, which comes before the fork: `clone_flags` say whether the child is a thread of
 * its parent's process. */
void lsc_import_book_newtask (LscImportBook *self,
                              int32_t parent_tid,
                              int32_t child_tid,
                              uint64_t clone_flags);
void lsc_import_book_fork (LscImportBook *self,
                           uint64_t time_ns,
                           uint32_t cpu,
                           int32_t parent_tid,
                           int32_t child_tid,
                           const char *child_name);
void lsc_import_book_exec (LscImportBook *self,
                           uint64_t time_ns,
                           uint32_t cpu,
                           int32_t tid,
                           int32_t old_tid,
                           const char *file);
void lsc_import_book_rename (
    LscImportBook *self, uint64_t time_ns, uint32_t cpu, int32_t tid, const char *name);
void lsc_import_book_exit (LscImportBook *self, uint64_t time_ns, uint32_t cpu, int32_t tid);
/* `count` events of `cpu` between the two times are missing; 0: it is not known how many. */
void lsc_import_book_gap (
    LscImportBook *self, uint32_t cpu, uint64_t first_ns, uint64_t last_ns, uint64_t count);

/* Task state bits of the letters that ftrace and perf print ("S", "R+", "D|K"): sets `*out_bits`,
 * and `*out_preempted` for a "+". */
void lsc_import_book_parse_state (const char *letters, uint32_t *out_bits, bool *out_preempted);
