/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Pieces depend on the level and not on where the viewport stands, so they are kept by tiles of a
 * fixed number of buckets: panning, and zooming within a level, only works out new x.
 */
#include "lib/view/lane-shapes.h"

#include "lib/view/lane-fold.h"

#include <math.h>
#include <string.h>

#define TILE_SHIFT 8u /* 256 buckets a tile */
#define STAND_IN_LEVELS 8u
#define FAR_LEVELS 4u  /* a stand-in so coarse should be replaced */
#define NEAR_LEVELS 3u /* by one so coarse */
#define MADE_A_FRAME 12u
#define CACHE_BYTES_MAX (UINT64_C (48) << 20)

typedef struct
{
  uint64_t tile; /* its number: the time it begins at, shifted */
  uint32_t index;
  uint8_t kind; /* LscRowKind */
  uint8_t level;
} TileKey;

typedef struct
{
  TileKey key;
  uint64_t from_ns;    /* what was known then: the oldest part of a lane may be dropped later */
  uint64_t revision;   /* of the trace it is good for; UINT64_MAX: it changes no more */
  uint64_t settled_ns; /* what ends before that changes no more */
  uint64_t used;       /* when it was last asked for */
  uint32_t n_pieces;
  LscPiece pieces[];
} Tile;

struct _LscLaneShapes
{
  GHashTable *tiles;
  uint64_t bytes, now;
  uint64_t keep_from; /* while shrinking */
  GArray *scratch;    /* LscPiece: of the tile last worked out */
  LscShape *shapes;   /* of the last build */
  uint32_t n_shapes, capacity;
  uint64_t revision; /* of the trace, in this build */
  int64_t until_us;  /* no more new work after that; 0: no limit */
  unsigned n_made;   /* stand-ins in this frame */
  bool rough;
};

typedef struct
{
  LscLaneShapes *self;
  const LscViewport *viewport;
  uint64_t from_ns, to_ns; /* what can be seen */
  uint64_t last_number;    /* the last span that stood alone: a neighbour tile may name it again */
  uint64_t last_end_ns;    /* and where the last shape ended */
  double last_x;
  bool any_span;
} Builder;

static guint
hash_tile (gconstpointer data)
{
  const TileKey *key = data;
  uint64_t mix = (key->tile ^ ((uint64_t) key->index << 32))
                 + ((uint64_t) key->kind << 6 | key->level) * UINT64_C (0x9e3779b97f4a7c15);

  mix = (mix ^ (mix >> 29)) * UINT64_C (0xbf58476d1ce4e5b9);
  return (guint) (mix ^ (mix >> 32));
}

static gboolean
equal_tiles (gconstpointer a, gconstpointer b)
{
  const TileKey *x = a, *y = b;

  return x->tile == y->tile && x->index == y->index && x->kind == y->kind && x->level == y->level;
}

LscLaneShapes *
lsc_lane_shapes_new (void)
{
  LscLaneShapes *self = g_new0 (LscLaneShapes, 1);

  self->tiles = g_hash_table_new_full (hash_tile, equal_tiles, NULL, g_free);
  self->scratch = g_array_new (FALSE, FALSE, sizeof (LscPiece));
  return self;
}

void
lsc_lane_shapes_free (LscLaneShapes *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->tiles);
  g_array_unref (self->scratch);
  g_free (self->shapes);
  g_free (self);
}

void
lsc_lane_shapes_reset (LscLaneShapes *self)
{
  g_hash_table_remove_all (self->tiles);
  self->bytes = 0;
}

static size_t
tile_bytes (const Tile *tile)
{
  return sizeof *tile + tile->n_pieces * sizeof (LscPiece);
}

static gboolean
drop_old_cb (gpointer key, gpointer value, gpointer data)
{
  LscLaneShapes *self = data;
  Tile *tile = value;

  if (tile->used > self->keep_from)
    return FALSE;
  self->bytes -= tile_bytes (tile);
  return TRUE;
}

