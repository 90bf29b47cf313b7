/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a task waits for, beyond the number of its system call: what kind of thing a descriptor is,
 * which operation a futex is asked for. One of LscDetail, looked up only when the task goes to
 * sleep inside one of the few calls where it matters.
 *
 * Another thread may close the descriptor at this very moment; what was its file may then be
 * another one already. The kind may be wrong then, and no more than that.
 */
#pragma once

#include "bpf/task-facts.h"

/* include/uapi/linux/stat.h, include/uapi/linux/magic.h */
enum
{
  S_IFMT = 0170000,
  S_IFSOCK = 0140000,
  S_IFREG = 0100000,
  S_IFBLK = 0060000,
  S_IFDIR = 0040000,
  S_IFCHR = 0020000,
  S_IFIFO = 0010000,
  ANON_INODE_FS_MAGIC = 0x09041934,
};

/* Documentation/admin-guide/devices.txt: TTY_MAJOR, TTYAUX_MAJOR, the slaves of UNIX98 terminals,
 * USB serial lines, modems. */
static __always_inline bool
is_terminal (uint32_t major)
{
  return major == 4 || major == 5 || (major >= 136 && major <= 143) || major == 188 || major == 166;
}

static __always_inline uint8_t
detail_of_inode (const struct inode *inode)
{
  switch (inode->i_mode & S_IFMT)
    {
    case S_IFIFO:
      return LSC_DETAIL_PIPE;
    case S_IFSOCK:
      return LSC_DETAIL_SOCKET;
    case S_IFCHR:
      return is_terminal (inode->i_rdev >> 20) ? LSC_DETAIL_TERMINAL : LSC_DETAIL_DEVICE;
    case S_IFBLK:
      return LSC_DETAIL_BLOCK;
    case S_IFDIR:
      return LSC_DETAIL_FILE;
    case S_IFREG: /* since 6.17 anonymous inodes have a type, this one; before, none */
    case 0:
      return inode->i_sb->s_magic == ANON_INODE_FS_MAGIC ? LSC_DETAIL_EVENT : LSC_DETAIL_FILE;
    default:
      return LSC_DETAIL_NONE;
    }
}

static __always_inline uint8_t
detail_of_descriptor (const struct task_struct *task, uint32_t number)
{
  const struct files_struct *files = loose (task)->files;
  const struct file *file;

  if (!files)
    return LSC_DETAIL_NONE;
  file = file_of (files, number);
  return file ? detail_of_inode (file->f_inode) : LSC_DETAIL_NONE;
}

/* include/uapi/linux/futex.h: one hexadecimal digit an operation, the last one for FUTEX_WAIT. */
#define DETAIL_BY_OPERATION                                                                        \
  ((uint64_t) LSC_DETAIL_FUTEX_WAIT | (uint64_t) LSC_DETAIL_FUTEX_LOCK_PI << (6 * 4)               \
   | (uint64_t) LSC_DETAIL_FUTEX_WAIT_BITSET << (9 * 4)                                            \
   | (uint64_t) LSC_DETAIL_FUTEX_REQUEUE_PI << (11 * 4)                                            \
   | (uint64_t) LSC_DETAIL_FUTEX_LOCK_PI << (13 * 4))

static __always_inline uint8_t
detail_of_futex (uint64_t operation)
{
  return DETAIL_BY_OPERATION >> ((operation & 15) * 4) & 15;
}

/* The calls of the 32-bit tables (arch/x86/entry/syscalls/syscall_32.tbl,
 * arch/arm/tools/syscall.tbl) that matter here, by the machine's own number; -1 for the others. */
static __always_inline int64_t
native_call (int64_t compat_number)
{
  switch (compat_number)
    {
    case 3:
    case 145:
      return MACHINE_READ;
    case 4:
    case 146:
      return MACHINE_WRITE;
    case 240:
      return MACHINE_FUTEX;
    default:
      return -1;
    }
}

/* Of a task that sleeps where `facts` say. */
static __always_inline uint8_t
detail_of (struct task_struct *task, SyscallFacts facts)
{
  int64_t number = facts.compat ? native_call (facts.syscall) : facts.syscall;

  switch (number)
    {
    case MACHINE_READ:
    case MACHINE_WRITE:
    case MACHINE_READV:
    case MACHINE_WRITEV:
      return detail_of_descriptor (task, (uint32_t) facts.arg);
    case MACHINE_FUTEX:
      return detail_of_futex (machine_second_argument (registers_of (task), facts.compat));
    default:
      return LSC_DETAIL_NONE;
    }
}
