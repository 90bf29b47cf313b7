/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/lane-fold.h"

#include <math.h>

/* The column being filled. */
typedef struct
{
  LscPieces *pieces;
  unsigned level;
  uint64_t bucket_ns;
  uint64_t start_ns, end_ns;
  double ns[LSC_N_STATES];
  double longest_ns;
  uint8_t reason;
  uint32_t thread;
} Fold;

/* Shares that add up to LSC_SHARE_ONE, with what rounding left over given to the largest. */
static void
settle (LscColumn *column, uint32_t sum)
{
  unsigned most = 0;

  for (unsigned i = 1; i < LSC_N_STATES; i++)
    if (column->share[i] > column->share[most])
      most = i;
  column->share[most] = (uint8_t) (column->share[most] + LSC_SHARE_ONE - sum);
  column->state = (uint8_t) most;
}

static void
flush (Fold *fold)
{
  LscColumn *column;
  double scale;
  uint32_t sum = 0;

  if (fold->end_ns <= fold->start_ns)
    return;
  column = lsc_pieces_add_columns (fold->pieces, fold->level, fold->start_ns, fold->end_ns, 1);
  scale = LSC_SHARE_ONE / (double) (fold->end_ns - fold->start_ns);
  for (unsigned i = 0; i < LSC_N_STATES; i++)
    {
      double part = fold->ns[i] * scale;
      double share = part <= 0 ? 0 : fmin (fmax (round (part), 1), LSC_SHARE_ONE);

      column->share[i] = (uint8_t) share;
      sum += column->share[i];
      fold->ns[i] = 0;
    }
  settle (column, sum);
  column->reason = fold->reason;
  column->thread = fold->thread;
  fold->start_ns = fold->end_ns;
  fold->longest_ns = 0;
  fold->reason = LSC_REASON_NONE;
  fold->thread = LSC_THREAD_NONE;
}

static bool
is_telling (uint8_t reason, uint32_t thread)
{
  return (reason != LSC_REASON_NONE || thread != LSC_THREAD_NONE) && reason != LSC_REASON_QUEUE;
}

/* Adds `ns` of a span, which all lie in one bucket. */
static void
add_span (Fold *fold, const LscPiece *span, uint64_t ns)
{
  fold->ns[span->state] += (double) ns;
  if (is_telling (span->reason, span->thread) && (double) ns > fold->longest_ns)
    {
      fold->longest_ns = (double) ns;
      fold->reason = span->reason;
      fold->thread = span->thread;
    }
}

/* The same of a column; what it tells about was about half of it. */
static void
add_column (Fold *fold, const LscColumn *column, uint64_t ns)
{
  for (unsigned i = 0; i < LSC_N_STATES; i++)
    fold->ns[i] += (double) ns * column->share[i] / LSC_SHARE_ONE;
  if (is_telling (column->reason, column->thread) && (double) ns / 2 > fold->longest_ns)
    {
      fold->longest_ns = (double) ns / 2;
      fold->reason = column->reason;
      fold->thread = column->thread;
    }
}

/* Nearly all columns of a dense lane: one from two whole ones of the same length. Rounds up and
 * down in turn so that nothing drifts, and never down to nothing. */
static void
merge (const LscColumn *a, const LscColumn *b, uint32_t up, LscColumn *out)
{
  uint32_t sum = 0;

  *out = is_telling (a->reason, a->thread) ? *a : *b;
  for (unsigned i = 0; i < LSC_N_STATES; i++)
    {
      uint32_t both = (uint32_t) a->share[i] + b->share[i];

      out->share[i] = (uint8_t) (both == 1 ? 1 : (both + up) / 2);
      sum += out->share[i];
    }
  settle (out, sum);
}

/* [from, to) begins a new piece of what is being filled, unless it goes on from there. */
static void
go_to (Fold *fold, uint64_t from_ns)
{
  if (fold->end_ns == from_ns)
    return;
  flush (fold);
  fold->start_ns = fold->end_ns = from_ns;
}

static void
fold_span (Fold *fold, const LscFoldRange *range, const LscPiece *span)
{
  uint64_t from = MAX (span->start_ns, range->from_ns);
  uint64_t to = MIN (span->end_ns, range->to_ns);

  go_to (fold, from);
  while (from < to)
    {
      uint64_t end = (from & ~(fold->bucket_ns - 1)) + fold->bucket_ns;

      fold->end_ns = MIN (end, to);
      add_span (fold, span, fold->end_ns - from);
      if (fold->end_ns == end)
        flush (fold);
      from = MIN (end, to);
    }
}

/* The finer level's columns are cut where the coarser ones are, and never lie across. */
static void
fold_columns (Fold *fold, const LscPiece *piece, const LscColumn *columns)
{
  uint64_t half = fold->bucket_ns / 2, from = piece->start_ns;
  uint32_t i = 0;

  go_to (fold, from);
  while (from < piece->end_ns)
    {
      uint64_t to = MIN ((from & ~(half - 1)) + half, piece->end_ns);

      if (fold->start_ns == from && (from & (fold->bucket_ns - 1)) == 0
          && from + fold->bucket_ns <= piece->end_ns)
        {
          merge (
              &columns[i], &columns[i + 1], (from >> fold->level) & 1,
              lsc_pieces_add_columns (fold->pieces, fold->level, from, from + fold->bucket_ns, 1));
          i += 2;
          from = fold->start_ns = fold->end_ns = from + fold->bucket_ns;
          continue;
        }
      fold->end_ns = to;
      add_column (fold, &columns[i++], to - from);
      if ((to & (fold->bucket_ns - 1)) == 0)
        flush (fold);
      from = to;
    }
}

void
lsc_lane_fold (const LscFoldRange *range, const LscFoldHalf halves[2], LscPieces *pieces)
{
  Fold fold = { .pieces = pieces,
                .level = range->level,
                .bucket_ns = UINT64_C (1) << range->level,
                .thread = LSC_THREAD_NONE };
  uint64_t last_number = 0;
  bool any_span = false;

  for (int half = 0; half < 2; half++)
    for (uint32_t i = 0; i < halves[half].n_pieces; i++)
      {
        const LscPiece *piece = &halves[half].pieces[i];

        if (piece->kind == LSC_SHAPE_COLUMNS)
          {
            fold_columns (&fold, piece, halves[half].columns + piece->first_column);
            continue;
          }
        /* both halves name the span that crosses their border */
        if (any_span && piece->number == last_number)
          continue;
        any_span = true;
        last_number = piece->number;
        if (piece->end_ns - piece->start_ns < LSC_ALONE_BUCKETS * fold.bucket_ns)
          fold_span (&fold, range, piece);
        else
          {
            flush (&fold);
            lsc_pieces_add_span (pieces, piece);
            fold.start_ns = fold.end_ns = piece->end_ns;
          }
      }
  flush (&fold);
}
