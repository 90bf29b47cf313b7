/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/support/alarm-heap.h"

static LscAlarm *
at (const GArray *heap, guint i)
{
  return &g_array_index (heap, LscAlarm, i);
}

static void
swap (LscAlarm *a, LscAlarm *b)
{
  LscAlarm saved = *a;

  *a = *b;
  *b = saved;
}

void
lsc_alarm_heap_push (GArray *heap, uint64_t time_ns, uint32_t task)
{
  LscAlarm alarm = { time_ns, task };
  guint i = heap->len;

  g_array_append_val (heap, alarm);
  for (; i > 0 && at (heap, (i - 1) / 2)->time_ns > at (heap, i)->time_ns; i = (i - 1) / 2)
    swap (at (heap, i), at (heap, (i - 1) / 2));
}

const LscAlarm *
lsc_alarm_heap_first (const GArray *heap)
{
  return heap->len == 0 ? NULL : at (heap, 0);
}

uint32_t
lsc_alarm_heap_pop (GArray *heap)
{
  uint32_t task = at (heap, 0)->task;
  guint n = heap->len - 1;

  *at (heap, 0) = *at (heap, n);
  g_array_set_size (heap, n);
  for (guint i = 0, child = 1; child < n; i = child, child = 2 * i + 1)
    {
      if (child + 1 < n && at (heap, child + 1)->time_ns < at (heap, child)->time_ns)
        child++;
      if (at (heap, i)->time_ns <= at (heap, child)->time_ns)
        break;
      swap (at (heap, i), at (heap, child));
    }
  return task;
}
