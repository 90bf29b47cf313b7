/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The record: what the kernel side copies out, the helper forwards and the capture file keeps.
 *
 * Invariants. Every record starts with LscRecordHead, is a multiple of 8 bytes long and has no
 * implicit padding; one kind is one struct; the same bytes stand in the ring buffer, on the socket
 * and in the file (host byte order: a capture names its machine in the header record). All bytes
 * that carry no meaning are zero. Thread ids are those of the initial pid namespace, as the kernel
 * sees them; `ns_tid` is the id inside the thread's own pid namespace. Times are CLOCK_MONOTONIC
 * nanoseconds.
 *
 * A reader skips a kind it does not know (its size is in the head) and refuses a major version it
 * does not know.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define LSC_RECORD_MAJOR 1 /* a reader refuses a larger one */
#define LSC_RECORD_MINOR 1 /* new kinds only; older readers skip them */

#define LSC_RECORD_MAGIC "LANESCP1" /* first bytes of the header record's body */
#define LSC_RECORD_SIZE_MAX 4096u   /* no record of any kind may be longer */
#define LSC_NAME_SIZE 16u /* TASK_COMM_LEN, include/linux/sched.h; always NUL-terminated */
#define LSC_TID_IDLE 0u   /* the idle task of any CPU */
#define LSC_TID_OTHER                                                                              \
  UINT32_MAX                    /* a task this capture may not name (scope own), security.md 2.3   \
                                 */
#define LSC_CPU_NONE UINT32_MAX /* not bound to one CPU */
#define LSC_SYSCALL_NONE                                                                           \
  ((int16_t) -1) /* not in a system call: user mode, page fault, kernel thread */
#define LSC_SYSCALL_UNKNOWN ((int16_t) -2) /* another tool's trace, which does not say */
#define LSC_PRIO_DEADLINE 255u             /* the kernel's priority -1 (SCHED_DEADLINE) */

typedef enum
{
  LSC_RECORD_HEADER = 1,
  LSC_RECORD_SWITCH = 2,
  LSC_RECORD_WAKING = 3,
  LSC_RECORD_TASK = 4,
  LSC_RECORD_FORK = 5,
  LSC_RECORD_EXEC = 6,
  LSC_RECORD_RENAME = 7,
  LSC_RECORD_EXIT = 8,
  LSC_RECORD_GAP = 9,
  LSC_RECORD_END = 10,
  LSC_RECORD_STATUS = 11,
  LSC_RECORD_READY = 12,
  LSC_RECORD_NOTE = 13,
  LSC_RECORD_SETTING = 14,
} LscRecordKind;

typedef struct
{
  uint64_t time_ns;
  uint16_t size; /* whole record with this head, multiple of 8 */
  uint8_t kind;  /* LscRecordKind */
  uint8_t flags; /* of the kind, below */
  uint32_t cpu;  /* where it happened; LSC_CPU_NONE where that says nothing */
} LscRecordHead;

/* What is known of a wait beyond its system call; LSC_DETAIL_NONE in captures of minor version 0,
 * and wherever the kernel does not let us see it. */
typedef enum
{
  LSC_DETAIL_NONE = 0,
  /* read, write, readv, writev: what the descriptor is */
  LSC_DETAIL_PIPE = 1, /* or a FIFO */
  LSC_DETAIL_SOCKET = 2,
  LSC_DETAIL_TERMINAL = 3,
  LSC_DETAIL_FILE = 4,   /* or a folder */
  LSC_DETAIL_EVENT = 5,  /* an anonymous inode: eventfd, timerfd, signalfd, inotify */
  LSC_DETAIL_DEVICE = 6, /* a character device that is no terminal */
  LSC_DETAIL_BLOCK = 7,  /* a block device */
  /* futex: the operation, include/uapi/linux/futex.h */
  LSC_DETAIL_FUTEX_WAIT = 8,
  LSC_DETAIL_FUTEX_WAIT_BITSET = 9,
  LSC_DETAIL_FUTEX_LOCK_PI = 10, /* FUTEX_LOCK_PI2 too */
  LSC_DETAIL_FUTEX_REQUEUE_PI = 11,
} LscDetail;

