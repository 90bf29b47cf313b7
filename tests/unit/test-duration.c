/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/duration.h"
#include "lib/explain/percentile.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#define NBSP "\302\240"
#define MICRO "\302\265s"

static void
test_format_keeps_three_digits (void)
{
  static const struct
  {
    uint64_t ns;
    const char *text;
  } cases[] = {
    { 0, "0" NBSP "ns" },
    { 1, "1" NBSP "ns" },
    { 999, "999" NBSP "ns" },
    { 1000, "1" NBSP MICRO },
    { 1005, "1.01" NBSP MICRO },
    { 9994, "9.99" NBSP MICRO },
    { 9995, "10" NBSP MICRO },
    { 99950, "100" NBSP MICRO },
    { 999499, "999" NBSP MICRO },
    { 999500, "1" NBSP "ms" },
    { 3200417, "3.2" NBSP "ms" },
    { 3020000, "3.02" NBSP "ms" },
    { 12500000000, "12.5" NBSP "s" },
    { 59940000000, "59.9" NBSP "s" },
    { 60000000000, "1 min 0 s" },
    { 250000000000, "4 min 10 s" },
    { 3599600000000, "1 h 0 min" },
    { 7260000000000, "2 h 1 min" },
    { UINT64_MAX, "5124095 h 34 min" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = lsc_duration_format (cases[i].ns);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_exact_loses_nothing (void)
{
  g_autofree char *ms = lsc_duration_format_exact (3200417);
  g_autofree char *s = lsc_duration_format_exact (12000000001);
  g_autofree char *place = lsc_duration_format_place (1200000417);

  g_assert_cmpstr (ms, ==, "3.200417" NBSP "ms");
  g_assert_cmpstr (s, ==, "12.000000001" NBSP "s");
  g_assert_cmpstr (place, ==, "1.200000417" NBSP "s");
}

static void
test_parse_reads_what_people_write (void)
{
  static const struct
  {
    const char *text;
    uint64_t ns;
  } cases[] = {
    { "0", 0 },
    { "3", 3000000000 },
    { "1.5ms", 1500000 },
    { " 20 us ", 20000 },
    { "20" MICRO, 20000 },
    { ".25s", 250000000 },
    { "7.", 7000000000 },
    { "0.0000000019", 1 },
    { "1.9ns", 1 },
    { "2min", 120000000000 },
    { "0.1h", 360000000000 },
    { "1.000000001", 1000000001 },
    { "3.2" NBSP "ms", 3200000 },
    { "9223372035", 9223372035000000000 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      uint64_t ns = 42;

      g_assert_true (lsc_duration_parse (cases[i].text, &ns));
      g_assert_cmpuint (ns, ==, cases[i].ns);
    }
}

static void
test_parse_refuses_the_rest (void)
{
  static const char *const texts[] = {
    "",
    " ",
    "-1",
    "+1",
    "abc",
    ".",
    "1..2",
    "1 2",
    "1 parsec",
    "ms",
    "1e3",
    "nan",
    "inf",
    "0x10",
    "9223372036854775808ns",
    "9223372037",
    "99999999999999999999999",
    "2562048h",
    "1,5",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      uint64_t ns = 42;

      g_assert_false (lsc_duration_parse (texts[i], &ns));
      g_assert_cmpuint (ns, ==, 42);
    }
}

static void
test_what_is_formatted_exactly_is_read_back (void)
{
  for (int i = 0; i < 10000; i++)
    {
      uint64_t ns = ((uint64_t) g_random_int () << 30) >> (g_random_int () & 63), read = 0;
      g_autofree char *text = lsc_duration_format_exact (ns);

      g_assert_true (lsc_duration_parse (text, &read));
      g_assert_cmpuint (read, ==, ns);
    }
}

static int
compare (const void *a, const void *b)
{
  uint64_t left = *(const uint64_t *) a, right = *(const uint64_t *) b;

  return (left > right) - (left < right);
}

static void
test_percentiles_are_those_of_a_sorted_array (void)
{
  uint64_t values[300], sorted[300];

  for (int round = 0; round < 2000; round++)
    {
      size_t n = (size_t) g_test_rand_int_range (1, 300);
      int spread = g_test_rand_int_range (1, 1000);
      unsigned percent = (unsigned) g_test_rand_int_range (1, 101);
      size_t rank = (n * percent + 99) / 100;

      for (size_t i = 0; i < n; i++)
        sorted[i] = values[i] = (uint64_t) g_test_rand_int_range (0, spread);
      qsort (sorted, n, sizeof sorted[0], compare);
      if (round % 3 == 0)
        memcpy (values, sorted, sizeof sorted);
      g_assert_cmpuint (lsc_percentile_of (values, n, percent), ==, sorted[rank - 1]);
    }
  g_assert_cmpuint (lsc_percentile_of (values, 0, 50), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/duration/format", test_format_keeps_three_digits);
  g_test_add_func ("/duration/exact", test_exact_loses_nothing);
  g_test_add_func ("/duration/parse", test_parse_reads_what_people_write);
  g_test_add_func ("/duration/refuse", test_parse_refuses_the_rest);
  g_test_add_func ("/duration/round-trip", test_what_is_formatted_exactly_is_read_back);
  g_test_add_func ("/percentile/sorted", test_percentiles_are_those_of_a_sorted_array);
  return g_test_run ();
}
