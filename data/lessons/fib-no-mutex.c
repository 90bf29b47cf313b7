/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Lesson: several threads and nothing that holds them up.
 *
 * Each thread computes Fibonacci numbers, alone and without a lock. Compare with fib-mutex.c:
 * the same work, the same threads. How many run at the same time now?
 *
 *   gcc -O2 -pthread fib-no-mutex.c -o fib-no-mutex
 *   ./fib-no-mutex [-t THREADS] [-s SECONDS]
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* for pthread_setname_np */
#endif
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MAX_THREADS 64

static atomic_bool stop;

/* Slow on purpose: about two calls for each unit of the result. */
static unsigned
fib (unsigned n)
{
  return n < 2 ? n : fib (n - 1) + fib (n - 2);
}

static void *
work (void *data)
{
  long number = (long) data, rounds = 0;
  unsigned long sum = 0;
  char name[16];

  snprintf (name, sizeof name, "worker-%ld", number);
  pthread_setname_np (pthread_self (), name);

  while (!stop)
    {
      sum += fib (32); /* some milliseconds */
      rounds++;
    }
  printf ("%s: %ld rounds, sum %lu\n", name, rounds, sum);
  return NULL;
}

int
main (int argc, char **argv)
{
  long n_threads = 4, seconds = 10;
  pthread_t threads[MAX_THREADS];
  int option;

  while ((option = getopt (argc, argv, "t:s:")) != -1)
    switch (option)
      {
      case 't':
        n_threads = atol (optarg);
        break;
      case 's':
        seconds = atol (optarg);
        break;
      default:
        return 2;
      }
  if (n_threads < 1 || n_threads > MAX_THREADS || seconds < 1)
    {
      fprintf (stderr, "fib-no-mutex: -t takes 1 to %d threads, -s at least 1 second.\n",
               MAX_THREADS);
      return 2;
    }

  for (long i = 0; i < n_threads; i++)
    pthread_create (&threads[i], NULL, work, (void *) i);
  sleep ((unsigned) seconds);
  stop = true;
  for (long i = 0; i < n_threads; i++)
    pthread_join (threads[i], NULL);
  return 0;
}
