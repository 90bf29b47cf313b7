/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/open-capture.h"
#include "cli/print-cell.h"
#include "cli/subcommands.h"
#include "lib/explain/critical-path.h"
#include "lib/explain/duration.h"
#include "lib/explain/sentence.h"
#include "lib/explain/words.h"
#include "lib/files/json-text.h"

#include <glib/gi18n.h>
#include <stdio.h>

static int run (int argc, char **argv);

const LscSubcommand lsc_path_subcommand = {
  .name = "path",
  .arguments = "FILE",
  .summary = N_ ("Say what a thread's time went into, through whom it waited for"),
  .details =
      N_ ("The critical path of a thread: its own time on a CPU and in a queue, and while it "
          "slept until another thread woke it, what that one did meanwhile.\n"
          "TIME is seconds from the capture's start, or has a unit: 1.5ms."),
  .run = run,
};

typedef struct
{
  const LscTrace *trace;
  const LscThread *thread;
  uint64_t range_ns[2];
  LscCriticalPath *path;
  GArray *shares; /* LscCriticalShare */
} Answer;

/* For people. */

static void
print_row (const char *name, uint64_t ns, const Answer *answer)
{
  uint64_t whole_ns = MAX (answer->range_ns[1] - answer->range_ns[0], 1);

  printf ("  ");
  lsc_print_cell (name, -28);
  lsc_print_cell_duration (ns);
  printf ("  %5.1f %%\n", 100.0 * (double) ns / (double) whole_ns);
}

static void
print_kinds (const Answer *answer)
{
  for (int kind = 0; kind < LSC_N_CRITICAL_KINDS; kind++)
    {
      uint64_t ns = 0;

      for (guint i = 0; i < answer->shares->len; i++)
        ns += g_array_index (answer->shares, LscCriticalShare, i).ns[kind];
      if (ns > 0)
        print_row (lsc_critical_kind_name ((LscCriticalKind) kind), ns, answer);
    }
}

static void
print_path (const Answer *answer)
{
  g_autofree char *name = lsc_sentence_name_thread (answer->trace, answer->thread->index);
  g_autofree char *length = lsc_duration_format (answer->range_ns[1] - answer->range_ns[0]);

  /* Translators: a thread, its number, a length of time. */
  printf (_ ("Critical path of %s (%u), %s\n\n"), name, answer->thread->tid, length);
  print_kinds (answer);
  printf ("\n%s\n", _ ("Through:"));
  for (guint i = 0; i < answer->shares->len; i++)
    {
      const LscCriticalShare *share = &g_array_index (answer->shares, LscCriticalShare, i);
      g_autofree char *text = lsc_sentence_name_apart (answer->trace, share->thread);

      print_row (text, lsc_critical_share_get_ns (share), answer);
    }
}

/* For programs. */

static void
add_share (LscJsonText *json, const LscCriticalShare *share, const LscTrace *trace)
{
  const LscThread *thread = lsc_trace_get_thread (trace, share->thread);

  lsc_json_text_set_compact (json);
  lsc_json_text_begin_object (json);
  lsc_json_text_member_uint (json, "tid", thread->tid);
  lsc_json_text_member_string (json, "name", thread->name);
  for (int kind = 0; kind < LSC_N_CRITICAL_KINDS; kind++)
    {
      g_autofree char *key =
          g_strdup_printf ("%s_ns", lsc_critical_kind_id ((LscCriticalKind) kind));

      lsc_json_text_member_uint (json, key, share->ns[kind]);
    }
  lsc_json_text_end_object (json);
}

static void
add_segment (LscJsonText *json, const LscCriticalSegment *segment, const LscTrace *trace)
{
  const LscThread *other = lsc_trace_get_thread (trace, segment->other);

  lsc_json_text_set_compact (json);
  lsc_json_text_begin_object (json);
  lsc_json_text_member_uint (json, "from_ns", segment->from_ns);
  lsc_json_text_member_uint (json, "to_ns", segment->to_ns);
  lsc_json_text_member_string (json, "kind", lsc_critical_kind_id (segment->kind));
  lsc_json_text_member_uint (json, "tid", lsc_trace_get_thread (trace, segment->thread)->tid);
  if (segment->reason != LSC_REASON_NONE)
    lsc_json_text_member_string (json, "reason", lsc_words_reason_id (segment->reason));
  if (other != NULL)
    lsc_json_text_member_uint (json, "other_tid", other->tid);
  lsc_json_text_member_uint (json, "depth", segment->depth);
  lsc_json_text_end_object (json);
}

