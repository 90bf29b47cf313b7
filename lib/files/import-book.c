/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/import-book.h"

#include <sched.h>
#include <string.h>

#define DEAD_BITS 0xb0u /* EXIT_DEAD, EXIT_ZOMBIE, TASK_DEAD: include/linux/sched.h */
#define PRIO_MAX 139
#define KTHREADD 2          /* the parent of every thread of the kernel */
#define N_TIDS_MAX 1000000u /* threads of one trace that are remembered by name */

/* Who has a thread id at present. */
typedef struct
{
  char name[LSC_NAME_SIZE];  /* as it stands in the records: what follows the NUL is zero */
  char heard[LSC_NAME_SIZE]; /* the last one told, byte by byte */
  uint64_t start_ns;         /* of one who was born in the trace */
  int32_t tid;
  int32_t tgid;   /* 0: not known */
  int32_t parent; /* process */
  uint32_t uid;
  bool introduced;
} Person;

void
lsc_import_book_init (LscImportBook *self)
{
  *self = (LscImportBook){ .first_ns = UINT64_MAX };
  self->tids = lsc_tid_map_new ();
  self->people = g_array_new (FALSE, TRUE, sizeof (Person));
}

void
lsc_import_book_clear (LscImportBook *self)
{
  g_free (self->bytes);
  lsc_tid_map_free (self->tids);
  if (self->people != NULL)
    g_array_unref (self->people);
  *self = (LscImportBook){ 0 };
}

void
lsc_import_book_turn_page (LscImportBook *self)
{
  self->n_bytes = 0;
}

/* Room for a record of `size` bytes; what it holds is the caller's to write, all of it. */
static inline void *
reserve (LscImportBook *self, size_t size)
{
  uint8_t *room;

  if (G_UNLIKELY (self->capacity - self->n_bytes < LSC_RECORD_SIZE_MAX))
    {
      self->capacity = self->capacity * 2 + 2 * LSC_IMPORT_BLOCK;
      self->bytes = g_realloc (self->bytes, self->capacity);
    }
  room = self->bytes + self->n_bytes;
  self->n_bytes += size;
  return room;
}

/* A new record, zeroed but for its head. */
static void *
add (LscImportBook *self, LscRecordKind kind, uint64_t time_ns, uint32_t cpu)
{
  uint16_t size = lsc_record_size_of ((uint8_t) kind);
  LscRecordHead *head = reserve (self, size);

  memset (head, 0, size);
  head->time_ns = time_ns;
  head->kind = (uint8_t) kind;
  head->size = size;
  head->cpu = cpu;
  return head;
}

static inline void
count_event (LscImportBook *self, uint64_t time_ns)
{
  self->n_events++;
  self->last_ns = MAX (self->last_ns, time_ns);
  self->first_ns = MIN (self->first_ns, time_ns);
}

static void *
add_event (LscImportBook *self, LscRecordKind kind, uint64_t time_ns, uint32_t cpu)
{
  count_event (self, time_ns);
  return add (self, kind, time_ns, cpu);
}

static inline Person *
find (const LscImportBook *self, int32_t tid)
{
  /* The array moves when it grows: numbers from 1 on stay. */
  guint number = GPOINTER_TO_UINT (lsc_tid_map_get (self->tids, (uint32_t) tid));

  return number == 0 ? NULL : &g_array_index (self->people, Person, number - 1);
}

static Person *
ensure (LscImportBook *self, int32_t tid)
{
  Person *person = find (self, tid);
  Person nobody = { .tid = tid };

  if (person != NULL || tid <= 0 || (uint32_t) tid >= LSC_TID_LIMIT
      || self->people->len >= N_TIDS_MAX)
    return person;
  g_array_append_val (self->people, nobody);
  lsc_tid_map_set (self->tids, (uint32_t) tid, GUINT_TO_POINTER (self->people->len));
  return &g_array_index (self->people, Person, self->people->len - 1);
}

