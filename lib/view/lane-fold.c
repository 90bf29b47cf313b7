/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/lane-fold.h"

/* The column being filled. */
typedef struct
{
  GArray *pieces;
  uint64_t bucket_ns;
  uint64_t start_ns, end_ns;
  double ns[LSC_N_STATES];
  double longest_ns;
  uint8_t reason;
  uint32_t thread;
} Fold;

static void
flush (Fold *fold)
{
  LscPiece piece = { .start_ns = fold->start_ns,
                     .end_ns = fold->end_ns,
                     .kind = LSC_SHAPE_COLUMN,
                     .reason = fold->reason,
                     .thread = fold->thread,
                     .cpu = LSC_CPU_NONE };
  double scale;
  uint32_t left = LSC_SHARE_ONE;
  unsigned most = 0;

  if (fold->end_ns <= fold->start_ns)
    return;
  scale = LSC_SHARE_ONE / (double) (fold->end_ns - fold->start_ns);
  for (unsigned i = 0; i < LSC_N_STATES; i++)
    {
      double part = fold->ns[i] * scale;
      uint32_t share = part <= 0 ? 0 : part < 1 ? 1 : part > left ? left : (uint32_t) part;

      piece.share[i] = (uint16_t) share;
      left -= share;
      if (fold->ns[i] > fold->ns[most])
        most = i;
      fold->ns[i] = 0;
    }
  piece.share[most] = (uint16_t) (piece.share[most] + left);
  piece.state = (uint8_t) most;
  g_array_append_val (fold->pieces, piece);
  fold->start_ns = fold->end_ns;
  fold->longest_ns = 0;
  fold->reason = LSC_REASON_NONE;
  fold->thread = LSC_THREAD_NONE;
}

/* Adds `ns` of a piece, which all lie in one bucket. */
static void
add_part (Fold *fold, const LscPiece *piece, double ns)
{
  double telling = ns;

  if (piece->kind == LSC_SHAPE_SPAN)
    fold->ns[piece->state] += ns;
  else
    {
      for (unsigned i = 0; i < LSC_N_STATES; i++)
        fold->ns[i] += ns * piece->share[i] / LSC_SHARE_ONE;
      telling = ns / 2;
    }
  if ((piece->reason != LSC_REASON_NONE || piece->thread != LSC_THREAD_NONE)
      && piece->reason != LSC_REASON_QUEUE && telling > fold->longest_ns)
    {
      fold->longest_ns = telling;
      fold->reason = piece->reason;
      fold->thread = piece->thread;
    }
}

static void
add_piece (Fold *fold, const LscFoldRange *range, const LscPiece *piece)
{
  uint64_t from = MAX (piece->start_ns, range->from_ns);
  uint64_t to = MIN (piece->end_ns, range->to_ns);

  if (fold->end_ns != from)
    {
      flush (fold);
      fold->start_ns = from;
    }
  while (from < to)
    {
      uint64_t end = (from & ~(fold->bucket_ns - 1)) + fold->bucket_ns;
      uint64_t part_end = MIN (end, to);

      fold->end_ns = part_end;
      add_part (fold, piece, (double) (part_end - from));
      if (part_end == end)
        flush (fold);
      from = part_end;
    }
}

void
lsc_lane_fold (const LscFoldRange *range,
               const LscPiece *const halves[2],
               const uint32_t n_halves[2],
               GArray *pieces)
{
  Fold fold = { .pieces = pieces,
                .bucket_ns = UINT64_C (1) << range->level,
                .thread = LSC_THREAD_NONE };
  uint64_t last_number = 0;
  bool any_span = false;

  for (int half = 0; half < 2; half++)
    for (uint32_t i = 0; i < n_halves[half]; i++)
      {
        const LscPiece *piece = &halves[half][i];

        if (piece->kind == LSC_SHAPE_SPAN)
          {
            /* both halves name the span that crosses their border */
            if (any_span && piece->number == last_number)
              continue;
            any_span = true;
            last_number = piece->number;
            if (piece->end_ns - piece->start_ns >= 2 * fold.bucket_ns)
              {
                flush (&fold);
                g_array_append_vals (pieces, piece, 1);
                fold.start_ns = fold.end_ns = piece->end_ns;
                continue;
              }
          }
        add_piece (&fold, range, piece);
      }
  flush (&fold);
}
