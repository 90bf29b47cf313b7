/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/activity.h"

#include "lib/view/activity-sum.h"

#include <math.h>
#include <string.h>

#define TILE_SHIFT 5u
#define TILE_BUCKETS (1u << TILE_SHIFT)
#define TILES_MAX 32768u
#define PERIOD 600u     /* updates: a tile that is not asked for in one goes */
#define SLICE 1024u     /* buckets of single lanes between two looks at the clock */
#define LEVEL_OFFSET 1u /* columns of a graph are this many levels coarser than those of a lane */

typedef struct
{
  uint64_t tile;
  uint32_t process;
  uint32_t level;
} TileKey;

typedef struct
{
  TileKey key;
  uint64_t revision;  /* of the trace it is good for; UINT64_MAX: it changes no more */
  uint64_t end_ns;    /* of the trace when it was made: columns from there on are empty */
  uint32_t n_settled; /* so many columns change no more in any case */
  uint32_t used;      /* in which period it was last asked for */
  LscActivityColumn columns[TILE_BUCKETS];
} Tile;

/* A tile on its way: with thousands of threads it takes more than a frame has. */
typedef struct
{
  Tile *tile;             /* NULL: none */
  LscActivityRange range; /* of the columns that are not there yet */
  uint32_t next_thread;
  LscActivityBucket buckets[TILE_BUCKETS];
} Work;

struct _LscActivity
{
  LscActivitySum whole;
  GHashTable *tiles;
  uint32_t period;
  uint32_t n_updates; /* in this period */
  Work work;
  GArray *columns;  /* LscActivityColumn: the graph last asked for */
  int64_t until_us; /* no more new work after that; 0: no limit */
  bool worked;      /* in this frame: however late, each frame gets on with it */
  bool rough;
};

static guint
hash_tile (gconstpointer data)
{
  const TileKey *key = data;
  uint64_t mix = (key->tile ^ ((uint64_t) key->process << 32) ^ ((uint64_t) key->level << 56))
                 * UINT64_C (0x9e3779b97f4a7c15);

  return (guint) (mix >> 32);
}

static gboolean
equal_tiles (gconstpointer a, gconstpointer b)
{
  const TileKey *x = a, *y = b;

  return x->tile == y->tile && x->process == y->process && x->level == y->level;
}

LscActivity *
lsc_activity_new (void)
{
  LscActivity *self = g_new0 (LscActivity, 1);

  lsc_activity_sum_init (&self->whole);
  self->tiles = g_hash_table_new_full (hash_tile, equal_tiles, NULL, g_free);
  self->columns = g_array_new (FALSE, TRUE, sizeof (LscActivityColumn));
  return self;
}

void
lsc_activity_free (LscActivity *self)
{
  if (self == NULL)
    return;
  lsc_activity_sum_clear (&self->whole);
  g_hash_table_unref (self->tiles);
  g_free (self->work.tile);
  g_array_unref (self->columns);
  g_free (self);
}

void
lsc_activity_reset (LscActivity *self)
{
  lsc_activity_sum_clear (&self->whole);
  lsc_activity_sum_init (&self->whole);
  g_hash_table_remove_all (self->tiles);
  g_clear_pointer (&self->work.tile, g_free);
}

static gboolean
is_unused_cb (gpointer key, gpointer value, gpointer data)
{
  return ((Tile *) value)->used != ((LscActivity *) data)->period;
}

/* A capture that runs for hours leaves its tiles behind. */
static void
drop_unused (LscActivity *self)
{
  if (++self->n_updates < PERIOD)
    return;
  g_hash_table_foreach_remove (self->tiles, is_unused_cb, self);
  self->period++;
  self->n_updates = 0;
}

void
lsc_activity_update (LscActivity *self, const LscTrace *trace, uint32_t budget_us)
{
  self->until_us = budget_us == 0 ? 0 : g_get_monotonic_time () + budget_us;
  self->worked = false;
  if (g_hash_table_size (self->tiles) > TILES_MAX)
    g_hash_table_remove_all (self->tiles);
  drop_unused (self);
  /* half of the time: what is visible comes after it, and matters more */
  self->rough = !lsc_activity_sum_update (&self->whole, trace,
                                          budget_us == 0 ? 0 : self->until_us - budget_us / 2);
}

bool
lsc_activity_is_rough (const LscActivity *self)
{
  return self->rough;
}

void
lsc_activity_whole (const LscActivity *self, uint32_t n_columns, LscActivityColumn *out)
{
  double span = (double) (self->whole.end_ns - self->whole.start_ns);

  for (uint32_t i = 0; i < n_columns; i++)
    {
      uint64_t from = self->whole.start_ns + (uint64_t) (span * i / n_columns);
      uint64_t to = self->whole.start_ns + (uint64_t) (span * (i + 1) / n_columns);

      out[i] = lsc_activity_sum_mean (&self->whole, from, to);
    }
}

