/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a client asks for in Open: understood strictly, or refused.
 */
#pragma once

#include "lib/wire/record.h"

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

typedef struct
{
  LscScope scope;
  int *pidfds; /* owned */
  guint n_pidfds;
} LscDoorRequest;

/* Reads the arguments (a{sv}ah) and the message's descriptors. FALSE: *out_reason says what is
 * wrong with them, nothing is kept. Unknown or doubled options, other types, descriptors that no
 * argument names or that are no processes: all wrong. */
gboolean lsc_door_request_init (LscDoorRequest *self,
                                GVariant *arguments,
                                GUnixFDList *fds,
                                const char **out_reason);
void lsc_door_request_clear (LscDoorRequest *self);

typedef enum
{
  LSC_TARGETS_FINE,
  LSC_TARGETS_GONE,      /* all of them have ended */
  LSC_TARGETS_NOT_YOURS, /* scope own, and one is not this user's, or is protected */
} LscTargetsVerdict;

/* Whether `uid` may name these processes with this scope. */
LscTargetsVerdict lsc_door_request_check_targets (const LscDoorRequest *self, uint32_t uid);

/* The words and the polkit action of the scope. */
const char *lsc_door_request_get_scope_name (const LscDoorRequest *self);
const char *lsc_door_request_get_action (const LscDoorRequest *self);
