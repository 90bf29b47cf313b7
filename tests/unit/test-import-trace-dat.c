/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * trace.dat of trace-cmd: what it says becomes lanes, in both versions and byte orders; what it
 * lacks stays unknown; what is wrong with it gets a sentence.
 */
#include "lib/files/capture-load.h"
#include "lib/trace/reason.h"
#include "tests/support/capture-fixture.h"
#include "tests/support/trace-dat.h"

#include <zstd.h>

#define START 1000000000u
/* With address checks each round takes ten times as long. */
#ifdef __SANITIZE_ADDRESS__
enum
{
  FLIPS = 60,
  CUT_STEP = 211
};
#else
enum
{
  FLIPS = 400,
  CUT_STEP = 37
};
#endif

static void
put_pages (TraceDat *dat, int cpu)
{
  guint page = dat_page (dat, START);

  if (cpu == 0)
    {
      dat_switch (dat, 0, 0, 0, 11);
      dat_switch (dat, 100, 11, 1, 0);
      dat_waking (dat, 200, 0x08, 0, 11);
      dat_switch (dat, 50, 0, 0, 11);
    }
  else
    {
      dat_switch (dat, 20, 0, 0, 12);
      dat_waking (dat, 400, 0, 12, 11);
      dat_switch (dat, 10, 12, 0x100, 13);
    }
  dat_page_end (dat, page, 0);
  if (cpu != 1)
    return;
  page = dat_page (dat, START + 5000);
  dat_switch (dat, 0, 13, 2, 0);
  dat_page_end (dat, page, 7);
}

/* Version 6: two CPUs, one page and two pages. */
static GByteArray *
make_6 (gboolean big_endian)
{
  TraceDat dat;

  dat_begin (&dat, "6", big_endian);
  dat_header_info (&dat);
  dat_number (&dat, 0, 4);
  dat_formats (&dat);
  dat_number (&dat, 0, 4);
  dat_number (&dat, 0, 4);
  dat_text (&dat, "11 first\n12 second\n");
  dat_number (&dat, 2, 4);
  dat_put (&dat, "options  ", 10);
  dat_number (&dat, 4, 2);
  dat_number (&dat, 13, 4);
  dat_string (&dat, "local [mono]");
  dat_number (&dat, 0, 2);
  dat_put (&dat, "flyrecord", 10);
  dat_number (&dat, 2 * PAGE_SIZE, 8);
  dat_number (&dat, PAGE_SIZE, 8);
  dat_number (&dat, 3 * PAGE_SIZE, 8);
  dat_number (&dat, 2 * PAGE_SIZE, 8);
  while (dat.bytes->len < 2 * PAGE_SIZE)
    dat_number (&dat, 0, 1);
  put_pages (&dat, 0);
  put_pages (&dat, 1);
  return dat.bytes;
}

static guint
put_section (TraceDat *dat, uint16_t id, GByteArray *bytes)
{
  guint at = dat->bytes->len;

  dat_number (dat, id, 2);
  dat_number (dat, 0, 2);
  dat_number (dat, 0, 4);
  dat_number (dat, bytes->len, 8);
  dat_put (dat, bytes->data, bytes->len);
  g_byte_array_unref (bytes);
  return at;
}

static void
put_option (TraceDat *options, uint16_t id, uint64_t value)
{
  dat_number (options, id, 2);
  dat_number (options, 8, 4);
  dat_number (options, value, 8);
}

/* Version 7 with events packed by zstd; `claim`: what the first part says it unpacks to, 0: the
 * truth. `flip`: the first CPU's is none. */
