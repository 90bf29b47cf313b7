/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The interrupt level on a kernel that does not let us see it: whom an interrupt disturbed passes
 * for the waker, unless it was the idle task.
 */
#pragma once

#include "bpf/cast-none.h"
#include "bpf/knobs.h"

static __always_inline uint32_t
preempt_count (const struct task_struct *current, uint32_t cpu)
{
  return 0;
}
