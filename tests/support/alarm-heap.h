/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * When which simulated task is to be woken: a binary heap in a GArray of LscAlarm, the earliest
 * first.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

typedef struct
{
  uint64_t time_ns;
  uint32_t task;
} LscAlarm;

void lsc_alarm_heap_push (GArray *heap, uint64_t time_ns, uint32_t task);
/* The earliest, or NULL when there is none. */
const LscAlarm *lsc_alarm_heap_first (const GArray *heap);
/* Takes the earliest out and returns its task. The heap is not empty. */
uint32_t lsc_alarm_heap_pop (GArray *heap);
