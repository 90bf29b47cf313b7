/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/stream-reader.h"

#include "lib/wire/record.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_SIZE (64u * 1024u)
#define SILENCE_MS 5000

struct _LscStreamReader
{
  LscStreamReaderOptions options;
  char command[sizeof ((LscRecordHeader *) NULL)->command];
  GThread *thread;
  int news_fd;
  int cancel_fd;
  atomic_uint news;
  atomic_bool expect_end;
  atomic_bool cancelled;
  _Atomic guint64 n_bytes;
  _Atomic guint64 n_records;
  atomic_bool has_header;
  atomic_bool has_end;
  atomic_int outcome;
  LscRecordHeader header;
  LscRecordEnd end;
  GError *sink_error;
  /* The thread's own: a record may begin in one read and end in the next. */
  size_t n_held;
  _Alignas(8) uint8_t buffer[READ_SIZE + LSC_RECORD_SIZE_MAX];
};

static void
tell (LscStreamReader *self, unsigned news)
{
  const uint64_t one = 1;

  atomic_fetch_or (&self->news, news);
  /* Fails only when the counter is full: then it is readable anyway. */
  if (write (self->news_fd, &one, sizeof one) < 0)
    return;
}

static LscOutcome
take_header (LscStreamReader *self, LscRecordHeader *record)
{
  int rc = lsc_record_check_header (record);

  if (rc != 0 || atomic_load (&self->has_header))
    return rc == -EPROTONOSUPPORT ? LSC_OUTCOME_NEWER : LSC_OUTCOME_BAD;
  /* The helper knows neither: they come after its header, and hold the client's words. */
  memcpy (record->command, self->command, sizeof record->command);
  record->head.flags |= self->options.header_flags;
  self->header = *record;
  atomic_store (&self->has_header, true);
  tell (self, LSC_NEWS_HEADER);
  return LSC_OUTCOME_NONE;
}

/* Looks at one checked record. */
static LscOutcome
take_record (LscStreamReader *self, LscRecordHead *head)
{
  if (head->kind == LSC_RECORD_HEADER)
    return take_header (self, (LscRecordHeader *) head);
  if (head->kind == LSC_RECORD_END)
    {
      memcpy (&self->end, head, sizeof self->end);
      atomic_store (&self->has_end, true);
      return LSC_OUTCOME_END;
    }
  if (!atomic_load (&self->has_header))
    return LSC_OUTCOME_BAD;
  if (head->kind == LSC_RECORD_READY)
    tell (self, LSC_NEWS_READY);
  return LSC_OUTCOME_NONE;
}

/* Checks the whole records in the buffer; *out_n_whole are those to hand on. */
static LscOutcome
take_records (LscStreamReader *self, size_t n_bytes, size_t *out_n_whole)
{
  LscOutcome outcome = LSC_OUTCOME_NONE;
  size_t done = 0;

  while (outcome == LSC_OUTCOME_NONE)
    {
      int size = lsc_record_check (self->buffer + done, n_bytes - done);

      if (size == 0)
        break;
      outcome =
          size < 0 ? LSC_OUTCOME_BAD : take_record (self, (LscRecordHead *) (self->buffer + done));
      if (outcome == LSC_OUTCOME_BAD || outcome == LSC_OUTCOME_NEWER)
        break;
      /* A helper that could not start: there is no capture, so nothing to hand on. */
      if (!atomic_load (&self->has_header))
        break;
      done += (size_t) size;
      atomic_fetch_add_explicit (&self->n_records, 1, memory_order_relaxed);
    }
  *out_n_whole = done;
  return outcome;
}

/* Waits for fds[0], or for fds[1], our own wake-up call, which is answered. */
static int
wait_and_drain (struct pollfd fds[2], int timeout_ms)
{
  int n = poll (fds, 2, timeout_ms);
  uint64_t count;

  if (n > 0 && fds[1].revents != 0 && read (fds[1].fd, &count, sizeof count) < 0)
    return n; /* somebody was quicker: nothing to do */
  return n;
}

/* The owner does not keep up: waits until it has taken something. FALSE: cancelled. */
static bool
wait_for_room (LscStreamReader *self)
{
  struct pollfd fds[2] = { { .fd = lsc_block_queue_get_fd (self->options.queue), .events = POLLIN },
                           { .fd = self->cancel_fd, .events = POLLIN } };

  if (lsc_block_queue_arm (self->options.queue))
    wait_and_drain (fds, -1); /* interrupted or not: the caller tries again */
  lsc_block_queue_disarm (self->options.queue);
  return !atomic_load (&self->cancelled);
}

static LscOutcome
hand_on (LscStreamReader *self, size_t n_whole)
{
  LscBlock *block;
  bool was_empty;

  if (n_whole == 0)
    return LSC_OUTCOME_NONE;
  if (self->options.sink != NULL
      && !self->options.sink (self->buffer, n_whole, self->options.sink_data, &self->sink_error))
    return LSC_OUTCOME_SINK;
  if (self->options.queue == NULL)
    return LSC_OUTCOME_NONE;
  block = lsc_block_new (n_whole);
  if (block == NULL)
    return LSC_OUTCOME_NO_MEMORY;
  memcpy (block->bytes, self->buffer, n_whole);
  while (!lsc_block_queue_push (self->options.queue, block, &was_empty))
    if (!wait_for_room (self))
      {
        lsc_block_free (block);
        return LSC_OUTCOME_CANCELLED;
      }
  if (was_empty)
    tell (self, LSC_NEWS_BLOCKS);
  return LSC_OUTCOME_NONE;
}

