/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A strip: a lane that no thread and no CPU has, worked out from others (a critical path, who held
 * a lock), shown above them. Plain data of whoever made the scene.
 */
#pragma once

#include "lib/trace/reason.h"

/* A stretch of it. Parts are in order of time and do not overlap; between them is nothing. */
typedef struct
{
  uint64_t from_ns;
  uint64_t to_ns;
  LscState state;   /* as a bar of that state looks */
  LscReason reason; /* of a SLEEPING one */
  uint32_t thread;  /* whose it is; LSC_THREAD_NONE */
} LscStripPart;

typedef struct
{
  const char *title;    /* "Critical path" */
  const char *subtitle; /* "of worker-1, inferred" */
  const LscStripPart *parts;
  uint32_t n_parts;
} LscStrip;

#define LSC_STRIPS_MAX 4u

/* The first part that ends after `time_ns`; n_parts when there is none. O(log n). */
uint32_t lsc_strip_find (const LscStrip *self, uint64_t time_ns);
