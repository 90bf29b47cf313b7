/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/support/synth.h"

#include "lib/wire/record.h"
#include "tests/support/alarm-heap.h"

#include <string.h>

#define FIRST_TID 1000u
#define START_NS UINT64_C (5000000000)
#define SLICE_NS 4000000u
#define SWITCH_NS 1500u
#define NOBODY UINT32_MAX

typedef enum
{
  HABIT_COMPUTE,
  HABIT_LOCK,
  HABIT_SLEEP,
  HABIT_EVENTS,
  HABIT_DISK,
  N_HABITS
} Habit;

typedef struct
{
  uint32_t tid;
  uint32_t tgid;
  Habit habit;
  uint64_t since_ns; /* when it began to run or to queue */
} Task;

typedef struct
{
  uint32_t task; /* or NOBODY: idle */
  uint64_t until_ns;
  uint64_t lost_first_ns;
  uint64_t lost_last_ns;
  uint64_t lost;
} Cpu;

struct _LscSynth
{
  LscSynthConfig config;
  uint64_t random;
  uint64_t now_ns;
  uint64_t n_made;
  uint64_t n_lost;
  uint32_t next_tid;
  Task *tasks;
  Cpu *cpus;
  GQueue ready;   /* task + 1 */
  GQueue waiters; /* of the locks, task + 1 */
  GArray *alarms; /* lsc_alarm_heap_*() */
  GArray *truth;  /* LscSynthTruth, by tid - FIRST_TID */
  GByteArray *out;
  gboolean begun;
  gboolean over;
};

