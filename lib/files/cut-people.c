/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/cut-people.h"

#include "lib/trace/task-state.h"
#include "lib/trace/tid-map.h"

#include <stdbool.h>
#include <string.h>

/* How long one whose end was told may still be named: on its CPU until a switch that nobody tells.
 */
#define STAYS_NS G_GUINT64_CONSTANT (1000000000)

/* What a task record says of a state that has ended. */
#define OF_A_WAIT (LSC_TASK_IO_WAIT | LSC_TASK_COMPAT | LSC_TASK_STATE_UNKNOWN | LSC_TASK_NEW)

typedef struct
{
  LscRecordTask task;       /* as it would be introduced now */
  LscRecordWaking pending;  /* came while it still had a CPU; size 0: none did */
  uint32_t number, process; /* in place of names */
  guint place;              /* in `all` */
  uint64_t end_told_ns;     /* of a neighbour that ends; 0 before */
} Person;

struct _LscCutPeople
{
  LscTidMap *of_tid;
  GPtrArray *all;        /* who lives, in no order */
  GHashTable *processes; /* tgid: number */
  GHashTable *on_cpu;    /* cpu: tid */
  GQueue leaving;        /* tids whose end was told, the first first */
  uint32_t n_people, n_processes;
  bool ready;
};

LscCutPeople *
lsc_cut_people_new (void)
{
  LscCutPeople *self = g_new0 (LscCutPeople, 1);

  self->of_tid = lsc_tid_map_new ();
  self->all = g_ptr_array_new_with_free_func (g_free);
  self->processes = g_hash_table_new (NULL, NULL);
  self->on_cpu = g_hash_table_new (NULL, NULL);
  return self;
}

void
lsc_cut_people_free (LscCutPeople *self)
{
  if (self == NULL)
    return;
  lsc_tid_map_free (self->of_tid);
  g_ptr_array_unref (self->all);
  g_hash_table_unref (self->processes);
  g_hash_table_unref (self->on_cpu);
  g_queue_clear (&self->leaving);
  g_free (self);
}

static Person *
find (const LscCutPeople *self, uint32_t tid)
{
  return lsc_tid_map_get (self->of_tid, tid);
}

static void
let_go (LscCutPeople *self, Person *person)
{
  guint place = person->place;

  if (person->task.tid == person->task.tgid)
    g_hash_table_remove (self->processes, GUINT_TO_POINTER (person->task.tgid));
  lsc_tid_map_remove (self->of_tid, person->task.tid);
  g_ptr_array_remove_index_fast (self->all, place);
  if (place < self->all->len)
    ((Person *) self->all->pdata[place])->place = place;
}

/* No switch will tell it. */
static void
note_end (LscCutPeople *self, Person *person, uint64_t time_ns)
{
  if (person->end_told_ns != 0)
    return;
  person->task.head.flags |= LSC_TASK_EXITING;
  person->end_told_ns = time_ns;
  g_queue_push_tail (&self->leaving, GUINT_TO_POINTER (person->task.tid));
}

static void
let_go_of_the_ended (LscCutPeople *self, uint64_t time_ns)
{
  Person *person;

  while (!g_queue_is_empty (&self->leaving))
    {
      person = find (self, GPOINTER_TO_UINT (g_queue_peek_head (&self->leaving)));
      if (person != NULL && person->end_told_ns != 0 && person->end_told_ns + STAYS_NS > time_ns)
        return;
      if (person != NULL && person->end_told_ns != 0)
        let_go (self, person);
      g_queue_pop_head (&self->leaving);
    }
}

static uint32_t
number_of_process (LscCutPeople *self, uint32_t tgid)
{
  gpointer key = GUINT_TO_POINTER (tgid);

  if (!g_hash_table_contains (self->processes, key))
    g_hash_table_insert (self->processes, key, GUINT_TO_POINTER (++self->n_processes));
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->processes, key));
}

/* Of a known life; what it did is known better from its events. */
static void
take_again (Person *person, const LscRecordTask *record)
{
  if ((person->task.head.flags & LSC_TASK_STATE_UNKNOWN) != 0)
    {
      person->task = *record;
      return;
    }
  person->task.head.flags |= record->head.flags & LSC_TASK_TRACED;
  person->task.parent_tgid = record->parent_tgid;
  person->task.uid = record->uid;
  memcpy (person->task.name, record->name, sizeof record->name);
}

