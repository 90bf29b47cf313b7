/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The programs in the kernel, from the worker's side. The only room in the house with libbpf.
 *
 * Everything that needs a privilege happens in lsc_bpf_session_load(); what follows needs none, and
 * makes no bpf() call.
 */
#pragma once

#include "helper/ring-reader.h"
#include "helper/tracer-trouble.h"
#include "lib/wire/kernel-state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LSC_BPF_SESSION_FDS_MAX 20

typedef struct
{
  bool scope_own; /* only tasks that `uid` may trace; frozen in the kernel */
  uint32_t uid;
} LscBpfScope;

typedef struct _LscBpfSession LscBpfSession;

/* Loads and attaches the programs; they stay silent until control->phase is set. There is one
 * session a process. */
LscTracerTrouble lsc_bpf_session_load (LscBpfSession **out_self, const LscBpfScope *scope);

/* The mapped state; valid for the life of the process. */
LscKernelControl *lsc_bpf_session_get_control (LscBpfSession *self);
LscKernelTotals *lsc_bpf_session_get_totals (LscBpfSession *self);
/* LSC_KERNEL_CPUS_MAX of them. */
LscKernelCpu *lsc_bpf_session_get_cpus (LscBpfSession *self);

/* Possible CPUs of this machine. */
uint32_t lsc_bpf_session_get_n_cpus (const LscBpfSession *self);

/* The descriptors that are still needed after loading: writes them to `fds`, returns how many. The
 * others that libbpf opened are the caller's to close. */
size_t lsc_bpf_session_get_fds (const LscBpfSession *self, int fds[LSC_BPF_SESSION_FDS_MAX]);
/* Becomes readable when a ring fills up fast; lsc_bpf_session_acknowledge() makes it wait anew.
 */
int lsc_bpf_session_get_alarm_fd (const LscBpfSession *self);
void lsc_bpf_session_acknowledge (LscBpfSession *self);

/* Runs the snapshot program over every task, until a pass finds nobody new; once in a session. 0 or
 * -errno. */
int lsc_bpf_session_snapshot (LscBpfSession *self);

/* Hands out what happened until now, in the order of time: lsc_ring_reader_drain(). */
LscRingOutcome lsc_bpf_session_drain (LscBpfSession *self, LscRingSink sink, void *data);

/* Takes the programs out of the kernel's way. Records that are in the rings can still be drained.
 */
void lsc_bpf_session_detach (LscBpfSession *self);
