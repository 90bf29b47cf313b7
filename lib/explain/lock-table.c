/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/lock-table.h"

#include "lib/explain/pair-map.h"

/* futex and futex_wait, where the record does not tell by itself:
 * arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h. */
#define FUTEX_X86_64 202
#define FUTEX_GENERIC 98
#define FUTEX_WAIT 455

struct _LscLockTable
{
  const LscTrace *trace;
  LscAbi abi;
  LscPairMap keys;      /* (process, address) -> lock */
  GArray *locks;        /* LscLock */
  LscPairMap user_keys; /* (lock, thread) -> user */
  GArray *users;        /* LscLockUser */
  GArray *grouped;      /* LscLockUser, of one lock after the other */
  uint32_t process;     /* of the lane that is being walked */
  uint64_t n_waits;
};

bool
lsc_lock_is_futex (const LscWait *wait, LscAbi abi)
{
  int16_t futex = abi == LSC_ABI_X86_64 ? FUTEX_X86_64 : FUTEX_GENERIC;

  if (wait->reason != LSC_REASON_LOCK || wait->facts->arg == 0)
    return false;
  if (wait->facts->detail >= LSC_DETAIL_FUTEX_WAIT)
    return true;
  return (wait->facts->flags & LSC_FACT_COMPAT) == 0
         && (wait->facts->syscall == futex || wait->facts->syscall == FUTEX_WAIT);
}

bool
lsc_lock_may_be_mutex (const LscLock *self)
{
  return self->detail != LSC_DETAIL_FUTEX_WAIT_BITSET || self->n_waiters > 1;
}

static LscLock *
lock_at (LscLockTable *self, uint64_t address, uint32_t *out_number)
{
  LscLock fresh = { .process = self->process, .address = address };
  uint32_t number = lsc_pair_map_number (&self->keys, self->process, address);

  if (number == self->locks->len)
    g_array_append_val (self->locks, fresh);
  *out_number = number;
  return &g_array_index (self->locks, LscLock, number);
}

static LscLockUser *
user_of (LscLockTable *self, uint32_t lock, uint32_t thread)
{
  LscLockUser fresh = { .thread = thread };
  uint32_t number = lsc_pair_map_number (&self->user_keys, lock, thread);

  if (number == self->users->len)
    g_array_append_val (self->users, fresh);
  return &g_array_index (self->users, LscLockUser, number);
}

static void
enter_cb (void *listener, const LscThread *thread)
{
  LscLockTable *self = listener;

  self->process = thread->process;
}

static void
count_wait (LscLock *lock, LscLockUser *user, const LscWait *wait)
{
  uint64_t ns = wait->woken_ns - wait->start_ns;

  if (lock->n_waits == 0)
    lock->detail = wait->facts->detail;
  else if (lock->detail != wait->facts->detail)
    lock->detail = LSC_DETAIL_NONE;
  lock->n_waiters += user->n_waits == 0;
  lock->n_waits++;
  lock->wait_ns += ns;
  lock->n_unended += wait->cut_end && !wait->woken;
  if (ns > lock->longest_ns || lock->n_waits == 1)
    {
      lock->longest_ns = ns;
      lock->longest_at_ns = wait->start_ns;
      lock->longest_number = wait->number;
      lock->longest_thread = wait->thread;
    }
  user->n_waits++;
  user->wait_ns += ns;
  if (ns > user->longest_ns || user->n_waits == 1)
    {
      user->longest_ns = ns;
      user->longest_at_ns = wait->start_ns;
    }
}

static void
wait_cb (void *listener, const LscWait *wait)
{
  LscLockTable *self = listener;
  uint32_t number;
  LscLock *lock;

  if (!lsc_lock_is_futex (wait, self->abi))
    return;
  lock = lock_at (self, wait->facts->arg, &number);
  count_wait (lock, user_of (self, number, wait->thread), wait);
  self->n_waits++;
  if (!wait->woken)
    return;
  if (wait->waker->flags & LSC_FACT_INTERRUPT)
    lock->n_timeouts++;
  else if (wait->waker->thread != LSC_THREAD_NONE)
    user_of (self, number, wait->waker->thread)->n_releases++;
}