static void
take_task (LscCutPeople *self, const LscRecordTask *record)
{
  Person *person = find (self, record->tid);

  if (person != NULL && person->task.start_ns != 0 && record->start_ns != 0
      && person->task.start_ns != record->start_ns)
    {
      let_go (self, person);
      person = NULL;
    }
  if (person != NULL)
    {
      take_again (person, record);
      return;
    }
  if (record->tid >= LSC_TID_LIMIT)
    return;
  person = g_new0 (Person, 1);
  person->task = *record;
  person->number = ++self->n_people;
  person->process = number_of_process (self, record->tgid);
  person->place = self->all->len;
  g_ptr_array_add (self->all, person);
  lsc_tid_map_set (self->of_tid, record->tid, person);
  if ((record->head.flags & (LSC_TASK_TRACED | LSC_TASK_EXITING)) == LSC_TASK_EXITING)
    note_end (self, person, record->head.time_ns);
}

/* `flags`: of the new state. */
static void
set_state (Person *person, uint8_t flags, uint32_t state)
{
  LscRecordTask *task = &person->task;

  task->head.flags = (uint8_t) ((task->head.flags & ~(OF_A_WAIT | LSC_TASK_ON_CPU)) | flags);
  task->head.cpu = LSC_CPU_NONE;
  task->state = state;
  task->syscall = LSC_SYSCALL_NONE;
  task->arg = 0;
  task->detail = LSC_DETAIL_NONE;
  person->pending = (LscRecordWaking){ 0 };
}

static void
leave_cpu (LscCutPeople *self, Person *person, const LscRecordSwitch *record)
{
  const uint8_t flags = record->head.flags;
  LscState state = lsc_task_state_to_state (record->prev_state);

  if (state == LSC_STATE_ABSENT)
    {
      let_go (self, person);
      return;
    }
  person->task.prio = record->prev_prio;
  if (state == LSC_STATE_RUNNABLE || (flags & LSC_SWITCH_PREEMPT) != 0
      || person->pending.head.size != 0)
    {
      set_state (person, 0, 0);
      return;
    }
  set_state (person,
             (uint8_t) (((flags & LSC_SWITCH_IO_WAIT) != 0 ? LSC_TASK_IO_WAIT : 0)
                        | ((flags & LSC_SWITCH_COMPAT) != 0 ? LSC_TASK_COMPAT : 0)),
             record->prev_state);
  person->task.syscall = record->prev_syscall;
  person->task.arg = record->prev_arg;
  person->task.detail = flags >> LSC_SWITCH_DETAIL_SHIFT;
}

static void
take_switch (LscCutPeople *self, const LscRecordSwitch *record)
{
  gpointer cpu = GUINT_TO_POINTER (record->head.cpu);
  uint32_t before = GPOINTER_TO_UINT (g_hash_table_lookup (self->on_cpu, cpu));
  Person *prev = find (self, record->prev_tid), *next = find (self, record->next_tid);
  Person *unseen = before != record->prev_tid ? find (self, before) : NULL;

  /* Somebody else leaves than was seen to come: when that one left was not told. */
  if (unseen != NULL && (unseen->task.head.flags & LSC_TASK_ON_CPU) != 0
      && unseen->task.head.cpu == record->head.cpu)
    set_state (unseen, LSC_TASK_STATE_UNKNOWN, 0);
  if (prev != NULL)
    leave_cpu (self, prev, record);
  if (next != NULL && next != prev)
    {
      set_state (next, LSC_TASK_ON_CPU, 0);
      next->task.head.cpu = record->head.cpu;
      next->task.prio = record->next_prio;
    }
  g_hash_table_insert (self->on_cpu, cpu, GUINT_TO_POINTER (record->next_tid));
}

static void
take_waking (LscCutPeople *self, const LscRecordWaking *record)
{
  Person *person = find (self, record->wakee_tid);

  if (person == NULL)
    return;
  if ((person->task.head.flags & LSC_TASK_ON_CPU) != 0)
    person->pending = *record;
  else
    set_state (person, 0, 0);
}

static void
take_exit (LscCutPeople *self, const LscRecordExit *record)
{
  Person *person = find (self, record->tid);

  if (person != NULL && (record->head.flags & LSC_EXIT_NEIGHBOUR) != 0)
    note_end (self, person, record->head.time_ns);
}

