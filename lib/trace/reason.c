/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/reason.h"

#include <string.h>

/* Task state bits, include/linux/sched.h. */
#define TASK_DEAD_BITS (0x10u | 0x20u | 0x80u) /* EXIT_DEAD, EXIT_ZOMBIE, TASK_DEAD */

/* One letter a category, so that the tables below stay readable. */
enum
{
  L = LSC_REASON_LOCK,
  F = LSC_REASON_FILE,
  P = LSC_REASON_PIPE,
  N = LSC_REASON_NETWORK,
  T = LSC_REASON_TIMER,
  E = LSC_REASON_EVENTS,
  C = LSC_REASON_CHILD,
  S = LSC_REASON_SIGNAL,
  X = LSC_REASON_EXITING,
};

/* arch/x86/entry/syscalls/syscall_64.tbl. */
/* clang-format off */
static const uint8_t x86_64_reasons[] = {
  /* semop fcntl flock futex semtimedop futex_waitv futex_wait */
  [65] = L, [72] = L, [73] = L, [202] = L, [220] = L, [449] = L, [455] = L,
  /* open close stat fstat lstat lseek pread64 pwrite64 access msync sendfile fsync fdatasync
   * truncate ftruncate getdents chdir fchdir rename mkdir rmdir creat link unlink symlink
   * readlink chmod fchmod chown fchown lchown mknod statfs fstatfs sync mount umount2 swapon
   * swapoff quotactl readahead setxattr fsetxattr getxattr fgetxattr listxattr io_destroy
   * io_getevents io_submit getdents64 fadvise64 openat mkdirat mknodat fchownat newfstatat
   * unlinkat renameat linkat symlinkat readlinkat fchmodat faccessat sync_file_range
   * utimensat fallocate preadv pwritev name_to_handle_at open_by_handle_at syncfs renameat2
   * copy_file_range preadv2 pwritev2 statx io_pgetevents openat2 faccessat2 */
  [2] = F, [3] = F, [4] = F, [5] = F, [6] = F, [8] = F, [17] = F, [18] = F, [21] = F, [26] = F,
  [40] = F, [74] = F, [75] = F, [76] = F, [77] = F, [78] = F, [80] = F, [81] = F, [82] = F,
  [83] = F, [84] = F, [85] = F, [86] = F, [87] = F, [88] = F, [89] = F, [90] = F, [91] = F,
  [92] = F, [93] = F, [94] = F, [133] = F, [137] = F, [138] = F, [162] = F, [165] = F, [166] = F,
  [167] = F, [168] = F, [179] = F, [187] = F, [188] = F, [190] = F, [191] = F, [193] = F,
  [194] = F, [207] = F, [208] = F, [209] = F, [217] = F, [221] = F, [257] = F, [258] = F,
  [259] = F, [260] = F, [262] = F, [263] = F, [264] = F, [265] = F, [266] = F, [267] = F,
  [268] = F, [269] = F, [277] = F, [280] = F, [285] = F, [295] = F, [296] = F, [303] = F,
  [304] = F, [306] = F, [316] = F, [326] = F, [327] = F, [328] = F, [332] = F, [333] = F,
  [437] = F, [439] = F,
  /* read write readv writev msgsnd msgrcv mq_timedsend mq_timedreceive splice tee vmsplice */
  [0] = P, [1] = P, [19] = P, [20] = P, [69] = P, [70] = P, [242] = P, [243] = P, [275] = P,
  [276] = P, [278] = P,
  /* connect accept sendto recvfrom sendmsg recvmsg shutdown accept4 recvmmsg sendmmsg */
  [42] = N, [43] = N, [44] = N, [45] = N, [46] = N, [47] = N, [48] = N, [288] = N, [299] = N,
  [307] = N,
  /* nanosleep clock_nanosleep */
  [35] = T, [230] = T,
  /* poll select epoll_wait pselect6 ppoll epoll_pwait io_uring_enter epoll_pwait2 */
  [7] = E, [23] = E, [232] = E, [270] = E, [271] = E, [281] = E, [426] = E, [441] = E,
  /* clone fork vfork wait4 waitid clone3 */
  [56] = C, [57] = C, [58] = C, [61] = C, [247] = C, [435] = C,
  /* pause rt_sigtimedwait rt_sigsuspend */
  [34] = S, [128] = S, [130] = S,
  /* exit exit_group */
  [60] = X, [231] = X,
};
/* clang-format on */

