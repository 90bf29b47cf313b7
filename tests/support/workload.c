/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Threads of mixed work that know what they did: computing, taking turns on a lock, sleeping,
 * yielding, passing bytes through pipes, and living for a moment only.
 *
 *     workload THREADS SECONDS
 *
 * When the time is over the long-lived ones wait, parked; then one line a thread goes to stdout:
 *
 *     parked TID KIND CPU_NS RUN_NS DELAY_NS VOLUNTARY INVOLUNTARY
 *
 * CPU_NS is the thread's CPU clock, RUN_NS and DELAY_NS are of its schedstat, the counts of its
 * status, all read at one moment ("at TIME_NS", CLOCK_MONOTONIC) while it slept. A thread that
 * lives for a moment reads its own clock, at AT_NS, as the last thing it does:
 *
 *     short TID CPU_NS AT_NS
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define THREADS_MAX 200

typedef enum
{
  COMPUTE,
  TURNS_A,
  TURNS_B,
  SLEEP,
  YIELD,
  PIPE_A,
  PIPE_B,
  N_KINDS,
} Kind;

static const char *const names[N_KINDS] = { "compute", "turns", "turns", "sleep",
                                            "yield",   "pipe",  "pipe" };

typedef struct Worker
{
  pthread_t thread;
  Kind kind;
  pid_t tid;
  struct Worker *partner;
  pthread_mutex_t lock; /* of a pair, in its first worker */
  pthread_cond_t changed;
  bool second_is_next;
  int read_fd, write_fd;
} Worker;

static atomic_bool over;
static atomic_int n_parked;
static pthread_mutex_t park = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t leave = PTHREAD_COND_INITIALIZER;
static bool may_leave;

static int64_t
read_clock (clockid_t clock)
{
  struct timespec t;

  clock_gettime (clock, &t);
  return (int64_t) t.tv_sec * 1000000000 + t.tv_nsec;
}

static void
compute (int64_t ns)
{
  int64_t end = read_clock (CLOCK_THREAD_CPUTIME_ID) + ns;

  while (read_clock (CLOCK_THREAD_CPUTIME_ID) < end)
    for (volatile int i = 0; i < 300; i++)
      ;
}

static void
sleep_ns (long ns)
{
  struct timespec t = { .tv_nsec = ns };

  nanosleep (&t, NULL);
}

static void
take_turn (Worker *self)
{
  bool second = self->kind == TURNS_B;
  Worker *pair = second ? self->partner : self;

  pthread_mutex_lock (&pair->lock);
  while (pair->second_is_next != second && !over)
    pthread_cond_wait (&pair->changed, &pair->lock);
  pair->second_is_next = !second;
  pthread_cond_signal (&pair->changed);
  pthread_mutex_unlock (&pair->lock);
  compute (60000);
}

static void
pass_byte (Worker *self)
{
  char byte = 0;

  if (self->kind == PIPE_A && write (self->write_fd, &byte, 1) != 1)
    return;
  if (read (self->read_fd, &byte, 1) != 1)
    return;
  compute (60000);
  if (self->kind == PIPE_B && write (self->write_fd, &byte, 1) != 1)
    return;
}

static void
work (Worker *self)
{
  switch (self->kind)
    {
    case TURNS_A:
    case TURNS_B:
      take_turn (self);
      break;
    case SLEEP:
      sleep_ns (1000000);
      compute (50000);
      break;
    case YIELD:
      compute (100000);
      sched_yield ();
      break;
    case PIPE_A:
    case PIPE_B:
      pass_byte (self);
      break;
    case COMPUTE:
    case N_KINDS:
    default:
      compute (1000000);
      break;
    }
}

static void
wait_parked (Worker *self)
{
  if (self->kind == TURNS_A || self->kind == TURNS_B)
    {
      Worker *pair = self->kind == TURNS_B ? self->partner : self;

      pthread_mutex_lock (&pair->lock);
      pthread_cond_broadcast (&pair->changed);
      pthread_mutex_unlock (&pair->lock);
    }
  /* Whoever ends first lets its partner's read return. */
  if (self->write_fd >= 0)
    close (self->write_fd);
  pthread_mutex_lock (&park);
  n_parked++;
  while (!may_leave)
    pthread_cond_wait (&leave, &park);
  pthread_mutex_unlock (&park);
}

static void *
worker_main (void *data)
{
  Worker *self = data;

  self->tid = gettid ();
  pthread_setname_np (pthread_self (), names[self->kind]);
  while (!over)
    work (self);
  wait_parked (self);
  return NULL;
}

