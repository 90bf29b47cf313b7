/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/lane-tiles.h"

#include "lib/view/lane-fold.h"

#include <string.h>

#define CACHE_BYTES_MAX (UINT64_C (32) << 20)
#define PERIOD_NS (UINT64_C (15) * 1000000000) /* of a trace that grows */

_Static_assert(LSC_N_STATES + LSC_N_REASONS <= 64, "what is seen fits a word");

struct _LscLaneTiles
{
  GHashTable *tiles;
  uint64_t bytes, now;
  uint64_t keep_from; /* while shrinking */
  uint64_t period;    /* `now` when the present period began, and where the trace ended */
  uint64_t period_ns;
  uint64_t revision; /* of the trace */
  LscPieces scratch; /* of the tile last worked out */
};

static guint
hash_tile (gconstpointer data)
{
  const LscTileKey *key = data;
  uint64_t mix = (key->tile ^ ((uint64_t) key->index << 32))
                 + ((uint64_t) key->kind << 6 | key->level) * UINT64_C (0x9e3779b97f4a7c15);

  mix = (mix ^ (mix >> 29)) * UINT64_C (0xbf58476d1ce4e5b9);
  return (guint) (mix ^ (mix >> 32));
}

static gboolean
equal_tiles (gconstpointer a, gconstpointer b)
{
  const LscTileKey *x = a, *y = b;

  return x->tile == y->tile && x->index == y->index && x->kind == y->kind && x->level == y->level;
}

LscLaneTiles *
lsc_lane_tiles_new (void)
{
  LscLaneTiles *self = g_new0 (LscLaneTiles, 1);

  self->tiles = g_hash_table_new_full (hash_tile, equal_tiles, NULL, g_free);
  lsc_pieces_init (&self->scratch);
  return self;
}

void
lsc_lane_tiles_free (LscLaneTiles *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->tiles);
  lsc_pieces_clear (&self->scratch);
  g_free (self);
}

void
lsc_lane_tiles_reset (LscLaneTiles *self)
{
  g_hash_table_remove_all (self->tiles);
  self->bytes = 0;
}

uint32_t
lsc_lane_tiles_get_n_kept (const LscLaneTiles *self)
{
  return g_hash_table_size (self->tiles);
}

static size_t
tile_bytes (const LscTile *tile)
{
  return sizeof *tile + tile->n_pieces * sizeof (LscPiece) + tile->n_columns * sizeof (LscColumn);
}

static gboolean
drop_old_cb (gpointer key, gpointer value, gpointer data)
{
  LscLaneTiles *self = data;
  LscTile *tile = value;

  if (tile->used > self->keep_from)
    return FALSE;
  self->bytes -= tile_bytes (tile);
  return TRUE;
}

/* Drops what was not asked for lately; everything, if that is not enough. */
static void
shrink (LscLaneTiles *self)
{
  uint64_t asked = g_hash_table_size (self->tiles) / 2;

  self->keep_from = self->now > asked ? self->now - asked : 0;
  g_hash_table_foreach_remove (self->tiles, drop_old_cb, self);
  if (self->bytes > CACHE_BYTES_MAX)
    lsc_lane_tiles_reset (self);
}

/* A capture that runs for hours leaves its tiles behind, at whatever rate they are looked at. */
static void
drop_unused (LscLaneTiles *self, uint64_t end_ns)
{
  if (end_ns >= self->period_ns && end_ns - self->period_ns < PERIOD_NS)
    return;
  self->keep_from = self->period;
  g_hash_table_foreach_remove (self->tiles, drop_old_cb, self);
  self->period = self->now;
  self->period_ns = end_ns;
}

void
lsc_lane_tiles_begin (LscLaneTiles *self, const LscTrace *trace)
{
  self->revision = lsc_trace_get_revision (trace);
  drop_unused (self, lsc_trace_get_end_ns (trace));
  if (self->bytes > CACHE_BYTES_MAX)
    shrink (self);
}

static uint64_t
gather_seen (const LscPieces *pieces)
{
  uint8_t share[LSC_N_STATES] = { 0 };
  uint64_t seen = 0;

  for (guint i = 0; i < pieces->pieces->len; i++)
    {
      const LscPiece *piece = &g_array_index (pieces->pieces, LscPiece, i);

      if (piece->kind == LSC_SHAPE_SPAN)
        seen |= LSC_SEEN_STATE (piece->state) | LSC_SEEN_REASON (piece->reason);
    }
  for (guint i = 0; i < pieces->columns->len; i++)
    {
      const LscColumn *column = &g_array_index (pieces->columns, LscColumn, i);

      seen |= LSC_SEEN_REASON (column->reason);
      for (unsigned s = 0; s < LSC_N_STATES; s++)
        share[s] |= column->share[s];
    }
  for (unsigned s = 0; s < LSC_N_STATES; s++)
    seen |= share[s] != 0 ? LSC_SEEN_STATE (s) : 0;
  return seen;
}

