/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Any bytes as a Perfetto trace.
 */
#include "tests/fuzz/fuzz-file.h"

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n_bytes)
{
  fuzz_file (bytes, n_bytes);
  return 0;
}