/* LscRecordHead.flags of LSC_RECORD_SWITCH */
#define LSC_SWITCH_PREEMPT 1u     /* the scheduler interrupted prev: sched_switch's `preempt` */
#define LSC_SWITCH_IO_WAIT 2u     /* prev->in_iowait: the sleep waits for a block device */
#define LSC_SWITCH_COMPAT 4u      /* prev's system-call number is of the 32-bit table */
#define LSC_SWITCH_DETAIL_SHIFT 4 /* the upper four bits: LscDetail of prev's wait */

/* One CPU changed from prev to next: sched_switch. prev_syscall and prev_arg are set when prev left
 * of its own accord (not LSC_SWITCH_PREEMPT) and was inside a system call. */
typedef struct
{
  LscRecordHead head;
  uint32_t prev_tid;
  uint32_t next_tid;
  uint32_t prev_state;  /* task state bits, include/linux/sched.h; 0 = still runnable */
  int16_t prev_syscall; /* or LSC_SYSCALL_NONE */
  uint8_t prev_prio;    /* kernel priority 0..139 (120 = nice 0), or LSC_PRIO_DEADLINE */
  uint8_t next_prio;
  uint64_t prev_arg; /* first argument of prev_syscall: a futex address, a descriptor, a clock */
} LscRecordSwitch;

/* LscRecordHead.flags of LSC_RECORD_WAKING */
#define LSC_WAKING_INTERRUPT 1u /* from an interrupt or from idle: the waker is no thread */
#define LSC_WAKING_NEW 2u       /* first wakeup of a new thread: sched_wakeup_new */

/* wakee was made ready to run: sched_waking or sched_wakeup_new, on the waker's CPU. It may fire
 * while wakee has not yet left its own CPU. */
typedef struct
{
  LscRecordHead head;
  uint32_t wakee_tid;
  uint32_t waker_tid; /* LSC_TID_IDLE with LSC_WAKING_INTERRUPT; LSC_TID_OTHER where it may not be
                         named */
} LscRecordWaking;

/* LscRecordHead.flags of LSC_RECORD_TASK */
#define LSC_TASK_TRACED                                                                            \
  1u /* its events are in this capture; clear: named only as somebody's neighbour */
#define LSC_TASK_KTHREAD 2u  /* a thread of the kernel */
#define LSC_TASK_NEW 4u      /* just forked: its life starts here */
#define LSC_TASK_ON_CPU 8u   /* running on head.cpu at this moment */
#define LSC_TASK_IO_WAIT 16u /* as LSC_SWITCH_IO_WAIT */
#define LSC_TASK_COMPAT 32u
#define LSC_TASK_STATE_UNKNOWN                                                                     \
  64u /* only who it is, as other tools' traces tell it: not what it was doing */
#define LSC_TASK_EXITING                                                                           \
  128u /* has begun to end: of a neighbour no exit follows (a child that ends wakes its parent     \
          after its exit) */

/* Who a tid is, and what the thread was doing when tracing started. `state`, `syscall` and `arg`
 * mean what they mean in a switch away from it; state 0 without LSC_TASK_ON_CPU is: waiting in a
 * run queue. */
typedef struct
{
  LscRecordHead head;
  uint32_t tid;
  uint32_t tgid;        /* the process */
  uint32_t parent_tgid; /* the parent process */
  uint32_t ns_tid;
  uint64_t start_ns; /* task_struct.start_boottime: with tid the thread's identity */
  char name[LSC_NAME_SIZE];
  uint32_t state;
  int16_t syscall;
  uint8_t prio;
  uint8_t detail; /* LscDetail */
  uint64_t arg;
  uint32_t uid; /* real uid, initial user namespace */
  uint32_t reserved2;
} LscRecordTask;

/* A thread or process was made: sched_process_fork. A LSC_RECORD_TASK of the child stands right
 * before it. */
typedef struct
{
  LscRecordHead head;
  uint32_t parent_tid;
  uint32_t parent_tgid;
  uint32_t child_tid;
  uint32_t child_tgid;
} LscRecordFork;

/* The process runs another program: sched_process_exec. Every other thread of it has ended; the
 * caller, which may have had the id old_tid, now has the id tid (= tgid). */
typedef struct
{
  LscRecordHead head;
  uint32_t tid;
  uint32_t old_tid;
  char name[LSC_NAME_SIZE];
} LscRecordExec;

