/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helper/confine.h"

#include <errno.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

static const int allowed[] = {
  /* the stream, stderr, the snapshot */
  SCMP_SYS (read),
  SCMP_SYS (write),
  SCMP_SYS (recvfrom),
  SCMP_SYS (sendto),
  SCMP_SYS (close),
  /* waiting */
  SCMP_SYS (ppoll),
  SCMP_SYS (epoll_wait),
  SCMP_SYS (epoll_pwait),
  SCMP_SYS (clock_nanosleep),
  SCMP_SYS (restart_syscall),
  SCMP_SYS (rt_sigreturn),
  /* clocks, where the vDSO does not answer */
  SCMP_SYS (clock_gettime),
  /* memory */
  SCMP_SYS (brk),
  SCMP_SYS (munmap),
  SCMP_SYS (madvise),
  /* the end; the first is AddressSanitizer's, in builds with it */
  SCMP_SYS (sigaltstack),
  SCMP_SYS (exit),
  SCMP_SYS (exit_group),
};

static int
add_rules (scmp_filter_ctx filter)
{
  for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
    {
      int error = seccomp_rule_add (filter, SCMP_ACT_ALLOW, allowed[i], 0);

      /* -EDOM: this machine has no such call. */
      if (error != 0 && error != -EDOM)
        return error;
    }
  /* Memory that is never code. */
  return seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (mmap), 1,
                           SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

int
lsc_confine (void)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ERRNO (EPERM));
  int error;

  if (!filter)
    return -ENOMEM;
  error = add_rules (filter);
  if (error == 0)
    error = seccomp_load (filter);
  seccomp_release (filter);
  if (error != 0)
    return error;
  /* The proof: a call that is harmless, always works, and is not on the list. */
  return getpgid (0) == -1 && errno == EPERM ? 0 : -EFAULT;
}
