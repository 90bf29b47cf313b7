/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Programs with a known truth: threads that wait for each other in one way, and log by
 * CLOCK_MONOTONIC what they did. usage: truth-target JOB ROUNDS [FILE]. Prints
 *
 *   thread NAME TID             each thread, by its role
 *   wait TID BEFORE AFTER WAKER a call that waited, and who ended the wait (0: nobody, a clock, a
 * disk) busy TID BEFORE AFTER       a stretch in which the thread wanted the CPU and nothing else
 *   count TID INVOLUNTARY       of getrusage(): times it lost the CPU though it could have gone on
 */
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define ENTRIES_MAX (1 << 17)
#define THREADS_MAX 8
#define MS 1000000ll

typedef struct
{
  const char *kind;
  pid_t tid;
  int64_t before, after;
  pid_t waker;
} Entry;

static Entry entries[ENTRIES_MAX];
static int n_entries;
static long rounds;
static const char *file_name;
static pid_t tids[THREADS_MAX];
static int64_t begin_ns;

static int64_t
now_ns (clockid_t clock)
{
  struct timespec time;

  clock_gettime (clock, &time);
  return time.tv_sec * 1000 * MS + time.tv_nsec;
}

static void
check (bool well, const char *what)
{
  if (well)
    return;
  perror (what);
  exit (3);
}

static void
note (const char *kind, int64_t before, pid_t waker)
{
  int64_t after = now_ns (CLOCK_MONOTONIC);
  int i = __atomic_fetch_add (&n_entries, 1, __ATOMIC_RELAXED);

  check (i < ENTRIES_MAX, "too many entries");
  entries[i] = (Entry){ kind, gettid (), before, after, waker };
}

static void
note_count (void)
{
  struct rusage usage;

  getrusage (RUSAGE_THREAD, &usage);
  note ("count", usage.ru_nivcsw, 0);
}

static long
futex (uint32_t *at, int operation, uint32_t value)
{
  return syscall (SYS_futex, at, operation | FUTEX_PRIVATE_FLAG, value, NULL, NULL, 0);
}

static void
nap (int64_t ns)
{
  const struct timespec time = { ns / (1000 * MS), ns % (1000 * MS) };

  clock_nanosleep (CLOCK_MONOTONIC, 0, &time, NULL);
}

