/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Before 6.2: every pointer is read in the same way (see cast-loose.h).
 */
#pragma once

#include "bpf/kernel-types.h"

#include <bpf/bpf_helpers.h>

static __always_inline const struct task_struct *
loose (const struct task_struct *task)
{
  return task;
}
