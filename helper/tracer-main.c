/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * lanescope-tracer: START, LOAD, DROP, CONFIG, STREAM, END; never backwards.
 *
 * Whatever the client says is read after DROP, when there is nothing left to lose.
 */
#include "helper/bpf-session.h"
#include "helper/drop.h"
#include "helper/outbox.h"
#include "helper/stream.h"
#include "helper/tracer-options.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

enum
{
  STDIO_FD = 0,
  STREAM_FD = 3,
  PIDFDS_FD = 4,
  LOADING_NICE = -10, /* see load_soon() */
};

typedef struct
{
  LscTracerOptions options;
  pid_t parent;
  int fd; /* the stream */
  LscCommandTarget allowed[LSC_COMMAND_TARGETS_MAX];
  size_t n_allowed;
  size_t n_given;
  LscRecordHeader header;
  LscOutbox outbox;
} Tracer;

static volatile sig_atomic_t signalled;

static void
note_signal (int sign)
{
  signalled = 1;
}

static int64_t
offset_ns (clockid_t clock)
{
  struct timespec there, here;

  clock_gettime (CLOCK_MONOTONIC, &here);
  clock_gettime (clock, &there);
  return ((int64_t) there.tv_sec - here.tv_sec) * 1000000000 + (there.tv_nsec - here.tv_nsec);
}

static void
copy_text (char *to, size_t size, const char *from)
{
  size_t n = strnlen (from, size - 1);

  memcpy (to, from, n);
  to[n] = 0;
}

static void
fill_header (Tracer *self, uint32_t n_cpus)
{
  LscRecordHeader *header = &self->header;
  struct utsname name;
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  header->head.time_ns = (uint64_t) now.tv_sec * 1000000000u + (uint64_t) now.tv_nsec;
  header->head.size = sizeof *header;
  header->head.kind = LSC_RECORD_HEADER;
  header->head.cpu = LSC_CPU_NONE;
  memcpy (header->magic, LSC_RECORD_MAGIC, sizeof header->magic);
  header->version_major = LSC_RECORD_MAJOR;
  header->version_minor = LSC_RECORD_MINOR;
  header->n_cpus = n_cpus;
  header->realtime_offset_ns = offset_ns (CLOCK_REALTIME);
  header->boottime_offset_ns = offset_ns (CLOCK_BOOTTIME);
  header->scope = self->options.scope_own ? LSC_SCOPE_OWN : LSC_SCOPE_ANY;
  header->uid = self->options.uid;
  if (uname (&name) == 0)
    {
      copy_text (header->release, sizeof header->release, name.release);
      copy_text (header->machine, sizeof header->machine, name.machine);
      copy_text (header->host, sizeof header->host, name.nodename);
    }
}

static LscTracerTrouble
begin (Tracer *self, int argc, char **argv)
{
  LscTracerTrouble why = lsc_tracer_options_parse (&self->options, argc, argv);

  if (why.exit != LSC_TRACER_EXIT_OK)
    return why;
  self->fd = self->options.stdio ? STDIO_FD : STREAM_FD;
  if (!lsc_tracer_options_is_stream (self->fd))
    {
      self->fd = -1;
      return (LscTracerTrouble){ LSC_TRACER_EXIT_NO_SOCKET, 0, NULL };
    }
  why = lsc_tracer_options_prepare ();
  if (why.exit == LSC_TRACER_EXIT_OK && !self->options.stdio)
    why =
        lsc_tracer_options_read_pidfds (PIDFDS_FD, self->allowed, &self->n_allowed, &self->n_given);
  if (why.exit == LSC_TRACER_EXIT_OK)
    lsc_tracer_options_hold_signal (SIGTERM, note_signal);
  return why;
}

/* Closes every descriptor that the stream does not need: what libbpf holds of programs and maps,
 * process descriptors, whatever was inherited. */
static void
close_others (const Tracer *self, LscBpfSession *session)
{
  int keep[LSC_BPF_SESSION_FDS_MAX + 2];
  size_t n = lsc_bpf_session_get_fds (session, keep);
  long limit = sysconf (_SC_OPEN_MAX);

  keep[n++] = self->fd;
  keep[n++] = STDERR_FILENO;
  close_range ((unsigned) limit, ~0u, 0); /* from before the limit was lowered */
  for (long fd = 0; fd < limit; fd++)
    {
      size_t i = 0;

      while (i < n && keep[i] != fd)
        i++;
      if (i == n)
        close ((int) fd);
    }
}

/* Somebody waits for the first bar, and a machine worth looking at is busy: loading goes before.
 * Only loading, and only where the system lets it. */
static LscTracerTrouble
load_soon (Tracer *self, LscBpfSession **out_session)
{
  const LscBpfScope scope = { self->options.scope_own, self->options.uid };
  LscTracerTrouble why;
  int before;

  errno = 0;
  before = getpriority (PRIO_PROCESS, 0);
  if (errno != 0 || before <= LOADING_NICE || setpriority (PRIO_PROCESS, 0, LOADING_NICE) != 0)
    return lsc_bpf_session_load (out_session, &scope);
  why = lsc_bpf_session_load (out_session, &scope);
  setpriority (PRIO_PROCESS, 0, before);
  return why;
}

static LscTracerTrouble
run (Tracer *self)
{
  const LscStreamOptions options = { .fd = self->fd,
                                     .header = &self->header,
                                     .allowed = self->n_given > 0 ? self->allowed : NULL,
                                     .n_allowed = self->n_allowed,
                                     .n_given = self->n_given,
                                     .signalled = &signalled };
  LscBpfSession *session;
  LscTracerTrouble why = load_soon (self, &session);

  if (why.exit != LSC_TRACER_EXIT_OK)
    return why;
  fill_header (self, lsc_bpf_session_get_n_cpus (session));
  close_others (self, session);
  why = lsc_drop_everything (self->parent);
  if (why.exit != LSC_TRACER_EXIT_OK)
    return why;
  lsc_outbox_init (&self->outbox, self->fd);
  return (LscTracerTrouble){ lsc_stream_run (session, &self->outbox, &options), 0, NULL };
}

int
main (int argc, char **argv)
{
  static Tracer tracer = { .fd = -1 };
  LscTracerTrouble why;

  tracer.parent = getppid ();
  why = begin (&tracer, argc, argv);
  if (why.exit == LSC_TRACER_EXIT_OK)
    why = run (&tracer);
  if (why.exit != LSC_TRACER_EXIT_OK && why.exit != LSC_TRACER_EXIT_CLIENT_GONE)
    {
      lsc_tracer_trouble_say (&why);
      if (tracer.fd >= 0)
        lsc_stream_send_failure (tracer.fd, why.exit);
    }
  _exit ((int) why.exit);
}
