/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helper/ring-reader.h"

#include "lib/wire/record.h"

#include <glib.h>
#include <string.h>

#define N_CPUS 3u
#define RING_BYTES 256u /* ten wakings; small, so that positions go round often */

/* Programs and rings as the kernel would fill them. */
typedef struct
{
  LscKernelCpu cpus[N_CPUS];
  _Alignas(8) uint8_t bytes[N_CPUS][RING_BYTES + LSC_KERNEL_RING_SLACK];
  LscRingReader reader;
  GArray *taken; /* LscRecordWaking, in the order in which they came */
  size_t limit;  /* the sink stops when it has so many */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  const LscRings rings = { self->cpus, self->bytes[0], sizeof self->bytes[0], RING_BYTES, N_CPUS };

  memset (self->cpus, 0, sizeof self->cpus);
  memset (self->bytes, 0xa5, sizeof self->bytes);
  lsc_ring_reader_init (&self->reader, &rings);
  self->taken = g_array_new (FALSE, FALSE, sizeof (LscRecordWaking));
  self->limit = G_MAXSIZE;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_array_unref (self->taken);
}

static bool
put (Fixture *self, uint32_t cpu, uint64_t time_ns, uint32_t tid)
{
  LscKernelCpu *counters = &self->cpus[cpu];
  const LscRecordWaking record = {
    .head = { .time_ns = time_ns, .size = sizeof record, .kind = LSC_RECORD_WAKING, .cpu = cpu },
    .wakee_tid = tid
  };

  if (counters->ring_end - counters->ring_begin + sizeof record > RING_BYTES)
    return false;
  memcpy (self->bytes[cpu] + counters->ring_end % RING_BYTES, &record, sizeof record);
  counters->ring_end += sizeof record;
  return true;
}

static int
take_cb (void *data, const void *record, size_t size)
{
  Fixture *self = data;

  g_assert_cmpuint (size, ==, sizeof (LscRecordWaking));
  g_array_append_vals (self->taken, record, 1);
  return self->taken->len < self->limit ? 0 : -1;
}

/* What happened before `until_ns`. */
static LscRingOutcome
drain (Fixture *self, uint64_t until_ns)
{
  return lsc_ring_reader_drain (&self->reader, until_ns + LSC_RING_VISIBLE_NS, take_cb, self);
}

/* Whether the wakees came as `expected` says, which ends with 0. */
static void
assert_taken (Fixture *self, const uint32_t *expected)
{
  for (guint i = 0; i < self->taken->len; i++)
    g_assert_cmpuint (g_array_index (self->taken, LscRecordWaking, i).wakee_tid, ==, expected[i]);
  g_assert_cmpuint (expected[self->taken->len], ==, 0);
}

static void
test_by_time (Fixture *self, gconstpointer data)
{
  put (self, 0, 10, 1);
  put (self, 2, 20, 2);
  put (self, 0, 30, 3);
  put (self, 0, 40, 4);
  put (self, 1, 50, 5);
  g_assert_cmpint (drain (self, 1000), ==, LSC_RING_EMPTIED);
  assert_taken (self, (uint32_t[]){ 1, 2, 3, 4, 5, 0 });
  g_assert_cmpint (drain (self, 1000), ==, LSC_RING_EMPTIED);
  g_assert_cmpuint (self->taken->len, ==, 5);
  for (guint i = 0; i < N_CPUS; i++)
    g_assert_cmpuint (self->cpus[i].ring_begin, ==, self->cpus[i].ring_end);
}

/* What happens while a round is on waits for the next: another CPU may have something older still
 * to say. */
static void
test_not_too_new (Fixture *self, gconstpointer data)
{
  put (self, 0, 10, 1);
  put (self, 0, 100, 3);
  put (self, 1, 20, 2);
  g_assert_cmpint (drain (self, 100), ==, LSC_RING_EMPTIED);
  assert_taken (self, (uint32_t[]){ 1, 2, 0 });
  put (self, 1, 90, 4);
  g_assert_cmpint (drain (self, 101), ==, LSC_RING_EMPTIED);
  assert_taken (self, (uint32_t[]){ 1, 2, 4, 3, 0 });
}

/* A rename is told with the time at which it happened, a gap with the time of its end: they stay
 * where their CPU put them. */
static void
test_older_behind (Fixture *self, gconstpointer data)
{
  put (self, 0, 50, 2);
  put (self, 0, 10, 3);
  put (self, 0, 60, 5);
  put (self, 1, 40, 1);
  put (self, 1, 55, 4);
  g_assert_cmpint (drain (self, 1000), ==, LSC_RING_EMPTIED);
  assert_taken (self, (uint32_t[]){ 1, 2, 3, 4, 5, 0 });
}

