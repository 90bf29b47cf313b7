/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helper/bpf-session.h"

#include "helper/kernel-facts.h"

#include "sched_by_name.skel.h"
#include "sched_hot.skel.h"
#include "sched_run_queue.skel.h"
#include "sched_unknown.skel.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define LINKS_MAX 10
/* Of the snapshot. Children come after their parents, unless thread ids have started over between
 * the two: then each such pair needs a pass more. */
#define PASSES_MAX 8

typedef struct sched_unknown Skeleton;

struct _LscBpfSession
{
  Skeleton *skeleton;
  struct ring_buffer *doorbell;
  LscRingReader reader;
  uint32_t n_cpus;
  int doorbell_fd;
  int alarm_fd;
  int snapshot_fds[PASSES_MAX];
  int link_fds[LINKS_MAX];
  size_t n_links;
};

static int
be_quiet (enum libbpf_print_level level, const char *format, va_list arguments)
{
  return 0;
}

/* The skeletons differ in the bytes of the object only: one type serves for all. */
static Skeleton *
open_skeleton (LscInterruptLevel level)
{
  Skeleton *skeleton = calloc (1, sizeof *skeleton);
  size_t size = 0;

  if (!skeleton || sched_unknown__create_skeleton (skeleton) != 0)
    {
      free (skeleton);
      errno = ENOMEM;
      return NULL;
    }
  if (level == LSC_INTERRUPT_LEVEL_RUN_QUEUE)
    skeleton->skeleton->data = (void *) (uintptr_t) sched_run_queue__elf_bytes (&size);
  else if (level == LSC_INTERRUPT_LEVEL_HOT)
    skeleton->skeleton->data = (void *) (uintptr_t) sched_hot__elf_bytes (&size);
  else if (level == LSC_INTERRUPT_LEVEL_BY_NAME)
    skeleton->skeleton->data = (void *) (uintptr_t) sched_by_name__elf_bytes (&size);
  if (size != 0)
    skeleton->skeleton->data_sz = size;
  if (bpf_object__open_skeleton (skeleton->skeleton, NULL) == 0)
    return skeleton;
  sched_unknown__destroy (skeleton);
  return NULL;
}

/* A descriptor for each pass: it cannot be read again from the start. */
static int
open_snapshot (LscBpfSession *self, int link_fd)
{
  for (size_t i = 0; i < PASSES_MAX; i++)
    {
      self->snapshot_fds[i] = bpf_iter_create (link_fd);
      if (self->snapshot_fds[i] < 0)
        return self->snapshot_fds[i];
    }
  return 0;
}

/* Attaches every loaded program. */
static int
attach (LscBpfSession *self)
{
  struct bpf_program *program;
  int error = 0;

  bpf_object__for_each_program (program, self->skeleton->obj)
  {
    struct bpf_link *link;

    if (self->n_links == LINKS_MAX)
      return -E2BIG;
    link = bpf_program__attach (program);
    if (!link)
      return -errno;
    self->link_fds[self->n_links++] = bpf_link__fd (link);
    if (program == self->skeleton->progs.snapshot)
      error = open_snapshot (self, bpf_link__fd (link));
    if (error != 0)
      return error;
  }
  return 0;
}

/* Edge-triggered: only a wakeup that the programs ask for makes it readable, not mere data. */
static int
make_alarm (LscBpfSession *self)
{
  struct epoll_event event = { .events = EPOLLIN | EPOLLET };

  self->alarm_fd = epoll_create1 (EPOLL_CLOEXEC);
  if (self->alarm_fd < 0)
    return -errno;
  if (epoll_ctl (self->alarm_fd, EPOLL_CTL_ADD, self->doorbell_fd, &event) != 0)
    return -errno;
  return 0;
}

static LscTracerTrouble
trouble (int error, const char *step)
{
  return lsc_tracer_trouble_of_bpf (error < 0 ? -error : error, step);
}

static int
ignore_cb (void *data, void *record, size_t size)
{
  return 0;
}