/* splitmix64 */
static uint64_t
draw (LscSynth *self, uint64_t below)
{
  uint64_t z = (self->random += UINT64_C (0x9E3779B97F4A7C15));

  z = (z ^ (z >> 30)) * UINT64_C (0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C (0x94D049BB133111EB);
  return (z ^ (z >> 31)) % below;
}

static void
emit (LscSynth *self, void *record, uint8_t kind, size_t size, uint32_t cpu)
{
  LscRecordHead *head = record;

  head->time_ns = self->now_ns;
  head->size = (uint16_t) size;
  head->kind = kind;
  head->cpu = cpu;
  g_byte_array_append (self->out, record, (guint) size);
}

static void
flush_loss (LscSynth *self, uint32_t number)
{
  Cpu *cpu = &self->cpus[number];
  LscRecordGap gap = { .first_ns = cpu->lost_first_ns,
                       .last_ns = cpu->lost_last_ns,
                       .count = cpu->lost,
                       .cause = LSC_GAP_RING_FULL };

  if (cpu->lost > 0)
    emit (self, &gap, LSC_RECORD_GAP, sizeof gap, number);
  cpu->lost = 0;
}

/* An event: it may be lost, and then a gap stands before the next one of its CPU. */
static void
emit_event (LscSynth *self, void *record, uint8_t kind, size_t size, uint32_t number)
{
  Cpu *cpu = &self->cpus[number];

  self->n_made++;
  if (self->config.lost > 0 && draw (self, 1000) < self->config.lost)
    {
      if (cpu->lost++ == 0)
        cpu->lost_first_ns = self->now_ns;
      cpu->lost_last_ns = self->now_ns;
      self->n_lost++;
      return;
    }
  flush_loss (self, number);
  emit (self, record, kind, size, number);
}

static LscSynthTruth *
truth_of (LscSynth *self, const Task *task)
{
  return &g_array_index (self->truth, LscSynthTruth, task->tid - FIRST_TID);
}

static void
introduce (LscSynth *self, const Task *task, gboolean is_new)
{
  static const char *const names[N_HABITS] = { "compute", "worker", "timer", "server", "disk" };
  LscRecordTask record = {
    .head.flags = (uint8_t) (LSC_TASK_TRACED | (is_new ? LSC_TASK_NEW : 0u)),
    .tid = task->tid,
    .tgid = task->tgid,
    .parent_tgid = 1,
    .ns_tid = task->tid,
    .start_ns = self->now_ns,
    .state = is_new ? 0 : 1,
    .syscall = is_new ? LSC_SYSCALL_NONE : (int16_t) 230,
    .prio = 120,
    .uid = 1000,
  };

  g_snprintf (record.name, sizeof record.name, "%s-%u", names[task->habit], task->tid % 1000);
  emit (self, &record, LSC_RECORD_TASK, sizeof record, 0);
}

static void
init_task (LscSynth *self, Task *task, uint32_t number)
{
  LscSynthTruth truth = { 0 };

  task->tid = self->next_tid++;
  task->tgid = FIRST_TID + number % self->config.n_processes;
  task->habit = number == 0 ? HABIT_COMPUTE : (Habit) draw (self, N_HABITS);
  truth.tid = task->tid;
  g_array_append_val (self->truth, truth);
}

static void
enqueue (LscSynth *self, uint32_t task)
{
  self->tasks[task].since_ns = self->now_ns;
  g_queue_push_tail (&self->ready, GUINT_TO_POINTER (task + 1));
}

static uint32_t
dequeue (GQueue *queue)
{
  return GPOINTER_TO_UINT (g_queue_pop_head (queue)) - 1; /* empty: NOBODY */
}

static void
wake (LscSynth *self, uint32_t task, uint32_t cpu, uint8_t flags)
{
  LscRecordWaking record = { .head.flags = flags, .wakee_tid = self->tasks[task].tid };

  if ((flags & LSC_WAKING_INTERRUPT) == 0)
    record.waker_tid = self->tasks[self->cpus[cpu].task].tid;
  emit_event (self, &record, LSC_RECORD_WAKING, sizeof record, cpu);
  enqueue (self, task);
}

static void
set_slice (LscSynth *self, Cpu *cpu)
{
  static const uint32_t mean_ns[N_HABITS] = { 40000000, 60000, 25000, 80000, 40000 };
  uint64_t work_ns = 1000 + draw (self, 2 * (uint64_t) mean_ns[self->tasks[cpu->task].habit]);

  cpu->until_ns = self->now_ns + MIN (work_ns, SLICE_NS);
}

/* The CPU goes from its task, which leaves as `record` says, to the next ready one. */
static void
change_task (LscSynth *self, uint32_t number, LscRecordSwitch *record)
{
  Cpu *cpu = &self->cpus[number];
  Task *prev = cpu->task == NOBODY ? NULL : &self->tasks[cpu->task];
  uint32_t next = dequeue (&self->ready);

  if (next == NOBODY && prev == NULL)
    return;
  record->prev_tid = prev == NULL ? LSC_TID_IDLE : prev->tid;
  record->next_tid = next == NOBODY ? LSC_TID_IDLE : self->tasks[next].tid;
  record->prev_prio = record->next_prio = 120;
  emit_event (self, record, LSC_RECORD_SWITCH, sizeof *record, number);
  if (prev != NULL)
    {
      truth_of (self, prev)->running_ns += self->now_ns - prev->since_ns;
      truth_of (self, prev)->n_switches++;
    }
  cpu->task = next;
  if (next == NOBODY)
    return;
  truth_of (self, &self->tasks[next])->queued_ns += self->now_ns - self->tasks[next].since_ns;
  self->tasks[next].since_ns = self->now_ns;
  set_slice (self, cpu);
}

/* How the CPU's task goes to sleep, and what will wake it. */
static void
fall_asleep (LscSynth *self, uint32_t number, LscRecordSwitch *record)
{
  static const int16_t syscalls[N_HABITS] = { 230, 202, 230, 232, 17 };
  static const uint32_t sleep_ns[N_HABITS] = { 3000000, 0, 10000000, 2000000, 4000000 };
  uint32_t task = self->cpus[number].task;
  Habit habit = self->tasks[task].habit;

  record->prev_state = habit == HABIT_DISK ? 2 : 1;
  record->prev_syscall = syscalls[habit];
  record->prev_arg = habit == HABIT_LOCK ? 0x7f0000000040u + 64 * (self->tasks[task].tgid % 4) : 3;
  if (habit == HABIT_DISK)
    record->head.flags |= LSC_SWITCH_IO_WAIT;
  if (habit == HABIT_LOCK && !g_queue_is_empty (&self->waiters))
    wake (self, dequeue (&self->waiters), number, 0);
  if (habit == HABIT_LOCK && draw (self, 8) > 0)
    g_queue_push_tail (&self->waiters, GUINT_TO_POINTER (task + 1));
  else
    lsc_alarm_heap_push (self->alarms, self->now_ns + 20000 + draw (self, sleep_ns[habit] + 50000u),
                         task);
}

/* One task ends and another is made in its place. */
static void
replace_task (LscSynth *self, uint32_t number, LscRecordSwitch *record)
{
  uint32_t task = self->cpus[number].task;
  Task *old = &self->tasks[task];
  Task born = *old;
  LscRecordExit end = { .tid = old->tid, .tgid = old->tgid };
  LscRecordFork fork = { .parent_tid = old->tid, .parent_tgid = old->tgid };

  init_task (self, &born, task);
  introduce (self, &born, TRUE);
  fork.child_tid = born.tid;
  fork.child_tgid = born.tgid;
  emit (self, &fork, LSC_RECORD_FORK, sizeof fork, number);
  emit (self, &end, LSC_RECORD_EXIT, sizeof end, number);
  self->n_made += 2;
  record->prev_state = 0x80;
  change_task (self, number, record);
  *old = born;
  wake (self, task, number, LSC_WAKING_NEW | LSC_WAKING_INTERRUPT);
}

static void
end_slice (LscSynth *self, uint32_t number)
{
  LscRecordSwitch record = { .prev_syscall = LSC_SYSCALL_NONE };
  Cpu *cpu = &self->cpus[number];
  uint32_t task = cpu->task;
  gboolean may_end = self->tasks[task].tid != self->tasks[task].tgid;

  if (self->now_ns - self->tasks[task].since_ns >= SLICE_NS)
    {
      if (g_queue_is_empty (&self->ready))
        {
          cpu->until_ns = self->now_ns + SLICE_NS;
          return;
        }
      record.head.flags = LSC_SWITCH_PREEMPT;
      change_task (self, number, &record);
      enqueue (self, task);
    }
  else if (may_end && draw (self, 1000) < self->config.churn)
    replace_task (self, number, &record);
  else
    {
      fall_asleep (self, number, &record);
      change_task (self, number, &record);
    }
}

static void
fill_idle_cpus (LscSynth *self)
{
  for (uint32_t i = 0; i < self->config.n_cpus && !g_queue_is_empty (&self->ready); i++)
    if (self->cpus[i].task == NOBODY)
      {
        LscRecordSwitch record = { .prev_syscall = LSC_SYSCALL_NONE };

        self->now_ns += SWITCH_NS;
        change_task (self, i, &record);
      }
}

static uint32_t
earliest_cpu (const LscSynth *self)
{
  uint32_t earliest = NOBODY;

  for (uint32_t i = 0; i < self->config.n_cpus; i++)
    if (self->cpus[i].task != NOBODY
        && (earliest == NOBODY || self->cpus[i].until_ns < self->cpus[earliest].until_ns))
      earliest = i;
  return earliest;
}

static void
step (LscSynth *self)
{
  uint32_t earliest = earliest_cpu (self);
  const LscAlarm *alarm = lsc_alarm_heap_first (self->alarms);
  uint32_t some_cpu = (uint32_t) draw (self, self->config.n_cpus);

  if (alarm != NULL && (earliest == NOBODY || alarm->time_ns <= self->cpus[earliest].until_ns))
    {
      self->now_ns = MAX (self->now_ns + 1, alarm->time_ns);
      wake (self, lsc_alarm_heap_pop (self->alarms), some_cpu, LSC_WAKING_INTERRUPT);
    }
  else if (earliest != NOBODY)
    {
      self->now_ns = MAX (self->now_ns + 1, self->cpus[earliest].until_ns);
      end_slice (self, earliest);
    }
  else
    {
      /* Everybody waits for a lock: a time-out. */
      self->now_ns += 1000000;
      wake (self, dequeue (&self->waiters), some_cpu, LSC_WAKING_INTERRUPT);
    }
  fill_idle_cpus (self);
}

static void
begin (LscSynth *self)
{
  LscRecordHeader header = { .head.flags = LSC_HEADER_WHOLE_MACHINE,
                             .version_major = LSC_RECORD_MAJOR,
                             .version_minor = LSC_RECORD_MINOR,
                             .n_cpus = self->config.n_cpus,
                             .realtime_offset_ns = INT64_C (1700000000000000000),
                             .scope = LSC_SCOPE_ANY,
                             .release = "6.18.0",
                             .machine = "x86_64",
                             .host = "synth",
                             .command = "synthetic" };
  LscRecordReady ready = { .n_processes = self->config.n_processes,
                           .n_threads = self->config.n_threads };

  memcpy (header.magic, LSC_RECORD_MAGIC, sizeof header.magic);
  emit (self, &header, LSC_RECORD_HEADER, sizeof header, LSC_CPU_NONE);
  for (uint32_t i = 0; i < self->config.n_threads; i++)
    {
      init_task (self, &self->tasks[i], i);
      introduce (self, &self->tasks[i], FALSE);
      lsc_alarm_heap_push (self->alarms, self->now_ns + 1000 + draw (self, 2000000), i);
    }
  self->now_ns += 1000;
  emit (self, &ready, LSC_RECORD_READY, sizeof ready, LSC_CPU_NONE);
  self->begun = TRUE;
}

static void
finish (LscSynth *self)
{
  LscRecordEnd end = { .reason = LSC_END_STOPPED,
                       .seen = self->n_made,
                       .delivered = self->n_made - self->n_lost,
                       .lost = self->n_lost };

  for (uint32_t i = 0; i < self->config.n_cpus; i++)
    {
      uint32_t task = self->cpus[i].task;

      if (task != NOBODY)
        truth_of (self, &self->tasks[task])->running_ns +=
            self->now_ns - self->tasks[task].since_ns;
      flush_loss (self, i);
    }
  for (const GList *l = self->ready.head; l != NULL; l = l->next)
    {
      const Task *task = &self->tasks[GPOINTER_TO_UINT (l->data) - 1];

      truth_of (self, task)->queued_ns += self->now_ns - task->since_ns;
    }
  emit (self, &end, LSC_RECORD_END, sizeof end, LSC_CPU_NONE);
  self->over = TRUE;
}

LscSynth *
lsc_synth_new (const LscSynthConfig *config)
{
  LscSynth *self = g_new0 (LscSynth, 1);

  self->config = *config;
  self->random = config->seed;
  self->now_ns = START_NS;
  self->next_tid = FIRST_TID;
  self->tasks = g_new0 (Task, config->n_threads);
  self->cpus = g_new0 (Cpu, config->n_cpus);
  for (uint32_t i = 0; i < config->n_cpus; i++)
    self->cpus[i].task = NOBODY;
  self->alarms = g_array_new (FALSE, FALSE, sizeof (LscAlarm));
  self->truth = g_array_new (FALSE, FALSE, sizeof (LscSynthTruth));
  g_queue_init (&self->ready);
  g_queue_init (&self->waiters);
  return self;
}

void
lsc_synth_free (LscSynth *self)
{
  if (self == NULL)
    return;
  g_queue_clear (&self->ready);
  g_queue_clear (&self->waiters);
  g_array_unref (self->alarms);
  g_array_unref (self->truth);
  g_free (self->tasks);
  g_free (self->cpus);
  g_free (self);
}

gboolean
lsc_synth_fill (LscSynth *self, GByteArray *out, size_t n_bytes)
{
  size_t before = out->len;

  self->out = out;
  if (!self->begun)
    begin (self);
  while (!self->over && out->len - before < n_bytes)
    {
      if (self->n_made >= self->config.n_events)
        finish (self);
      else
        step (self);
    }
  return out->len > before;
}

GByteArray *
lsc_synth_all (const LscSynthConfig *config)
{
  g_autoptr (LscSynth) self = lsc_synth_new (config);
  GByteArray *out = g_byte_array_new ();

  while (lsc_synth_fill (self, out, 1 << 20))
    ;
  return out;
}

const GArray *
lsc_synth_get_truth (const LscSynth *self)
{
  return self->truth;
}