typedef struct
{
  LscRecordHead head;
  uint32_t tid;
  uint32_t reserved;
  char name[LSC_NAME_SIZE];
} LscRecordRename;

/* LscRecordHead.flags of LSC_RECORD_EXIT */
#define LSC_EXIT_GROUP 1u     /* the last thread of its process */
#define LSC_EXIT_NEIGHBOUR 2u /* its events are not in this capture: it will not be named again */

/* The thread has begun to end: sched_process_exit. It still runs until a switch with a dead state.
 */
typedef struct
{
  LscRecordHead head;
  uint32_t tid;
  uint32_t tgid;
} LscRecordExit;

typedef enum
{
  LSC_GAP_RING_FULL = 1,  /* the kernel's ring buffer was full */
  LSC_GAP_QUEUE_FULL = 2, /* the reader did not keep up */
  LSC_GAP_HELPER_LATE = 3,
  LSC_GAP_TRUNCATED = 4, /* the capture ends in the middle of something */
} LscGapCause;

/* `count` events of head.cpu between first_ns and last_ns, both included, are missing. It stands
 * before the first event of that CPU that was kept again, or before the end. */
typedef struct
{
  LscRecordHead head;
  uint64_t first_ns;
  uint64_t last_ns;
  uint64_t count;
  uint32_t cause; /* LscGapCause */
  uint32_t reserved;
} LscRecordGap;

typedef enum
{
  LSC_END_STOPPED = 1,     /* the user asked */
  LSC_END_TARGET_EXIT = 2, /* every chosen process has ended */
  LSC_END_NO_TARGET = 3,   /* no chosen process was found when tracing started */
  LSC_END_PROTOCOL = 4,    /* the client sent what the helper does not understand */
  LSC_END_FAILED = 5,      /* the helper could not go on: error holds errno */
  LSC_END_SIGNAL = 6,      /* the helper was told to end by a signal */
} LscEndReason;

/* The last record of a stream that ended in order: seen = delivered + lost. */
typedef struct
{
  LscRecordHead head;
  uint32_t reason; /* LscEndReason */
  uint32_t error;  /* errno of LSC_END_FAILED, else 0 */
  uint64_t seen;   /* events that passed the filter */
  uint64_t delivered;
  uint64_t lost;
} LscRecordEnd;

/* How the helper is doing, a few times a second. All counts are since the start. */
typedef struct
{
  LscRecordHead head;
  uint64_t seen;
  uint64_t lost;
  uint64_t helper_ns; /* CPU time the helper used */
  uint64_t kernel_ns; /* CPU time the kernel side used, estimated from a sample of its runs */
} LscRecordStatus;

/* The snapshot is complete: from here on every event of every traced thread is in the stream or in
 * a gap. */
typedef struct
{
  LscRecordHead head;
  uint32_t n_processes; /* traced now */
  uint32_t n_threads;
} LscRecordReady;

typedef enum
{
  LSC_NOTE_MARKER = 1, /* a moment to come back to */
  LSC_NOTE_A = 2,      /* the two ends of a measurement; the last of each counts */
  LSC_NOTE_B = 3,
  LSC_NOTE_BAR = 4, /* about one stretch of one thread */
} LscNoteKind;

/* LscRecordHead.flags of LSC_RECORD_NOTE */
#define LSC_NOTE_REMOVED 1u /* the note with this id is taken back */

#define LSC_NOTE_TEXT_SIZE 256u

/* What a person has written on a capture, from head.time_ns to end_ns (the same: at a moment). It
 * comes after the events it is about, after the end record too; a later note with the same id
 * replaces the earlier one. */
typedef struct
{
  LscRecordHead head;
  uint64_t end_ns;
  uint64_t id;   /* the lower half is its number, the upper one that of who made it */
  uint32_t tid;  /* LSC_TID_IDLE: about no thread */
  uint32_t kind; /* LscNoteKind */
  char text[LSC_NOTE_TEXT_SIZE];
} LscRecordNote;

#define LSC_SETTING_KEY_SIZE 32u
#define LSC_SETTING_VALUE_SIZE 224u

/* How the capture was looked at, so that it opens the same way elsewhere; the last value of a key
 * counts. A reader keeps keys it does not know. */