typedef struct
{
  uint32_t lock;
  LscLockUser user;
} Grouped;

static int
compare_users (gconstpointer a, gconstpointer b)
{
  const Grouped *x = a, *y = b;

  if (x->lock != y->lock)
    return x->lock < y->lock ? -1 : 1;
  if (x->user.wait_ns != y->user.wait_ns)
    return x->user.wait_ns > y->user.wait_ns ? -1 : 1;
  return (x->user.thread > y->user.thread) - (x->user.thread < y->user.thread);
}

static int
compare_locks (gconstpointer a, gconstpointer b)
{
  const LscLock *x = a, *y = b;

  if (x->wait_ns != y->wait_ns)
    return x->wait_ns > y->wait_ns ? -1 : 1;
  return (x->address > y->address) - (x->address < y->address);
}

/* Puts the users of each lock side by side, and the locks in order. */
static bool
work_cb (void *listener, uint32_t budget G_GNUC_UNUSED)
{
  LscLockTable *self = listener;
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Grouped));

  for (uint32_t i = 0; i < self->users->len; i++)
    {
      Grouped one = { (uint32_t) lsc_pair_map_get (&self->user_keys, i)->a,
                      g_array_index (self->users, LscLockUser, i) };

      g_array_append_val (all, one);
    }
  g_array_sort (all, compare_users);
  g_array_set_size (self->grouped, 0);
  for (guint i = 0; i < all->len; i++)
    {
      const Grouped *one = &g_array_index (all, Grouped, i);

      g_array_index (self->locks, LscLock, one->lock).n_users++;
      g_array_append_val (self->grouped, one->user);
    }
  for (guint i = 0, at = 0; i < self->locks->len; i++)
    {
      LscLock *lock = &g_array_index (self->locks, LscLock, i);

      lock->users = &g_array_index (self->grouped, LscLockUser, at);
      at += lock->n_users;
    }
  g_array_sort (self->locks, compare_locks);
  return false;
}

static const LscSurveyListener listener_kind = { .enter = enter_cb,
                                                 .wait = wait_cb,
                                                 .work = work_cb };

LscLockTable *
lsc_lock_table_new (LscSurvey *survey)
{
  LscLockTable *self = g_new0 (LscLockTable, 1);

  self->trace = lsc_survey_get_trace (survey);
  self->abi = lsc_reason_abi_of_machine (lsc_trace_get_header (self->trace)->machine);
  lsc_pair_map_init (&self->keys);
  lsc_pair_map_init (&self->user_keys);
  self->locks = g_array_new (FALSE, FALSE, sizeof (LscLock));
  self->users = g_array_new (FALSE, FALSE, sizeof (LscLockUser));
  self->grouped = g_array_new (FALSE, FALSE, sizeof (LscLockUser));
  lsc_survey_add (survey, &listener_kind, self);
  return self;
}

void
lsc_lock_table_free (LscLockTable *self)
{
  if (self == NULL)
    return;
  lsc_pair_map_clear (&self->keys);
  lsc_pair_map_clear (&self->user_keys);
  g_array_unref (self->locks);
  g_array_unref (self->users);
  g_array_unref (self->grouped);
  g_free (self);
}

uint32_t
lsc_lock_table_get_n (const LscLockTable *self)
{
  return self->locks->len;
}

const LscLock *
lsc_lock_table_get (const LscLockTable *self, uint32_t index)
{
  return index < self->locks->len ? &g_array_index (self->locks, LscLock, index) : NULL;
}

uint64_t
lsc_lock_table_get_n_waits (const LscLockTable *self)
{
  return self->n_waits;
}
