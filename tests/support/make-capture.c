/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * make-capture FILE EVENTS THREADS: writes a capture of a synthetic machine, the same each time.
 */
#include "lib/files/capture-writer.h"
#include "tests/support/synth.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define BLOCK_SIZE 65536u

static gboolean
write_all (LscSynth *synth, const char *path, GError **error)
{
  g_autoptr (LscCaptureWriter) writer = lsc_capture_writer_new (path, error);
  g_autoptr (GByteArray) block = g_byte_array_new ();

  if (writer == NULL)
    return FALSE;
  for (bool more = true; more; g_byte_array_set_size (block, 0))
    {
      more = lsc_synth_fill (synth, block, BLOCK_SIZE);
      if (!lsc_capture_writer_write (writer, block->data, block->len, error))
        return FALSE;
    }
  return lsc_capture_writer_finish (writer, error);
}

int
main (int argc, char **argv)
{
  LscSynthConfig config = { .seed = 7, .n_cpus = 8 };
  g_autoptr (LscSynth) synth = NULL;
  g_autoptr (GError) error = NULL;

  if (argc != 4)
    return 2;
  config.n_events = (uint32_t) atol (argv[2]);
  config.n_threads = (uint32_t) atol (argv[3]);
  config.n_processes = MAX (config.n_threads / 10, 1);
  synth = lsc_synth_new (&config);
  if (write_all (synth, argv[1], &error))
    return 0;
  fprintf (stderr, "make-capture: %s\n", error->message);
  return 1;
}
