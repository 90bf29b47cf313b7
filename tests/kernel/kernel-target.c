/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A program whose threads do what they are told: traced by the kernel tests, which know what must
 * come out. Prints one line of what a test needs to know, then works until its stdin is closed.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static uint32_t word;
static long rounds = 1000;

static long
futex (uint32_t *at, int operation, uint32_t value)
{
  return syscall (SYS_futex, at, operation | FUTEX_PRIVATE_FLAG, value, NULL, NULL, 0);
}

static void
nap (long ns)
{
  const struct timespec time = { ns / 1000000000, ns % 1000000000 };

  clock_nanosleep (CLOCK_MONOTONIC, 0, &time, NULL);
}

static void
say (const char *text)
{
  if (write (STDOUT_FILENO, text, strlen (text)) < 0)
    exit (1);
}

/* Until the test closes our stdin. */
static void
wait_for_end (void)
{
  char byte;

  while (read (STDIN_FILENO, &byte, 1) > 0)
    ;
}

static void *
park (void *unused)
{
  char text[64];

  snprintf (text, sizeof text, "%ld %lu\n", syscall (SYS_gettid),
            (unsigned long) (uintptr_t) &word);
  say (text);
  while (__atomic_load_n (&word, __ATOMIC_ACQUIRE) == 0)
    futex (&word, FUTEX_WAIT, 0);
  return NULL;
}

/* A thread that waits for a futex that nobody wakes. */
static void
do_park (void)
{
  pthread_t thread;

  pthread_create (&thread, NULL, park, NULL);
  wait_for_end ();
}

/* Sleeps 1 ms at a time, prints when it began to be traced by being told on stdin. */
static void
do_sleep (void)
{
  struct timespec until;

  say ("ready\n");
  wait_for_end ();
  clock_gettime (CLOCK_MONOTONIC, &until);
  for (long i = 0; i < rounds; i++)
    nap (1000000);
}

static void *
pass_token (void *data)
{
  uint32_t mine = (uint32_t) (uintptr_t) data;
  char text[64];

  snprintf (text, sizeof text, "%ld %lu\n", syscall (SYS_gettid),
            (unsigned long) (uintptr_t) &word);
  say (text);
  for (long i = 0; i < rounds; i++)
    {
      while (__atomic_load_n (&word, __ATOMIC_ACQUIRE) % 2 != mine)
        futex (&word, FUTEX_WAIT, 1 - mine);
      __atomic_store_n (&word, 1 - mine, __ATOMIC_RELEASE);
      futex (&word, FUTEX_WAKE, 1);
    }
  return NULL;
}

static void
stay_on_first_cpu (void)
{
  cpu_set_t first;

  CPU_ZERO (&first);
  CPU_SET (0, &first);
  sched_setaffinity (0, sizeof first, &first);
}

/* Two threads pass a token through a futex. On one CPU: on two they may fall into step and never
 * sleep. */
static void
do_token (void)
{
  pthread_t threads[2];

  stay_on_first_cpu ();
  say ("ready\n");
  wait_for_end ();
  pthread_create (&threads[0], NULL, pass_token, (void *) 0);
  pthread_create (&threads[1], NULL, pass_token, (void *) 1);
  pthread_join (threads[0], NULL);
  pthread_join (threads[1], NULL);
}

/* Makes `rounds` children, one after the other, each ends at once. */
static void
do_fork (void)
{
  say ("ready\n");
  wait_for_end ();
  for (long i = 0; i < rounds; i++)
    {
      pid_t child = fork ();

      if (child == 0)
        _exit (0);
      waitpid (child, NULL, 0);
    }
}

static void *
rename_self (void *unused)
{
  prctl (PR_SET_NAME, "second-name", 0, 0, 0);
  nap (2000000);
  prctl (PR_SET_NAME, "third-name", 0, 0, 0);
  prctl (PR_SET_NAME, "fourth-name", 0, 0, 0);
  return NULL;
}

static void
do_rename (void)
{
  pthread_t thread;

  say ("ready\n");
  wait_for_end ();
  pthread_create (&thread, NULL, rename_self, NULL);
  pthread_join (thread, NULL);
}

/* A thread that is not the first one runs another program. */
static void *
run_true (void *unused)
{
  execl ("/bin/true", "true", (char *) NULL);
  return NULL;
}

static void
do_exec (void)
{
  pthread_t thread;

  say ("ready\n");
  wait_for_end ();
  pthread_create (&thread, NULL, run_true, NULL);
  pthread_join (thread, NULL);
}

/* Two threads that give the processor to each other. */
static void *
yield_often (void *unused)
{
  for (long i = 0; i < rounds; i++)
    sched_yield ();
  return NULL;
}

static void
do_yield (void)
{
  pthread_t thread;

  stay_on_first_cpu ();
  say ("ready\n");
  wait_for_end ();
  pthread_create (&thread, NULL, yield_often, NULL);
  yield_often (NULL);
  pthread_join (thread, NULL);
}

/* Ping-pong through two pipes, as fast as it goes, until stdin is closed. */
static void
do_pipe (void)
{
  int there[2], back[2];
  char byte = 0;

  if (pipe (there) != 0 || pipe (back) != 0)
    exit (1);
  if (fork () == 0)
    {
      close (there[1]);
      close (back[0]);
      while (read (there[0], &byte, 1) == 1 && write (back[1], &byte, 1) == 1)
        ;
      _exit (0);
    }
  fcntl (STDIN_FILENO, F_SETFL, O_NONBLOCK);
  say ("ready\n");
  for (long i = 0; rounds == 0 || i < rounds; i++)
    {
      if (write (there[1], &byte, 1) != 1 || read (back[0], &byte, 1) != 1)
        break;
      if (i % 256 == 0 && read (STDIN_FILENO, &byte, 1) == 0)
        break;
    }
  close (there[1]);
  wait (NULL);
}

/* Sleeps often and may not be dumped. */
static void
do_undumpable (void)
{
  prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
  say ("ready\n");
  for (long i = 0; i < rounds; i++)
    nap (1000000);
}

static void *
live_shortly (void *unused)
{
  return NULL;
}

/* `rounds` threads that are born and end, one after the other. */
static void
do_lives (void)
{
  say ("ready\n");
  wait_for_end ();
  for (long i = 0; i < rounds; i++)
    {
      pthread_t thread;

      if (pthread_create (&thread, NULL, live_shortly, NULL) != 0)
        exit (1);
      pthread_join (thread, NULL);
    }
}

/* Runs the program argv[3] `rounds` times. */
static void
do_spawn (const char *program)
{
  say ("ready\n");
  wait_for_end ();
  for (long i = 0; i < rounds; i++)
    {
      pid_t child = fork ();

      if (child == 0)
        {
          execl (program, program, (char *) NULL);
          _exit (127);
        }
      waitpid (child, NULL, 0);
    }
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (void);
  } jobs[] = {
    { "park", do_park },   { "sleep", do_sleep },   { "token", do_token },
    { "fork", do_fork },   { "rename", do_rename }, { "exec", do_exec },
    { "yield", do_yield }, { "pipe", do_pipe },     { "undumpable", do_undumpable },
    { "lives", do_lives },
  };

  if (argc > 2)
    rounds = strtol (argv[2], NULL, 10);
  for (size_t i = 0; argc > 1 && i < sizeof jobs / sizeof jobs[0]; i++)
    if (strcmp (argv[1], jobs[i].name) == 0)
      {
        jobs[i].run ();
        return 0;
      }
  if (argc > 3 && strcmp (argv[1], "spawn") == 0)
    {
      do_spawn (argv[3]);
      return 0;
    }
  return 2;
}