double
lsc_activity_mean_running (const LscActivity *self, uint64_t from_ns, uint64_t to_ns)
{
  return lsc_activity_sum_mean (&self->whole, from_ns, to_ns).running;
}

static uint64_t
tile_start (const TileKey *key, uint32_t bucket)
{
  return ((key->tile << TILE_SHIFT) + bucket) << key->level;
}

/* The tile of that key, if there is one that still holds. */
static const Tile *
find_tile (LscActivity *self, const LscTrace *trace, const TileKey *key)
{
  Tile *tile = g_hash_table_lookup (self->tiles, key);

  if (tile == NULL)
    return NULL;
  tile->used = self->period;
  return tile->revision == UINT64_MAX || tile->revision == lsc_trace_get_revision (trace) ? tile
                                                                                          : NULL;
}

static void
keep_tile (LscActivity *self, Tile *tile)
{
  tile->used = self->period;
  g_hash_table_replace (self->tiles, &tile->key, tile);
}

/* What the whole capture's columns say of that time: nothing of single processes. */
static LscActivityColumn
guess_from_whole (const LscActivity *self, const TileKey *key, uint32_t bucket)
{
  if (key->process != LSC_ACTIVITY_ALL)
    return (LscActivityColumn){ 0 };
  return lsc_activity_sum_mean (&self->whole, tile_start (key, bucket),
                                tile_start (key, bucket + 1));
}

/* The tile as it was a moment ago, or the next coarser one that is there, so many levels `up`;
 * NULL: none. */
static const Tile *
find_stale (const LscActivity *self, const TileKey *key, uint32_t *out_up)
{
  for (uint32_t up = 0; up <= 4 && key->level + up <= LSC_LEVEL_MAX; up++)
    {
      TileKey parent_key = { key->tile >> up, key->process, key->level + up };
      const Tile *parent = g_hash_table_lookup (self->tiles, &parent_key);

      *out_up = up;
      if (parent != NULL)
        return parent;
    }
  return NULL;
}

/* The best guess without new work: a stale tile; for what it is too old to know, and without any,
 * the whole capture's columns. */
static void
guess (const LscActivity *self, const TileKey *key, LscActivityColumn *columns)
{
  uint32_t up = 0;
  const Tile *stale = find_stale (self, key, &up);
  uint64_t first = (key->tile << TILE_SHIFT) >> up;

  for (uint32_t i = 0; i < TILE_BUCKETS; i++)
    if (stale != NULL && tile_start (key, i + 1) <= stale->end_ns)
      columns[i] = stale->columns[(first + (i >> up)) & (TILE_BUCKETS - 1)];
    else
      columns[i] = guess_from_whole (self, key, i);
}

static uint32_t
count_settled (const TileKey *key, const LscTrace *trace)
{
  uint64_t settled = lsc_activity_sum_settled_ns (trace) >> key->level;
  uint64_t first = key->tile << TILE_SHIFT;

  return settled <= first ? 0 : (uint32_t) MIN (settled - first, TILE_BUCKETS);
}

/* A tile of what the trace holds now, its columns not there yet. */
static Tile *
new_tile (const LscTrace *trace, const TileKey *key)
{
  Tile *tile = g_new0 (Tile, 1);

  tile->key = *key;
  tile->end_ns = lsc_trace_get_end_ns (trace);
  tile->n_settled = count_settled (key, trace);
  tile->revision = tile->n_settled == TILE_BUCKETS ? UINT64_MAX : lsc_trace_get_revision (trace);
  return tile;
}

/* A tile from the two of the next finer level, when they are there. */
static const Tile *
fold_children (LscActivity *self, const LscTrace *trace, const TileKey *key)
{
  const Tile *children[2] = { NULL };
  Tile *tile;

  for (uint32_t half = 0; half < 2 && key->level > 0; half++)
    children[half] =
        find_tile (self, trace, &(TileKey){ key->tile * 2 + half, key->process, key->level - 1 });
  if (children[0] == NULL || children[1] == NULL)
    return NULL;
  tile = new_tile (trace, key);
  for (uint32_t i = 0; i < TILE_BUCKETS; i++)
    {
      const LscActivityColumn *pair =
          &children[i / (TILE_BUCKETS / 2)]->columns[i * 2 % TILE_BUCKETS];

      tile->columns[i] = (LscActivityColumn){ (pair[0].running + pair[1].running) / 2,
                                              (pair[0].runnable + pair[1].runnable) / 2,
                                              (pair[0].unknown + pair[1].unknown) / 2 };
    }
  keep_tile (self, tile);
  return tile;
}

