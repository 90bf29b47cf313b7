/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Watches a program's main loop from inside: preloaded (LD_PRELOAD), it appends a line to
 * $LSC_WATCHDOG for every turn of the main thread's default main context that used the CPU for
 * longer than LIMIT_NS: milliseconds, and what the thread was doing when the limit was reached (its
 * call stack).
 *
 * CPU time, so that a loaded machine and a slow X server do not change the answer. The painting of
 * frames is left out.
 */
#include <execinfo.h>
#include <fcntl.h>
#include <glib-object.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LIMIT_NS (8 * 1000 * 1000ll)
#define DEPTH 160

static int log_fd = -1;
static timer_t timer;
static long long begin_ns, paint_begin_ns, painted_ns;
static void *stack[DEPTH];
static volatile int depth;

static long long
now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1000000000ll + now.tv_nsec;
}

static void
alarm_cb (int signal_number)
{
  if (paint_begin_ns == 0)
    depth = backtrace (stack, DEPTH);
}

static void
set_alarm (long long ns)
{
  struct itimerspec when = { .it_value.tv_nsec = ns };

  timer_settime (timer, 0, &when, NULL);
}

static gboolean
paint_cb (GSignalInvocationHint *hint, guint n, const GValue *values, gpointer begins)
{
  if (begins != NULL)
    paint_begin_ns = paint_begin_ns == 0 ? now_ns () : paint_begin_ns;
  else if (paint_begin_ns != 0)
    {
      painted_ns += now_ns () - paint_begin_ns;
      paint_begin_ns = 0;
    }
  return TRUE;
}

/* A frame is laid out, if that is needed, and painted between these signals. */
static void
hook_frames (void)
{
  static gboolean hooked;
  GType type = g_type_from_name ("GdkFrameClock");
  gpointer class = hooked || type == 0 ? NULL : g_type_class_peek (type);

  if (class == NULL)
    return;
  hooked = TRUE;
  g_signal_add_emission_hook (g_signal_lookup ("layout", type), 0, paint_cb, &hooked, NULL);
  g_signal_add_emission_hook (g_signal_lookup ("paint", type), 0, paint_cb, &hooked, NULL);
  g_signal_add_emission_hook (g_signal_lookup ("after-paint", type), 0, paint_cb, NULL, NULL);
}

static void
end_turn (void)
{
  long long took_ns = now_ns () - begin_ns - painted_ns;

  if (took_ns > LIMIT_NS)
    {
      dprintf (log_fd, "blocked %.1f ms\n", (double) took_ns / 1e6);
      backtrace_symbols_fd (stack, depth, log_fd);
    }
}

static gint
poll_cb (GPollFD *fds, guint n_fds, gint timeout)
{
  gint result;

  set_alarm (0);
  if (begin_ns != 0)
    end_turn ();
  hook_frames ();
  result = g_poll (fds, n_fds, timeout);
  painted_ns = 0;
  depth = 0;
  begin_ns = now_ns ();
  set_alarm (LIMIT_NS);
  return result;
}

__attribute__ ((constructor)) static void
watch (void)
{
  const char *path = getenv ("LSC_WATCHDOG");
  struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGPROF };
  struct sigaction action = { .sa_handler = alarm_cb, .sa_flags = SA_RESTART };

  if (path == NULL)
    return;
  /* Programs that it starts are not watched. */
  unsetenv ("LD_PRELOAD");
  unsetenv ("LSC_WATCHDOG");
  backtrace (stack, 1); /* loads what it needs: not from a signal */
  log_fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  sigaction (SIGPROF, &action, NULL);
  event._sigev_un._tid = gettid ();
  timer_create (CLOCK_THREAD_CPUTIME_ID, &event, &timer);
  g_main_context_set_poll_func (g_main_context_default (), poll_cb);
}
