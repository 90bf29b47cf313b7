/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Any bytes as text of ftrace, trace-cmd or perf.
 */
#include "tests/fuzz/fuzz-file.h"

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n_bytes)
{
  fuzz_file (bytes, n_bytes);
  return 0;
}
