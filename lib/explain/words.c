/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/words.h"

#include "lsc-config.h"

#include <glib.h>
#include <glib/gi18n-lib.h>

/* Task state bits, include/linux/sched.h. */
#define TASK_STOPPED_BIT 0x4u
#define TASK_TRACED_BIT 0x8u
#define TASK_PARKED_BIT 0x40u
#define TASK_NOLOAD_BIT 0x400u

static const char *const plain_states[LSC_N_STATES] = {
  [LSC_STATE_UNKNOWN] = N_ ("Unknown"),
  [LSC_STATE_RUNNING] = N_ ("Running"),
  [LSC_STATE_RUNNABLE] = N_ ("Ready, waiting for a CPU"),
  [LSC_STATE_PREEMPTED] = N_ ("Pushed off the CPU"),
  [LSC_STATE_SLEEPING] = N_ ("Waiting"),
  [LSC_STATE_UNINTERRUPTIBLE] = N_ ("Waiting, not interruptible"),
  [LSC_STATE_STOPPED] = N_ ("Stopped"),
  [LSC_STATE_ABSENT] = N_ ("Not alive"),
};

static const char *const kernel_states[LSC_N_STATES] = {
  [LSC_STATE_UNKNOWN] = N_ ("? (unknown)"),
  [LSC_STATE_RUNNING] = N_ ("R (running)"),
  [LSC_STATE_RUNNABLE] = N_ ("R (runnable)"),
  [LSC_STATE_PREEMPTED] = N_ ("R+ (preempted)"),
  [LSC_STATE_SLEEPING] = N_ ("S (interruptible sleep)"),
  [LSC_STATE_UNINTERRUPTIBLE] = N_ ("D (uninterruptible sleep)"),
  [LSC_STATE_STOPPED] = N_ ("T (stopped)"),
  [LSC_STATE_ABSENT] = N_ ("X (dead)"),
};

typedef struct
{
  const char *id;
  const char *name;
  const char *phrase;
} Reason;

static const Reason reasons[LSC_N_REASONS] = {
  [LSC_REASON_NONE] = { "none", N_ ("On the CPU"), N_ ("not waiting") },
  [LSC_REASON_UNKNOWN] = { "unknown", N_ ("Unknown"), N_ ("waiting for something unknown") },
  [LSC_REASON_QUEUE] = { "queue", N_ ("Queue"), N_ ("waiting for a CPU") },
  [LSC_REASON_PREEMPTED] = { "preempted", N_ ("Preempted"), N_ ("pushed off the CPU") },
  [LSC_REASON_YIELDED] = { "yielded", N_ ("Yielded"), N_ ("giving the CPU to others") },
  [LSC_REASON_LOCK] = { "lock", N_ ("Lock"), N_ ("waiting for a lock") },
  [LSC_REASON_DISK] = { "disk", N_ ("Disk"), N_ ("waiting for a disk") },
  [LSC_REASON_FILE] = { "file", N_ ("File"), N_ ("waiting for a file operation") },
  [LSC_REASON_PIPE] = { "pipe", N_ ("Pipe"), N_ ("waiting for a pipe, a terminal or a socket") },
  [LSC_REASON_TERMINAL] = { "terminal", N_ ("Terminal"), N_ ("waiting for a terminal") },
  [LSC_REASON_NETWORK] = { "network", N_ ("Network"), N_ ("waiting for a socket") },
  [LSC_REASON_TIMER] = { "timer", N_ ("Timer"), N_ ("asleep until a chosen time") },
  [LSC_REASON_EVENTS] = { "events", N_ ("Events"), N_ ("waiting for events") },
  [LSC_REASON_CHILD] = { "child", N_ ("Child"), N_ ("waiting for a child process") },
  [LSC_REASON_SIGNAL] = { "signal", N_ ("Signal"), N_ ("waiting for a signal") },
  [LSC_REASON_PAGE_FAULT] = { "page-fault", N_ ("Page fault"),
                              N_ ("waiting for memory that was not there yet") },
  [LSC_REASON_STOPPED] = { "stopped", N_ ("Stopped"), N_ ("stopped by a signal or a debugger") },
  [LSC_REASON_EXITING] = { "exiting", N_ ("Exiting"), N_ ("on its way out") },
  [LSC_REASON_KERNEL] = { "kernel", N_ ("Kernel"), N_ ("waiting inside the kernel") },
};

