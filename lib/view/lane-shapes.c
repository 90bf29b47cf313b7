/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/lane-shapes.h"

#include "lib/view/lane-tiles.h"

#include <math.h>
#include <string.h>

#define STAND_IN_LEVELS 8u
#define FAR_LEVELS 4u  /* a stand-in so coarse should be replaced */
#define NEAR_LEVELS 3u /* by one so coarse */
#define MADE_A_FRAME 6u

struct _LscLaneShapes
{
  LscLaneTiles *tiles;
  LscShape *shapes; /* of the last build */
  uint32_t n_shapes, capacity;
  int64_t budget_us; /* what this frame has left for new work */
  bool has_budget;
  unsigned n_made; /* stand-ins in this frame */
  bool rough;
  uint64_t seen;
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

LscLaneShapes *
lsc_lane_shapes_new (void)
{
  LscLaneShapes *self = g_new0 (LscLaneShapes, 1);

  self->tiles = lsc_lane_tiles_new ();
  return self;
}

void
lsc_lane_shapes_free (LscLaneShapes *self)
{
  if (self == NULL)
    return;
  lsc_lane_tiles_free (self->tiles);
  g_free (self->shapes);
  g_free (self);
}

void
lsc_lane_shapes_reset (LscLaneShapes *self)
{
  lsc_lane_tiles_reset (self->tiles);
  self->seen = 0;
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

/* Clips the shape to what can be seen; false when nothing of it can. */
static bool
clip_shape (const LscViewport *viewport, LscShape *shape)
{
  double left = -LSC_SHAPE_SLACK, right = viewport->width + LSC_SHAPE_SLACK;

  if (shape->x1 <= left || shape->x0 >= right)
    return false;
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
  return true;
}

/* Places [from_ns, to_ns) of a piece. Shapes touch: neighbours get the same edge. */
static void
place_shape (Builder *builder, uint64_t from_ns, uint64_t to_ns, LscShape *shape)
{
  const LscViewport *viewport = builder->viewport;

  shape->x0 =
      from_ns == builder->last_end_ns ? builder->last_x : lsc_viewport_x (viewport, from_ns);
  shape->x1 = builder->last_x = lsc_viewport_x (viewport, to_ns);
  builder->last_end_ns = to_ns;
}

static void
add_span (Builder *builder, const LscPiece *piece)
{
  LscShape *shape = next_shape (builder->self);

  if (builder->any_span && piece->number == builder->last_number)
    return;
  builder->any_span = true;
  builder->last_number = piece->number;
  *shape = (LscShape){ .kind = LSC_SHAPE_SPAN,
                       .state = piece->state,
                       .reason = piece->reason,
                       .flags = piece->flags,
                       .thread = piece->thread,
                       .cpu = piece->cpu,
                       .number = piece->number };
  place_shape (builder, piece->start_ns, piece->end_ns, shape);
  if (clip_shape (builder->viewport, shape))
    builder->self->n_shapes++;
}

/* Adds those columns of the piece that lie at least partly in [from_ns, to_ns). */
static void
add_columns (
    Builder *builder, const LscTile *tile, const LscPiece *piece, uint64_t from_ns, uint64_t to_ns)
{
  unsigned level = tile->key.level;
  uint64_t first = MAX (from_ns, piece->start_ns) >> level;
  uint64_t last = (MIN (to_ns, piece->end_ns) - 1) >> level;
  uint64_t start = first << level;
  uint64_t end = last + 1 < UINT64_MAX >> level ? (last + 1) << level : UINT64_MAX;
  LscShape *shape = next_shape (builder->self);

  *shape =
      (LscShape){ .kind = LSC_SHAPE_COLUMNS,
                  .thread = LSC_THREAD_NONE,
                  .cpu = LSC_CPU_NONE,
                  .n_columns = (uint32_t) (last - first + 1),
                  .columns =
                      tile->columns + piece->first_column + (first - (piece->start_ns >> level)),
                  .column_x = lsc_viewport_x (builder->viewport, start),
                  .column_width = (double) (UINT64_C (1) << level) / builder->viewport->ns_per_px };
  place_shape (builder, MAX (start, piece->start_ns), MIN (end, piece->end_ns), shape);
  if (shape->x1 > -LSC_SHAPE_SLACK && shape->x0 < builder->viewport->width + LSC_SHAPE_SLACK)
    builder->self->n_shapes++;
}

/* The first piece that ends after `time_ns`: of most tiles the first of all. */
static uint32_t
first_after (const LscPiece *pieces, uint32_t n, uint64_t time_ns)
{
  uint32_t low = 0, high = n;

  if (n > 0 && pieces[0].end_ns > time_ns)
    return 0;
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

/* Adds those of the tile's pieces that lie at least partly in [from_ns, to_ns). */
static void
add_pieces (Builder *builder, const LscTile *tile, uint64_t from_ns, uint64_t to_ns)
{
  const LscPiece *pieces = tile->pieces;
  uint32_t n = tile->n_pieces;

  builder->self->seen |= tile->seen;
  for (uint32_t i = first_after (pieces, n, from_ns); i < n && pieces[i].start_ns < to_ns; i++)
    if (pieces[i].kind == LSC_SHAPE_SPAN)
      add_span (builder, &pieces[i]);
    else
      add_columns (builder, tile, &pieces[i], from_ns, to_ns);
}

/* The nearest coarser tile that covers this one, and how many levels up it is; NULL if there is
 * none. (From finer ones a tile is made fast enough.) */
static const LscTile *
find_stand_in (LscLaneShapes *self,
               const LscScanLane *lane,
               const LscTileKey *key,
               unsigned *out_up)
{
  for (unsigned up = 1; up <= STAND_IN_LEVELS; up++)
    {
      LscTileKey parent_key = *key;
      const LscTile *parent;

      parent_key.tile >>= up;
      parent_key.level = (uint8_t) (key->level + up);
      parent = lsc_lane_tiles_find (self->tiles, lane, &parent_key);
      *out_up = up;
      if (parent != NULL)
        return parent;
    }
  return NULL;
}

/* Works a tile out, at the cost of the frame's budget. */
static const LscTile *
make_tile (LscLaneShapes *self, const LscScanLane *lane, const LscTileKey *key)
{
  int64_t begin_us = self->has_budget ? g_get_monotonic_time () : 0;
  const LscTile *tile = lsc_lane_tiles_make (self->tiles, lane, key);

  if (self->has_budget)
    self->budget_us -= g_get_monotonic_time () - begin_us;
  return tile;
}

/* Adds the tile from a coarser one. One that is very coarse is replaced by a better one, which the
 * neighbours can use too, for a few lanes a frame; one that is missing, always. */
static bool
add_stand_in (Builder *builder, const LscScanLane *lane, const LscTileKey *key)
{
  LscLaneShapes *self = builder->self;
  unsigned shift = key->level + LSC_TILE_SHIFT, up = 0;
  const LscTile *tile;

  if (shift + STAND_IN_LEVELS > 60)
    return false;
  tile = find_stand_in (self, lane, key, &up);
  if (tile == NULL || (up > FAR_LEVELS && self->n_made < MADE_A_FRAME))
    {
      LscTileKey coarse_key = *key;

      coarse_key.level = (uint8_t) (key->level + NEAR_LEVELS);
      coarse_key.tile >>= NEAR_LEVELS;
      make_tile (self, lane, &coarse_key);
      self->n_made++;
      tile = find_stand_in (self, lane, key, &up);
    }
  if (tile != NULL)
    add_pieces (builder, tile, MAX (key->tile << shift, builder->from_ns),
                MIN ((key->tile + 1) << shift, builder->to_ns));
  return tile != NULL;
}

static void
add_tile (Builder *builder, const LscScanLane *lane, const LscTileKey *key)
{
  LscLaneShapes *self = builder->self;
  const LscTile *tile = lsc_lane_tiles_find (self->tiles, lane, key);

  if (tile == NULL && self->has_budget && self->budget_us <= 0 && add_stand_in (builder, lane, key))
    {
      self->rough = true;
      return;
    }
  if (tile == NULL)
    tile = make_tile (self, lane, key);
  add_pieces (builder, tile, builder->from_ns, builder->to_ns);
}

void
lsc_lane_shapes_begin (LscLaneShapes *self, uint32_t budget_us)
{
  self->has_budget = budget_us > 0;
  self->budget_us = budget_us;
  self->n_made = 0;
  self->rough = false;
  /* in a window what was seen stays so, lest a legend change its order while one moves */
  if (budget_us == 0)
    self->seen = 0;
}

uint64_t
lsc_lane_shapes_get_seen (const LscLaneShapes *self)
{
  return self->seen;
}

bool
lsc_lane_shapes_is_rough (const LscLaneShapes *self)
{
  return self->rough;
}

/* The lane, and the tiles that cover what can be seen of it: from out_key->tile on; their number is
 * returned. */
static uint64_t
cover (const LscScanLane *lane, Builder *builder, LscTileKey *out_key)
{
  const LscViewport *viewport = builder->viewport;
  unsigned level = lsc_viewport_level (viewport);
  unsigned shift = MIN (level + LSC_TILE_SHIFT, 63);

  if (lane->lane == NULL)
    return 0;
  builder->from_ns =
      MAX (lsc_viewport_time (viewport, -LSC_SHAPE_SLACK), lsc_lane_get_start_ns (lane->lane));
  builder->to_ns = MIN (lsc_viewport_time (viewport, viewport->width + LSC_SHAPE_SLACK),
                        lsc_lane_get_end_ns (lane->lane));
  if (builder->from_ns >= builder->to_ns)
    return 0;
  out_key->level = (uint8_t) level;
  out_key->tile = builder->from_ns >> shift;
  return ((builder->to_ns - 1) >> shift) - out_key->tile + 1;
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
  Builder builder = { .self = self, .viewport = viewport, .last_end_ns = UINT64_MAX };
  LscTileKey key = { .index = index, .kind = (uint8_t) kind };

  self->n_shapes = 0;
  lsc_lane_tiles_begin (self->tiles, trace);
  for (uint64_t n = cover (&lane, &builder, &key); n > 0; n--, key.tile++)
    add_tile (&builder, &lane, &key);
  *out_n_shapes = self->n_shapes;
  return self->shapes;
}

bool
lsc_lane_shapes_prepare (LscLaneShapes *self,
                         const LscTrace *trace,
                         const LscRow *row,
                         const LscViewport *viewport,
                         int64_t until_us)
{
  LscScanLane lane = lsc_lane_scan_lane (trace, row->kind, row->index);
  Builder builder = { .viewport = viewport };
  LscTileKey key = { .index = row->index, .kind = (uint8_t) row->kind };

  lsc_lane_tiles_begin (self->tiles, trace);
  for (uint64_t n = cover (&lane, &builder, &key); n > 0; n--, key.tile++)
    if (lsc_lane_tiles_find (self->tiles, &lane, &key) == NULL)
      {
        if (g_get_monotonic_time () >= until_us)
          return false;
        lsc_lane_tiles_make (self->tiles, &lane, &key);
      }
  return true;
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