static LscTracerTrouble
open_doorbell (LscBpfSession *self)
{
  int error;

  self->doorbell_fd = bpf_map__fd (self->skeleton->maps.doorbell);
  self->doorbell = ring_buffer__new (self->doorbell_fd, ignore_cb, NULL, NULL);
  if (!self->doorbell)
    return trouble (errno, "mapping the doorbell");
  error = make_alarm (self);
  if (error != 0)
    return trouble (error, "waiting for the doorbell");
  return LSC_TRACER_NO_TROUBLE;
}

/* Read-only: what the programs write there nobody else may. */
static LscTracerTrouble
open_rings (LscBpfSession *self)
{
  struct bpf_map *map = self->skeleton->maps.rings;
  size_t stride = bpf_map__value_size (map);
  void *bytes = mmap (NULL, self->n_cpus * stride, PROT_READ, MAP_SHARED, bpf_map__fd (map), 0);
  const LscRings rings = { .cpus = self->skeleton->bss->cpus,
                           .bytes = bytes,
                           .stride = stride,
                           .ring_bytes = stride - LSC_KERNEL_RING_SLACK,
                           .n_cpus = self->n_cpus };

  if (bytes == MAP_FAILED)
    return trouble (errno, "mapping the ring buffers");
  lsc_ring_reader_init (&self->reader, &rings);
  return LSC_TRACER_NO_TROUBLE;
}

static int
size_rings (LscBpfSession *self)
{
  struct bpf_map *map = self->skeleton->maps.rings;
  uint64_t bytes = lsc_kernel_ring_bytes (self->n_cpus);
  int error = bpf_map__set_max_entries (map, self->n_cpus);

  self->skeleton->rodata->ring_bytes = bytes;
  return error != 0 ? error
                    : bpf_map__set_value_size (map, (uint32_t) bytes + LSC_KERNEL_RING_SLACK);
}

static int
load_object (LscBpfSession *self, const LscBpfScope *scope, const LscKernelFacts *facts)
{
  int error;

  self->skeleton = open_skeleton (facts->level);
  if (!self->skeleton)
    return -errno;
  if (!self->skeleton->rodata)
    return -ENOTSUP;
  self->skeleton->rodata->scope_own = scope->scope_own;
  self->skeleton->rodata->scope_uid = scope->uid;
  self->skeleton->rodata->has_prev_state = facts->has_prev_state;
  self->skeleton->rodata->has_group_dead = facts->has_group_dead;
  self->skeleton->rodata->has_pid_numbers = facts->has_pid_numbers;
  self->skeleton->rodata->preempt_count_distance = facts->preempt_count_distance;
  error = size_rings (self);
  if (error == 0)
    error = sched_unknown__load (self->skeleton);
  if (error == 0 && !self->skeleton->bss)
    error = -ENOTSUP;
  return error;
}

static LscTracerTrouble
load_programs (LscBpfSession *self, const LscBpfScope *scope)
{
  LscKernelFacts facts = { 0 };
  int error = lsc_kernel_facts_read (&facts);

  if (error != 0)
    return trouble (error, "reading the kernel's types");
  error = load_object (self, scope, &facts);
  /* That the kernel does not know the name is found out only here. */
  if (error == -ENOENT
      && (facts.level == LSC_INTERRUPT_LEVEL_HOT || facts.level == LSC_INTERRUPT_LEVEL_BY_NAME))
    {
      facts.level = LSC_INTERRUPT_LEVEL_UNKNOWN;
      error = load_object (self, scope, &facts);
    }
  return error == 0 ? LSC_TRACER_NO_TROUBLE : trouble (error, "loading the programs");
}

