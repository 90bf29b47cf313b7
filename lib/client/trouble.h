/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trouble: every way in which tracing can fail to start or to go on, and its one sentence.
 *
 * Each code has one clear text (what happened, why, what to do) in one table, trouble.c; nobody
 * else words these errors. Texts are marked for translation and translated when the error is made.
 */
#pragma once

#include <glib.h>

#define LSC_CLIENT_ERROR (lsc_client_error_quark ())
GQuark lsc_client_error_quark (void);

typedef enum
{
  /* What was asked for. */
  LSC_CLIENT_ERROR_NOT_A_NUMBER,     /* detail: the text */
  LSC_CLIENT_ERROR_NO_SUCH_PROCESS,  /* detail: the id */
  LSC_CLIENT_ERROR_TARGET_ENDED,     /* it ended before tracing began */
  LSC_CLIENT_ERROR_SOMEBODY_ELSES,   /* detail: the id; not allowed to trace it */
  LSC_CLIENT_ERROR_TOO_MANY_TARGETS, /* detail: how many are possible */
  LSC_CLIENT_ERROR_NO_PROGRAM,       /* detail: the command */
  LSC_CLIENT_ERROR_NOT_EXECUTABLE,   /* detail: the command */
  LSC_CLIENT_ERROR_NO_FOLDER,        /* detail: the folder the command should run in */
  LSC_CLIENT_ERROR_RUN_FAILED,       /* detail: what the system said */

  /* May this person trace? */
  LSC_CLIENT_ERROR_DISMISSED,
  LSC_CLIENT_ERROR_DENIED,
  LSC_CLIENT_ERROR_NO_AGENT,
  LSC_CLIENT_ERROR_NO_POLKIT,
  LSC_CLIENT_ERROR_AUTHORISATION_TIMEOUT,
  LSC_CLIENT_ERROR_NO_BUS,
  LSC_CLIENT_ERROR_NO_WAY,           /* no service, no pkexec, not root */
  LSC_CLIENT_ERROR_NO_TRACER,        /* detail: path; the helper program is missing */
  LSC_CLIENT_ERROR_UNTRUSTED_HELPER, /* the bus name is not owned by root */
  LSC_CLIENT_ERROR_LIMIT,            /* too many captures at once */
  LSC_CLIENT_ERROR_PROTOCOL,         /* helper and client are of different versions */
  LSC_CLIENT_ERROR_CANCELLED,        /* stopped by the user before anything was recorded */

  /* Can this machine trace? */
  LSC_CLIENT_ERROR_NO_BTF,
  LSC_CLIENT_ERROR_OLD_KERNEL, /* detail: the release */
  LSC_CLIENT_ERROR_LOCKDOWN,
  LSC_CLIENT_ERROR_CONTAINER,
  LSC_CLIENT_ERROR_NO_CAPABILITY,
  LSC_CLIENT_ERROR_NO_MEMORY,
  LSC_CLIENT_ERROR_KERNEL_REFUSED, /* detail: what the helper said */

  /* While it goes on. What was recorded is kept. */
  LSC_CLIENT_ERROR_HELPER_LOST,    /* the stream ended without a word */
  LSC_CLIENT_ERROR_HELPER_STOPPED, /* somebody ended the helper by a signal */
  LSC_CLIENT_ERROR_HELPER_FAILED,  /* detail: what it said, or the error's name */
  LSC_CLIENT_ERROR_BAD_STREAM,
  LSC_CLIENT_ERROR_NEWER_STREAM,

  LSC_N_CLIENT_ERRORS
} LscClientError;

/* What kind of trouble a code is: decides exit statuses and where the window shows it. */
typedef enum
{
  LSC_TROUBLE_REQUEST,    /* the person asked for something that cannot be */
  LSC_TROUBLE_PERMISSION, /* not allowed, or nobody to ask */
  LSC_TROUBLE_MACHINE,    /* this machine cannot trace: exit status 77 */
  LSC_TROUBLE_CAPTURE,    /* broke off; what was recorded is kept */
} LscTroubleKind;

LscTroubleKind lsc_trouble_get_kind (LscClientError code);

/* The sentence of `code` as it stands in the table, untranslated, %s where the detail goes. Never
 * NULL. For documentation and tests. */
const char *lsc_trouble_get_text (LscClientError code);

/* A new error: the translated sentence with `detail` (may be NULL where the text has no %s; control
 * characters in it are replaced). */
GError *lsc_trouble_new (LscClientError code, const char *detail);
/* The same as g_set_error() would: nothing when `error` is NULL. */
void lsc_trouble_set (GError **error, LscClientError code, const char *detail);

/* The exit status a command line tool owes for `error`: 127 no such program, 126 not executable,
 * 77 the machine cannot trace or nobody may allow it here, else 1. Any domain. */
int lsc_trouble_get_exit_status (const GError *error);

/* How a command of that name ended, by its wait status: a whole sentence; NULL: well, with status
 * 0. Free with g_free(). */
char *lsc_trouble_describe_end (const char *name, int wait_status);