/* Drops what was not asked for lately; everything, if that is not enough. */
static void
shrink (LscLaneShapes *self)
{
  uint64_t asked = g_hash_table_size (self->tiles) / 2;

  self->keep_from = self->now > asked ? self->now - asked : 0;
  g_hash_table_foreach_remove (self->tiles, drop_old_cb, self);
  if (self->bytes > CACHE_BYTES_MAX)
    lsc_lane_shapes_reset (self);
}

/* Keeps a copy of the scratch pieces. */
static void
keep_tile (LscLaneShapes *self, const TileKey *key, const Tile *facts)
{
  size_t n_bytes = self->scratch->len * sizeof (LscPiece);
  const Tile *old = g_hash_table_lookup (self->tiles, key);
  Tile *tile = g_malloc (sizeof *tile + n_bytes);

  if (old != NULL)
    self->bytes -= tile_bytes (old);
  *tile = *facts;
  tile->key = *key;
  tile->used = self->now;
  tile->n_pieces = self->scratch->len;
  if (n_bytes > 0)
    memcpy (tile->pieces, self->scratch->data, n_bytes);
  self->bytes += tile_bytes (tile);
  g_hash_table_replace (self->tiles, &tile->key, tile);
  if (self->bytes > CACHE_BYTES_MAX)
    shrink (self);
}