/* Begins to work out a tile anew, but for the columns that an older one still has right. */
static void
begin_work (LscActivity *self, const LscTrace *trace, const TileKey *key)
{
  const Tile *old = g_hash_table_lookup (self->tiles, key);
  uint32_t done = old != NULL ? old->n_settled : 0;
  Work *work = &self->work;

  g_free (work->tile);
  *work = (Work){ .tile = new_tile (trace, key),
                  .range = { key->process, key->level, (key->tile << TILE_SHIFT) + done,
                             TILE_BUCKETS - done } };
  if (done > 0)
    memcpy (work->tile->columns, old->columns, done * sizeof *old->columns);
}

/* Gets on with a tile as long as there is time; a trace that grows meanwhile leaves it stale, but
 * newer than the one before. */
static void
make_tile (LscActivity *self, const LscTrace *trace, const TileKey *key)
{
  Work *work = &self->work;
  uint32_t most;

  if (self->until_us != 0 && self->worked && g_get_monotonic_time () > self->until_us)
    return;
  self->worked = true;
  if (work->tile == NULL || self->until_us == 0 || !equal_tiles (&work->tile->key, key))
    begin_work (self, trace, key);
  most = MAX (SLICE / work->range.n, 1);
  do
    work->next_thread =
        lsc_activity_sum_add (trace, &work->range, work->next_thread, most, work->buckets);
  while (work->next_thread < lsc_trace_get_n_threads (trace)
         && (self->until_us == 0 || g_get_monotonic_time () <= self->until_us));
  if (work->next_thread < lsc_trace_get_n_threads (trace))
    return;
  lsc_activity_sum_means (trace, &work->range, work->buckets,
                          work->tile->columns + (TILE_BUCKETS - work->range.n));
  keep_tile (self, work->tile);
  work->tile = NULL;
}

/* Writes the columns of one tile. Returns false when it had to guess. */
static bool
read_tile (LscActivity *self,
           const LscTrace *trace,
           const TileKey *key,
           LscActivityColumn columns[TILE_BUCKETS])
{
  const Tile *tile = find_tile (self, trace, key);

  if (tile == NULL)
    tile = fold_children (self, trace, key);
  if (tile == NULL)
    {
      make_tile (self, trace, key);
      tile = find_tile (self, trace, key);
    }
  if (tile != NULL)
    memcpy (columns, tile->columns, sizeof tile->columns);
  else
    guess (self, key, columns);
  return tile != NULL;
}

void
lsc_activity_visible (LscActivity *self,
                      const LscTrace *trace,
                      uint32_t process,
                      const LscViewport *viewport,
                      LscActivityGraph *out_graph)
{
  TileKey key = { .process = process,
                  .level = MIN (lsc_viewport_level (viewport) + LEVEL_OFFSET,
                                LSC_LEVEL_MAX - TILE_SHIFT) };
  uint64_t from = MAX (lsc_viewport_from_ns (viewport), lsc_trace_get_start_ns (trace));
  uint64_t to = MIN (lsc_viewport_to_ns (viewport), lsc_trace_get_end_ns (trace));

  uint64_t first;
  uint32_t n_tiles;

  *out_graph = (LscActivityGraph){ 0 };
  if (from >= to)
    return;
  first = from >> (key.level + TILE_SHIFT);
  n_tiles = (uint32_t) (((to - 1) >> (key.level + TILE_SHIFT)) - first + 1);
  g_array_set_size (self->columns, 0);
  g_array_set_size (self->columns, n_tiles * TILE_BUCKETS);
  /* the newest first: if time runs out, it is what people look at */
  for (uint32_t i = n_tiles; i-- > 0;)
    {
      key.tile = first + i;
      if (!read_tile (self, trace, &key,
                      &g_array_index (self->columns, LscActivityColumn, i * TILE_BUCKETS)))
        self->rough = true;
    }
  key.tile = first;
  out_graph->x0 = lsc_viewport_x (viewport, tile_start (&key, 0));
  out_graph->n_columns = self->columns->len;
  out_graph->columns = (const LscActivityColumn *) (void *) self->columns->data;
  out_graph->width_px = (double) (UINT64_C (1) << key.level) / viewport->ns_per_px;
}

bool
lsc_activity_prepare (LscActivity *self,
                      const LscTrace *trace,
                      uint32_t process,
                      const LscViewport *viewport,
                      int64_t until_us)
{
  bool was_rough = self->rough, done = true;
  LscActivityGraph graph;

  if (process == LSC_ACTIVITY_ALL)
    done = lsc_activity_sum_update (&self->whole, trace, until_us);
  self->until_us = until_us;
  self->worked = true;
  self->rough = false;
  lsc_activity_visible (self, trace, process, viewport, &graph);
  done = done && !self->rough;
  self->rough = was_rough;
  return done;
}
