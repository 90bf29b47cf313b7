/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The block of records on its way to the client.
 *
 * Whole records go in until it is full; then it is sent, in as many portions as the socket takes.
 * While it is being sent nothing goes in: what the client does not read stays in the kernel's ring,
 * so that there is one place only where events can be lost and are counted.
 */
#pragma once

#include "lib/wire/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LSC_OUTBOX_BYTES (64u * 1024u)

typedef struct
{
  int fd;
  size_t n_bytes;
  size_t n_sent;
  uint64_t n_delivered; /* events put in since the start: records of the kernel, gaps not counted */
  _Alignas(8) uint8_t bytes[LSC_OUTBOX_BYTES];
} LscOutbox;

void lsc_outbox_init (LscOutbox *self, int fd);

/* Whether a record of any kind still fits. */
bool lsc_outbox_has_room (const LscOutbox *self);
/* Copies a record in; there is room. */
void lsc_outbox_put (LscOutbox *self, const void *record, size_t size);
/* The same for a record that the kernel wrote: it counts as delivered. */
void lsc_outbox_put_event (LscOutbox *self, const void *record, size_t size);

/* Sends what the socket takes without waiting. 0 when all is sent, -EAGAIN when some is left, or
 * another -errno: the client is gone. */
int lsc_outbox_send (LscOutbox *self);
/* The same, waiting for the client; -ETIMEDOUT when it takes nothing for `patience_ms`. */
int lsc_outbox_send_all (LscOutbox *self, int patience_ms);
