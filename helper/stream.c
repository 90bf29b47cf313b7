/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helper/stream.h"

#include "helper/command-reader.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define DRAIN_BUSY_NS 10000000L /* between two looks at the rings while events come */
#define DRAIN_IDLE_NS 20000000L /* and while none come */
#define STATUS_NS 250000000u    /* between two status records */
#define LAST_LOOK_NS 20000000u  /* after the last target's exit: its last switch comes now */
#define SETTLE_TRIES 100        /* times 1 ms: programs that were running when told to be silent */
#define PATIENCE_MS 5000        /* for a client that does not read what is left at the end */

typedef struct
{
  LscBpfSession *session;
  LscOutbox *outbox;
  const LscStreamOptions *options;
  LscKernelControl *control;
  LscKernelTotals *totals;
  LscKernelCpu *cpus;
  LscCommandReader reader;
  LscEndReason reason; /* 0 while it goes on */
  int error;           /* errno of LSC_END_FAILED */
  bool gone;           /* the client */
  bool started;
  bool ready;         /* the ready record is in the stream */
  uint64_t ready_at;  /* delivered events after which it belongs */
  uint64_t status_ns; /* when the last status was made */
  uint64_t empty_ns;  /* since when no target lives; 0 while one does */
} Stream;

static uint64_t
now_ns (clockid_t clock)
{
  struct timespec time = { 0, 0 };

  clock_gettime (clock, &time);
  return (uint64_t) time.tv_sec * 1000000000u + (uint64_t) time.tv_nsec;
}

static void
fill_head (LscRecordHead *head, size_t size, LscRecordKind kind)
{
  head->time_ns = now_ns (CLOCK_MONOTONIC);
  head->size = (uint16_t) size;
  head->kind = (uint8_t) kind;
  head->flags = 0;
  head->cpu = LSC_CPU_NONE;
}

/* The programs write these while we read. */
static uint64_t
load (const uint64_t *counter)
{
  return __atomic_load_n (counter, __ATOMIC_ACQUIRE);
}

static void
count (const Stream *self, uint64_t *out_seen, uint64_t *out_lost)
{
  *out_seen = 0;
  *out_lost = 0;
  for (uint32_t i = 0; i < lsc_bpf_session_get_n_cpus (self->session); i++)
    {
      *out_lost += load (&self->cpus[i].lost);
      *out_seen += load (&self->cpus[i].seen);
    }
}

static void
put_status (Stream *self)
{
  LscRecordStatus status = { 0 };

  fill_head (&status.head, sizeof status, LSC_RECORD_STATUS);
  count (self, &status.seen, &status.lost);
  status.helper_ns = now_ns (CLOCK_PROCESS_CPUTIME_ID);
  for (uint32_t i = 0; i < lsc_bpf_session_get_n_cpus (self->session); i++)
    status.kernel_ns += load (&self->cpus[i].sampled_ns) * LSC_KERNEL_SAMPLE_EVERY;
  lsc_outbox_put (self->outbox, &status, sizeof status);
  self->status_ns = status.head.time_ns;
}

static void
put_ready (Stream *self)
{
  LscRecordReady ready = { 0 };

  fill_head (&ready.head, sizeof ready, LSC_RECORD_READY);
  ready.n_processes = self->totals->n_processes;
  ready.n_threads = self->totals->n_threads;
  lsc_outbox_put (self->outbox, &ready, sizeof ready);
  self->ready = true;
}

static void
finish (Stream *self, LscEndReason reason, int error)
{
  if (self->reason != 0)
    return;
  self->reason = reason;
  self->error = error;
}

/* A target that was not handed to us as a process descriptor is refused; one that was is known by
 * its start as well. */
static bool
check_targets (const LscStreamOptions *options, LscCommandStart *start)
{
  for (uint32_t i = 0; options->allowed && i < start->n_targets; i++)
    {
      LscCommandTarget *target = &start->targets[i];
      size_t k = 0;

      while (k < options->n_allowed && options->allowed[k].tgid != target->tgid)
        k++;
      if (k == options->n_allowed)
        return false;
      if (target->start_ticks == 0)
        target->start_ticks = options->allowed[k].start_ticks;
    }
  return true;
}

