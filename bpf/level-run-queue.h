/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The interrupt level, x86-64, since 6.2: by way of the run queue.
 *
 * Both the run queue and the preempt count are per-CPU variables. Every task points to its run
 * queue, and the distance between the two is in the kernel's BTF. Costs three loads and no call;
 * needs group scheduling.
 */
#pragma once

#include "bpf/cast-loose.h"
#include "bpf/knobs.h"

static __always_inline uint32_t
preempt_count (const struct task_struct *current, uint32_t cpu)
{
  const struct rq *rq = current->se.cfs_rq->rq;
  const struct upid *word;

  if ((uint32_t) rq->cpu != cpu)
    return 0;
  /* Any int at offset 0 will do as the type to cast to. */
  word = bpf_rdonly_cast ((const void *) rq + preempt_count_distance,
                          bpf_core_type_id_kernel (struct upid));
  return (uint32_t) word->nr;
}