static void
introduce (LscImportBook *self, Person *person, uint64_t time_ns, uint8_t flags)
{
  LscRecordTask *record = add (self, LSC_RECORD_TASK, time_ns, LSC_CPU_NONE);
  const Person *leader = person->tgid > 0 ? find (self, person->tgid) : person;

  record->head.flags = LSC_TASK_TRACED | flags;
  record->tid = (uint32_t) person->tid;
  record->tgid = (uint32_t) (person->tgid > 0 ? person->tgid : person->tid);
  record->ns_tid = record->tid;
  record->start_ns = person->start_ns;
  record->syscall = LSC_SYSCALL_UNKNOWN;
  record->prio = 120;
  if (leader != NULL)
    {
      record->parent_tgid = (uint32_t) MAX (leader->parent, 0);
      record->uid = leader->uid;
      if (leader->parent == KTHREADD || leader->tid == KTHREADD)
        record->head.flags |= LSC_TASK_KTHREAD;
    }
  memcpy (record->name, person->name, sizeof record->name);
  person->introduced = true;
}

/* Notes a name; whether it is another than before. */
static bool
take_name (Person *person, const char *name)
{
  char clean[LSC_NAME_SIZE] = { 0 };
  size_t n = strnlen (name, LSC_NAME_SIZE - 1);

  memcpy (clean, name, n);
  if (memcmp (clean, person->name, sizeof clean) == 0)
    return false;
  memcpy (person->name, clean, sizeof clean);
  return true;
}

/* Someone who is new, or has another name than the last time. */
static uint32_t
meet_again (LscImportBook *self, uint64_t time_ns, int32_t tid, const char *name)
{
  Person *person = ensure (self, tid);
  bool changed = false;

  if (person == NULL)
    return LSC_TID_OTHER;
  if (name != NULL)
    {
      memcpy (person->heard, name, LSC_NAME_SIZE);
      changed = take_name (person, name);
    }
  if (!person->introduced || changed)
    introduce (self, person, time_ns, LSC_TASK_STATE_UNKNOWN);
  return (uint32_t) tid;
}

/* Someone an event speaks of: introduced when he is not, or has another name. Returns the id to
 * write. `name` is LSC_NAME_SIZE bytes or NULL. */
static inline uint32_t
meet (LscImportBook *self, uint64_t time_ns, int32_t tid, const char *name)
{
  const Person *person;

  if (tid == 0)
    return LSC_TID_IDLE;
  person = find (self, tid);
  /* Nearly always it is the name heard last, byte by byte. */
  if (person != NULL && person->introduced
      && (name == NULL || memcmp (name, person->heard, LSC_NAME_SIZE) == 0))
    return (uint32_t) tid;
  return meet_again (self, time_ns, tid, name);
}

void
lsc_import_book_header (LscImportBook *self, const LscRecordHeader *header)
{
  LscRecordHeader *record = add (self, LSC_RECORD_HEADER, header->head.time_ns, LSC_CPU_NONE);
  LscRecordHead head = record->head;

  *record = *header;
  record->head = head;
  record->head.flags = header->head.flags;
  memcpy (record->magic, LSC_RECORD_MAGIC, sizeof record->magic);
  record->version_major = LSC_RECORD_MAJOR;
  record->version_minor = LSC_RECORD_MINOR;
}

void
lsc_import_book_end (LscImportBook *self)
{
  LscRecordEnd *record = add (self, LSC_RECORD_END, self->last_ns, LSC_CPU_NONE);

  record->reason = LSC_END_STOPPED;
  record->seen = self->n_events + self->n_lost;
  record->delivered = self->n_events;
  record->lost = self->n_lost;
}

void
lsc_import_book_learn (LscImportBook *self, int32_t tid, int32_t tgid, const char *name)
{
  Person *person = ensure (self, tid);

  if (person == NULL)
    return;
  /* A process that was told of later must be told again. */
  if (tgid > 0 && tgid != person->tgid)
    {
      person->tgid = tgid;
      person->introduced = false;
    }
  if (name != NULL && name[0] != '\0' && take_name (person, name))
    person->introduced = false;
}

