/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The kernel's types, only the fields that are read.
 *
 * preserve_access_index makes each access a CO-RE relocation: libbpf puts in the offsets that the
 * running kernel's BTF gives, so order and size here mean nothing. Where a field was renamed or
 * changed its type, the old form stands beside it with a ___suffix (libbpf ignores what follows
 * three underscores). The build needs no BTF and no vmlinux.h.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Names that libbpf's headers expect (linux/types.h). */
typedef uint8_t __u8;
typedef uint16_t __u16;
typedef uint32_t __u32;
typedef uint64_t __u64;
typedef int32_t __s32;
typedef int64_t __s64;
typedef uint16_t __be16;
typedef uint32_t __be32;
typedef uint32_t __wsum;

/* include/uapi/linux/bpf.h: stable numbers. */
enum
{
  BPF_MAP_TYPE_ARRAY = 2,
  BPF_MAP_TYPE_RINGBUF = 27,
  BPF_MAP_TYPE_TASK_STORAGE = 29,
  BPF_F_NO_PREALLOC = 1,
  BPF_F_MMAPABLE = 1 << 10,
  BPF_LOCAL_STORAGE_GET_F_CREATE = 1,
  BPF_RB_FORCE_WAKEUP = 2,
};

/* include/linux/sched.h */
enum
{
  PF_EXITING = 0x4,
  PF_IO_WORKER = 0x10,
  PF_USER_WORKER = 0x4000, /* since 6.4 */
  PF_KTHREAD = 0x200000,
};

/* include/linux/preempt.h, without PREEMPT_RT */
enum
{
  SERVING_SOFTIRQ = 0x100,
  HARDIRQ_AND_NMI = 0xff0000,
};

/* include/linux/sched/coredump.h */
enum
{
  DUMPABLE_MASK = 3,
  DUMPABLE_USER = 1,
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct
{
  uint32_t val;
} kuid_t;

struct cred
{
  kuid_t uid, suid, euid;
};

/* 6.18 made mm->flags a bitmap in a struct (mm_flags_t). */
typedef struct
{
  unsigned long __mm_flags[1];
} mm_flags_t;

struct mm_struct
{
  mm_flags_t flags;
};

struct mm_struct___word
{
  unsigned long flags;
};

typedef struct
{
  int counter;
} atomic_t;

struct signal_struct
{
  atomic_t live;
};

struct timespec64
{
  int64_t tv_sec;
};

struct upid
{
  int nr;
};

struct pid
{
  unsigned int level;
  struct upid numbers[];
};

/* x86: status; arm64: flags and preempt. `cpu` moved here from task_struct in 5.16. */
struct thread_info
{
  unsigned long flags;
  uint32_t status;
  uint32_t cpu;
  struct
  {
    uint32_t count;
  } preempt;
};

struct rq
{
  int cpu;
};

struct cfs_rq
{
  struct rq *rq;
};

struct sched_entity
{
  struct cfs_rq *cfs_rq; /* with CONFIG_FAIR_GROUP_SCHED */
};

struct task_struct
{
  struct thread_info thread_info;
  unsigned int __state;
  unsigned int flags;
  int on_cpu;
  int prio;
  struct sched_entity se;
  int exit_state;
  int pid;
  int tgid;
  unsigned in_iowait : 1;
  struct mm_struct *mm;
  struct task_struct *real_parent;
  struct task_struct *group_leader;
  struct pid *thread_pid;
  uint64_t start_boottime;
  const struct cred *real_cred;
  char comm[16];
  struct files_struct *files; /* file-types.h */
  struct signal_struct *signal;
  void *bpf_storage;
  void *stack;
};

struct task_struct___cpu
{
  unsigned int cpu;
};

/* The context of iter/task programs. */
struct bpf_iter__task
{
  void *meta;
  struct task_struct *task;
};

#pragma clang attribute pop