static void
nap_until (int64_t ns)
{
  const struct timespec time = { ns / (1000 * MS), ns % (1000 * MS) };

  clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

/* Uses that much of the processor, however long it takes to get it. */
static void
compute (int64_t ns)
{
  int64_t until = now_ns (CLOCK_THREAD_CPUTIME_ID) + ns;

  while (now_ns (CLOCK_THREAD_CPUTIME_ID) < until)
    ;
}

static void
use_one_cpu (void)
{
  cpu_set_t set;

  CPU_ZERO (&set);
  CPU_SET (0, &set);
  check (sched_setaffinity (0, sizeof set, &set) == 0, "sched_setaffinity");
}

static void
be_urgent (int priority)
{
  const struct sched_param param = { .sched_priority = priority };

  check (sched_setscheduler (0, SCHED_FIFO, &param) == 0, "sched_setscheduler");
}

/* Two threads on one CPU pass a token through a futex. */
static uint32_t token;

static void
pass_token (int self)
{
  use_one_cpu ();
  for (long i = 0; i < rounds; i++)
    {
      while (__atomic_load_n (&token, __ATOMIC_ACQUIRE) % 2 != (uint32_t) self)
        {
          int64_t before = now_ns (CLOCK_MONOTONIC);

          if (futex (&token, FUTEX_WAIT, (uint32_t) (1 - self)) == 0)
            note ("wait", before, tids[1 - self]);
        }
      __atomic_store_n (&token, (uint32_t) (1 - self), __ATOMIC_RELEASE);
      futex (&token, FUTEX_WAKE, 1);
    }
}

static void
sleep_often (int self)
{
  for (long i = 0; i < rounds; i++)
    {
      int64_t before = now_ns (CLOCK_MONOTONIC);

      nap ((1 + i % 3) * MS);
      note ("wait", before, 0);
    }
}

/* A byte there and back through two pipes. */
static int there[2], back[2];

static void
pass_byte (int self)
{
  int in = self == 0 ? back[0] : there[0];
  int out = self == 0 ? there[1] : back[1];
  char byte = 0;

  use_one_cpu ();
  for (long i = 0; i < rounds; i++)
    {
      int64_t before;

      if (self == 0)
        check (write (out, &byte, 1) == 1, "write");
      before = now_ns (CLOCK_MONOTONIC);
      check (read (in, &byte, 1) == 1, "read");
      note ("wait", before, tids[1 - self]);
      if (self == 1)
        check (write (out, &byte, 1) == 1, "write");
    }
}

/* Reads past the page cache: each read goes to the disk. */
static void
read_disk (int self)
{
  const size_t size = 1 << 16;
  int fd = open (file_name, O_RDONLY | O_DIRECT);
  void *memory = NULL;

  check (fd >= 0, "open with O_DIRECT");
  check (posix_memalign (&memory, 4096, size) == 0, "posix_memalign");
  for (long i = 0; i < rounds; i++)
    {
      int64_t before = now_ns (CLOCK_MONOTONIC);

      check (pread (fd, memory, size, (off_t) (i * (long) size)) == (ssize_t) size, "pread");
      note ("wait", before, 0);
    }
}

/* 0 computes, urgently enough that nobody but 1 takes its CPU. */
static bool hog_is_there, hog_is_over;

static void
compute_under_a_hog (int self)
{
  use_one_cpu ();
  if (self == 0)
    {
      while (!__atomic_load_n (&hog_is_there, __ATOMIC_ACQUIRE))
        nap (MS);
      be_urgent (5);
      while (!__atomic_load_n (&hog_is_over, __ATOMIC_ACQUIRE))
        ;
      return;
    }
  be_urgent (10);
  __atomic_store_n (&hog_is_there, true, __ATOMIC_RELEASE);
  nap (10 * MS);
  for (long i = 0; i < rounds; i++)
    {
      int64_t before;

      nap (3 * MS);
      before = now_ns (CLOCK_MONOTONIC);
      compute (2 * MS);
      note ("busy", before, 0);
    }
  __atomic_store_n (&hog_is_over, true, __ATOMIC_RELEASE);
}

static void
yield_often (int self)
{
  use_one_cpu ();
  for (long i = 0; i < rounds; i++)
    sched_yield ();
  note_count ();
}

/* A barrier that knows who came last; thread 0 is the slow one. */
#define BARRIER_THREADS 4u
#define BARRIER_SLOW_NS (8 * MS)
static uint32_t n_there, barrier_round;
static pid_t last_there[1 << 12];

static void
meet (int self)
{
  for (uint32_t i = 0; i < (uint32_t) rounds; i++)
    {
      int64_t began = now_ns (CLOCK_MONOTONIC);

      compute (self == 0 ? BARRIER_SLOW_NS : MS / 2);
      if (self == 0)
        note ("busy", began, 0);
      if (__atomic_add_fetch (&n_there, 1, __ATOMIC_ACQ_REL) == BARRIER_THREADS)
        {
          last_there[i] = gettid ();
          __atomic_store_n (&n_there, 0, __ATOMIC_RELEASE);
          __atomic_store_n (&barrier_round, i + 1, __ATOMIC_RELEASE);
          futex (&barrier_round, FUTEX_WAKE, INT32_MAX);
          continue;
        }
      while (__atomic_load_n (&barrier_round, __ATOMIC_ACQUIRE) == i)
        {
          int64_t before = now_ns (CLOCK_MONOTONIC);

          if (futex (&barrier_round, FUTEX_WAIT, i) == 0)
            note ("wait", before, last_there[i]);
        }
    }
}

/* Each holds one lock and wants its neighbour's. */
#define RING 3
static pthread_mutex_t ring[RING] = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                      PTHREAD_MUTEX_INITIALIZER };

static void
embrace (int self)
{
  pthread_mutex_lock (&ring[self]);
  nap (100 * MS);
  pthread_mutex_lock (&ring[(self + 1) % RING]);
  check (false, "this is no deadlock");
}

/* The same by threads that have shared these locks well before, beside one that works on. */
static void
tangle (int self)
{
  int next = (self + 1) % RING;

  while (self == RING)
    {
      compute (MS);
      nap (5 * MS);
    }
  while (now_ns (CLOCK_MONOTONIC) < begin_ns + 400 * MS)
    {
      pthread_mutex_lock (&ring[self < next ? self : next]);
      compute (MS);
      pthread_mutex_lock (&ring[self < next ? next : self]);
      compute (MS);
      pthread_mutex_unlock (&ring[self]);
      pthread_mutex_unlock (&ring[next]);
      /* A mutex is not fair: without a rest one thread may keep it to itself. */
      nap ((1 + self) * MS);
    }
  nap_until (begin_ns + 500 * MS);
  embrace (self);
}