/* Tells the programs what to trace and lists the threads that are there. */
static void
start (Stream *self, LscCommandStart *command)
{
  LscKernelControl *control = self->control;
  uint64_t seen, lost;
  int error;

  if (!check_targets (self->options, command))
    {
      /* One that has ended since it was handed over cannot be told from a stranger. */
      bool some_ended = self->options->n_allowed < self->options->n_given;

      finish (self, some_ended ? LSC_END_NO_TARGET : LSC_END_PROTOCOL, 0);
      return;
    }
  memcpy (control->targets, command->targets, sizeof control->targets);
  control->n_targets = command->n_targets;
  control->exclude_tgid = command->exclude_tgid;
  control->flags = command->flags;
  __atomic_store_n (&control->phase, LSC_KERNEL_ON, __ATOMIC_RELEASE);
  error = lsc_bpf_session_snapshot (self->session);
  self->started = true;
  count (self, &seen, &lost);
  self->ready_at = seen - lost;
  if (error != 0)
    finish (self, LSC_END_FAILED, -error);
  else if (self->totals->n_threads == 0 && !(command->flags & LSC_START_WHOLE_MACHINE))
    finish (self, LSC_END_NO_TARGET, 0);
}

static void
obey (Stream *self, const uint8_t *bytes, size_t n_bytes)
{
  size_t used;

  for (; n_bytes > 0 && self->reason == 0; bytes += used, n_bytes -= used)
    switch (lsc_command_reader_take (&self->reader, bytes, n_bytes, &used))
      {
      case LSC_COMMAND_READER_START:
        start (self, &self->reader.start);
        break;
      case LSC_COMMAND_READER_STOP:
        finish (self, LSC_END_STOPPED, 0);
        break;
      case LSC_COMMAND_READER_BAD:
        finish (self, LSC_END_PROTOCOL, 0);
        break;
      case LSC_COMMAND_READER_MORE:
      default:
        break;
      }
}

static void
read_commands (Stream *self)
{
  uint8_t bytes[2048];
  ssize_t n = recv (self->options->fd, bytes, sizeof bytes, MSG_DONTWAIT);

  if (n > 0)
    obey (self, bytes, (size_t) n);
  else if (n == 0 || (errno != EAGAIN && errno != EINTR))
    self->gone = true;
}

/* Puts in what belongs between events: that the snapshot is complete, how the tracer is doing. */
static void
put_notes (Stream *self)
{
  if (self->started && !self->ready && self->outbox->n_delivered >= self->ready_at
      && self->reason == 0)
    put_ready (self);
  if (self->ready && now_ns (CLOCK_MONOTONIC) - self->status_ns >= STATUS_NS)
    put_status (self);
}

static int
take_record_cb (void *data, const void *record, size_t size)
{
  Stream *self = data;

  lsc_outbox_put_event (self->outbox, record, size);
  return lsc_outbox_has_room (self->outbox) ? 0 : -1;
}

/* Fills the outbox from the rings. Returns whether nothing is left there for now. */
static bool
drain (Stream *self)
{
  LscRingOutcome outcome = lsc_bpf_session_drain (self->session, take_record_cb, self);

  if (outcome == LSC_RING_BROKEN)
    finish (self, LSC_END_FAILED, EBADMSG);
  return outcome != LSC_RING_STOPPED;
}

/* Moves records from the rings to the socket until these have nothing or the other no room. Returns
 * whether there was anything. */
static bool
pump (Stream *self)
{
  uint64_t before = self->outbox->n_delivered;
  bool emptied = false;

  for (;;)
    {
      int error = lsc_outbox_send (self->outbox);

      if (error == -EAGAIN)
        return true;
      if (error != 0)
        {
          self->gone = true;
          return true;
        }
      if (emptied)
        return self->outbox->n_delivered != before;
      emptied = drain (self);
      put_notes (self);
    }
}

/* The end when the last target has been gone for a moment. */
static void
watch_targets (Stream *self)
{
  uint64_t now = now_ns (CLOCK_MONOTONIC);

  if (!self->ready || self->control->flags & LSC_START_WHOLE_MACHINE)
    return;
  if (__atomic_load_n (&self->totals->n_alive, __ATOMIC_ACQUIRE) > 0)
    self->empty_ns = 0;
  else if (self->empty_ns == 0)
    self->empty_ns = now;
  else if (now - self->empty_ns >= LAST_LOOK_NS)
    finish (self, LSC_END_TARGET_EXIT, 0);
}

static void
wait_for_work (Stream *self, bool busy)
{
  const struct timespec timeout = { 0, busy ? DRAIN_BUSY_NS : DRAIN_IDLE_NS };
  const struct timespec *limit = self->started ? &timeout : NULL;
  sigset_t none; /* the signal that asks for the end is let in here, and nowhere else */
  struct pollfd fds[2] = {
    { .fd = self->options->fd, .events = POLLIN },
    { .fd = lsc_bpf_session_get_alarm_fd (self->session), .events = POLLIN },
  };

  if (self->outbox->n_bytes > 0)
    {
      fds[0].events |= POLLOUT;
      fds[1].fd = -1; /* nothing can be taken from the rings now */
    }
  sigemptyset (&none);
  if (ppoll (fds, 2, limit, &none) <= 0)
    return;
  if (fds[1].revents)
    lsc_bpf_session_acknowledge (self->session);
  if (fds[0].revents & (POLLIN | POLLHUP | POLLERR))
    read_commands (self);
}