static void
test_stop (Fixture *self, gconstpointer data)
{
  put (self, 0, 10, 1);
  put (self, 1, 20, 2);
  put (self, 0, 30, 3);
  self->limit = 2;
  g_assert_cmpint (drain (self, 1000), ==, LSC_RING_STOPPED);
  assert_taken (self, (uint32_t[]){ 1, 2, 0 });
  g_assert_cmpuint (self->cpus[0].ring_begin, ==, sizeof (LscRecordWaking));
  self->limit = G_MAXSIZE;
  g_assert_cmpint (drain (self, 1000), ==, LSC_RING_EMPTIED);
  assert_taken (self, (uint32_t[]){ 1, 2, 3, 0 });
}

/* As long as a program runs on one CPU nothing is said of any: what it writes may be older than
 * what the others have written. */
static void
test_busy (Fixture *self, gconstpointer data)
{
  put (self, 0, 10, 1);
  put (self, 1, 20, 2);
  self->cpus[1].busy = 1;
  g_assert_cmpint (drain (self, 1000), ==, LSC_RING_BUSY);
  g_assert_cmpuint (self->taken->len, ==, 0);
  self->cpus[1].busy = 0;
  g_assert_cmpint (drain (self, 1000), ==, LSC_RING_EMPTIED);
  assert_taken (self, (uint32_t[]){ 1, 2, 0 });
}

/* Round and round: everything that found room comes out, once, sorted. */
static void
test_many (Fixture *self, gconstpointer data)
{
  uint32_t n_put = 0;
  uint64_t last_ns = 0;

  for (uint64_t time_ns = 1; time_ns < 20000; time_ns++)
    {
      if (g_test_rand_int_range (0, 2) == 0)
        n_put += put (self, (uint32_t) g_test_rand_int_range (0, N_CPUS), time_ns, 7);
      self->limit = self->taken->len + (size_t) g_test_rand_int_range (1, 20);
      if (g_test_rand_int_range (0, 8) == 0)
        g_assert_cmpint (drain (self, time_ns), !=, LSC_RING_BROKEN);
    }
  self->limit = G_MAXSIZE;
  g_assert_cmpint (drain (self, 20000), ==, LSC_RING_EMPTIED);
  g_assert_cmpuint (self->taken->len, ==, n_put);
  g_assert_cmpuint (n_put, >, 5000);
  for (guint i = 0; i < self->taken->len; i++)
    {
      uint64_t time_ns = g_array_index (self->taken, LscRecordWaking, i).head.time_ns;

      g_assert_cmpuint (time_ns, >=, last_ns);
      last_ns = time_ns;
    }
}

static void
test_nonsense (Fixture *self, gconstpointer data)
{
  const uint16_t sizes[] = { 0, 8, 12, 20, LSC_KERNEL_RING_SLACK + 8, UINT16_MAX };

  for (size_t i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      tear_down (self, data);
      set_up (self, data);
      put (self, 0, 10, 1);
      put (self, 0, 20, 2);
      memcpy (self->bytes[0] + sizeof (LscRecordWaking) + G_STRUCT_OFFSET (LscRecordHead, size),
              &sizes[i], sizeof sizes[i]);
      g_assert_cmpint (drain (self, 1000), ==, LSC_RING_BROKEN);
      g_assert_cmpuint (self->taken->len, ==, 1);
    }
  tear_down (self, data);
  set_up (self, data);
  self->cpus[0].ring_end = RING_BYTES + 8;
  g_assert_cmpint (drain (self, 1000), ==, LSC_RING_BROKEN);
}

static void
test_sizes (void)
{
  const uint32_t n_cpus[] = { 1, 2, 8, 9, 64, LSC_KERNEL_CPUS_MAX };

  for (size_t i = 0; i < G_N_ELEMENTS (n_cpus); i++)
    {
      uint64_t bytes = lsc_kernel_ring_bytes (n_cpus[i]);

      g_assert_cmpuint (bytes & (bytes - 1), ==, 0);
      g_assert_cmpuint (bytes, >=, LSC_KERNEL_RING_BYTES_MIN);
      g_assert_cmpuint (bytes, <=, LSC_KERNEL_RING_BYTES_MAX);
      g_assert_true (bytes * n_cpus[i] <= LSC_KERNEL_RINGS_BYTES
                     || bytes == LSC_KERNEL_RING_BYTES_MIN);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/ring-reader/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("by-time", test_by_time);
  ADD ("not-too-new", test_not_too_new);
  ADD ("older-behind", test_older_behind);
  ADD ("stop", test_stop);
  ADD ("busy", test_busy);
  ADD ("many", test_many);
  ADD ("nonsense", test_nonsense);
#undef ADD
  g_test_add_func ("/ring-reader/sizes", test_sizes);
  return g_test_run ();
}
