/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helper/command-reader.h"

#include <glib.h>
#include <string.h>

static LscCommandStart
make_start (void)
{
  LscCommandStart start = { .head = { sizeof start, LSC_COMMAND_START, LSC_COMMAND_VERSION },
                            .flags = LSC_START_CHILDREN,
                            .n_targets = 2 };

  start.targets[0].tgid = 4711;
  start.targets[1].tgid = 4712;
  return start;
}

static const LscCommandHead stop = { sizeof (LscCommandHead), LSC_COMMAND_STOP,
                                     LSC_COMMAND_VERSION };

/* The answer to all of `bytes`, given in portions of `portion`: the last that is not "more". */
static LscCommandReaderResult
feed (LscCommandReader *reader, const void *bytes, size_t n_bytes, size_t portion)
{
  LscCommandReaderResult last = LSC_COMMAND_READER_MORE;

  for (size_t at = 0; at < n_bytes && last != LSC_COMMAND_READER_BAD;)
    {
      size_t n = MIN (portion, n_bytes - at), used = 0;
      LscCommandReaderResult result =
          lsc_command_reader_take (reader, (const uint8_t *) bytes + at, n, &used);

      g_assert_cmpuint (used, <=, n);
      g_assert_true (used > 0 || result == LSC_COMMAND_READER_BAD);
      at += used;
      if (result != LSC_COMMAND_READER_MORE)
        last = result;
    }
  return last;
}

static void
test_any_portions (void)
{
  const size_t portions[] = { 1, 3, 7, 8, 9, 500, 5000 };
  LscCommandStart start = make_start ();

  for (size_t i = 0; i < G_N_ELEMENTS (portions); i++)
    {
      LscCommandReader reader;

      lsc_command_reader_init (&reader);
      g_assert_cmpint (feed (&reader, &start, sizeof start, portions[i]), ==,
                       LSC_COMMAND_READER_START);
      g_assert_true (memcmp (&reader.start, &start, sizeof start) == 0);
      g_assert_cmpint (feed (&reader, &stop, sizeof stop, portions[i]), ==,
                       LSC_COMMAND_READER_STOP);
    }
}

static void
test_two_at_once (void)
{
  LscCommandStart start = make_start ();
  uint8_t both[sizeof start + sizeof stop];
  LscCommandReader reader;
  size_t used;

  memcpy (both, &start, sizeof start);
  memcpy (both + sizeof start, &stop, sizeof stop);
  lsc_command_reader_init (&reader);
  g_assert_cmpint (lsc_command_reader_take (&reader, both, sizeof both, &used), ==,
                   LSC_COMMAND_READER_START);
  g_assert_cmpuint (used, ==, sizeof start);
  g_assert_cmpint (lsc_command_reader_take (&reader, both + used, sizeof both - used, &used), ==,
                   LSC_COMMAND_READER_STOP);
}

static void
test_half_a_command_is_none (void)
{
  LscCommandStart start = make_start ();
  LscCommandReader reader;

  lsc_command_reader_init (&reader);
  g_assert_cmpint (feed (&reader, &start, sizeof start - 1, 100), ==, LSC_COMMAND_READER_MORE);
}

static void
test_second_start (void)
{
  LscCommandStart start = make_start ();
  LscCommandReader reader;

  lsc_command_reader_init (&reader);
  feed (&reader, &start, sizeof start, sizeof start);
  g_assert_cmpint (feed (&reader, &start, sizeof start, 64), ==, LSC_COMMAND_READER_BAD);
}

static void
expect_bad (const LscCommandStart *start)
{
  LscCommandReader reader;

  lsc_command_reader_init (&reader);
  g_assert_cmpint (feed (&reader, start, sizeof *start, 16), ==, LSC_COMMAND_READER_BAD);
}

#define EXPECT_BAD(change)                                                                         \
  G_STMT_START                                                                                     \
  {                                                                                                \
    LscCommandStart start = make_start ();                                                         \
    change;                                                                                        \
    expect_bad (&start);                                                                           \
  }                                                                                                \
  G_STMT_END

static void
test_dishonest (void)
{
  EXPECT_BAD (start.head.size = 8);
  EXPECT_BAD (start.head.size = UINT32_MAX);
  EXPECT_BAD (start.head.size = 0);
  EXPECT_BAD (start.head.kind = 0);
  EXPECT_BAD (start.head.kind = 3);
  EXPECT_BAD (start.head.version = 2);
  EXPECT_BAD (start.head.version = 0);
  EXPECT_BAD (start.flags = 4);
  EXPECT_BAD (start.flags = LSC_START_WHOLE_MACHINE); /* and targets */
  EXPECT_BAD (start.n_targets = 0);                   /* and not the whole machine */
  EXPECT_BAD (start.n_targets = LSC_COMMAND_TARGETS_MAX + 1);
  EXPECT_BAD (start.n_targets = UINT32_MAX);
  EXPECT_BAD (start.n_targets = 3); /* the third has no id */
  EXPECT_BAD (start.reserved = 1);
  EXPECT_BAD (start.exclude_tgid = UINT32_MAX);
  EXPECT_BAD (start.targets[1].tgid = UINT32_MAX);
  EXPECT_BAD (start.targets[1].reserved = 1);
}

/* Any bytes: an answer, within the bytes given, never a read or write outside. */
static void
test_garbage (void)
{
  GRand *random = g_rand_new_with_seed (20261120);

  for (int i = 0; i < 20000; i++)
    {
      LscCommandStart start = make_start ();
      LscCommandReader reader;
      uint8_t *bytes = (uint8_t *) &start;
      int n_changes = g_rand_int_range (random, 1, 12);

      for (int k = 0; k < n_changes; k++)
        bytes[g_rand_int_range (random, 0, k % 2 ? 40 : (gint32) sizeof start)] =
            (uint8_t) g_rand_int (random);
      lsc_command_reader_init (&reader);
      feed (&reader, bytes, sizeof start, (size_t) g_rand_int_range (random, 1, 200));
    }
  g_rand_free (random);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/command-reader/any-portions", test_any_portions);
  g_test_add_func ("/command-reader/two-at-once", test_two_at_once);
  g_test_add_func ("/command-reader/half-a-command-is-none", test_half_a_command_is_none);
  g_test_add_func ("/command-reader/second-start-is-refused", test_second_start);
  g_test_add_func ("/command-reader/dishonest-commands-are-refused", test_dishonest);
  g_test_add_func ("/command-reader/garbage", test_garbage);
  return g_test_run ();
}
