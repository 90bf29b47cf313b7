/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The queue between a thread that reads and the one that takes: in order, bounded, and it ends.
 */
#include "lib/files/read-thread.h"

#include <gio/gio.h>

#include <stdatomic.h>
#include <stdint.h>

#define N_BLOCKS 20000u
#define MOST_WAITING 4u
#define LONG_MS (60u * 1000)

typedef struct
{
  uint64_t n_blocks; /* handed over before the end */
  unsigned pause_ms; /* after them */
  const char *trouble;
  _Atomic uint64_t n_done;
  atomic_bool told_to_stop;
  atomic_bool returned;
} Story;

/* Block `i` holds its number, so often that sizes differ. */
static bool
hand_over (LscReadThread *thread, uint64_t i)
{
  uint64_t numbers[64];
  LscReadBlock block = { numbers, (1 + i % 64) * sizeof *numbers, (double) i };

  for (size_t k = 0; k < G_N_ELEMENTS (numbers); k++)
    numbers[k] = i;
  return lsc_read_thread_hand_over (thread, &block);
}

static void
tell (LscReadThread *thread, gpointer data, GError **error)
{
  Story *story = data;
  bool go_on = true;

  for (uint64_t i = 0; go_on && i < story->n_blocks; i++)
    {
      go_on = hand_over (thread, i);
      atomic_fetch_add (&story->n_done, go_on);
    }
  if (go_on && story->pause_ms > 0)
    go_on = lsc_read_thread_pause (thread, story->pause_ms);
  if (story->trouble != NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, story->trouble);
  atomic_store (&story->told_to_stop, !go_on);
  atomic_store (&story->returned, true);
}

static void
assert_block (const LscReadBlock *block, uint64_t i)
{
  const uint64_t *numbers = block->bytes;

  g_assert_cmpuint (block->n_bytes, ==, (1 + i % 64) * sizeof *numbers);
  g_assert_cmpfloat (block->progress, ==, (double) i);
  for (size_t k = 0; k < 1 + i % 64; k++)
    g_assert_cmpuint (numbers[k], ==, i);
}

static void
take_all (unsigned ms)
{
  Story story = { .n_blocks = N_BLOCKS };
  g_autoptr (LscReadThread) thread = lsc_read_thread_new (tell, &story);
  LscReadResult result;
  LscReadBlock block;
  uint64_t n = 0;

  while ((result = lsc_read_thread_take (thread, ms, &block, NULL)) != LSC_READ_ENDED)
    {
      if (result == LSC_READ_BLOCK)
        assert_block (&block, n++);
      else
        g_assert_cmpuint (ms, ==, 0);
      g_assert_cmpuint (atomic_load (&story.n_done), <=, n + MOST_WAITING);
    }
  g_assert_cmpuint (n, ==, N_BLOCKS);
  g_assert_cmpuint (block.n_bytes, ==, 0);
  g_assert_false (atomic_load (&story.told_to_stop));
}

static void
test_blocks_come_in_order_to_one_that_waits (void)
{
  take_all (LONG_MS);
}

static void
test_blocks_come_in_order_to_one_that_looks (void)
{
  take_all (0);
}

static void
test_a_block_stays_until_the_next_is_taken (void)
{
  Story story = { .n_blocks = 100 };
  g_autoptr (LscReadThread) thread = lsc_read_thread_new (tell, &story);
  LscReadBlock block;

  for (uint64_t i = 0; i < 10; i++)
    {
      g_assert_cmpint (lsc_read_thread_take (thread, LONG_MS, &block, NULL), ==, LSC_READ_BLOCK);
      while (atomic_load (&story.n_done) < i + MOST_WAITING)
        g_thread_yield ();
      g_usleep (1000); /* were there room, it would be written over now */
      assert_block (&block, i);
      g_assert_cmpuint (atomic_load (&story.n_done), ==, i + MOST_WAITING);
    }
}

static void
test_a_thread_that_waits_for_room_can_be_stopped (void)
{
  Story story = { .n_blocks = 100 };
  LscReadThread *thread = lsc_read_thread_new (tell, &story);

  while (atomic_load (&story.n_done) < MOST_WAITING)
    g_thread_yield ();
  lsc_read_thread_free (thread);
  g_assert_true (atomic_load (&story.told_to_stop));
  g_assert_cmpuint (atomic_load (&story.n_done), ==, MOST_WAITING);
}