static void *
short_main (void *data)
{
  char line[96];
  int64_t cpu_ns;
  int n;

  (void) data;
  pthread_setname_np (pthread_self (), "short");
  compute (1000000);
  sleep_ns (100000);
  compute (500000);
  /* One write, so that lines of several threads do not mix. */
  cpu_ns = (int64_t) read_clock (CLOCK_THREAD_CPUTIME_ID);
  n = snprintf (line, sizeof line, "short %d %lld %lld\n", gettid (), (long long) cpu_ns,
                (long long) read_clock (CLOCK_MONOTONIC));
  if (write (STDOUT_FILENO, line, (size_t) n) != n)
    abort ();
  return NULL;
}

/* A file of /proc/self/task/TID, or "" when it is not there. */
static void
read_task_file (pid_t tid, const char *name, char *text, size_t size)
{
  char path[64];
  FILE *file;
  size_t n = 0;

  snprintf (path, sizeof path, "/proc/self/task/%d/%s", tid, name);
  file = fopen (path, "r");
  if (file != NULL)
    {
      n = fread (text, 1, size - 1, file);
      fclose (file);
    }
  text[n] = '\0';
}

static long long
find_count (const char *text, const char *label)
{
  const char *found = strstr (text, label);

  return found != NULL ? atoll (found + strlen (label)) : -1;
}

static void
report (Worker *self)
{
  char schedstat[128], status[8192];
  long long run = -1, delay = -1;
  clockid_t clock;

  pthread_getcpuclockid (self->thread, &clock);
  read_task_file (self->tid, "schedstat", schedstat, sizeof schedstat);
  read_task_file (self->tid, "status", status, sizeof status);
  sscanf (schedstat, "%lld %lld", &run, &delay);
  printf ("parked %d %s %lld %lld %lld %lld %lld\n", self->tid, names[self->kind],
          (long long) read_clock (clock), run, delay,
          find_count (status, "\nvoluntary_ctxt_switches:"),
          find_count (status, "nonvoluntary_ctxt_switches:"));
}

static void
make_pipes (Worker *a, Worker *b)
{
  int there[2], back[2];

  if (pipe (there) != 0 || pipe (back) != 0)
    abort ();
  a->write_fd = there[1];
  b->read_fd = there[0];
  b->write_fd = back[1];
  a->read_fd = back[0];
}

/* Kinds in turn; the second of a pair follows its first. */
static void
assign (Worker *workers, int n)
{
  for (int i = 0; i < n; i++)
    {
      Worker *self = &workers[i];

      self->kind = (Kind) (i % N_KINDS);
      self->read_fd = self->write_fd = -1;
      pthread_mutex_init (&self->lock, NULL);
      pthread_cond_init (&self->changed, NULL);
      if ((self->kind == TURNS_A || self->kind == PIPE_A) && i + 1 == n)
        self->kind = COMPUTE;
      if (self->kind != TURNS_B && self->kind != PIPE_B)
        continue;
      self->partner = self - 1;
      if (self->kind == PIPE_B)
        make_pipes (self - 1, self);
    }
}

int
main (int argc, char **argv)
{
  static Worker workers[THREADS_MAX];
  int n = argc > 1 ? atoi (argv[1]) : 8;
  double seconds = argc > 2 ? atof (argv[2]) : 2.0;
  int64_t end = read_clock (CLOCK_MONOTONIC) + (int64_t) (seconds * 1e9);

  if (n < 1 || n > THREADS_MAX)
    return 2;
  setvbuf (stdout, NULL, _IOLBF, 0);
  assign (workers, n);
  for (int i = 0; i < n; i++)
    if (pthread_create (&workers[i].thread, NULL, worker_main, &workers[i]) != 0)
      return 1;
  while (read_clock (CLOCK_MONOTONIC) < end)
    {
      pthread_t momentary;

      if (pthread_create (&momentary, NULL, short_main, NULL) != 0)
        return 1;
      pthread_join (momentary, NULL);
      sleep_ns (40000000);
    }
  over = true;
  while (n_parked < n)
    sleep_ns (1000000);
  /* The last one still has to fall asleep after it has counted itself. */
  sleep_ns (100000000);
  printf ("at %lld\n", (long long) read_clock (CLOCK_MONOTONIC));
  for (int i = 0; i < n; i++)
    report (&workers[i]);
  pthread_mutex_lock (&park);
  may_leave = true;
  pthread_cond_broadcast (&leave);
  pthread_mutex_unlock (&park);
  for (int i = 0; i < n; i++)
    pthread_join (workers[i].thread, NULL);
  return 0;
}
