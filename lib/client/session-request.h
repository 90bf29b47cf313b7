/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a session asks the helper for: the target in the helper's terms, and how much right it
 * takes.
 */
#pragma once

#include "lib/client/target.h"
#include "lib/wire/command.h"
#include "lib/wire/record.h"

#include <gio/gunixfdlist.h>

typedef struct
{
  LscCommandStart start;
  LscScope scope;       /* OWN when every target is the user's own */
  uint32_t foreign_pid; /* a target that is not, or 0 */
  GUnixFDList *pidfds;  /* of the targets, in their order */
} LscSessionRequest;

/* Takes hold of every process; `child` is that of a command target. NO_SUCH_PROCESS, NO_MEMORY;
 * then `self` is cleared. */
gboolean lsc_session_request_init (LscSessionRequest *self,
                                   const LscTarget *target,
                                   GPid child,
                                   gboolean exclude_self,
                                   GError **error);
void lsc_session_request_clear (LscSessionRequest *self);

/* The LSC_HEADER_* flags of the capture that follows from it. */
uint8_t lsc_session_request_get_header_flags (const LscSessionRequest *self);
/* A refusal says more when it is known to be about somebody else's process. Takes `error`. */
GError *lsc_session_request_sharpen (const LscSessionRequest *self, GError *error);