/* include/uapi/asm-generic/unistd.h. */
/* clang-format off */
static const uint8_t generic_reasons[] = {
  /* fcntl flock futex semtimedop semop futex_waitv futex_wait */
  [25] = L, [32] = L, [98] = L, [192] = L, [193] = L, [449] = L, [455] = L,
  /* io_destroy io_submit io_getevents setxattr fsetxattr getxattr fgetxattr listxattr mknodat
   * mkdirat unlinkat symlinkat linkat renameat umount2 mount statfs fstatfs truncate
   * ftruncate fallocate faccessat chdir fchdir fchmod fchmodat fchownat fchown openat close
   * quotactl getdents64 lseek pread64 pwrite64 preadv pwritev sendfile readlinkat newfstatat
   * fstat sync fsync fdatasync sync_file_range utimensat readahead fadvise64 swapon swapoff
   * msync name_to_handle_at open_by_handle_at syncfs renameat2 copy_file_range preadv2
   * pwritev2 statx io_pgetevents openat2 faccessat2 */
  [1] = F, [2] = F, [4] = F, [5] = F, [7] = F, [8] = F, [10] = F, [11] = F, [33] = F, [34] = F,
  [35] = F, [36] = F, [37] = F, [38] = F, [39] = F, [40] = F, [43] = F, [44] = F, [45] = F,
  [46] = F, [47] = F, [48] = F, [49] = F, [50] = F, [52] = F, [53] = F, [54] = F, [55] = F,
  [56] = F, [57] = F, [60] = F, [61] = F, [62] = F, [67] = F, [68] = F, [69] = F, [70] = F,
  [71] = F, [78] = F, [79] = F, [80] = F, [81] = F, [82] = F, [83] = F, [84] = F, [88] = F,
  [213] = F, [223] = F, [224] = F, [225] = F, [227] = F, [264] = F, [265] = F, [267] = F,
  [276] = F, [285] = F, [286] = F, [287] = F, [291] = F, [292] = F, [437] = F, [439] = F,
  /* read write readv writev vmsplice splice tee mq_timedsend mq_timedreceive msgrcv msgsnd */
  [63] = P, [64] = P, [65] = P, [66] = P, [75] = P, [76] = P, [77] = P, [182] = P, [183] = P,
  [188] = P, [189] = P,
  /* accept connect sendto recvfrom shutdown sendmsg recvmsg accept4 recvmmsg sendmmsg */
  [202] = N, [203] = N, [206] = N, [207] = N, [210] = N, [211] = N, [212] = N, [242] = N,
  [243] = N, [269] = N,
  /* nanosleep clock_nanosleep */
  [101] = T, [115] = T,
  /* epoll_pwait pselect6 ppoll io_uring_enter epoll_pwait2 */
  [22] = E, [72] = E, [73] = E, [426] = E, [441] = E,
  /* waitid clone wait4 clone3 */
  [95] = C, [220] = C, [260] = C, [435] = C,
  /* rt_sigsuspend rt_sigtimedwait */
  [133] = S, [137] = S,
  /* exit exit_group */
  [93] = X, [94] = X,
};
/* clang-format on */

/* arch/x86/entry/syscalls/syscall_32.tbl: what a 32-bit program on x86-64 mostly waits in. */
/* clang-format off */
static const uint8_t i386_reasons[] = {
  /* fcntl flock futex fcntl64 semtimedop futex_time64 futex_waitv futex_wait */
  [55] = L, [143] = L, [221] = L, [240] = L, [420] = L, [422] = L, [449] = L, [455] = L,
  /* open close sync fsync getdents64 fdatasync pread64 pwrite64 openat preadv pwritev */
  [5] = F, [6] = F, [36] = F, [118] = F, [148] = F, [180] = F, [181] = F, [220] = F, [295] = F,
  [333] = F, [334] = F,
  /* read write readv writev splice */
  [3] = P, [4] = P, [145] = P, [146] = P, [313] = P,
  /* connect accept4 sendto sendmsg recvfrom recvmsg recvmmsg socketcall */
  [102] = N, [337] = N, [362] = N, [364] = N, [369] = N, [370] = N, [371] = N, [372] = N,
  [417] = N,
  /* nanosleep clock_nanosleep clock_nanosleep_time64 */
  [162] = T, [267] = T, [407] = T,
  /* select _newselect poll epoll_wait pselect6 ppoll epoll_pwait and _time64 io_uring_enter */
  [82] = E, [142] = E, [168] = E, [256] = E, [308] = E, [309] = E, [319] = E, [413] = E,
  [414] = E, [426] = E, [441] = E,
  /* fork waitpid wait4 clone vfork waitid clone3 */
  [2] = C, [7] = C, [114] = C, [120] = C, [190] = C, [284] = C, [435] = C,
  /* pause rt_sigtimedwait rt_sigsuspend rt_sigtimedwait_time64 */
  [29] = S, [177] = S, [179] = S, [421] = S,
  /* exit exit_group */
  [1] = X, [252] = X,
};
/* clang-format on */

LscAbi
lsc_reason_abi_of_machine (const char *machine)
{
  static const char *const generic[] = { "aarch64", "arm64", "riscv64", "loongarch64" };

  if (strcmp (machine, "x86_64") == 0)
    return LSC_ABI_X86_64;
  for (size_t i = 0; i < G_N_ELEMENTS (generic); i++)
    if (strcmp (machine, generic[i]) == 0)
      return LSC_ABI_GENERIC;
  return LSC_ABI_UNKNOWN;
}