static void
print_json (const Answer *answer)
{
  LscJsonText json;
  g_autofree char *text = NULL;

  lsc_json_text_init (&json, true);
  lsc_json_text_begin_object (&json);
  lsc_json_text_member_uint (&json, "format", 1);
  lsc_json_text_member_uint (&json, "tid", answer->thread->tid);
  lsc_json_text_member_uint (&json, "from_ns", answer->range_ns[0]);
  lsc_json_text_member_uint (&json, "to_ns", answer->range_ns[1]);
  lsc_json_text_key (&json, "threads");
  lsc_json_text_begin_array (&json);
  for (guint i = 0; i < answer->shares->len; i++)
    add_share (&json, &g_array_index (answer->shares, LscCriticalShare, i), answer->trace);
  lsc_json_text_end_array (&json);
  lsc_json_text_key (&json, "segments");
  lsc_json_text_begin_array (&json);
  for (uint32_t i = 0; i < lsc_critical_path_get_n (answer->path); i++)
    add_segment (&json, lsc_critical_path_get (answer->path, i), answer->trace);
  lsc_json_text_end_array (&json);
  lsc_json_text_end_object (&json);
  text = lsc_json_text_steal (&json);
  puts (text);
}

static void
answer (const LscTrace *trace, const LscThread *thread, const uint64_t range_ns[2], bool as_json)
{
  g_autoptr (LscCriticalPath) path =
      lsc_critical_path_new (trace, thread->index, range_ns[0], range_ns[1]);
  g_autoptr (GArray) shares = NULL;
  Answer answer = { .trace = trace, .thread = thread, .path = path };

  lsc_critical_path_run (path, NULL);
  answer.range_ns[0] = range_ns[0];
  answer.range_ns[1] = range_ns[1];
  answer.shares = shares = lsc_critical_path_sum (path);
  if (as_json)
    print_json (&answer);
  else
    print_path (&answer);
}

static int
run (int argc, char **argv)
{
  gboolean as_json = FALSE, quiet = FALSE;
  g_autofree char *from = NULL, *to = NULL, *tid = NULL;
  const GOptionEntry entries[] = {
    { "thread", 0, 0, G_OPTION_ARG_STRING, &tid, N_ ("The thread with this number"), "TID" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print every step, for programs"), NULL },
    { "from", 0, 0, G_OPTION_ARG_STRING, &from, N_ ("From here on"), "TIME" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &to, N_ ("Up to here"), "TIME" },
    LSC_USAGE_QUIET (&quiet),
    { NULL },
  };
  g_autoptr (LscTrace) trace = NULL;
  const LscThread *thread;
  LscCaptureCondition condition;
  uint64_t range_ns[2], ignored;
  uint32_t number = 0;
  const char *path;

  if (!lsc_usage_parse (&lsc_path_subcommand, entries, &argc, &argv)
      || !lsc_usage_parse_time (&lsc_path_subcommand, "--from", from, &ignored)
      || !lsc_usage_parse_time (&lsc_path_subcommand, "--to", to, &ignored)
      || (path = lsc_usage_get_file (&lsc_path_subcommand, argc, argv)) == NULL)
    return LSC_EXIT_USAGE;
  if (tid == NULL)
    return lsc_usage_wrong (&lsc_path_subcommand, "%s", _ ("Say whose path: --thread TID."));
  if (!lsc_usage_parse_tid (&lsc_path_subcommand, tid, &number))
    return LSC_EXIT_USAGE;
  trace = lsc_open_capture (path, quiet, &condition);
  if (trace == NULL)
    return LSC_EXIT_FAILURE;
  if (!lsc_open_range (&lsc_path_subcommand, trace, from, to, range_ns))
    return LSC_EXIT_USAGE;
  thread = lsc_trace_find_thread (trace, number);
  if (thread == NULL || thread->lane == NULL)
    return lsc_open_no_thread (number);
  answer (trace, thread, range_ns, as_json);
  return LSC_EXIT_WELL;
}
