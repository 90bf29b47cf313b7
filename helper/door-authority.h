/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The authority: the one place where polkit is asked.
 *
 * The subject is always the sender's unique bus name, the action comes from a constant table, and
 * only "is authorized" is a yes: an error, silence, a missing service and a challenge are a no.
 */
#pragma once

#include <gio/gio.h>

typedef enum
{
  LSC_VERDICT_YES,
  LSC_VERDICT_NO,
  LSC_VERDICT_DISMISSED,
  LSC_VERDICT_CHALLENGE, /* somebody would have to be asked, and may or can not be */
  LSC_VERDICT_NO_POLKIT,
  LSC_VERDICT_TIMEOUT,
  LSC_VERDICT_CANCELLED,
} LscVerdict;

/* Called once, on the main context, unless the check was cancelled. */
typedef void (*LscDoorAuthorityFunc) (LscVerdict verdict, gpointer user_data);

typedef struct _LscDoorAuthority LscDoorAuthority;
typedef struct _LscDoorCheck LscDoorCheck;

LscDoorAuthority *lsc_door_authority_new (void);
/* When no main loop runs any more that could answer a check. */
void lsc_door_authority_free (LscDoorAuthority *self);

typedef struct
{
  const char *sender; /* its unique bus name */
  const char *action;
  gboolean interactive; /* somebody may be shown a password dialog */
  guint deadline_s;     /* LSC_VERDICT_TIMEOUT after so many seconds */
} LscDoorQuestion;

/* Asks whether the sender may do that. */
LscDoorCheck *lsc_door_authority_check (LscDoorAuthority *self,
                                        const LscDoorQuestion *question,
                                        LscDoorAuthorityFunc func,
                                        gpointer user_data);
/* Nobody waits for it any more: polkit takes its dialog away, `func` is not called. Not after
 * `func`. */
void lsc_door_authority_cancel (LscDoorCheck *check);
