/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A program whose threads wait, each for something else, and say for what: a line "NAME TID" a
 * thread, then "ready" when all of them sleep. Ends when its stdin does. "grown" as the argument:
 * one thread that reads from a pipe with a high number.
 */
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FAR_AWAY_S 100000
#define HIGH_NUMBER 500

typedef struct
{
  const char *name;
  void (*wait) (void);
  pid_t tid;
} Waiter;

static pid_t main_tid;
static pthread_t sleeper;
static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;

static long
futex (int operation, uint32_t *at, uint32_t value, uint32_t *other)
{
  return syscall (SYS_futex, at, operation | FUTEX_PRIVATE_FLAG, value, NULL, other, ~0u);
}

static void
check (long result)
{
  if (result >= 0)
    return;
  perror ("wait-target");
  exit (1);
}

static void
read_from (int fd)
{
  char byte;

  check (fd);
  check (read (fd, &byte, 1));
}

static void
on_pipe (void)
{
  int ends[2];

  check (pipe (ends));
  read_from (ends[0]);
}

static void
on_full_pipe (void)
{
  static char bytes[1 << 20];
  int ends[2];

  check (pipe (ends));
  check (write (ends[1], bytes, sizeof bytes));
}

static void
on_socket (void)
{
  int ends[2];

  check (socketpair (AF_UNIX, SOCK_STREAM, 0, ends));
  read_from (ends[0]);
}

static void
on_accept (void)
{
  const struct sockaddr_un nameless = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);

  check (bind (fd, (const struct sockaddr *) &nameless, sizeof nameless.sun_family));
  check (listen (fd, 1));
  check (accept (fd, NULL, NULL));
}

static void
on_terminal (void)
{
  int main_end, terminal;

  check (openpty (&main_end, &terminal, NULL, NULL, NULL));
  read_from (terminal);
}

static void
on_event (void)
{
  uint64_t count;

  check (read (eventfd (0, 0), &count, sizeof count));
}

static void
on_timer_descriptor (void)
{
  const struct itimerspec far_away = { .it_value = { .tv_sec = FAR_AWAY_S } };
  int fd = timerfd_create (CLOCK_MONOTONIC, 0);
  uint64_t count;

  check (timerfd_settime (fd, 0, &far_away, NULL));
  check (read (fd, &count, sizeof count));
}

static void
on_poll (void)
{
  struct pollfd event = { .fd = eventfd (0, 0), .events = POLLIN };

  check (poll (&event, 1, -1));
}

static void
on_select (void)
{
  fd_set events;
  int fd = eventfd (0, 0);

  FD_ZERO (&events);
  FD_SET (fd, &events);
  check (select (fd + 1, &events, NULL, NULL, NULL));
}

static void
on_epoll (void)
{
  struct epoll_event event;

  check (epoll_wait (epoll_create1 (0), &event, 1, -1));
}

static void
on_nap (void)
{
  const struct timespec time = { .tv_sec = FAR_AWAY_S };

  check (clock_nanosleep (CLOCK_MONOTONIC, 0, &time, NULL));
}

static void
on_signal (void)
{
  sigset_t set;
  int found;

  sigemptyset (&set);
  sigaddset (&set, SIGUSR2);
  sigwait (&set, &found);
}

static void
on_child (void)
{
  pid_t child = fork ();

  if (child == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      for (;;)
        pause ();
    }
  check (waitpid (child, NULL, 0));
}

static void
on_file_lock (void)
{
  char path[] = "/tmp/wait-target-XXXXXX";
  int owner = mkstemp (path);
  int other;

  check (owner);
  other = open (path, O_RDWR);
  unlink (path);
  check (flock (owner, LOCK_EX));
  check (flock (other, LOCK_EX));
}

static void
on_mutex (void)
{
  pthread_mutex_lock (&held);
}

static void
on_condition (void)
{
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

  pthread_mutex_lock (&lock);
  pthread_cond_wait (&condition, &lock);
}

static void
on_join (void)
{
  pthread_join (sleeper, NULL);
}

static void
on_lock_pi (void)
{
  static uint32_t word;

  word = (uint32_t) main_tid;
  check (futex (FUTEX_LOCK_PI, &word, 0, NULL));
}

static void
on_requeue_pi (void)
{
  static uint32_t word, lock;

  check (futex (FUTEX_WAIT_REQUEUE_PI, &word, 0, &lock));
}

#ifdef __x86_64__
/* A call by the number and the registers of the 32-bit table: what such a program does. */
static long
call_32 (long number, long a, long b, long c)
{
  long result;

  __asm__ volatile("int $0x80"
                   : "=a"(result)
                   : "0"(number), "b"(a), "c"(b), "d"(c), "S"(0), "D"(0)
                   : "memory", "r8", "r9", "r10", "r11");
  return result;
}

