/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The peer of load-runner: KernelShark's own library loads the same file.
 */
#include <glib.h>
#include <libkshark.h>
#include <stdio.h>
#include <sys/resource.h>

int
main (int argc, char **argv)
{
  gint64 before = g_get_monotonic_time ();
  struct kshark_context *context = NULL;
  struct kshark_entry **entries = NULL;
  double seconds;
  ssize_t n;
  int stream;
  struct rusage usage;

  if (argc != 2 || !kshark_instance (&context) || (stream = kshark_open (context, argv[1])) < 0)
    return 1;
  n = kshark_load_entries (context, stream, &entries);
  seconds = (double) (g_get_monotonic_time () - before) / G_USEC_PER_SEC;
  getrusage (RUSAGE_SELF, &usage);
  printf ("{\"seconds\": %.4f, \"bytes\": %ld, \"events\": %ld}\n", seconds, usage.ru_maxrss * 1024,
          (long) n);
  return n <= 0;
}
