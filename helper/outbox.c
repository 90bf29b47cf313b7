/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helper/outbox.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

void
lsc_outbox_init (LscOutbox *self, int fd)
{
  self->fd = fd;
  self->n_bytes = 0;
  self->n_sent = 0;
  self->n_delivered = 0;
}

bool
lsc_outbox_has_room (const LscOutbox *self)
{
  return self->n_sent == 0 && sizeof self->bytes - self->n_bytes >= LSC_RECORD_SIZE_MAX;
}

void
lsc_outbox_put (LscOutbox *self, const void *record, size_t size)
{
  memcpy (self->bytes + self->n_bytes, record, size);
  self->n_bytes += size;
}

void
lsc_outbox_put_event (LscOutbox *self, const void *record, size_t size)
{
  const LscRecordHead *head = record;

  lsc_outbox_put (self, record, size);
  if (head->kind != LSC_RECORD_GAP)
    self->n_delivered++;
}

int
lsc_outbox_send (LscOutbox *self)
{
  while (self->n_sent < self->n_bytes)
    {
      ssize_t n = send (self->fd, self->bytes + self->n_sent, self->n_bytes - self->n_sent,
                        MSG_DONTWAIT | MSG_NOSIGNAL);

      if (n < 0 && errno == EINTR)
        continue;
      /* No buffers now is the same as no room now. */
      if (n < 0)
        return errno == EWOULDBLOCK || errno == ENOBUFS || errno == ENOMEM ? -EAGAIN : -errno;
      self->n_sent += (size_t) n;
    }
  self->n_bytes = 0;
  self->n_sent = 0;
  return 0;
}

int
lsc_outbox_send_all (LscOutbox *self, int patience_ms)
{
  struct pollfd poll_fd = { .fd = self->fd, .events = POLLOUT };
  const struct timespec patience = { patience_ms / 1000, (long) (patience_ms % 1000) * 1000000L };

  for (;;)
    {
      int error = lsc_outbox_send (self);
      int n;

      if (error != -EAGAIN)
        return error;
      n = ppoll (&poll_fd, 1, &patience, NULL);
      if (n == 0)
        return -ETIMEDOUT;
      if (n < 0 && errno != EINTR)
        return -errno;
    }
}