/* The tile of that key, if there is one that still holds. */
static const Tile *
find_tile (LscLaneShapes *self, const LscScanLane *lane, const TileKey *key)
{
  uint64_t from = key->tile << MIN (key->level + TILE_SHIFT, 63);
  Tile *tile = g_hash_table_lookup (self->tiles, key);

  if (tile == NULL || tile->from_ns != MAX (from, lsc_lane_get_start_ns (lane->lane))
      || (tile->revision != UINT64_MAX && tile->revision != self->revision))
    return NULL;
  tile->used = self->now;
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
reuse_pieces (LscLaneShapes *self, const TileKey *key, uint64_t from_ns)
{
  const Tile *tile = g_hash_table_lookup (self->tiles, key);
  uint32_t n = 0;

  if (tile == NULL || tile->from_ns != from_ns)
    return from_ns;
  while (n < tile->n_pieces && tile->pieces[n].end_ns <= tile->settled_ns)
    n++;
  /* a column cut short by a span that stood alone: that span may have turned out to be short */
  while (n > 0 && tile->pieces[n - 1].kind == LSC_SHAPE_COLUMN
         && tile->pieces[n - 1].end_ns % (UINT64_C (1) << key->level) != 0)
    n--;
  if (n == 0)
    return from_ns;
  g_array_append_vals (self->scratch, tile->pieces, n);
  return tile->pieces[n - 1].end_ns;
}

/* The two tiles of the next finer level that cover this one, or false. */
static bool
find_halves (LscLaneShapes *self,
             const LscScanLane *lane,
             const TileKey *key,
             const LscPiece *pieces[2],
             uint32_t n_pieces[2])
{
  for (unsigned half = 0; half < 2; half++)
    {
      TileKey half_key = *key;
      const Tile *tile;

      if (key->level == 0 || key->level + TILE_SHIFT > 62)
        return false;
      half_key.level--;
      half_key.tile = key->tile * 2 + half;
      tile = find_tile (self, lane, &half_key);
      if (tile == NULL)
        return false;
      pieces[half] = tile->pieces;
      n_pieces[half] = tile->n_pieces;
    }
  return true;
}

static void
make_tile (LscLaneShapes *self, const LscScanLane *lane, const TileKey *key)
{
  unsigned shift = MIN (key->level + TILE_SHIFT, 63);
  uint64_t from = key->tile << shift;
  uint64_t to = from + ((UINT64_C (1) << shift) - 1);
  const LscPiece *halves[2];
  uint32_t n_halves[2];
  Tile facts = { 0 };

  to = to == UINT64_MAX ? to : to + 1;
  facts.settled_ns = settled_until (lane->lane);
  facts.revision = to <= facts.settled_ns ? UINT64_MAX : self->revision;
  facts.from_ns = MAX (from, lsc_lane_get_start_ns (lane->lane));
  g_array_set_size (self->scratch, 0);
  /* level 0 has other rules for what stands alone */
  if (key->level > 1 && find_halves (self, lane, key, halves, n_halves))
    lsc_lane_fold (&(LscFoldRange){ key->level, from, to }, halves, n_halves, self->scratch);
  else
    {
      from = reuse_pieces (self, key, facts.from_ns);
      lsc_lane_scan_pieces (lane, key->level, from, to, self->scratch);
    }
  keep_tile (self, key, &facts);
}

static LscShape *
next_shape (LscLaneShapes *self)
{
  if (self->n_shapes == self->capacity)
    {
      self->capacity = self->capacity == 0 ? 1024 : self->capacity * 2;
      self->shapes = g_renew (LscShape, self->shapes, self->capacity);
    }
  return &self->shapes[self->n_shapes];
}

static void
add_shape (Builder *builder, const LscPiece *piece)
{
  const LscViewport *viewport = builder->viewport;
  double left = -LSC_SHAPE_SLACK, right = viewport->width + LSC_SHAPE_SLACK;
  LscShape *shape = next_shape (builder->self);

  shape->x0 = piece->start_ns == builder->last_end_ns ? builder->last_x
                                                      : lsc_viewport_x (viewport, piece->start_ns);
  shape->x1 = builder->last_x = lsc_viewport_x (viewport, piece->end_ns);
  builder->last_end_ns = piece->end_ns;
  if (shape->x1 <= left || shape->x0 >= right)
    return;
  shape->kind = piece->kind;
  shape->state = piece->state;
  shape->reason = piece->reason;
  shape->flags = piece->flags;
  shape->thread = piece->thread;
  shape->cpu = piece->cpu;
  memcpy (shape->share, piece->share, sizeof shape->share);
  if (shape->x0 < left)
    {
      shape->x0 = left - fmod (left - shape->x0, LSC_SHAPE_STEP);
      shape->flags |= LSC_SHAPE_CUT_LEFT;
    }
  if (shape->x1 > right)
    {
      shape->x1 = right;
      shape->flags |= LSC_SHAPE_CUT_RIGHT;
    }
  builder->self->n_shapes++;
}

/* The first piece that ends after `time_ns`. */
static uint32_t
first_after (const LscPiece *pieces, uint32_t n, uint64_t time_ns)
{
  uint32_t low = 0, high = n;

  while (low < high)
    {
      uint32_t middle = low + (high - low) / 2;

      if (pieces[middle].end_ns <= time_ns)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* Adds those of the pieces that lie at least partly in [from_ns, to_ns). */
static void
add_pieces (Builder *builder, const LscPiece *pieces, uint32_t n, uint64_t from_ns, uint64_t to_ns)
{
  for (uint32_t i = first_after (pieces, n, from_ns); i < n && pieces[i].start_ns < to_ns; i++)
    {
      if (pieces[i].kind == LSC_SHAPE_SPAN)
        {
          if (builder->any_span && pieces[i].number == builder->last_number)
            continue;
          builder->any_span = true;
          builder->last_number = pieces[i].number;
        }
      add_shape (builder, &pieces[i]);
    }
}

/* The nearest coarser tile that covers this one, and how many levels up it is; NULL if there is
 * none. (From finer ones a tile is made fast enough.) */
static const Tile *
find_stand_in (LscLaneShapes *self, const LscScanLane *lane, const TileKey *key, unsigned *out_up)
{
  for (unsigned up = 1; up <= STAND_IN_LEVELS; up++)
    {
      TileKey parent_key = *key;
      const Tile *parent;

      parent_key.tile >>= up;
      parent_key.level = (uint8_t) (key->level + up);
      parent = find_tile (self, lane, &parent_key);
      *out_up = up;
      if (parent != NULL)
        return parent;
    }
  return NULL;
}

/* Adds the tile from a coarser one. One that is very coarse is replaced by a better one, which the
 * neighbours can use too, for a few lanes a frame; one that is missing, always. */
static bool
add_stand_in (Builder *builder, const LscScanLane *lane, const TileKey *key)
{
  LscLaneShapes *self = builder->self;
  unsigned shift = key->level + TILE_SHIFT, up = 0;
  const Tile *tile;

  if (shift + STAND_IN_LEVELS > 60)
    return false;
  tile = find_stand_in (self, lane, key, &up);
  if (tile == NULL || (up > FAR_LEVELS && self->n_made < MADE_A_FRAME))
    {
      TileKey coarse_key = *key;

      coarse_key.level = (uint8_t) (key->level + NEAR_LEVELS);
      coarse_key.tile >>= NEAR_LEVELS;
      make_tile (self, lane, &coarse_key);
      self->n_made++;
      tile = find_stand_in (self, lane, key, &up);
    }
  if (tile != NULL)
    add_pieces (builder, tile->pieces, tile->n_pieces, key->tile << shift,
                (key->tile + 1) << shift);
  return tile != NULL;
}

static void
add_tile (Builder *builder, const LscScanLane *lane, const TileKey *key)
{
  LscLaneShapes *self = builder->self;
  const Tile *tile = find_tile (self, lane, key);

  self->now++;
  if (tile != NULL)
    {
      add_pieces (builder, tile->pieces, tile->n_pieces, builder->from_ns, builder->to_ns);
      return;
    }
  if (self->until_us > 0 && g_get_monotonic_time () > self->until_us
      && add_stand_in (builder, lane, key))
    {
      self->rough = true;
      return;
    }
  make_tile (self, lane, key);
  add_pieces (builder, (const LscPiece *) (void *) self->scratch->data, self->scratch->len,
              builder->from_ns, builder->to_ns);
}

void
lsc_lane_shapes_begin (LscLaneShapes *self, uint32_t budget_us)
{
  self->until_us = budget_us == 0 ? 0 : g_get_monotonic_time () + budget_us;
  self->n_made = 0;
  self->rough = false;
}

bool
lsc_lane_shapes_is_rough (const LscLaneShapes *self)
{
  return self->rough;
}

const LscShape *
lsc_lane_shapes_build (LscLaneShapes *self,
                       const LscTrace *trace,
                       LscRowKind kind,
                       uint32_t index,
                       const LscViewport *viewport,
                       uint32_t *out_n_shapes)
{
  LscScanLane lane = lsc_lane_scan_lane (trace, kind, index);
  unsigned level = lsc_viewport_level (viewport);
  unsigned shift = MIN (level + TILE_SHIFT, 63);
  Builder builder = { .self = self, .viewport = viewport, .last_end_ns = UINT64_MAX };
  uint64_t from = lsc_viewport_time (viewport, -LSC_SHAPE_SLACK);
  uint64_t to = lsc_viewport_time (viewport, viewport->width + LSC_SHAPE_SLACK);
  TileKey key = { .index = index, .kind = (uint8_t) kind, .level = (uint8_t) level };

  self->n_shapes = 0;
  self->revision = lsc_trace_get_revision (trace);
  if (lane.lane != NULL)
    {
      from = MAX (from, lsc_lane_get_start_ns (lane.lane));
      to = MIN (to, lsc_lane_get_end_ns (lane.lane));
      builder.from_ns = from;
      builder.to_ns = to;
      for (key.tile = from >> shift; from < to && key.tile <= (to - 1) >> shift; key.tile++)
        add_tile (&builder, &lane, &key);
    }
  *out_n_shapes = self->n_shapes;
  return self->shapes;
}

bool
lsc_lane_shapes_birth (const LscThread *thread, const LscViewport *viewport, double *out_x)
{
  if (!thread->born || thread->lane == NULL)
    return false;
  *out_x = lsc_viewport_x (viewport, lsc_lane_get_start_ns (thread->lane));
  return true;
}

bool
lsc_lane_shapes_exit (const LscThread *thread, const LscViewport *viewport, double *out_x)
{
  if (!thread->ended || thread->lane == NULL)
    return false;
  *out_x = lsc_viewport_x (viewport, lsc_lane_get_end_ns (thread->lane));
  return true;
}