LscTracerTrouble
lsc_bpf_session_load (LscBpfSession **out_self, const LscBpfScope *scope)
{
  static LscBpfSession session;
  LscBpfSession *self = &session;
  LscTracerTrouble why;
  int n_cpus, error;

  libbpf_set_print (be_quiet);
  n_cpus = libbpf_num_possible_cpus ();
  if (n_cpus < 0)
    return (LscTracerTrouble){ LSC_TRACER_EXIT_INTERNAL, -n_cpus, "counting the CPUs" };
  if ((uint32_t) n_cpus > LSC_KERNEL_CPUS_MAX)
    return (LscTracerTrouble){ LSC_TRACER_EXIT_LIMIT, 0, "more than 1024 CPUs" };
  self->n_cpus = (uint32_t) n_cpus;
  why = load_programs (self, scope);
  if (why.exit == LSC_TRACER_EXIT_OK)
    why = open_doorbell (self);
  if (why.exit == LSC_TRACER_EXIT_OK)
    why = open_rings (self);
  if (why.exit != LSC_TRACER_EXIT_OK)
    return why;
  error = attach (self);
  if (error != 0)
    return trouble (error, "attaching the programs");
  *out_self = self;
  return LSC_TRACER_NO_TROUBLE;
}

LscKernelControl *
lsc_bpf_session_get_control (LscBpfSession *self)
{
  return &self->skeleton->bss->control;
}

LscKernelTotals *
lsc_bpf_session_get_totals (LscBpfSession *self)
{
  return &self->skeleton->bss->totals;
}

LscKernelCpu *
lsc_bpf_session_get_cpus (LscBpfSession *self)
{
  return self->skeleton->bss->cpus;
}

uint32_t
lsc_bpf_session_get_n_cpus (const LscBpfSession *self)
{
  return self->n_cpus;
}

size_t
lsc_bpf_session_get_fds (const LscBpfSession *self, int fds[LSC_BPF_SESSION_FDS_MAX])
{
  size_t n = 0;

  for (size_t i = 0; i < self->n_links; i++)
    fds[n++] = self->link_fds[i];
  fds[n++] = self->doorbell_fd;
  fds[n++] = self->alarm_fd;
  for (size_t i = 0; i < PASSES_MAX; i++)
    fds[n++] = self->snapshot_fds[i];
  return n;
}

int
lsc_bpf_session_get_alarm_fd (const LscBpfSession *self)
{
  return self->alarm_fd;
}

void
lsc_bpf_session_acknowledge (LscBpfSession *self)
{
  struct epoll_event event;

  epoll_wait (self->alarm_fd, &event, 1, 0);
  ring_buffer__consume (self->doorbell);
}

static int
run_pass (int fd)
{
  char nothing[64];
  ssize_t n;

  do
    n = read (fd, nothing, sizeof nothing);
  while (n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN)));
  return n < 0 ? -errno : 0;
}

int
lsc_bpf_session_snapshot (LscBpfSession *self)
{
  const LscKernelTotals *totals = &self->skeleton->bss->totals;
  bool whole = self->skeleton->bss->control.flags & LSC_START_WHOLE_MACHINE;
  uint32_t n_before;
  int error = 0;

  for (size_t i = 0; i < PASSES_MAX && error == 0; i++)
    {
      n_before = __atomic_load_n (&totals->n_threads, __ATOMIC_ACQUIRE);
      error = run_pass (self->snapshot_fds[i]);
      if (whole || n_before == __atomic_load_n (&totals->n_threads, __ATOMIC_ACQUIRE))
        break;
    }
  for (size_t i = 0; i < PASSES_MAX; i++)
    close (self->snapshot_fds[i]);
  return error;
}

LscRingOutcome
lsc_bpf_session_drain (LscBpfSession *self, LscRingSink sink, void *data)
{
  struct timespec now = { 0, 0 };

  clock_gettime (CLOCK_MONOTONIC, &now);
  return lsc_ring_reader_drain (
      &self->reader, (uint64_t) now.tv_sec * 1000000000u + (uint64_t) now.tv_nsec, sink, data);
}

void
lsc_bpf_session_detach (LscBpfSession *self)
{
  for (size_t i = 0; i < self->n_links; i++)
    close (self->link_fds[i]);
  self->n_links = 0;
}
