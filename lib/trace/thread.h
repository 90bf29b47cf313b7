/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Threads and processes: who they are. Identity is (tid, start time): an id that is used again is a
 * new thread.
 *
 * A trace that drops its oldest events forgets who ended before them, see
 * lsc_trace_has_thread(): nothing is known of a forgotten thread but that it was there.
 */
#pragma once

#include "lib/trace/lane.h"

/* One process: threads with the same tgid that share a life. */
typedef struct
{
  uint32_t tgid;
  uint32_t parent_tgid; /* 0 where not known */
  uint32_t uid;
  uint32_t index;     /* in the trace */
  char name[16];      /* of its first thread, or of the last exec */
  uint32_t n_threads; /* traced ones the trace holds, ended ones included */
  uint32_t n_members; /* the same with those that are not traced */
} LscProcess;

/* One thread. Read-only outside lib/trace. */
typedef struct
{
  uint32_t tid; /* initial pid namespace */
  uint32_t ns_tid;
  uint64_t start_ns; /* boot time clock, with tid the identity; 0 where not known */
  uint32_t index;    /* in the trace: what LscFacts.thread means */
  uint32_t process;  /* index of its LscProcess */
  uint32_t parent;   /* index of the thread that made it, or LSC_THREAD_NONE */
  char name[16];     /* the last one it had */
  bool traced;       /* its lane tells its life; otherwise only its name is known */
  bool kernel_thread;
  bool born;     /* its first moment is in the capture */
  bool ended;    /* its last moment is in the capture */
  uint8_t prio;  /* kernel priority last seen, 120 = nice 0 */
  LscLane *lane; /* NULL unless traced */
} LscThread;
