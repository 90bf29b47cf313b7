/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/column-look.h"
#include "lib/paint/column-row.h"

#include <immintrin.h>
#include <string.h>

#define WIDE __attribute__ ((target ("avx2")))
#define EIGHT 8

_Static_assert(LSC_COLUMN_ROW_GROUP == sizeof (__m256i), "a group fills a register");
_Static_assert(LSC_COLUMN_SET == EIGHT, "the colours of a set fill a register");

WIDE static inline __m256i
load (const void *group)
{
  return _mm256_loadu_si256 (group);
}

/* Indices of a group's colours, as lsc_column_row_pick() has them, but for a line's behind what
 * hides it: those are of its set's ground only. */
WIDE static inline __m256i
pick_group (const LscColumnPlanes *planes, int i, __m256i height)
{
  __m256i hollow = _mm256_set1_epi8 ((char) LSC_COLUMN_HOLLOW_RUNNABLE);
  __m256i line = load (&planes->line[i]), stacked, in_line, shows;

  stacked =
      _mm256_add_epi8 (_mm256_add_epi8 (_mm256_cmpgt_epi8 (load (&planes->running[i]), height),
                                        _mm256_cmpgt_epi8 (load (&planes->preempted[i]), height)),
                       _mm256_add_epi8 (_mm256_cmpgt_epi8 (load (&planes->runnable[i]), height),
                                        _mm256_cmpgt_epi8 (load (&planes->unknown[i]), height)));
  stacked = _mm256_sub_epi8 (_mm256_setzero_si256 (), stacked);
  in_line = _mm256_andnot_si256 (_mm256_cmpgt_epi8 (load (&planes->line_from[i]), height),
                                 _mm256_cmpgt_epi8 (load (&planes->line_to[i]), height));
  shows = _mm256_or_si256 (_mm256_cmpeq_epi8 (stacked, _mm256_setzero_si256 ()),
                           _mm256_cmpeq_epi8 (_mm256_max_epu8 (line, hollow), line));
  return _mm256_or_si256 (stacked, _mm256_and_si256 (line, _mm256_and_si256 (in_line, shows)));
}

/* The colours of eight indices: nearly always all of the first set, which is in `set`. */
WIDE static inline void
put_eight (const uint8_t *indices, __m256i set, const LscColor *colors, uint32_t *pixels)
{
  uint64_t eight;

  memcpy (&eight, indices, sizeof eight);
  if ((eight & UINT64_C (0xf8f8f8f8f8f8f8f8)) == 0)
    {
      __m256i wide = _mm256_cvtepu8_epi32 (_mm_loadl_epi64 ((const void *) indices));

      _mm256_storeu_si256 ((void *) pixels, _mm256_permutevar8x32_epi32 (set, wide));
    }
  else
    for (int i = 0; i < EIGHT; i++)
      pixels[i] = colors[indices[i]];
}

WIDE static void
put_row (
    const LscColumnPlanes *planes, int8_t height, int n, const LscColor *colors, uint32_t *pixels)
{
  __m256i set = load (colors), at = _mm256_set1_epi8 (height);
  uint8_t indices[LSC_COLUMN_ROW_GROUP];

  for (int i = 0; i < n; i += LSC_COLUMN_ROW_GROUP)
    {
      int end = MIN (n - i, LSC_COLUMN_ROW_GROUP), k = 0;

      _mm256_storeu_si256 ((void *) indices, pick_group (planes, i, at));
      for (; k + EIGHT <= end; k += EIGHT)
        put_eight (&indices[k], set, colors, &pixels[i + k]);
      for (; k < end; k++)
        pixels[i + k] = colors[indices[k]];
    }
}

LscColumnRow
lsc_column_row_best (void)
{
  return __builtin_cpu_supports ("avx2") ? put_row : lsc_column_row_plain;
}
