/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Since 6.2: a task that the verifier has no promises about.
 *
 * For each pointer that is read out of a trusted object, these kernels search all of BTF, about
 * half a millisecond a time: most of the time to load the programs. Reading out of a loose one
 * needs no search, gives the same bytes, and costs nothing more when it runs.
 */
#pragma once

#include "bpf/file-types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

extern void *bpf_rdonly_cast (const void *pointer, __u32 type) __ksym;

/* What lies at an address that was computed. */
#define CAST_ADDRESS(address, type)                                                                \
  ((const type *) bpf_rdonly_cast ((const void *) (address), bpf_core_type_id_kernel (type)))

static __always_inline const struct task_struct *
loose (const struct task_struct *task)
{
  return bpf_rdonly_cast (task, bpf_core_type_id_kernel (struct task_struct));
}

/* An open file by its number, or NULL. */
static __always_inline const struct file *
file_of (const struct files_struct *files, uint32_t number)
{
  const struct fdtable *table = files->fdt;
  const struct hlist_head *slot;

  if (number >= table->max_fds)
    return 0;
  slot = bpf_rdonly_cast ((const void *) table->fd + (uint64_t) number * sizeof (void *),
                          bpf_core_type_id_kernel (struct hlist_head));
  return bpf_rdonly_cast (slot->first, bpf_core_type_id_kernel (struct file));
}
