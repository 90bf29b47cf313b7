/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A handle on one running process: a pidfd, so that an id that is used again is not mistaken for
 * it, and whose process it is.
 */
#pragma once

#include "lib/client/trouble.h"

#include <stdint.h>

typedef struct
{
  uint32_t tgid;
  int pidfd;            /* close-on-exec */
  uint32_t uid;         /* real user */
  gboolean own;         /* every id is ours and it may be looked at: scope own is enough */
  uint64_t start_ticks; /* field 22 of /proc/PID/stat */
} LscProcessHandle;

/* Takes hold of the process that `pid` (a process or one of its threads) names.
 * LSC_CLIENT_ERROR_NO_SUCH_PROCESS, and the handle is left alone. */
gboolean lsc_process_handle_init (LscProcessHandle *self, uint32_t pid, GError **error);
void lsc_process_handle_clear (LscProcessHandle *self);