/* 0 holds a lock, 2 wants it, 1 keeps 0 from the CPU. */
static pthread_mutex_t shared = PTHREAD_MUTEX_INITIALIZER;

static void
invert (int self)
{
  /* Each round: 0 takes the lock, then 1 wants the CPU, then 2 the lock. */
  static const struct
  {
    int priority;
    int64_t at_ns;
  } roles[] = { { 10, 0 }, { 20, 5 * MS }, { 30, 10 * MS } };

  use_one_cpu ();
  be_urgent (roles[self].priority);
  for (long i = 0; i < rounds; i++)
    {
      int64_t before;

      nap_until (begin_ns + (20 + i * 120) * MS + roles[self].at_ns);
      before = now_ns (CLOCK_MONOTONIC);
      if (self == 1)
        {
          compute (40 * MS);
          continue;
        }
      pthread_mutex_lock (&shared);
      if (self == 0)
        compute (20 * MS);
      else
        note ("wait", before, tids[0]);
      pthread_mutex_unlock (&shared);
    }
}

/* ROUNDS milliseconds from now: a deadlock does not end by itself. */
static void
end_in_time (void)
{
  alarm ((unsigned) (rounds / 1000));
}

static void
prepare_inversion_with_pi (void)
{
  pthread_mutexattr_t attributes;

  pthread_mutexattr_init (&attributes);
  pthread_mutexattr_setprotocol (&attributes, PTHREAD_PRIO_INHERIT);
  pthread_mutex_init (&shared, &attributes);
}

static void
prepare_pipes (void)
{
  check (pipe (there) == 0 && pipe (back) == 0, "pipe");
}

typedef struct
{
  const char *name;
  int n_threads;
  void (*run) (int self);
  void (*prepare) (void);
} Job;

static const Job jobs[] = {
  { "token", 2, pass_token, NULL },
  { "sleep", 1, sleep_often, NULL },
  { "pipe", 2, pass_byte, prepare_pipes },
  { "disk", 1, read_disk, NULL },
  { "hog", 2, compute_under_a_hog, NULL },
  { "yield", 2, yield_often, NULL },
  { "barrier", 4, meet, NULL },
  { "deadlock", RING, embrace, end_in_time },
  { "tangle", RING + 1, tangle, end_in_time },
  { "inversion", 3, invert, NULL },
  { "inheritance", 3, invert, prepare_inversion_with_pi },
};

static const Job *job;
static pthread_barrier_t begin;

static void
print_threads (void)
{
  for (int i = 0; i < job->n_threads; i++)
    printf ("thread %s-%d %d\n", job->name, i, tids[i]);
  fflush (stdout);
}

static void *
run (void *data)
{
  int self = (int) (intptr_t) data;
  char name[16];

  snprintf (name, sizeof name, "%.12s-%d", job->name, self);
  pthread_setname_np (pthread_self (), name);
  tids[self] = gettid ();
  if (pthread_barrier_wait (&begin) == PTHREAD_BARRIER_SERIAL_THREAD)
    print_threads ();
  job->run (self);
  return NULL;
}

static void
print_log (void)
{
  for (int i = 0; i < n_entries; i++)
    printf ("%s %d %lld %lld %d\n", entries[i].kind, entries[i].tid, (long long) entries[i].before,
            (long long) entries[i].after, entries[i].waker);
  fflush (stdout);
}

int
main (int argc, char **argv)
{
  pthread_t threads[THREADS_MAX];

  if (argc < 3)
    return 2;
  rounds = atol (argv[2]);
  file_name = argc > 3 ? argv[3] : "";
  for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++)
    if (strcmp (jobs[i].name, argv[1]) == 0)
      job = &jobs[i];
  if (job == NULL)
    return 2;
  if (job->prepare != NULL)
    job->prepare ();
  begin_ns = now_ns (CLOCK_MONOTONIC);
  pthread_barrier_init (&begin, NULL, (unsigned) job->n_threads);
  for (intptr_t i = 0; i < job->n_threads; i++)
    check (pthread_create (&threads[i], NULL, run, (void *) i) == 0, "pthread_create");
  for (int i = 0; i < job->n_threads; i++)
    pthread_join (threads[i], NULL);
  print_log ();
  _exit (0);
}
