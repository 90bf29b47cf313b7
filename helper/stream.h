/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * CONFIG, STREAM and END: what the worker does after it has given up every privilege.
 *
 * One thread. The header goes out, the client's start command comes in, then records flow until the
 * client says stop or closes, the targets end, or a signal comes. The last record is always an end
 * record with a reason, unless the client is gone.
 */
#pragma once

#include "helper/bpf-session.h"
#include "helper/outbox.h"

#include <signal.h>

typedef struct
{
  int fd;                          /* the stream: an AF_UNIX stream socket */
  const LscRecordHeader *header;   /* its first record */
  const LscCommandTarget *allowed; /* the only targets that may be started; NULL: any */
  size_t n_allowed;
  size_t n_given;                         /* with those that have ended already */
  const volatile sig_atomic_t *signalled; /* becomes nonzero when a signal asks for the end */
} LscStreamOptions;

/* Runs to the end. */
LscTracerExit
lsc_stream_run (LscBpfSession *session, LscOutbox *outbox, const LscStreamOptions *options);

/* Sends an end record without a stream before it: the tracer could not even begin. */
void lsc_stream_send_failure (int fd, LscTracerExit exit);