/* Keeps a copy of the scratch. */
static const LscTile *
keep_tile (LscLaneTiles *self, const LscTileKey *key, const LscTile *facts)
{
  const GArray *pieces = self->scratch.pieces, *columns = self->scratch.columns;
  const LscTile *old = g_hash_table_lookup (self->tiles, key);
  LscTile *tile =
      g_malloc (sizeof *tile + pieces->len * sizeof (LscPiece) + columns->len * sizeof (LscColumn));

  if (old != NULL)
    self->bytes -= tile_bytes (old);
  *tile = *facts;
  tile->key = *key;
  tile->used = self->now;
  tile->seen = gather_seen (&self->scratch);
  tile->n_pieces = pieces->len;
  tile->n_columns = columns->len;
  tile->columns = (LscColumn *) (void *) (tile->pieces + pieces->len);
  if (pieces->len > 0)
    memcpy (tile->pieces, pieces->data, pieces->len * sizeof (LscPiece));
  if (columns->len > 0)
    memcpy (tile->columns, columns->data, columns->len * sizeof (LscColumn));
  self->bytes += tile_bytes (tile);
  g_hash_table_replace (self->tiles, &tile->key, tile);
  return tile;
}

const LscTile *
lsc_lane_tiles_find (LscLaneTiles *self, const LscScanLane *lane, const LscTileKey *key)
{
  uint64_t from = key->tile << MIN (key->level + LSC_TILE_SHIFT, 63);
  LscTile *tile = g_hash_table_lookup (self->tiles, key);

  if (tile == NULL || tile->from_ns != MAX (from, lsc_lane_get_start_ns (lane->lane))
      || (tile->revision != UINT64_MAX && tile->revision != self->revision))
    return NULL;
  tile->used = ++self->now;
  return tile;
}

/* Where nothing before changes any more: the start of the last span, or the end of a closed lane.
 */
static uint64_t
settled_until (const LscLane *lane)
{
  LscSpan last;

  lsc_lane_get (lane, lsc_lane_get_end (lane) - 1, &last);
  return lsc_lane_is_open (lane) ? last.start_ns : last.end_ns;
}

/* Puts into the scratch what an older state of the tile has that still holds, so that a lane that
 * grows is looked at only where it grew. Returns where to go on. */
static uint64_t
reuse_pieces (LscLaneTiles *self, const LscTileKey *key, uint64_t from_ns)
{
  const LscTile *tile = g_hash_table_lookup (self->tiles, key);
  GArray *pieces = self->scratch.pieces;

  if (tile == NULL || tile->from_ns != from_ns)
    return from_ns;
  g_array_append_vals (pieces, tile->pieces, tile->n_pieces);
  g_array_append_vals (self->scratch.columns, tile->columns, tile->n_columns);
  lsc_pieces_cut (&self->scratch, key->level, tile->settled_ns);
  return pieces->len == 0 ? from_ns : g_array_index (pieces, LscPiece, pieces->len - 1).end_ns;
}

/* The two tiles of the next finer level that cover this one, or false. */
static bool
find_halves (LscLaneTiles *self,
             const LscScanLane *lane,
             const LscTileKey *key,
             LscFoldHalf halves[2])
{
  for (unsigned half = 0; half < 2; half++)
    {
      LscTileKey half_key = *key;
      const LscTile *tile;

      if (key->level == 0 || key->level + LSC_TILE_SHIFT > 62)
        return false;
      half_key.level--;
      half_key.tile = key->tile * 2 + half;
      tile = lsc_lane_tiles_find (self, lane, &half_key);
      if (tile == NULL)
        return false;
      halves[half] = (LscFoldHalf){ tile->pieces, tile->n_pieces, tile->columns };
    }
  return true;
}

const LscTile *
lsc_lane_tiles_make (LscLaneTiles *self, const LscScanLane *lane, const LscTileKey *key)
{
  unsigned shift = MIN (key->level + LSC_TILE_SHIFT, 63);
  uint64_t from = key->tile << shift;
  uint64_t to = from + ((UINT64_C (1) << shift) - 1);
  LscFoldHalf halves[2];
  LscTile facts = { 0 };

  to = to == UINT64_MAX ? to : to + 1;
  facts.settled_ns = settled_until (lane->lane);
  facts.revision = to <= facts.settled_ns ? UINT64_MAX : self->revision;
  facts.from_ns = MAX (from, lsc_lane_get_start_ns (lane->lane));
  lsc_pieces_empty (&self->scratch);
  /* level 0 has other rules for what stands alone */
  if (key->level > 1 && find_halves (self, lane, key, halves))
    lsc_lane_fold (&(LscFoldRange){ key->level, from, to }, halves, &self->scratch);
  else
    {
      from = reuse_pieces (self, key, facts.from_ns);
      lsc_lane_scan_pieces (lane, key->level, from, to, &self->scratch);
    }
  return keep_tile (self, key, &facts);
}
