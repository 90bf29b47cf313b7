/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A disk that a test holds: preloaded (LD_PRELOAD), it lets a program read the first N_FREE large
 * pieces of its files with pread() and then none for as long as the file that LSC_HELD_DISK names
 * exists.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define LARGE 65536
#define N_FREE 4
#define LOOK_NS 10000000l

ssize_t
pread (int fd, void *bytes, size_t n_bytes, off_t at)
{
  static _Atomic int n_read;
  const struct timespec moment = { .tv_nsec = LOOK_NS };
  const char *path = getenv ("LSC_HELD_DISK");

  if (path != NULL && n_bytes >= LARGE && atomic_fetch_add (&n_read, 1) >= N_FREE)
    while (access (path, F_OK) == 0)
      nanosleep (&moment, NULL);
  return syscall (SYS_pread64, fd, bytes, n_bytes, at);
}
