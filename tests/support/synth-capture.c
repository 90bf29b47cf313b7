/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes a capture of the seeded generator:
 *
 *     synth-capture FILE EVENTS THREADS
 */
#include "lib/files/capture-writer.h"
#include "tests/support/synth.h"

#include <stdlib.h>

#define BATCH (64u << 10)

int
main (int argc, char **argv)
{
  LscSynthConfig config = { .seed = 1, .n_cpus = 16, .n_processes = 20 };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (LscCaptureWriter) writer = NULL;
  g_autoptr (LscSynth) synth = NULL;
  g_autoptr (GError) error = NULL;

  if (argc != 4)
    g_error ("usage: synth-capture FILE EVENTS THREADS");
  config.n_events = strtoull (argv[2], NULL, 10);
  config.n_threads = (uint32_t) strtoul (argv[3], NULL, 10);
  synth = lsc_synth_new (&config);
  writer = lsc_capture_writer_new (argv[1], &error);
  while (writer != NULL && error == NULL && lsc_synth_fill (synth, bytes, BATCH))
    {
      lsc_capture_writer_write (writer, bytes->data, bytes->len, &error);
      g_byte_array_set_size (bytes, 0);
    }
  if (writer == NULL || error != NULL || !lsc_capture_writer_finish (writer, &error))
    g_error ("%s", error->message);
  return EXIT_SUCCESS;
}
