/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Capability: can this machine trace for this person, and if not, why?
 *
 * Facts are gathered and judged apart, so that every judgement is tested with facts of machines we
 * do not have. A "yes" is no promise (the kernel has the last word), a "no" is certain.
 */
#pragma once

#include "lib/client/trouble.h"

#include <gio/gio.h>

typedef struct
{
  char release[64];        /* uname -r */
  gboolean has_btf;        /* /sys/kernel/btf/vmlinux */
  gboolean user_namespace; /* not the kernel's first user namespace */
  gboolean pid_namespace;  /* not the kernel's first pid namespace: ids here mean nothing to it */
  gboolean is_root;
  gboolean may_trace;  /* CAP_BPF and CAP_PERFMON, and the tracer would have them too */
  gboolean has_tracer; /* the helper program is where it should be */
  gboolean has_pkexec;
  gboolean has_bus;     /* the system bus answers; only by the _async function */
  gboolean has_service; /* org.lanescope.Tracer1 can be started or runs; only by _async */
  gboolean has_polkit;  /* org.freedesktop.PolicyKit1 likewise; only by _async */
} LscCapability;

/* What can be seen without asking another process. Quick, never blocks. */
void lsc_capability_look (LscCapability *out_facts);

/* FALSE with the sentence that says why not. `asked_bus`: the has_bus, has_service and has_polkit
 * fields mean something. */
gboolean lsc_capability_judge (const LscCapability *facts, gboolean asked_bus, GError **error);

/* lsc_capability_look() and _judge() in one: what a program can know at its start. */
gboolean lsc_capability_check (GError **error);

/* The whole question, with the bus. `callback` is called in the thread-default main context. */
void lsc_capability_check_async (GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean lsc_capability_check_finish (GAsyncResult *result, GError **error);
