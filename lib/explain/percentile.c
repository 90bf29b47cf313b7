/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/percentile.h"

static void
swap (uint64_t *a, uint64_t *b)
{
  uint64_t t = *a;

  *a = *b;
  *b = t;
}

/* Of the first, the middle and the last, so that sorted input is no worst case. */
static uint64_t
choose_pivot (const uint64_t *values, size_t low, size_t high)
{
  uint64_t a = values[low], b = values[low + (high - low) / 2], c = values[high];

  if ((a <= b) == (b <= c))
    return b;
  return (b <= a) == (a <= c) ? a : c;
}

/* Hoare's selection: puts the value of that rank in its place. */
static uint64_t
select_rank (uint64_t *values, size_t n, size_t rank)
{
  size_t low = 0, high = n - 1;

  while (low < high)
    {
      uint64_t pivot = choose_pivot (values, low, high);
      size_t i = low, j = high;

      for (;;)
        {
          while (values[i] < pivot)
            i++;
          while (values[j] > pivot)
            j--;
          if (i >= j)
            break;
          swap (&values[i++], &values[j--]);
        }
      /* Everything up to j is <= pivot, everything after it >= pivot. */
      if (j == high)
        j--;
      if (rank <= j)
        high = j;
      else
        low = j + 1;
    }
  return values[low];
}

uint64_t
lsc_percentile_of (uint64_t *values, size_t n, unsigned percent)
{
  size_t rank;

  if (n == 0)
    return 0;
  rank = (size_t) (((unsigned __int128) n * percent + 99) / 100);
  return select_rank (values, n, rank > 0 ? rank - 1 : 0);
}