static GByteArray *
make_7 (const char *method, uint32_t claim, gboolean flip)
{
  TraceDat dat, part, options;
  guint at_options, header_info, formats, section;
  guint cpu_at[2], cpu_n[2];

  dat_begin (&dat, "7", FALSE);
  dat_string (&dat, method);
  dat_string (&dat, "1");
  at_options = dat.bytes->len;
  dat_number (&dat, 0, 8);
  part = (TraceDat){ g_byte_array_new (), FALSE };
  dat_header_info (&part);
  header_info = put_section (&dat, 16, part.bytes);
  part = (TraceDat){ g_byte_array_new (), FALSE };
  dat_formats (&part);
  formats = put_section (&dat, 18, part.bytes);
  section = dat.bytes->len;
  dat_number (&dat, 3, 2);
  dat_number (&dat, 1, 2);
  dat_number (&dat, 0, 12);
  for (int cpu = 0; cpu < 2; cpu++)
    {
      uint8_t packed[3 * PAGE_SIZE];
      size_t n;

      part = (TraceDat){ g_byte_array_new (), FALSE };
      put_pages (&part, cpu);
      n = ZSTD_compress (packed, sizeof packed, part.bytes->data, part.bytes->len, 3);
      if (flip && cpu == 0)
        packed[0] ^= 0xff;
      cpu_at[cpu] = dat.bytes->len;
      cpu_n[cpu] = (guint) n + 8;
      dat_number (&dat, 1, 4);
      dat_number (&dat, n, 4);
      dat_number (&dat, claim != 0 ? claim : part.bytes->len, 4);
      dat_put (&dat, packed, n);
      g_byte_array_unref (part.bytes);
    }
  options = (TraceDat){ g_byte_array_new (), FALSE };
  put_option (&options, 16, header_info);
  put_option (&options, 18, formats);
  dat_number (&options, 3, 2);
  dat_number (&options, 8 + 1 + 6 + 8 + 2 * 20, 4);
  dat_number (&options, section, 8);
  dat_string (&options, "");
  dat_string (&options, "local");
  dat_number (&options, PAGE_SIZE, 4);
  dat_number (&options, 2, 4);
  for (unsigned cpu = 0; cpu < 2; cpu++)
    {
      dat_number (&options, cpu, 4);
      dat_number (&options, cpu_at[cpu], 8);
      dat_number (&options, cpu_n[cpu], 8);
    }
  put_option (&options, 0, 0);
  section = put_section (&dat, 0, options.bytes);
  memcpy (dat.bytes->data + at_options, &(uint64_t){ GUINT64_TO_LE (section) }, 8);
  return dat.bytes;
}

static LscTrace *
load (Fixture *f, GByteArray *file, LscCaptureCondition *out_condition, GError **error)
{
  *out_condition = (LscCaptureCondition){ 0 };
  put (f->path, file->data, file->len);
  return lsc_capture_load (f->path, NULL, NULL, NULL, out_condition, error);
}

static LscSpan
get_span (const LscTrace *trace, uint32_t tid, uint64_t n)
{
  const LscThread *thread = lsc_trace_find_thread (trace, tid);
  LscSpan span;

  g_assert_nonnull (thread);
  g_assert_cmpuint (n, <, lsc_lane_get_end (thread->lane));
  lsc_lane_get (thread->lane, n, &span);
  return span;
}

static void
assert_span (const LscTrace *trace, uint32_t tid, uint64_t n, uint64_t from, LscState state)
{
  LscSpan span = get_span (trace, tid, n);

  g_assert_cmpuint (span.start_ns, ==, START + from);
  g_assert_cmpint (span.facts.state, ==, state);
}

/* What put_pages() says. */
static void
assert_lanes (const LscTrace *trace)
{
  LscFacts facts;

  assert_span (trace, 11, 0, 0, LSC_STATE_RUNNING);
  assert_span (trace, 11, 1, 100, LSC_STATE_SLEEPING);
  assert_span (trace, 11, 2, 300, LSC_STATE_RUNNABLE);
  assert_span (trace, 11, 3, 350, LSC_STATE_RUNNING);
  g_assert_true (get_span (trace, 11, 2).facts.flags & LSC_FACT_INTERRUPT);
  facts = get_span (trace, 11, 1).facts;
  g_assert_cmpint (lsc_reason_of_facts (&facts, LSC_ABI_X86_64, false), ==, LSC_REASON_UNKNOWN);
  assert_span (trace, 12, 0, 20, LSC_STATE_RUNNING);
  assert_span (trace, 12, 1, 430, LSC_STATE_PREEMPTED);
  g_assert_cmpstr (lsc_trace_find_thread (trace, 13)->name, ==, "t13");
  g_assert_cmpuint (lsc_trace_get_n_gaps (trace), ==, 1);
  g_assert_cmpuint (lsc_trace_get_n_lost (trace), ==, 7);
  g_assert_cmpuint (lsc_trace_get_gap (trace, 0)->cpu, ==, 1);
  g_assert_cmpuint (lsc_trace_get_gap (trace, 0)->first_ns, ==, START + 430);
  g_assert_cmpuint (lsc_trace_get_gap (trace, 0)->last_ns, ==, START + 5000);
  g_assert_cmpuint (lsc_trace_get_n_events (trace), ==, 8);
}

static void
test_all_kinds_give_the_same_lanes (Fixture *f, gconstpointer data)
{
  GByteArray *files[] = { make_6 (FALSE), make_6 (TRUE), make_7 ("zstd", 0, FALSE) };

  for (size_t i = 0; i < G_N_ELEMENTS (files); i++)
    {
      LscCaptureCondition condition;
      g_autoptr (GError) error = NULL;
      g_autoptr (LscTrace) trace = load (f, files[i], &condition, &error);

      g_assert_no_error (error);
      assert_lanes (trace);
      g_assert_false (condition.cut_short);
      g_assert_cmpstr (condition.format, ==, "trace-cmd");
      g_assert_cmpstr (condition.clock, ==, i < 2 ? "mono" : "local");
      g_assert_cmpuint (lsc_trace_get_header (trace)->n_cpus, ==, i < 2 ? 2 : 0);
      g_byte_array_unref (files[i]);
    }
}