const char *
lsc_words_state (LscState state, LscWords words)
{
  if ((unsigned) state >= LSC_N_STATES)
    state = LSC_STATE_UNKNOWN;
  return _ (words == LSC_WORDS_KERNEL ? kernel_states[state] : plain_states[state]);
}

static const char *
letter_of_stop (uint32_t kernel_state)
{
  if (kernel_state & TASK_TRACED_BIT)
    return "t";
  if (kernel_state & TASK_PARKED_BIT)
    return "P";
  return "T";
}

const char *
lsc_words_letter (const LscFacts *facts)
{
  switch ((LscState) facts->state)
    {
    case LSC_STATE_RUNNING:
    case LSC_STATE_RUNNABLE:
      return "R";
    case LSC_STATE_PREEMPTED:
      return "R+";
    case LSC_STATE_SLEEPING:
      return facts->kernel_state & TASK_NOLOAD_BIT ? "I" : "S";
    case LSC_STATE_UNINTERRUPTIBLE:
      return "D";
    case LSC_STATE_STOPPED:
      return letter_of_stop (facts->kernel_state);
    case LSC_STATE_ABSENT:
      return "X";
    case LSC_STATE_UNKNOWN:
    case LSC_N_STATES:
    default:
      return "?";
    }
}

static const Reason *
get_reason (LscReason reason)
{
  return &reasons[(unsigned) reason < LSC_N_REASONS ? reason : LSC_REASON_UNKNOWN];
}

const char *
lsc_words_reason (LscReason reason)
{
  return _ (get_reason (reason)->name);
}

const char *
lsc_words_wait (const LscFacts *facts, LscReason reason)
{
  if (reason == LSC_REASON_LOCK && facts->detail == LSC_DETAIL_FUTEX_WAIT_BITSET)
    return _ ("Other thread");
  return lsc_words_reason (reason);
}

const char *
lsc_words_reason_phrase (LscReason reason)
{
  return _ (get_reason (reason)->phrase);
}

/* In the order of LscDetail. */
static const struct
{
  const char *reading; /* or the only phrase */
  const char *writing;
} wait_phrases[] = {
  [LSC_DETAIL_PIPE] = { N_ ("reading from a pipe"), N_ ("writing to a pipe") },
  [LSC_DETAIL_SOCKET] = { N_ ("reading from a socket"), N_ ("writing to a socket") },
  [LSC_DETAIL_TERMINAL] = { N_ ("reading from a terminal"), N_ ("writing to a terminal") },
  [LSC_DETAIL_FILE] = { N_ ("reading from a file"), N_ ("writing to a file") },
  [LSC_DETAIL_EVENT] = { N_ ("waiting for an event, a timer or a signal through a descriptor"),
                         N_ ("writing to an event descriptor") },
  [LSC_DETAIL_DEVICE] = { N_ ("reading from a device"), N_ ("writing to a device") },
  [LSC_DETAIL_BLOCK] = { N_ ("reading from a disk"), N_ ("writing to a disk") },
  [LSC_DETAIL_FUTEX_WAIT] = { N_ ("waiting for a lock"), NULL },
  [LSC_DETAIL_FUTEX_WAIT_BITSET] = { N_ ("waiting for another thread, probably for a condition, an "
                                         "end (join) or a semaphore"),
                                     NULL },
  [LSC_DETAIL_FUTEX_LOCK_PI] = { N_ ("waiting for a lock with priority inheritance"), NULL },
  [LSC_DETAIL_FUTEX_REQUEUE_PI] = { N_ ("waiting for a condition, to take its lock with priority "
                                        "inheritance then"),
                                    NULL },
};

const char *
lsc_words_wait_phrase (const LscFacts *facts, LscReason reason, const char *call)
{
  unsigned detail = facts->detail;

  /* A wait for the disk says more than the file it belongs to. */
  if (reason == LSC_REASON_DISK || detail >= G_N_ELEMENTS (wait_phrases)
      || wait_phrases[detail].reading == NULL)
    return lsc_words_reason_phrase (reason);
  if (wait_phrases[detail].writing != NULL && call != NULL && g_str_has_prefix (call, "write"))
    return _ (wait_phrases[detail].writing);
  return _ (wait_phrases[detail].reading);
}

const char *
lsc_words_reason_id (LscReason reason)
{
  return get_reason (reason)->id;
}
