/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Any bytes as the records inside a capture: packed into a file of one honest frame behind an
 * honest header, so that the fuzzer reaches the assembler without having to guess checksums.
 */
#include "lib/files/capture-writer.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/handmade.h"

#include "lib/explain/statistics.h"
#include "lib/trace/assembler.h"

/* Times of a record are the fuzzer's; kinds and sizes are made to fit, so that few are thrown away.
 */
static void
add_fitting (GByteArray *stream, const uint8_t *bytes, size_t n_bytes)
{
  while (n_bytes >= sizeof (LscRecordHead))
    {
      uint8_t record[LSC_RECORD_SIZE_MAX] = { 0 };
      LscRecordHead *head = (LscRecordHead *) (void *) record;
      uint8_t kind =
          (uint8_t) (LSC_RECORD_SWITCH + bytes[10] % (LSC_RECORD_READY - LSC_RECORD_SWITCH + 1));
      size_t size = lsc_record_size_of (kind);

      memcpy (record, bytes, MIN (size, n_bytes));
      head->kind = kind;
      head->size = (uint16_t) size;
      /* So that the same few threads, CPUs and moments meet. */
      head->cpu %= 8;
      head->time_ns %= 1u << 20;
      record[size - 1] = 0;
      if (lsc_record_check (record, size) > 0)
        g_byte_array_append (stream, record, (guint) size);
      bytes += MIN (size, n_bytes);
      n_bytes -= MIN (size, n_bytes);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n_bytes)
{
  g_autoptr (GByteArray) stream = begin_stream (0);
  g_autoptr (LscTrace) trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);
  g_autoptr (GArray) all = NULL;

  add_fitting (stream, bytes, n_bytes);
  g_assert_cmpint (lsc_assembler_feed (assembler, stream->data, stream->len), ==, stream->len);
  lsc_assembler_finish (assembler);
  all = lsc_statistics_of_trace (trace, 0, UINT64_MAX);
  for (guint i = 0; i < all->len; i++)
    {
      const LscStatistics *s = &g_array_index (all, LscStatistics, i);
      uint64_t sum = 0;

      for (int state = 0; state < LSC_N_STATES; state++)
        sum += s->ns[state];
      g_assert_cmpuint (sum, ==, s->last_ns - s->first_ns);
    }
  return 0;
}