/* Nobody counted what is missing: at least one event is. */
static void
test_missed_events_without_number (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) file = make_6 (FALSE);
  uint64_t *commit = (uint64_t *) (void *) (file->data + 4 * PAGE_SIZE + 8);
  LscCaptureCondition condition;
  g_autoptr (LscTrace) trace = NULL;

  *commit &= ~((uint64_t) 1 << 30);
  trace = load (f, file, &condition, NULL);
  g_assert_cmpuint (lsc_trace_get_n_gaps (trace), ==, 1);
  g_assert_cmpuint (lsc_trace_get_n_lost (trace), ==, 1);
}

/* Cut anywhere: the beginning of the story, or a sentence. */
static void
test_cut_anywhere (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) whole = make_6 (FALSE);

  for (guint n = 0; n < whole->len; n += n < 2 * PAGE_SIZE ? CUT_STEP : 501)
    {
      g_autoptr (GByteArray) file = g_byte_array_new ();
      LscCaptureCondition condition;
      g_autoptr (GError) error = NULL;
      g_autoptr (LscTrace) trace = NULL;

      g_byte_array_append (file, whole->data, n);
      trace = load (f, file, &condition, &error);
      if (trace == NULL)
        g_assert_true (error->domain == LSC_FILES_ERROR);
      else
        g_assert_true (condition.cut_short);
      g_assert_true (trace != NULL || n < 3 * PAGE_SIZE);
    }
}

static void
test_flipped_bits_are_survived (Fixture *f, gconstpointer data)
{
  for (int round = 0; round < FLIPS; round++)
    {
      g_autoptr (GByteArray) file = round % 2 ? make_6 (FALSE) : make_7 ("zstd", 0, FALSE);
      LscCaptureCondition condition;
      g_autoptr (GError) error = NULL;
      g_autoptr (LscTrace) trace = NULL;

      for (int i = 0; i < 3; i++)
        file->data[g_test_rand_int_range (0, (int) file->len)] ^=
            (guint8) (1 << g_test_rand_int_range (0, 8));
      trace = load (f, file, &condition, &error);
      g_assert_true ((trace == NULL) == (error != NULL));
    }
}

static void
assert_refused (Fixture *f, GByteArray *file, LscFilesError code, const char *word)
{
  LscCaptureCondition condition;
  g_autoptr (GError) error = NULL;

  g_assert_null (load (f, file, &condition, &error));
  g_assert_error (error, LSC_FILES_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, word));
  g_byte_array_unref (file);
}

static void
test_limits_have_names (Fixture *f, gconstpointer data)
{
  TraceDat newer;

  assert_refused (f, make_7 ("zstd", 1u << 30, FALSE), LSC_FILES_ERROR_LIMIT, "1 MiB");
  assert_refused (f, make_7 ("lzma", 0, FALSE), LSC_FILES_ERROR_NEWER, "--compression none");
  dat_begin (&newer, "8", FALSE);
  assert_refused (f, newer.bytes, LSC_FILES_ERROR_NEWER, "format 8");
  dat_begin (&newer, "6", FALSE);
  assert_refused (f, newer.bytes, LSC_FILES_ERROR_DAMAGED, "damaged or cut short");
}

/* A packed part that does not unpack is a gap; the other CPU is whole. */
static void
test_damaged_part_is_left_out (Fixture *f, gconstpointer data)
{
  g_autoptr (GByteArray) file = make_7 ("zstd", 0, TRUE);
  LscCaptureCondition condition;
  g_autoptr (GError) error = NULL;
  g_autoptr (LscTrace) trace = load (f, file, &condition, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (condition.n_damaged, ==, 1);
  assert_span (trace, 12, 0, 20, LSC_STATE_RUNNING);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/import-trace-dat/same-lanes", test_all_kinds_give_the_same_lanes);
  ADD ("/import-trace-dat/missed", test_missed_events_without_number);
  ADD ("/import-trace-dat/cut", test_cut_anywhere);
  ADD ("/import-trace-dat/flipped-bits", test_flipped_bits_are_survived);
  ADD ("/import-trace-dat/limits", test_limits_have_names);
  ADD ("/import-trace-dat/damaged", test_damaged_part_is_left_out);
  return g_test_run ();
}