LscReason
lsc_reason_of_syscall (int16_t syscall, LscAbi abi)
{
  const uint8_t *table = abi == LSC_ABI_X86_64 ? x86_64_reasons : generic_reasons;
  size_t n = abi == LSC_ABI_X86_64 ? G_N_ELEMENTS (x86_64_reasons) : G_N_ELEMENTS (generic_reasons);

  if (abi == LSC_ABI_UNKNOWN || syscall < 0)
    return LSC_REASON_UNKNOWN;
  if ((size_t) syscall >= n || table[syscall] == LSC_REASON_NONE)
    return LSC_REASON_KERNEL;
  return (LscReason) table[syscall];
}

/* A number of the machine's 32-bit table. */
static LscReason
reason_of_compat (int16_t syscall, LscAbi abi)
{
  if (abi != LSC_ABI_X86_64 || syscall < 0 || (size_t) syscall >= G_N_ELEMENTS (i386_reasons)
      || i386_reasons[syscall] == LSC_REASON_NONE)
    return LSC_REASON_UNKNOWN;
  return (LscReason) i386_reasons[syscall];
}

/* Where the kernel has told what the wait is about; the system call would not say. */
static LscReason
reason_of_detail (const LscFacts *facts)
{
  switch ((LscDetail) facts->detail)
    {
    case LSC_DETAIL_PIPE:
    case LSC_DETAIL_DEVICE:
      return LSC_REASON_PIPE;
    case LSC_DETAIL_TERMINAL:
      return LSC_REASON_TERMINAL;
    case LSC_DETAIL_SOCKET:
      return LSC_REASON_NETWORK;
    case LSC_DETAIL_EVENT:
      return LSC_REASON_EVENTS;
    case LSC_DETAIL_FILE:
    case LSC_DETAIL_BLOCK:
      return LSC_REASON_FILE;
    case LSC_DETAIL_FUTEX_WAIT:
    case LSC_DETAIL_FUTEX_WAIT_BITSET:
    case LSC_DETAIL_FUTEX_LOCK_PI:
    case LSC_DETAIL_FUTEX_REQUEUE_PI:
      return LSC_REASON_LOCK;
    case LSC_DETAIL_NONE:
    default:
      return LSC_REASON_NONE;
    }
}

/* Sleeping, or uninterruptible. */
static LscReason
reason_of_wait (const LscFacts *facts, LscAbi abi, bool kernel_thread)
{
  LscReason reason;

  if (kernel_thread)
    return facts->flags & LSC_FACT_IO_WAIT ? LSC_REASON_DISK : LSC_REASON_KERNEL;
  if (facts->syscall == LSC_SYSCALL_UNKNOWN)
    return facts->flags & LSC_FACT_IO_WAIT ? LSC_REASON_DISK : LSC_REASON_UNKNOWN;
  /* In no system call, a thread waits only for memory, or as one of io_uring's workers. */
  if (facts->syscall < 0)
    return facts->state == LSC_STATE_UNINTERRUPTIBLE ? LSC_REASON_PAGE_FAULT : LSC_REASON_UNKNOWN;
  if (facts->flags & LSC_FACT_IO_WAIT)
    return LSC_REASON_DISK;
  reason = reason_of_detail (facts);
  if (reason != LSC_REASON_NONE)
    return reason;
  if (facts->flags & LSC_FACT_COMPAT)
    return reason_of_compat (facts->syscall, abi);
  reason = lsc_reason_of_syscall (facts->syscall, abi);
  /* Pipes, sockets and terminals are waited for so that a signal can end the wait; a read or write
   * that none can is one of a file. */
  if (reason == LSC_REASON_PIPE && facts->state == LSC_STATE_UNINTERRUPTIBLE)
    return LSC_REASON_FILE;
  return reason;
}

LscReason
lsc_reason_of_facts (const LscFacts *facts, LscAbi abi, bool kernel_thread)
{
  switch ((LscState) facts->state)
    {
    case LSC_STATE_RUNNING:
    case LSC_STATE_ABSENT:
      return LSC_REASON_NONE;
    case LSC_STATE_RUNNABLE:
      return LSC_REASON_QUEUE;
    case LSC_STATE_PREEMPTED:
      return facts->flags & LSC_FACT_YIELDED ? LSC_REASON_YIELDED : LSC_REASON_PREEMPTED;
    case LSC_STATE_STOPPED:
      return LSC_REASON_STOPPED;
    case LSC_STATE_SLEEPING:
    case LSC_STATE_UNINTERRUPTIBLE:
      if (facts->kernel_state & TASK_DEAD_BITS)
        return LSC_REASON_EXITING;
      return reason_of_wait (facts, abi, kernel_thread);
    case LSC_STATE_UNKNOWN:
    case LSC_N_STATES:
    default:
      return LSC_REASON_UNKNOWN;
    }
}