void
lsc_import_book_learn_process (LscImportBook *self, int32_t tgid, int32_t parent, uint32_t uid)
{
  Person *person = ensure (self, tgid);

  if (person == NULL)
    return;
  person->tgid = tgid;
  person->parent = parent;
  person->uid = uid;
}

int32_t
lsc_import_book_get_tgid (const LscImportBook *self, int32_t tid)
{
  const Person *person = find (self, tid);

  return person != NULL ? person->tgid : 0;
}

static uint8_t
clean_prio (int32_t prio)
{
  return prio < 0 || prio > PRIO_MAX ? LSC_PRIO_DEADLINE : (uint8_t) prio;
}

void
lsc_import_book_switch (LscImportBook *self, const LscImportSwitch *event)
{
  uint32_t prev = meet (self, event->time_ns, event->prev_tid, event->prev_name);
  uint32_t next = meet (self, event->time_ns, event->next_tid, event->next_name);
  LscRecordSwitch *record = reserve (self, sizeof *record);

  count_event (self, event->time_ns);
  *record = (LscRecordSwitch){
    .head = { .time_ns = event->time_ns,
              .size = sizeof *record,
              .kind = LSC_RECORD_SWITCH,
              .flags = event->preempted ? LSC_SWITCH_PREEMPT : 0,
              .cpu = event->cpu },
    .prev_tid = prev,
    .next_tid = next,
    .prev_state = event->prev_state,
    .prev_syscall = LSC_SYSCALL_UNKNOWN,
    .prev_prio = clean_prio (event->prev_prio),
    .next_prio = clean_prio (event->next_prio),
  };
  if ((event->prev_state & DEAD_BITS) != 0 && prev != LSC_TID_IDLE && prev != LSC_TID_OTHER)
    {
      Person *person = find (self, event->prev_tid);

      person->introduced = false; /* the id may come again, as somebody else's */
      person->start_ns = 0;
    }
}

void
lsc_import_book_waking (LscImportBook *self, const LscImportWaking *event)
{
  bool interrupt = event->interrupt || event->waker_tid == 0;
  uint32_t wakee = meet (self, event->time_ns, event->wakee_tid, event->wakee_name);
  uint32_t waker = interrupt ? LSC_TID_IDLE : meet (self, event->time_ns, event->waker_tid, NULL);
  LscRecordWaking *record;

  if (wakee == LSC_TID_IDLE || wakee == LSC_TID_OTHER)
    return;
  count_event (self, event->time_ns);
  record = reserve (self, sizeof *record);
  *record = (LscRecordWaking){
    .head = { .time_ns = event->time_ns,
              .size = sizeof *record,
              .kind = LSC_RECORD_WAKING,
              .flags = (uint8_t) ((interrupt ? LSC_WAKING_INTERRUPT : 0)
                                  | (event->is_new ? LSC_WAKING_NEW : 0)),
              .cpu = event->cpu },
    .wakee_tid = wakee,
    .waker_tid = waker,
  };
}

void
lsc_import_book_newtask (LscImportBook *self,
                         int32_t parent_tid,
                         int32_t child_tid,
                         uint64_t clone_flags)
{
  int32_t group = child_tid;

  if ((clone_flags & CLONE_THREAD) != 0 && parent_tid > 0)
    {
      group = lsc_import_book_get_tgid (self, parent_tid);
      group = group != 0 ? group : parent_tid;
    }
  lsc_import_book_learn (self, child_tid, group, NULL);
}

