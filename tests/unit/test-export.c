/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/export.h"
#include "lib/files/json-text.h"
#include "lib/trace/assembler.h"
#include "tests/support/handmade.h"

#include <glib/gstdio.h>

/* "a,b" waits for a lock, is woken, runs, is pushed off. */
static LscTrace *
make_trace (void)
{
  g_autoptr (GByteArray) s = begin_stream (1000000000);
  LscTrace *trace = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (trace);

  add_task (s, 1000000000, 11, "a,\"b", LSC_TASK_ON_CPU, 0);
  add_task (s, 1000000000, 12, "other", 0, 1);
  add_sleep (s, 1001000000, 0, 11, FUTEX, 0);
  add_waking (s, 1003000000, 1, 12, 11);
  add_switch (s, 1003500000, 1, (LscRecordSwitch){ .next_tid = 11 });
  add_preemption (s, 1004000000, 1, 11, 12);
  end_stream (s, 1005000000);
  g_assert_cmpint (lsc_assembler_feed (assembler, s->data, s->len), ==, s->len);
  lsc_assembler_finish (assembler);
  return trace;
}

static char *
export_annotated (const char *format,
                  uint64_t from_ns,
                  uint64_t to_ns,
                  const LscAnnotations *annotations)
{
  g_autoptr (LscTrace) trace = make_trace ();
  g_autofree char *folder = g_dir_make_tmp ("lanescope-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "x", NULL);
  g_autoptr (GError) error = NULL;
  LscExport what = { trace, from_ns, to_ns, NULL, annotations };
  char *text = NULL;

  g_assert_true (lsc_export_write (&what, lsc_export_find_format (format), path, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_unlink (path);
  g_rmdir (folder);
  return text;
}

static char *
export_as (const char *format, uint64_t from_ns, uint64_t to_ns)
{
  return export_annotated (format, from_ns, to_ns, NULL);
}

static void
test_csv (void)
{
  g_autofree char *text = export_as ("csv", 0, UINT64_MAX);

  g_assert_true (g_str_has_prefix (
      text, "tid,pid,name,process,start_ns,end_ns,state,cpu,reason,syscall,argument,other_tid\r\n"
            "11,10,\"a,\"\"b\",\"a,\"\"b\",1000000000,1001000000,running,0,none,,,\r\n"
            "11,10,\"a,\"\"b\",\"a,\"\"b\",1001000000,1003000000,sleeping,0,lock,futex,32576,\r\n"
            "11,10,\"a,\"\"b\",\"a,\"\"b\",1003000000,1003500000,runnable,1,queue,,,12\r\n"
            "11,10,\"a,\"\"b\",\"a,\"\"b\",1003500000,1004000000,running,1,none,,,\r\n"));
  g_assert_nonnull (strstr (text, ",preempted,"));
}

static void
test_range (void)
{
  g_autofree char *text = export_as ("csv", 1003100000, 1003200000);
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);

  /* The heading, what 11 did then, what 12 did then, and nothing after the last line end. */
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_nonnull (strstr (lines[1], ",runnable,"));
  g_assert_nonnull (strstr (lines[2], ",sleeping,"));
}

static void
test_json_lines (void)
{
  g_autofree char *text = export_as ("json", 0, UINT64_MAX);

  g_assert_true (g_str_has_prefix (text, "{\"format\":\"lanescope-spans\",\"version\":1,"));
  g_assert_nonnull (strstr (text, "\n{\"tid\":11,\"pid\":10,\"name\":\"a,\\\"b\",\"process\":\"a,"
                                  "\\\"b\",\"start_ns\":1001000000,"
                                  "\"end_ns\":1003000000,\"state\":\"sleeping\",\"cpu\":0,"
                                  "\"reason\":\"lock\",\"syscall\":\"futex\","
                                  "\"argument\":32576}\n"));
}

static void
test_chrome (void)
{
  g_autofree char *text = export_as ("chrome", 0, UINT64_MAX);

  g_assert_nonnull (strstr (text,
                            "{\"ph\":\"X\",\"name\":\"running\",\"cat\":\"sched\",\"ts\":3500.000,"
                            "\"dur\":500.000,\"pid\":10,\"tid\":11,\"args\":{\"cpu\":1}}"));
  g_assert_nonnull (
      strstr (text, "\"thread_name\",\"pid\":10,\"tid\":12,\"args\":{\"name\":\"other\"}"));
  g_assert_true (g_str_has_suffix (text, "]}\n"));
}

static void
test_chrome_holds_the_notes_of_its_range (void)
{
  g_autoptr (LscAnnotations) annotations = lsc_annotations_new ();
  LscRecordNote early = { .head = { .time_ns = 1000500000 }, .id = 1, .kind = LSC_NOTE_MARKER };
  LscRecordNote note = { .head = { .time_ns = 1003500000 },
                         .end_ns = 1004000000,
                         .id = 2,
                         .tid = 11,
                         .kind = LSC_NOTE_BAR };
  LscRecordNote newer = { .head = { .time_ns = 1003600000 }, .id = 3, .kind = 99 };
  g_autofree char *all = NULL, *late = NULL;

  lsc_annotations_fill_text (&note, "the \"slow\" one");
  lsc_annotations_put_note (annotations, &early);
  lsc_annotations_put_note (annotations, &note);
  lsc_annotations_put_note (annotations, &newer);
  all = export_annotated ("chrome", 0, UINT64_MAX, annotations);
  g_assert_nonnull (strstr (all, "{\"ph\":\"i\",\"name\":\"marker 1\",\"cat\":\"note\","
                                 "\"ts\":500.000,\"s\":\"g\",\"pid\":0,\"tid\":0}"));
  g_assert_nonnull (strstr (all,
                            "{\"ph\":\"X\",\"name\":\"the \\\"slow\\\" one\",\"cat\":"
                            "\"note\",\"ts\":3500.000,\"dur\":500.000,\"pid\":10,\"tid\":11}"));
  late = export_annotated ("chrome", 1003000000, UINT64_MAX, annotations);
  g_assert_null (strstr (late, "marker 1"));
  g_assert_nonnull (strstr (late, "slow"));
}

static void
test_timehist_columns (void)
{
  g_autofree char *text = export_as ("timehist", 0, UINT64_MAX);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_assert_cmpstr (
      lines[3], ==,
      "       1.001000 [0000]  a,\"b[11/10]                         0.000      0.000      1.000");
  g_assert_cmpstr (
      lines[4], ==,
      "       1.004000 [0001]  a,\"b[11/10]                         2.500      0.500      0.500");
}

static void
test_text (void)
{
  g_autofree char *text = export_as ("text", 0, UINT64_MAX);

  g_assert_nonnull (strstr (text, "waiting for the lock at 0x7f40. Woken by other on CPU 1."));
}

static void
test_failure_leaves_what_was_there (void)
{
  g_autoptr (LscTrace) trace = make_trace ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *folder = g_dir_make_tmp ("lanescope-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "x", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  LscExport what = { trace, 0, UINT64_MAX, NULL, NULL };
  LscExportWatch watch = { .cancellable = cancellable };

  g_assert_true (g_file_set_contents (path, "old", 3, NULL));
  g_cancellable_cancel (cancellable);
  g_assert_false (lsc_export_write (&what, lsc_export_find_format ("csv"), path, &watch, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "old");
  g_unlink (path);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_clear_error (&error);
  g_assert_false (
      lsc_export_write (&what, lsc_export_find_format ("csv"), "/dev/full", NULL, &error));
  g_assert_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NO_SPACE);
}

static void
test_json_text (void)
{
  LscJsonText json;
  g_autofree char *text = NULL;

  lsc_json_text_init (&json, true);
  lsc_json_text_begin_object (&json);
  lsc_json_text_member_string (&json, "name", "\"\\\n\001\377");
  lsc_json_text_member_string (&json, "nothing", NULL);
  lsc_json_text_key (&json, "list");
  lsc_json_text_begin_array (&json);
  lsc_json_text_end_array (&json);
  lsc_json_text_key (&json, "one");
  lsc_json_text_set_compact (&json);
  lsc_json_text_begin_object (&json);
  lsc_json_text_member_uint (&json, "a", UINT64_MAX);
  lsc_json_text_key (&json, "b");
  lsc_json_text_int (&json, -1);
  lsc_json_text_key (&json, "c");
  lsc_json_text_bool (&json, true);
  lsc_json_text_end_object (&json);
  lsc_json_text_end_object (&json);
  text = lsc_json_text_steal (&json);
  g_assert_cmpstr (text, ==,
                   "{\n  \"name\": \"\\\"\\\\\\u000a\\u0001\357\277\275\",\n  \"nothing\": null,\n "
                   " \"list\": [],\n"
                   "  \"one\": { \"a\": 18446744073709551615, \"b\": -1, \"c\": true }\n}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/export/csv", test_csv);
  g_test_add_func ("/export/range", test_range);
  g_test_add_func ("/export/json", test_json_lines);
  g_test_add_func ("/export/chrome", test_chrome);
  g_test_add_func ("/export/chrome-notes", test_chrome_holds_the_notes_of_its_range);
  g_test_add_func ("/export/timehist", test_timehist_columns);
  g_test_add_func ("/export/text", test_text);
  g_test_add_func ("/export/failure", test_failure_leaves_what_was_there);
  g_test_add_func ("/json-text/form", test_json_text);
  return g_test_run ();
}
