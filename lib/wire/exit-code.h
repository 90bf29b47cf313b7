/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How the tracer ends when it could not do its work: its exit status, one for each cause.
 *
 * With --stdio the client reads the status; behind the door, where the client cannot, the tracer
 * sends the same number as `error` of an LscRecordEnd with LSC_END_FAILED, before any header.
 * Values only grow: an older client knows an unknown one as "failed".
 */
#pragma once

typedef enum
{
  LSC_TRACER_EXIT_OK = 0,
  LSC_TRACER_EXIT_USAGE = 64,         /* argument not understood */
  LSC_TRACER_EXIT_NO_SOCKET = 65,     /* the stream is not an AF_UNIX stream socket */
  LSC_TRACER_EXIT_NO_BTF = 66,        /* no /sys/kernel/btf/vmlinux */
  LSC_TRACER_EXIT_OLD_KERNEL = 67,    /* older than 5.15 */
  LSC_TRACER_EXIT_LOCKDOWN = 68,      /* lockdown=confidentiality */
  LSC_TRACER_EXIT_CONTAINER = 69,     /* not in the first user namespace */
  LSC_TRACER_EXIT_NO_CAPABILITY = 70, /* neither root nor CAP_BPF and CAP_PERFMON */
  LSC_TRACER_EXIT_NO_MEMORY = 71,     /* memory, or a limit on it */
  LSC_TRACER_EXIT_LOAD = 72,          /* the kernel refused the programs for another reason */
  LSC_TRACER_EXIT_DROP = 73,          /* a privilege could not be given up */
  LSC_TRACER_EXIT_LIMIT = 74,         /* too few descriptors, or another limit of the caller */
  LSC_TRACER_EXIT_CLIENT_GONE = 75,   /* nobody reads the stream */
  LSC_TRACER_EXIT_INTERNAL = 76,
  LSC_TRACER_EXIT_FIRST = LSC_TRACER_EXIT_USAGE,
  LSC_TRACER_EXIT_LAST = 79,
} LscTracerExit;
