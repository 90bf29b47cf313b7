/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/piece-pool.h"

#include <glib.h>
#include <string.h>

#define N_SIZES 3u
#define N_PIECES 3000u

static const size_t sizes[N_SIZES] = { 32, 320, 2048 };

static uint32_t
count_chunks (const LscSlabStore *store)
{
  uint32_t n = 0;

  for (uint32_t place = 0; place < store->n_places; place++)
    n += store->chunks[place] != NULL;
  return n;
}

/* Takes and gives at random; each piece is filled with its own number, which must stay. */
static void
test_pieces_never_overlap (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  LscSlabStore store = { 0 };
  LscPiecePool pools[N_SIZES];
  static unsigned char *pieces[N_SIZES][N_PIECES];

  for (unsigned s = 0; s < N_SIZES; s++)
    lsc_piece_pool_init (&pools[s], &store, sizes[s]);
  for (uint32_t step = 0; step < 200000; step++)
    {
      uint32_t s = g_rand_int (rand) % N_SIZES, i = g_rand_int (rand) % N_PIECES;
      unsigned char *piece = pieces[s][i];

      if (piece == NULL)
        {
          piece = pieces[s][i] = lsc_piece_pool_take (&pools[s]);
          g_assert_cmpuint ((uintptr_t) piece % (sizes[s] & -sizes[s]), ==, 0);
          memset (piece, (int) (i & 255), sizes[s]);
          continue;
        }
      for (size_t byte = 0; byte < sizes[s]; byte++)
        g_assert_cmpuint (piece[byte], ==, i & 255);
      lsc_piece_pool_give (&pools[s], piece);
      pieces[s][i] = NULL;
    }
  lsc_slab_store_clear (&store);
}

/* What pieces of one size no longer need is used for another, and goes back when nobody does. */
static void
test_room_moves_between_sizes (void)
{
  LscSlabStore store = { 0 };
  LscPiecePool pool;
  static void *pieces[4 * N_PIECES];
  uint32_t most = 0;

  for (unsigned turn = 0; turn < 2 * N_SIZES; turn++)
    {
      size_t size = sizes[turn % N_SIZES], n = N_PIECES * 320 / size;

      lsc_piece_pool_init (&pool, &store, size);
      for (size_t i = 0; i < n && i < G_N_ELEMENTS (pieces); i++)
        pieces[i] = lsc_piece_pool_take (&pool);
      most = MAX (most, count_chunks (&store));
      for (size_t i = 0; i < n && i < G_N_ELEMENTS (pieces); i++)
        lsc_piece_pool_give (&pool, pieces[i]);
      g_assert_cmpuint (count_chunks (&store), ==, 1);
    }
  g_assert_cmpuint (most, ==, 1);
  lsc_slab_store_clear (&store);
}

/* A trace drops its oldest part again and again, while its mix of sizes changes: what it holds
 * stays near what it needs. */
static void
test_a_changing_mix_does_not_grow (void)
{
  LscSlabStore store = { 0 };
  LscPiecePool pools[N_SIZES];
  GQueue queue = G_QUEUE_INIT; /* pieces, the oldest first */
  size_t need = 0, most = 16 << 20;

  for (unsigned s = 0; s < N_SIZES; s++)
    lsc_piece_pool_init (&pools[s], &store, sizes[s]);
  for (uint32_t step = 0; step < 300000; step++)
    {
      /* in ten thousands of steps this or that size is what is mostly asked for */
      uint32_t s = step % 8 == 0 ? step / 8 % N_SIZES : step / 30000 % N_SIZES;

      g_queue_push_tail (&queue, lsc_piece_pool_take (&pools[s]));
      g_queue_push_tail (&queue, &pools[s]);
      need += sizes[s];
      if (need < most)
        continue;
      while (need > most * 7 / 8)
        {
          void *piece = g_queue_pop_head (&queue);
          LscPiecePool *pool = g_queue_pop_head (&queue);

          need -= pool->size;
          lsc_piece_pool_give (pool, piece);
        }
    }
  g_assert_cmpuint (count_chunks (&store), <=, 16 / 2 + 2);
  g_queue_clear (&queue);
  lsc_slab_store_clear (&store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/piece-pool/pieces-never-overlap", test_pieces_never_overlap);
  g_test_add_func ("/piece-pool/room-moves-between-sizes", test_room_moves_between_sizes);
  g_test_add_func ("/piece-pool/a-changing-mix-does-not-grow", test_a_changing_mix_does_not_grow);
  return g_test_run ();
}
