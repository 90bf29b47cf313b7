/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The kernel's types about open files, as in kernel-types.h: only the fields that are read.
 */
#pragma once

#include "bpf/kernel-types.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct super_block
{
  unsigned long s_magic;
};

struct inode
{
  uint16_t i_mode;
  struct super_block *i_sb;
  uint32_t i_rdev;
};

struct file
{
  struct inode *f_inode;
};

struct fdtable
{
  unsigned int max_fds;
  struct file **fd;
};

/* The table stands in here until it has to grow. */
struct files_struct
{
  struct fdtable *fdt;
  struct file *fd_array[64];
};

/* Any type whose first field is a pointer to a struct. */
struct hlist_head
{
  struct hlist_node *first;
};

#pragma clang attribute pop