static void
take_exec (LscCutPeople *self, const LscRecordExec *record)
{
  Person *caller = record->old_tid != record->tid ? find (self, record->old_tid) : NULL;
  Person *person = find (self, record->tid);

  if (caller != NULL)
    let_go (self, caller);
  if (person == NULL)
    return;
  memcpy (person->task.name, record->name, sizeof record->name);
  if (caller == NULL)
    return;
  set_state (person, LSC_TASK_ON_CPU | LSC_TASK_TRACED, 0);
  person->task.head.cpu = record->head.cpu;
  g_hash_table_insert (self->on_cpu, GUINT_TO_POINTER (record->head.cpu),
                       GUINT_TO_POINTER (record->tid));
}

/* Whoever does not run on another CPU may have changed meanwhile. */
static void
take_gap (LscCutPeople *self, const LscRecordGap *record)
{
  for (guint i = 0; i < self->all->len; i++)
    {
      Person *person = self->all->pdata[i];

      if (record->head.cpu == LSC_CPU_NONE || (person->task.head.flags & LSC_TASK_ON_CPU) == 0
          || person->task.head.cpu == record->head.cpu)
        set_state (person, LSC_TASK_STATE_UNKNOWN, 0);
    }
}

void
lsc_cut_people_take (LscCutPeople *self, const LscRecordHead *record)
{
  const void *bytes = record;
  const LscRecordRename *rename = bytes;
  Person *person;

  switch (record->kind)
    {
    case LSC_RECORD_TASK:
      let_go_of_the_ended (self, record->time_ns);
      take_task (self, bytes);
      break;
    case LSC_RECORD_SWITCH:
      take_switch (self, bytes);
      break;
    case LSC_RECORD_WAKING:
      take_waking (self, bytes);
      break;
    case LSC_RECORD_EXIT:
      take_exit (self, bytes);
      break;
    case LSC_RECORD_EXEC:
      take_exec (self, bytes);
      break;
    case LSC_RECORD_RENAME:
      person = find (self, rename->tid);
      if (person != NULL)
        memcpy (person->task.name, rename->name, sizeof rename->name);
      break;
    case LSC_RECORD_GAP:
      take_gap (self, bytes);
      break;
    case LSC_RECORD_READY:
      self->ready = true;
      break;
    default:
      break;
    }
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  const Person *left = *(const Person *const *) a, *right = *(const Person *const *) b;

  return left->number < right->number ? -1 : left->number > right->number;
}

void
lsc_cut_people_introduce (LscCutPeople *self, uint64_t time_ns, GByteArray *out)
{
  g_autoptr (GPtrArray) people = NULL;
  LscRecordReady ready = { .head = { .time_ns = time_ns,
                                     .size = sizeof ready,
                                     .kind = LSC_RECORD_READY,
                                     .cpu = LSC_CPU_NONE } };

  let_go_of_the_ended (self, time_ns);
  people = g_ptr_array_copy (self->all, NULL, NULL);
  ready.n_processes = g_hash_table_size (self->processes);
  ready.n_threads = people->len;
  g_ptr_array_set_free_func (people, NULL); /* the people stay */
  g_ptr_array_sort (people, compare_numbers);
  for (guint i = 0; i < people->len; i++)
    {
      LscRecordTask task = ((const Person *) people->pdata[i])->task;

      task.head.time_ns = time_ns;
      g_byte_array_append (out, (const guint8 *) &task, sizeof task);
    }
  if (self->ready)
    g_byte_array_append (out, (const guint8 *) &ready, sizeof ready);
  for (guint i = 0; i < people->len; i++)
    {
      LscRecordWaking pending = ((const Person *) people->pdata[i])->pending;

      pending.head.time_ns = time_ns;
      if (pending.head.size != 0)
        g_byte_array_append (out, (const guint8 *) &pending, sizeof pending);
    }
}

void
lsc_cut_people_redact (const LscCutPeople *self, uint32_t tid, char name[LSC_NAME_SIZE])
{
  const Person *person = find (self, tid);

  memset (name, 0, LSC_NAME_SIZE);
  if (person != NULL && person->task.tid == person->task.tgid)
    g_snprintf (name, LSC_NAME_SIZE, "process-%u", person->process);
  else if (person != NULL)
    g_snprintf (name, LSC_NAME_SIZE, "thread-%u", person->number);
}
