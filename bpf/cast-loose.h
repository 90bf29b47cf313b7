/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Since 6.2: a task that the verifier has no promises about.
 *
 * For each pointer that is read out of a trusted object, these kernels search all of BTF, about
 * half a millisecond a time: most of the time to load the programs. Reading out of a loose one
 * needs no search, gives the same bytes, and costs nothing more when it runs.
 */
#pragma once

#include "bpf/kernel-types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

extern void *bpf_rdonly_cast (const void *pointer, __u32 type) __ksym;

static __always_inline const struct task_struct *
loose (const struct task_struct *task)
{
  return bpf_rdonly_cast (task, bpf_core_type_id_kernel (struct task_struct));
}
