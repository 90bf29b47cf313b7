/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Loads a trace as the window does and prints what that took: seconds, peak memory, events.
 */
#include "lib/files/capture-load.h"

#include <stdio.h>
#include <sys/resource.h>

int
main (int argc, char **argv)
{
  gint64 before = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LscTrace) trace =
      argc == 2 ? lsc_capture_load (argv[1], NULL, NULL, NULL, NULL, &error) : NULL;
  double seconds = (double) (g_get_monotonic_time () - before) / G_USEC_PER_SEC;
  struct rusage usage;

  if (trace == NULL)
    {
      fprintf (stderr, "%s\n", error != NULL ? error->message : "usage: load-runner FILE");
      return 1;
    }
  getrusage (RUSAGE_SELF, &usage);
  printf ("{\"seconds\": %.4f, \"bytes\": %ld, \"events\": %lu}\n", seconds, usage.ru_maxrss * 1024,
          (unsigned long) lsc_trace_get_n_events (trace));
  return 0;
}
