/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The interrupt level, arm64: every task carries it.
 */
#pragma once

#include "bpf/cast-none.h"
#include "bpf/knobs.h"

static __always_inline uint32_t
preempt_count (const struct task_struct *current, uint32_t cpu)
{
  return current->thread_info.preempt.count;
}