/* Waits for bytes. */
static LscOutcome
wait_for_bytes (LscStreamReader *self)
{
  struct pollfd fds[2] = { { .fd = self->options.fd, .events = POLLIN },
                           { .fd = self->cancel_fd, .events = POLLIN } };
  int n;

  /* cancel_fd also interrupts the wait when the deadline comes into force. */
  do
    {
      n = wait_and_drain (fds, atomic_load (&self->expect_end) ? SILENCE_MS : -1);
      if (atomic_load (&self->cancelled))
        return LSC_OUTCOME_CANCELLED;
    }
  while ((n < 0 && errno == EINTR) || (n > 0 && fds[0].revents == 0));
  return n > 0 ? LSC_OUTCOME_NONE : LSC_OUTCOME_CUT;
}

/* One read and what follows from it. */
static LscOutcome
step (LscStreamReader *self)
{
  LscOutcome outcome = wait_for_bytes (self);
  LscOutcome handed;
  size_t n_whole;
  ssize_t n;

  if (outcome != LSC_OUTCOME_NONE)
    return outcome;
  n = recv (self->options.fd, self->buffer + self->n_held, READ_SIZE, MSG_DONTWAIT);
  if (n < 0 && (errno == EINTR || errno == EAGAIN))
    return LSC_OUTCOME_NONE;
  if (n <= 0)
    return LSC_OUTCOME_CUT;
  atomic_fetch_add_explicit (&self->n_bytes, (guint64) n, memory_order_relaxed);
  self->n_held += (size_t) n;
  outcome = take_records (self, self->n_held, &n_whole);
  handed = hand_on (self, n_whole);
  self->n_held -= n_whole;
  memmove (self->buffer, self->buffer + n_whole, self->n_held);
  return handed != LSC_OUTCOME_NONE ? handed : outcome;
}

static gpointer
run (gpointer data)
{
  LscStreamReader *self = data;
  LscOutcome outcome;

  do
    outcome = step (self);
  while (outcome == LSC_OUTCOME_NONE);
  atomic_store (&self->outcome, (int) outcome);
  tell (self, LSC_NEWS_FINISHED);
  return NULL;
}

LscStreamReader *
lsc_stream_reader_new (const LscStreamReaderOptions *options)
{
  LscStreamReader *self = g_new0 (LscStreamReader, 1);

  self->options = *options;
  if (options->command != NULL)
    {
      const char *end;

      g_strlcpy (self->command, options->command, sizeof self->command);
      /* Cut at a whole character. */
      if (!g_utf8_validate (self->command, -1, &end))
        memset (self->command + (end - self->command), 0,
                sizeof self->command - (size_t) (end - self->command));
    }
  self->news_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  self->cancel_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (self->news_fd >= 0 && self->cancel_fd >= 0)
    self->thread = g_thread_try_new ("lsc-reader", run, self, NULL);
  if (self->thread != NULL)
    return self;
  lsc_stream_reader_free (self);
  return NULL;
}

static void
wake (LscStreamReader *self)
{
  const uint64_t one = 1;

  if (write (self->cancel_fd, &one, sizeof one) < 0)
    return; /* full, so readable */
}

void
lsc_stream_reader_cancel (LscStreamReader *self)
{
  atomic_store (&self->cancelled, true);
  wake (self);
}

void
lsc_stream_reader_expect_end (LscStreamReader *self)
{
  atomic_store (&self->expect_end, true);
  wake (self);
}

void
lsc_stream_reader_free (LscStreamReader *self)
{
  if (self == NULL)
    return;
  if (self->thread != NULL)
    {
      lsc_stream_reader_cancel (self);
      g_thread_join (self->thread);
    }
  if (self->news_fd >= 0)
    close (self->news_fd);
  if (self->cancel_fd >= 0)
    close (self->cancel_fd);
  g_clear_error (&self->sink_error);
  g_free (self);
}

int
lsc_stream_reader_get_fd (const LscStreamReader *self)
{
  return self->news_fd;
}

unsigned
lsc_stream_reader_take_news (LscStreamReader *self)
{
  uint64_t count;

  /* The descriptor first: news that come between the two are seen now, and wake again. */
  if (read (self->news_fd, &count, sizeof count) < 0 && errno != EAGAIN)
    return 0;
  return atomic_exchange (&self->news, 0);
}

const LscRecordHeader *
lsc_stream_reader_get_header (const LscStreamReader *self)
{
  return atomic_load (&self->has_header) ? &self->header : NULL;
}

const LscRecordEnd *
lsc_stream_reader_get_end (const LscStreamReader *self)
{
  return atomic_load (&self->has_end) ? &self->end : NULL;
}

LscOutcome
lsc_stream_reader_get_outcome (const LscStreamReader *self)
{
  return (LscOutcome) atomic_load (&self->outcome);
}

const GError *
lsc_stream_reader_get_sink_error (const LscStreamReader *self)
{
  return lsc_stream_reader_get_outcome (self) == LSC_OUTCOME_SINK ? self->sink_error : NULL;
}

guint64
lsc_stream_reader_get_n_bytes (const LscStreamReader *self)
{
  return atomic_load_explicit (&self->n_bytes, memory_order_relaxed);
}

guint64
lsc_stream_reader_get_n_records (const LscStreamReader *self)
{
  return atomic_load_explicit (&self->n_records, memory_order_relaxed);
}
