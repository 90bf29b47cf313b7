/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A slow disk: preloaded (LD_PRELOAD), it lets a program wait for DELAY_NS at each large piece of a
 * file that it reads with pread().
 */
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define LARGE 65536
#define DELAY_NS 40000000l

ssize_t
pread (int fd, void *bytes, size_t n_bytes, off_t at)
{
  const struct timespec delay = { .tv_nsec = DELAY_NS };

  if (n_bytes >= LARGE)
    nanosleep (&delay, NULL);
  return syscall (SYS_pread64, fd, bytes, n_bytes, at);
}
