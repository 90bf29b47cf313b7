/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The interrupt level, x86-64, before 6.2, and since 6.15 where BTF does not list the kernel's own
 * functions: a per-CPU variable, by its name. The kernel resolves it only with CONFIG_KALLSYMS_ALL.
 */
#pragma once

#include "bpf/cast-none.h"
#include "bpf/knobs.h"

extern const int __preempt_count __ksym;

static __always_inline uint32_t
preempt_count (const struct task_struct *current, uint32_t cpu)
{
  return (uint32_t) * (const int *) bpf_this_cpu_ptr (&__preempt_count);
}
