/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/block-queue.h"

#include <glib.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define N_BLOCKS 200000u

static LscBlock *
make_block (uint64_t number)
{
  LscBlock *block = lsc_block_new (sizeof number);

  memcpy (block->bytes, &number, sizeof number);
  return block;
}

static uint64_t
take_number (LscBlock *block)
{
  uint64_t number;

  g_assert_cmpuint (block->n_bytes, ==, sizeof number);
  memcpy (&number, block->bytes, sizeof number);
  lsc_block_free (block);
  return number;
}

static void
test_blocks_come_out_in_order (void)
{
  LscBlockQueue *queue = lsc_block_queue_new (4);
  bool was_empty;

  g_assert_null (lsc_block_queue_pop (queue));
  for (uint64_t round = 0; round < 10; round++)
    {
      g_assert_true (lsc_block_queue_push (queue, make_block (round), &was_empty));
      g_assert_true (was_empty);
      g_assert_true (lsc_block_queue_push (queue, make_block (round + 100), &was_empty));
      g_assert_false (was_empty);
      g_assert_cmpuint (lsc_block_queue_get_length (queue), ==, 2);
      g_assert_cmpuint (take_number (lsc_block_queue_pop (queue)), ==, round);
      g_assert_cmpuint (take_number (lsc_block_queue_pop (queue)), ==, round + 100);
      g_assert_null (lsc_block_queue_pop (queue));
    }
  lsc_block_queue_free (queue);
}

static void
test_full_queue_refuses_and_keeps_what_it_has (void)
{
  LscBlockQueue *queue = lsc_block_queue_new (4);
  LscBlock *more = make_block (4);
  bool was_empty;

  for (uint64_t i = 0; i < 4; i++)
    g_assert_true (lsc_block_queue_push (queue, make_block (i), &was_empty));
  g_assert_false (lsc_block_queue_push (queue, more, &was_empty));
  g_assert_cmpuint (take_number (lsc_block_queue_pop (queue)), ==, 0);
  g_assert_true (lsc_block_queue_push (queue, more, &was_empty));
  for (uint64_t i = 1; i <= 4; i++)
    g_assert_cmpuint (take_number (lsc_block_queue_pop (queue)), ==, i);
  lsc_block_queue_free (queue);
}

static bool
is_readable (int fd)
{
  struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

  return poll (&poll_fd, 1, 0) == 1;
}

static void
test_taking_wakes_a_waiting_producer (void)
{
  LscBlockQueue *queue = lsc_block_queue_new (1);
  bool was_empty;

  g_assert_false (lsc_block_queue_arm (queue)); /* there is room */
  lsc_block_queue_disarm (queue);
  g_assert_true (lsc_block_queue_push (queue, make_block (1), &was_empty));
  g_assert_true (lsc_block_queue_arm (queue));
  g_assert_false (is_readable (lsc_block_queue_get_fd (queue)));
  g_assert_cmpuint (take_number (lsc_block_queue_pop (queue)), ==, 1);
  g_assert_true (is_readable (lsc_block_queue_get_fd (queue)));
  lsc_block_queue_disarm (queue);
  g_assert_false (is_readable (lsc_block_queue_get_fd (queue)));
  lsc_block_queue_free (queue);
}

typedef struct
{
  LscBlockQueue *queue;
  atomic_uint n_told; /* how often the consumer was told that there is something */
  atomic_uint n_waits;
} Shared;

static void *
produce (void *data)
{
  Shared *shared = data;
  bool was_empty;

  for (uint64_t i = 0; i < N_BLOCKS; i++)
    {
      LscBlock *block = make_block (i);

      while (!lsc_block_queue_push (shared->queue, block, &was_empty))
        {
          struct pollfd poll_fd = { .fd = lsc_block_queue_get_fd (shared->queue),
                                    .events = POLLIN };

          if (lsc_block_queue_arm (shared->queue))
            {
              /* A wakeup that gets lost would make this time out. */
              g_assert_cmpint (poll (&poll_fd, 1, 20000), ==, 1);
              atomic_fetch_add (&shared->n_waits, 1);
            }
          lsc_block_queue_disarm (shared->queue);
        }
      if (was_empty)
        atomic_fetch_add (&shared->n_told, 1);
    }
  return NULL;
}

/* Every block arrives once, in order; whenever the consumer found nothing, it is told of the next
 * block. Run with -Db_sanitize=thread it also proves that the queue has no data race. */
static void
test_two_threads_lose_nothing (void)
{
  Shared shared = { .queue = lsc_block_queue_new (8) };
  pthread_t producer;
  uint64_t expected = 0;
  unsigned seen_told = 0;

  g_assert_cmpint (pthread_create (&producer, NULL, produce, &shared), ==, 0);
  while (expected < N_BLOCKS)
    {
      LscBlock *block = lsc_block_queue_pop (shared.queue);

      if (block != NULL)
        {
          g_assert_cmpuint (take_number (block), ==, expected++);
          continue;
        }
      /* Empty: wait until told, as an owner's main loop would. */
      for (int i = 0; atomic_load (&shared.n_told) == seen_told; i++)
        {
          g_assert_cmpint (i, <, 2000000);
          g_usleep (10);
        }
      seen_told = atomic_load (&shared.n_told);
    }
  pthread_join (producer, NULL);
  g_assert_null (lsc_block_queue_pop (shared.queue));
  g_test_message ("the producer waited %u times, the consumer was told %u times",
                  atomic_load (&shared.n_waits), atomic_load (&shared.n_told));
  lsc_block_queue_free (shared.queue);
}

static void
test_what_was_not_taken_is_freed (void)
{
  LscBlockQueue *queue = lsc_block_queue_new (16);
  bool was_empty;

  for (uint64_t i = 0; i < 10; i++)
    g_assert_true (lsc_block_queue_push (queue, make_block (i), &was_empty));
  lsc_block_queue_free (queue);
  lsc_block_queue_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/block-queue/order", test_blocks_come_out_in_order);
  g_test_add_func ("/block-queue/full", test_full_queue_refuses_and_keeps_what_it_has);
  g_test_add_func ("/block-queue/wakes-producer", test_taking_wakes_a_waiting_producer);
  g_test_add_func ("/block-queue/two-threads", test_two_threads_lose_nothing);
  g_test_add_func ("/block-queue/freed", test_what_was_not_taken_is_freed);
  return g_test_run ();
}
