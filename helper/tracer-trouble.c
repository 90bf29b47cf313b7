/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helper/tracer-trouble.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define BTF_FILE "/sys/kernel/btf/vmlinux"

static const char *
sentence_of (LscTracerExit exit)
{
  switch (exit)
    {
    case LSC_TRACER_EXIT_USAGE:
      return "wrong usage: expected --scope=own|any --uid=NUMBER [--stdio]; Lanescope starts this "
             "program by itself, there is no need to run it by hand";
    case LSC_TRACER_EXIT_NO_SOCKET:
      return "the stream is not a Unix stream socket: Lanescope starts this program by itself, "
             "there is no need to run it by hand";
    case LSC_TRACER_EXIT_NO_BTF:
      return "this kernel has no BTF type information (" BTF_FILE " is missing): tracing needs a "
             "kernel built with CONFIG_DEBUG_INFO_BTF, as distributions ship it";
    case LSC_TRACER_EXIT_OLD_KERNEL:
      return "this kernel is too old: tracing needs Linux 5.15 or newer";
    case LSC_TRACER_EXIT_LOCKDOWN:
      return "the kernel is locked down for confidentiality and lets nobody trace: boot without "
             "lockdown=confidentiality";
    case LSC_TRACER_EXIT_CONTAINER:
      return "this is inside a container, where the kernel lets nobody trace: start Lanescope "
             "outside of the container";
    case LSC_TRACER_EXIT_NO_CAPABILITY:
      return "tracing is not allowed to this user: it needs root, or the capabilities CAP_BPF and "
             "CAP_PERFMON together";
    case LSC_TRACER_EXIT_NO_MEMORY:
      return "there is not enough memory for tracing (about 20 MiB are needed)";
    case LSC_TRACER_EXIT_LOAD:
      return "the kernel refused the tracing programs";
    case LSC_TRACER_EXIT_DROP:
      return "a privilege could not be given up, so nothing was traced";
    case LSC_TRACER_EXIT_LIMIT:
      return "too few open files are allowed: at least 64 are needed (ulimit -n)";
    case LSC_TRACER_EXIT_CLIENT_GONE:
      return "the program that asked for the trace has ended";
    case LSC_TRACER_EXIT_OK:
    case LSC_TRACER_EXIT_LAST:
    case LSC_TRACER_EXIT_INTERNAL:
    default:
      return "an internal error happened";
    }
}

void
lsc_tracer_trouble_say (const LscTracerTrouble *self)
{
  char text[512];
  int n;

  n = snprintf (text, sizeof text, "lanescope-tracer: %s", sentence_of (self->exit));
  if (self->step && n > 0 && n < (int) sizeof text)
    n += snprintf (text + n, sizeof text - (size_t) n, " (%s)", self->step);
  if (self->error && n > 0 && n < (int) sizeof text)
    snprintf (text + n, sizeof text - (size_t) n, ": %s", strerror (self->error));
  fprintf (stderr, "%s.\n", text);
}

/* The first bytes of a small file as a string; false when it cannot be read. */
static bool
read_file (const char *path, char *to, size_t size)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  ssize_t n;

  if (fd < 0)
    return false;
  n = read (fd, to, size - 1);
  close (fd);
  if (n < 0)
    return false;
  to[n] = 0;
  return true;
}

static bool
is_old_kernel (void)
{
  struct utsname name;
  unsigned major = 0, minor = 0;

  if (uname (&name) != 0 || sscanf (name.release, "%u.%u", &major, &minor) != 2)
    return false;
  return major < 5 || (major == 5 && minor < 15);
}

/* The first user namespace maps all 2^32 - 1 ids onto themselves. */
static bool
is_in_user_namespace (void)
{
  unsigned inside = 0, outside = 0, count = 0;
  char text[256];

  if (!read_file ("/proc/self/uid_map", text, sizeof text))
    return false;
  return sscanf (text, "%u %u %u", &inside, &outside, &count) != 3 || inside != 0 || outside != 0
         || count != UINT32_MAX;
}

static bool
has_capabilities (void)
{
  const uint64_t needed = (uint64_t) 1 << CAP_BPF | (uint64_t) 1 << CAP_PERFMON;
  uint64_t effective;
  char text[4096];
  const char *line;

  if (!read_file ("/proc/self/status", text, sizeof text))
    return true;
  line = strstr (text, "\nCapEff:");
  effective = line ? strtoull (line + strlen ("\nCapEff:"), NULL, 16) : needed;
  return effective & ((uint64_t) 1 << CAP_SYS_ADMIN) || (effective & needed) == needed;
}

static bool
is_confidential (void)
{
  char text[128];

  return read_file ("/sys/kernel/security/lockdown", text, sizeof text)
         && strstr (text, "[confidentiality]");
}

LscTracerTrouble
lsc_tracer_trouble_of_bpf (int error, const char *step)
{
  LscTracerTrouble self = { LSC_TRACER_EXIT_LOAD, error, step };

  if (error == ENOMEM)
    return (LscTracerTrouble){ LSC_TRACER_EXIT_NO_MEMORY, 0, NULL };
  if (error == EMFILE || error == ENFILE)
    return (LscTracerTrouble){ LSC_TRACER_EXIT_LIMIT, 0, NULL };
  /* Whatever the kernel stumbled over first: with CAP_BPF alone it may be an instruction that it
   * lets only CAP_PERFMON use, and then the error is not EPERM. */
  if (is_in_user_namespace ())
    return (LscTracerTrouble){ LSC_TRACER_EXIT_CONTAINER, 0, NULL };
  if (!has_capabilities ())
    return (LscTracerTrouble){ LSC_TRACER_EXIT_NO_CAPABILITY, 0, NULL };
  if ((error == EPERM || error == EACCES) && is_confidential ())
    return (LscTracerTrouble){ LSC_TRACER_EXIT_LOCKDOWN, 0, NULL };
  if (is_old_kernel ())
    return (LscTracerTrouble){ LSC_TRACER_EXIT_OLD_KERNEL, 0, NULL };
  if (access (BTF_FILE, R_OK) != 0)
    return (LscTracerTrouble){ LSC_TRACER_EXIT_NO_BTF, 0, NULL };
  return self;
}
