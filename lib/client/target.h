/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A target: what a person wants traced. Processes that run, a command to run, or everything.
 *
 * Plain data, immutable once made; what it names is looked at when a session starts.
 */
#pragma once

#include "lib/client/trouble.h"

#include <stdint.h>

typedef enum
{
  LSC_TARGET_PROCESSES,
  LSC_TARGET_COMMAND,
  LSC_TARGET_MINE,          /* every process of this user */
  LSC_TARGET_WHOLE_MACHINE, /* every thread there is, the kernel's too */
} LscTargetKind;

typedef struct
{
  LscTargetKind kind;
  gboolean children; /* PROCESSES, COMMAND: their descendants too */
  uint32_t *pids;    /* PROCESSES */
  gsize n_pids;
  char **argv;  /* COMMAND: NULL-terminated, argv[0] looked up in PATH when it has no slash */
  char *folder; /* COMMAND: working folder, NULL for the current one */
  char **envp;  /* COMMAND: environment, NULL for ours */
} LscTarget;

/* `pids` is copied. A thread's id stands for its process. */
LscTarget *lsc_target_new_processes (const uint32_t *pids, gsize n_pids, gboolean children);
/* `argv` (at least one), `folder` and `envp` (both may be NULL) are copied. Children are followed
 * unless turned off in the field. */
LscTarget *
lsc_target_new_command (const char *const *argv, const char *folder, const char *const *envp);
/* LSC_TARGET_MINE or LSC_TARGET_WHOLE_MACHINE. */
LscTarget *lsc_target_new_everything (LscTargetKind kind);
LscTarget *lsc_target_copy (const LscTarget *self);
void lsc_target_free (LscTarget *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscTarget, lsc_target_free)

/* Reads a process id as a person types it. LSC_CLIENT_ERROR_NOT_A_NUMBER; out_pid is then left
 * alone. Whether there is such a process is another question. */
gboolean lsc_target_parse_pid (const char *text, uint32_t *out_pid, GError **error);

/* Whether the target could be traced now, before anybody is asked for a password: each process
 * exists, the program is there and may be run. One of the LSC_TROUBLE_REQUEST errors. */
gboolean lsc_target_check (const LscTarget *self, GError **error);

/* As a person would write it: "sleep 5", "process 4711 (bash)", "the whole machine". For the
 * capture's header and window titles. Free with g_free(). */
char *lsc_target_describe (const LscTarget *self);