typedef struct
{
  LscRecordHead head;
  char key[LSC_SETTING_KEY_SIZE];
  char value[LSC_SETTING_VALUE_SIZE];
} LscRecordSetting;

typedef enum
{
  LSC_SCOPE_OWN = 1, /* only what the kernel would let this user trace of his own */
  LSC_SCOPE_ANY = 2, /* every task of the machine */
} LscScope;

/* LscRecordHead.flags of LSC_RECORD_HEADER */
#define LSC_HEADER_WHOLE_MACHINE                                                                   \
  1u                           /* every thread is traced, so an idle CPU is known to be idle       \
                                */
#define LSC_HEADER_CHILDREN 2u /* descendants of the chosen processes are traced too */

/* The first record of every stream and file. head.time_ns is the moment the stream was opened. */
typedef struct
{
  LscRecordHead head;
  char magic[8];
  uint16_t version_major;
  uint16_t version_minor;
  uint32_t n_cpus;            /* possible CPUs, 0 .. n_cpus - 1 */
  int64_t realtime_offset_ns; /* CLOCK_REALTIME - CLOCK_MONOTONIC */
  int64_t boottime_offset_ns; /* CLOCK_BOOTTIME - CLOCK_MONOTONIC */
  uint32_t scope;             /* LscScope */
  uint32_t uid;               /* of the user the capture was made for */
  char release[64];           /* utsname.release */
  char machine[32];           /* utsname.machine: says which system-call table and byte order */
  char host[64];              /* utsname.nodename */
  char command[256]; /* what was started or chosen, as a person would write it; may be empty */
} LscRecordHeader;

#define LSC_ASSERT_RECORD(type, bytes)                                                             \
  _Static_assert(sizeof (type) == (bytes) && (bytes) % 8 == 0 && (bytes) <= LSC_RECORD_SIZE_MAX,   \
                 #type " has its fixed size")
LSC_ASSERT_RECORD (LscRecordHead, 16);
LSC_ASSERT_RECORD (LscRecordSwitch, 40);
LSC_ASSERT_RECORD (LscRecordWaking, 24);
LSC_ASSERT_RECORD (LscRecordTask, 80);
LSC_ASSERT_RECORD (LscRecordFork, 32);
LSC_ASSERT_RECORD (LscRecordExec, 40);
LSC_ASSERT_RECORD (LscRecordRename, 40);
LSC_ASSERT_RECORD (LscRecordExit, 24);
LSC_ASSERT_RECORD (LscRecordGap, 48);
LSC_ASSERT_RECORD (LscRecordEnd, 48);
LSC_ASSERT_RECORD (LscRecordStatus, 48);
LSC_ASSERT_RECORD (LscRecordReady, 24);
LSC_ASSERT_RECORD (LscRecordNote, 296);
LSC_ASSERT_RECORD (LscRecordSetting, 272);
LSC_ASSERT_RECORD (LscRecordHeader, 472);
_Static_assert(offsetof (LscRecordHead, cpu) == 12 && offsetof (LscRecordSwitch, prev_syscall) == 28
                   && offsetof (LscRecordSwitch, prev_arg) == 32
                   && offsetof (LscRecordTask, start_ns) == 32
                   && offsetof (LscRecordTask, state) == 56 && offsetof (LscRecordTask, arg) == 64
                   && offsetof (LscRecordHeader, realtime_offset_ns) == 32
                   && offsetof (LscRecordHeader, release) == 56,
               "the offsets other programs rely on");

/* The size a record of `kind` must have, or 0 for a kind this version does not know. */
uint16_t lsc_record_size_of (uint8_t kind);

/* Looks at the first record of `bytes`. Returns its size; 0 when `n_bytes` holds less than a whole
 * record (wait for more); -EBADMSG when no honest writer wrote this (a size that is no multiple of
 * 8, too small, too large, or not the kind's own, an unterminated name). A kind not known is
 * accepted whole. */
int lsc_record_check (const void *bytes, size_t n_bytes);

/* Whether the header is one this version can read: 0; -EBADMSG: not a Lanescope header;
 * -EPROTONOSUPPORT: a newer major version. `header` has passed lsc_record_check(). */
int lsc_record_check_header (const LscRecordHeader *header);