static void
test_a_pause_ends_when_it_is_to_stop (void)
{
  Story story = { .n_blocks = 1, .pause_ms = LONG_MS };
  LscReadThread *thread = lsc_read_thread_new (tell, &story);
  gint64 before_us = g_get_monotonic_time ();
  LscReadBlock block;

  g_assert_cmpint (lsc_read_thread_take (thread, LONG_MS, &block, NULL), ==, LSC_READ_BLOCK);
  g_assert_cmpint (lsc_read_thread_take (thread, 0, &block, NULL), ==, LSC_READ_EMPTY);
  lsc_read_thread_free (thread);
  g_assert_true (atomic_load (&story.told_to_stop));
  g_assert_cmpint (g_get_monotonic_time () - before_us, <, 30 * G_USEC_PER_SEC);
}

static void
test_the_owner_waits_so_long_and_no_longer (void)
{
  Story story = { .n_blocks = 1, .pause_ms = LONG_MS };
  g_autoptr (LscReadThread) thread = lsc_read_thread_new (tell, &story);
  gint64 before_us;
  LscReadBlock block;

  g_assert_cmpint (lsc_read_thread_take (thread, LONG_MS, &block, NULL), ==, LSC_READ_BLOCK);
  before_us = g_get_monotonic_time ();
  g_assert_cmpint (lsc_read_thread_take (thread, 30, &block, NULL), ==, LSC_READ_EMPTY);
  g_assert_cmpint (g_get_monotonic_time () - before_us, >=, 29 * 1000);
  g_assert_cmpint (g_get_monotonic_time () - before_us, <, 30 * G_USEC_PER_SEC);
}

static void
test_a_pause_takes_its_time (void)
{
  Story story = { .pause_ms = 30 };
  gint64 before_us = g_get_monotonic_time ();
  g_autoptr (LscReadThread) thread = lsc_read_thread_new (tell, &story);
  LscReadBlock block;

  g_assert_cmpint (lsc_read_thread_take (thread, LONG_MS, &block, NULL), ==, LSC_READ_ENDED);
  g_assert_cmpint (g_get_monotonic_time () - before_us, >=, 29 * 1000);
  g_assert_false (atomic_load (&story.told_to_stop));
}

static void
test_trouble_comes_after_what_was_read_and_stays (void)
{
  Story story = { .n_blocks = 2, .trouble = "the disk has gone" };
  g_autoptr (LscReadThread) thread = lsc_read_thread_new (tell, &story);
  LscReadBlock block;

  for (uint64_t i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (lsc_read_thread_take (thread, LONG_MS, &block, &error), ==, LSC_READ_BLOCK);
      g_assert_no_error (error);
      assert_block (&block, i);
    }
  for (int i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (lsc_read_thread_take (thread, i > 0 ? LONG_MS : 0, &block, &error), !=,
                       LSC_READ_BLOCK);
      while (!atomic_load (&story.returned))
        g_thread_yield ();
      g_clear_error (&error);
      g_assert_cmpint (lsc_read_thread_take (thread, LONG_MS, &block, &error), ==, LSC_READ_ENDED);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
      g_assert_cmpstr (error->message, ==, story.trouble);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/read-thread/blocks-come-in-order-to-one-that-waits",
                   test_blocks_come_in_order_to_one_that_waits);
  g_test_add_func ("/read-thread/blocks-come-in-order-to-one-that-looks",
                   test_blocks_come_in_order_to_one_that_looks);
  g_test_add_func ("/read-thread/a-block-stays-until-the-next-is-taken",
                   test_a_block_stays_until_the_next_is_taken);
  g_test_add_func ("/read-thread/a-thread-that-waits-for-room-can-be-stopped",
                   test_a_thread_that_waits_for_room_can_be_stopped);
  g_test_add_func ("/read-thread/a-pause-ends-when-it-is-to-stop",
                   test_a_pause_ends_when_it_is_to_stop);
  g_test_add_func ("/read-thread/the-owner-waits-so-long-and-no-longer",
                   test_the_owner_waits_so_long_and_no_longer);
  g_test_add_func ("/read-thread/a-pause-takes-its-time", test_a_pause_takes_its_time);
  g_test_add_func ("/read-thread/trouble-comes-after-what-was-read-and-stays",
                   test_trouble_comes_after_what_was_read_and_stays);
  return g_test_run ();
}
