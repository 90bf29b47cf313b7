/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * T32. Any bytes as what a client sends to the tracer, in any portions: the only thing that the
 * tracer reads from a user. The first byte chooses how long the portions are.
 */
#include "helper/command-reader.h"
#include "tests/fuzz/fuzz.h"

#include <glib.h>

static void
check_start (const LscCommandStart *start)
{
  g_assert_cmpuint (start->n_targets, <=, LSC_COMMAND_TARGETS_MAX);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t n_bytes)
{
  size_t portion = n_bytes > 0 ? (size_t) data[0] + 1 : 1;
  LscCommandReaderResult result = LSC_COMMAND_READER_MORE;
  LscCommandReader reader;
  size_t done = MIN (n_bytes, 1);
  unsigned n_starts = 0;

  lsc_command_reader_init (&reader);
  while (done < n_bytes)
    {
      size_t n = MIN (portion, n_bytes - done);
      size_t used = 0;
      LscCommandReaderResult now = lsc_command_reader_take (&reader, data + done, n, &used);

      g_assert_cmpuint (used, <=, n);
      /* Bad for ever after; and never without moving on. */
      g_assert_true (result != LSC_COMMAND_READER_BAD || now == LSC_COMMAND_READER_BAD);
      if (now == LSC_COMMAND_READER_BAD)
        return 0;
      g_assert_cmpuint (used, >, 0);
      if (now == LSC_COMMAND_READER_START)
        {
          check_start (&reader.start);
          n_starts++;
        }
      result = now;
      done += used;
    }
  g_assert_cmpuint (n_starts, <=, 1);
  return 0;
}
