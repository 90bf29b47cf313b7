/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Before 6.2: every pointer is read in the same way (see cast-loose.h).
 */
#pragma once

#include "bpf/file-types.h"

#include <bpf/bpf_helpers.h>

static __always_inline const struct task_struct *
loose (const struct task_struct *task)
{
  return task;
}

/* An open file by its number, or NULL: only of the first numbers, and as long as the table has not
 * grown, because only what stands at a fixed place can be read. */
static __always_inline const struct file *
file_of (const struct files_struct *files, uint32_t number)
{
  if (files->fdt->max_fds > 64)
    return 0;
    /* clang-format off */
#define CASE(n) case n: return files->fd_array[n];
  switch (number)
    {
    CASE (0) CASE (1) CASE (2) CASE (3) CASE (4) CASE (5) CASE (6) CASE (7) CASE (8) CASE (9)
    CASE (10) CASE (11) CASE (12) CASE (13) CASE (14) CASE (15) CASE (16) CASE (17) CASE (18) CASE (19)
    CASE (20) CASE (21) CASE (22) CASE (23) CASE (24) CASE (25) CASE (26) CASE (27) CASE (28) CASE (29)
    CASE (30) CASE (31)
    default:
      return 0;
    }
#undef CASE
  /* clang-format on */
}