static char *
low_memory (void)
{
  char *memory =
      mmap (NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

  check (memory == MAP_FAILED ? -1 : 0);
  return memory;
}

static void
on_pipe_32 (void)
{
  int ends[2];

  check (pipe (ends));
  check (call_32 (3, ends[0], (long) (uintptr_t) low_memory (), 1));
}

static void
on_futex_32 (void)
{
  check (call_32 (240, (long) (uintptr_t) low_memory (), FUTEX_WAIT, 0));
}

static void
on_nap_32 (void)
{
  int32_t *time = (int32_t *) (void *) low_memory ();

  time[0] = FAR_AWAY_S;
  check (call_32 (162, (long) (uintptr_t) time, 0, 0));
}
#endif

static Waiter waiters[] = {
  { "nap", on_nap, 0 }, /* first: others wait for it */
  { "pipe", on_pipe, 0 },
  { "full-pipe", on_full_pipe, 0 },
  { "socket", on_socket, 0 },
  { "accept", on_accept, 0 },
  { "terminal", on_terminal, 0 },
  { "eventfd", on_event, 0 },
  { "timerfd", on_timer_descriptor, 0 },
  { "poll", on_poll, 0 },
  { "select", on_select, 0 },
  { "epoll", on_epoll, 0 },
  { "signal", on_signal, 0 },
  { "child", on_child, 0 },
  { "file-lock", on_file_lock, 0 },
  { "mutex", on_mutex, 0 },
  { "condition", on_condition, 0 },
  { "join", on_join, 0 },
  { "lock-pi", on_lock_pi, 0 },
  { "requeue-pi", on_requeue_pi, 0 },
#ifdef __x86_64__
  { "pipe-32", on_pipe_32, 0 },
  { "futex-32", on_futex_32, 0 },
  { "nap-32", on_nap_32, 0 },
#endif
};

static void
on_high_number (void)
{
  int ends[2];

  check (pipe (ends));
  read_from (dup2 (ends[0], HIGH_NUMBER));
}

static Waiter grown[] = { { "high-number", on_high_number, 0 } };

static void *
run (void *data)
{
  Waiter *self = data;

  pthread_setname_np (pthread_self (), self->name);
  __atomic_store_n (&self->tid, (pid_t) syscall (SYS_gettid), __ATOMIC_RELEASE);
  self->wait ();
  return NULL;
}

/* Until /proc says that the thread sleeps. */
static void
await_sleep (Waiter *self)
{
  const struct timespec moment = { .tv_nsec = 1000000 };
  char path[64], text[512], *state;
  int patience = 10000;
  FILE *file;
  size_t n;

  do
    {
      check (--patience);
      nanosleep (&moment, NULL);
      snprintf (path, sizeof path, "/proc/self/task/%d/stat",
                __atomic_load_n (&self->tid, __ATOMIC_ACQUIRE));
      file = fopen (path, "r");
      n = file != NULL ? fread (text, 1, sizeof text - 1, file) : 0;
      text[n] = '\0';
      if (file != NULL)
        fclose (file);
      state = strrchr (text, ')');
    }
  while (state == NULL || state[2] != 'S');
}

int
main (int argc, char **argv)
{
  const struct rlimit many = { 1024, 1024 };
  const struct timespec while_they_settle = { .tv_nsec = 50000000 };
  bool high = argc > 1 && strcmp (argv[1], "grown") == 0;
  Waiter *all = high ? grown : waiters;
  size_t n = high ? sizeof grown / sizeof *grown : sizeof waiters / sizeof *waiters;
  sigset_t set;
  char byte;

  sigemptyset (&set);
  sigaddset (&set, SIGUSR2);
  pthread_sigmask (SIG_BLOCK, &set, NULL);
  setrlimit (RLIMIT_NOFILE, &many);
  main_tid = (pid_t) syscall (SYS_gettid);
  pthread_mutex_lock (&held);
  for (size_t i = 0; i < n; i++)
    {
      pthread_t thread;

      if (pthread_create (&thread, NULL, run, &all[i]) != 0)
        return 1;
      if (i == 0)
        sleeper = thread;
    }
  for (size_t i = 0; i < n; i++)
    await_sleep (&all[i]);
  nanosleep (&while_they_settle, NULL);
  for (size_t i = 0; i < n; i++)
    printf ("%s %d\n", all[i].name, all[i].tid);
  printf ("ready\n");
  fflush (stdout);
  while (read (STDIN_FILENO, &byte, 1) > 0)
    ;
  _exit (0);
}