void
lsc_import_book_fork (LscImportBook *self,
                      uint64_t time_ns,
                      uint32_t cpu,
                      int32_t parent_tid,
                      int32_t child_tid,
                      const char *child_name)
{
  uint32_t parent = meet (self, time_ns, parent_tid, NULL);
  Person *child = ensure (self, child_tid);
  LscRecordFork *record;

  if (child == NULL)
    return;
  if (child_name != NULL)
    (void) take_name (child, child_name);
  child->start_ns = time_ns;
  if (child->tgid == child->tid && child->parent == 0)
    child->parent = lsc_import_book_get_tgid (self, parent_tid);
  introduce (self, child, time_ns, LSC_TASK_NEW);
  record = add_event (self, LSC_RECORD_FORK, time_ns, cpu);
  record->parent_tid = parent;
  record->parent_tgid = (uint32_t) MAX (lsc_import_book_get_tgid (self, parent_tid), 0);
  record->child_tid = (uint32_t) child_tid;
  record->child_tgid = (uint32_t) (child->tgid > 0 ? child->tgid : child_tid);
}

void
lsc_import_book_exec (LscImportBook *self,
                      uint64_t time_ns,
                      uint32_t cpu,
                      int32_t tid,
                      int32_t old_tid,
                      const char *file)
{
  const char *slash = strrchr (file, '/');
  Person *person = ensure (self, tid);
  LscRecordExec *record;

  if (person == NULL)
    return;
  (void) meet (self, time_ns, tid, NULL);
  (void) take_name (person, slash != NULL ? slash + 1 : file);
  record = add_event (self, LSC_RECORD_EXEC, time_ns, cpu);
  record->tid = (uint32_t) tid;
  record->old_tid = (uint32_t) (old_tid > 0 ? old_tid : tid);
  memcpy (record->name, person->name, sizeof record->name);
}

void
lsc_import_book_rename (
    LscImportBook *self, uint64_t time_ns, uint32_t cpu, int32_t tid, const char *name)
{
  Person *person = ensure (self, tid);
  LscRecordRename *record;

  if (person == NULL)
    return;
  (void) meet (self, time_ns, tid, NULL);
  (void) take_name (person, name);
  record = add_event (self, LSC_RECORD_RENAME, time_ns, cpu);
  record->tid = (uint32_t) tid;
  memcpy (record->name, person->name, sizeof record->name);
}

void
lsc_import_book_exit (LscImportBook *self, uint64_t time_ns, uint32_t cpu, int32_t tid)
{
  uint32_t id = meet (self, time_ns, tid, NULL);
  LscRecordExit *record;

  if (id == LSC_TID_IDLE || id == LSC_TID_OTHER)
    return;
  record = add_event (self, LSC_RECORD_EXIT, time_ns, cpu);
  record->tid = id;
  record->tgid = (uint32_t) MAX (lsc_import_book_get_tgid (self, tid), 0);
}

void
lsc_import_book_gap (
    LscImportBook *self, uint32_t cpu, uint64_t first_ns, uint64_t last_ns, uint64_t count)
{
  LscRecordGap *record = add (self, LSC_RECORD_GAP, last_ns, cpu);

  record->first_ns = MIN (first_ns, last_ns);
  record->last_ns = last_ns;
  record->count = MAX (count, 1); /* at least one, or there would be no gap */
  record->cause = LSC_GAP_RING_FULL;
  self->n_lost += record->count;
}

void
lsc_import_book_parse_state (const char *letters, uint32_t *out_bits, bool *out_preempted)
{
  static const struct
  {
    char letter;
    uint32_t bits;
  } known[] = {
    { 'R', 0 },    { 'S', 0x1 },  { 'D', 0x2 },   { 'T', 0x4 },  { 't', 0x8 },   { 'X', 0x10 },
    { 'Z', 0x20 }, { 'P', 0x40 }, { 'I', 0x402 }, { 'x', 0x80 }, { 'W', 0x402 }, /* what
                                                                                    libtraceevent
                                                                                    still calls "I"
                                                                                  */
  };

  *out_bits = 0;
  *out_preempted = false;
  for (const char *p = letters; *p != '\0'; p++)
    {
      uint32_t bits = *p == '+' || *p == '|' ? 0 : LSC_IMPORT_STATE_UNKNOWN;

      for (size_t i = 0; i < G_N_ELEMENTS (known); i++)
        if (*p == known[i].letter)
          bits = known[i].bits;
      *out_bits |= bits;
      *out_preempted |= *p == '+';
    }
}