/* What the programs lost since their last record, a gap a CPU. */
static void
put_last_gaps (Stream *self)
{
  for (uint32_t i = 0; i < lsc_bpf_session_get_n_cpus (self->session); i++)
    {
      LscKernelCpu *cpu = &self->cpus[i];
      LscRecordGap gap = { 0 };

      gap.count = __atomic_exchange_n (&cpu->gap_count, 0, __ATOMIC_ACQ_REL);
      if (gap.count == 0)
        continue;
      fill_head (&gap.head, sizeof gap, LSC_RECORD_GAP);
      gap.head.cpu = i;
      gap.first_ns = load (&cpu->gap_first_ns);
      gap.last_ns = load (&cpu->gap_last_ns);
      gap.head.time_ns = gap.last_ns;
      gap.cause = LSC_GAP_RING_FULL;
      if (!lsc_outbox_has_room (self->outbox)
          && lsc_outbox_send_all (self->outbox, PATIENCE_MS) != 0)
        return;
      lsc_outbox_put (self->outbox, &gap, sizeof gap);
    }
}

/* Silences the programs and sends everything that is left in the rings. A program that was running
 * at this moment may still write: wait until the sum is right. */
static int
empty_ring (Stream *self)
{
  const struct timespec moment = { 0, 1000000 };

  __atomic_store_n (&self->control->phase, LSC_KERNEL_OFF, __ATOMIC_RELEASE);
  lsc_bpf_session_detach (self->session);
  for (int i = 0; i < SETTLE_TRIES; i++)
    {
      uint64_t seen, lost;
      bool emptied;

      do
        {
          int error = lsc_outbox_send_all (self->outbox, PATIENCE_MS);

          if (error != 0)
            return error;
          emptied = drain (self);
        }
      while (!emptied || self->outbox->n_bytes > 0);
      count (self, &seen, &lost);
      if (seen == self->outbox->n_delivered + lost)
        return 0;
      clock_nanosleep (CLOCK_MONOTONIC, 0, &moment, NULL);
    }
  return 0;
}

static void
end (Stream *self)
{
  LscRecordEnd record = { 0 };

  if (empty_ring (self) != 0)
    return;
  put_last_gaps (self);
  if (lsc_outbox_send_all (self->outbox, PATIENCE_MS) != 0)
    return;
  if (self->ready)
    put_status (self);
  fill_head (&record.head, sizeof record, LSC_RECORD_END);
  record.reason = (uint32_t) self->reason;
  record.error = (uint32_t) self->error;
  count (self, &record.seen, &record.lost);
  record.delivered = self->outbox->n_delivered;
  lsc_outbox_put (self->outbox, &record, sizeof record);
  lsc_outbox_send_all (self->outbox, PATIENCE_MS);
}

LscTracerExit
lsc_stream_run (LscBpfSession *session, LscOutbox *outbox, const LscStreamOptions *options)
{
  Stream stream = {
    .session = session,
    .outbox = outbox,
    .options = options,
    .control = lsc_bpf_session_get_control (session),
    .totals = lsc_bpf_session_get_totals (session),
    .cpus = lsc_bpf_session_get_cpus (session),
  };
  Stream *self = &stream;
  bool busy = false;

  lsc_command_reader_init (&self->reader);
  lsc_outbox_put (outbox, options->header, sizeof *options->header);
  for (;;)
    {
      busy = pump (self);
      watch_targets (self);
      if (*options->signalled)
        finish (self, LSC_END_SIGNAL, 0);
      if (self->gone || self->reason != 0)
        break;
      wait_for_work (self, busy);
    }
  if (self->gone)
    return LSC_TRACER_EXIT_CLIENT_GONE;
  end (self);
  return LSC_TRACER_EXIT_OK;
}

void
lsc_stream_send_failure (int fd, LscTracerExit exit)
{
  LscRecordEnd record = { 0 };

  fill_head (&record.head, sizeof record, LSC_RECORD_END);
  record.reason = LSC_END_FAILED;
  record.error = exit;
  (void) !send (fd, &record, sizeof record, MSG_NOSIGNAL | MSG_DONTWAIT);
}
