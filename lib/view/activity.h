/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Activity: how many threads ran at once, and how many waited for a CPU, over time. For the minimap
 * (the whole capture), the "running at once" graph (the visible range) and collapsed processes.
 *
 * Invariants. A column's numbers are means over its time. Columns are aligned to multiples of their
 * length, so panning moves them and changes nothing else. The whole capture is kept in at most
 * LSC_ACTIVITY_MAX columns, twice as long each time they run out; an update looks only at what is
 * new.
 */
#pragma once

#include "lib/trace/trace.h"
#include "lib/view/viewport.h"

#define LSC_ACTIVITY_MAX 2048u
#define LSC_ACTIVITY_ALL UINT32_MAX /* in place of a process: every thread */

typedef struct
{
  float running;  /* threads on a CPU, mean */
  float runnable; /* threads in a run queue, preempted included, mean */
  float unknown;  /* threads of which nothing is known, mean */
} LscActivityColumn;

/* Columns that touch: column i is at x0 + i * width_px. */
typedef struct
{
  double x0;
  double width_px; /* at least 2 and less than 4, except at the largest zooms */
  uint32_t n_columns;
  const LscActivityColumn *columns; /* valid until the next call */
} LscActivityGraph;

typedef struct _LscActivity LscActivity;

LscActivity *lsc_activity_new (void);
void lsc_activity_free (LscActivity *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscActivity, lsc_activity_free)

/* Begins a frame: brings the whole-capture columns up to date. At most about `budget_us`
 * microseconds are then spent on graphs, see lsc_lane_shapes_begin(); 0: as long as it takes. The
 * trace must be the same one each time, until reset. */
void lsc_activity_update (LscActivity *self, const LscTrace *trace, uint32_t budget_us);

/* Whether a graph had to guess since the last update: another frame should follow. */
bool lsc_activity_is_rough (const LscActivity *self);

/* The whole capture on `n_columns` equal columns from its first to its last moment. */
void lsc_activity_whole (const LscActivity *self, uint32_t n_columns, LscActivityColumn *out);

/* The visible range: all threads (LSC_ACTIVITY_ALL), or those of one process. */
void lsc_activity_visible (LscActivity *self,
                           const LscTrace *trace,
                           uint32_t process,
                           const LscViewport *viewport,
                           LscActivityGraph *out_graph);

/* Mean number of threads that ran at once in [from_ns, to_ns), from the whole-capture columns. */
double lsc_activity_mean_running (const LscActivity *self, uint64_t from_ns, uint64_t to_ns);

void lsc_activity_reset (LscActivity *self);

/* Works out ahead what lsc_activity_visible() will need, until g_get_monotonic_time() is
 * `until_us`. Returns whether all of it is there. */
bool lsc_activity_prepare (LscActivity *self,
                           const LscTrace *trace,
                           uint32_t process,
                           const LscViewport *viewport,
                           int64_t until_us);
