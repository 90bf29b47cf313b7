/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names of system calls: the one door to libseccomp's tables.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The name of system call `number` on `machine` (LscRecordHeader.machine), in the 32-bit table when
 * `compat`: "futex". "system call 512" for one without a name, NULL for a negative number. Owned by
 * the caller. */
char *lsc_syscall_name (const char *machine, int16_t number, bool compat);
