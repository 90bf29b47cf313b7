/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The interrupt level, x86-64, 6.2 to 6.14, where BTF does not list the kernel's own functions (it
 * was made with an old pahole, as that of Debian 12's 6.12): inside a per-CPU variable, by its
 * name.
 */
#pragma once

#include "bpf/cast-none.h"
#include "bpf/knobs.h"

struct pcpu_hot
{
  int preempt_count;
} __attribute__ ((preserve_access_index));

extern const struct pcpu_hot pcpu_hot __ksym;

static __always_inline uint32_t
preempt_count (const struct task_struct *current, uint32_t cpu)
{
  const struct pcpu_hot *hot = bpf_this_cpu_ptr (&pcpu_hot);

  return (uint32_t) hot->preempt_count;
}
