/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/open-capture.h"
#include "cli/print-cell.h"
#include "cli/print-findings.h"
#include "cli/subcommands.h"
#include "lib/explain/duration.h"
#include "lib/explain/sentence.h"
#include "lib/explain/statistics.h"
#include "lib/explain/words.h"
#include "lib/files/statistics-json.h"

#include <glib/gi18n.h>
#include <stdio.h>

static int run (int argc, char **argv);

const LscSubcommand lsc_stats_subcommand = {
  .name = "stats",
  .arguments = "FILE",
  .summary = N_ ("Say what each thread of a capture did, in numbers"),
  .details = N_ ("TIME is seconds from the capture's start, or has a unit: 1.5ms.\n"
                 "The states of a thread add up to its time in the capture, exactly."),
  .run = run,
};

/* The reason with the most time, other than the queue. */
static const char *
get_main_reason (const LscStatistics *s)
{
  int best = LSC_REASON_NONE;

  for (int i = LSC_REASON_YIELDED + 1; i < LSC_N_REASONS; i++)
    if (s->reasons[i].ns > (best == LSC_REASON_NONE ? 0 : s->reasons[best].ns))
      best = i;
  return best == LSC_REASON_NONE ? "-" : lsc_words_reason ((LscReason) best);
}

static void
print_thread (const LscTrace *trace, const LscStatistics *s)
{
  const LscThread *thread = lsc_trace_get_thread (trace, s->thread);
  g_autofree char *name = g_utf8_make_valid (thread->name, -1);
  uint64_t life = s->last_ns - s->first_ns;

  printf ("%7u  ", thread->tid);
  lsc_print_cell (name, -15);
  printf (" %5.1f %%", life > 0 ? 100.0 * (double) s->ns[LSC_STATE_RUNNING] / (double) life : 0.0);
  lsc_print_cell_duration (s->ns[LSC_STATE_RUNNING]);
  lsc_print_cell_duration (lsc_statistics_get_runnable_ns (s));
  lsc_print_cell_duration (s->ns[LSC_STATE_SLEEPING] + s->ns[LSC_STATE_UNINTERRUPTIBLE]);
  lsc_print_cell_duration (lsc_statistics_get_other_ns (s) + s->ns[LSC_STATE_UNKNOWN]);
  printf (" %9" G_GUINT64_FORMAT " %9" G_GUINT64_FORMAT, s->voluntary, s->involuntary);
  lsc_print_cell_duration (s->wakeup_latency.p99_ns);
  lsc_print_cell_duration (s->max_off_cpu_ns);
  printf ("  %s\n", get_main_reason (s));
}

static void
print_heading (void)
{
  const char *const durations[] = { _ ("running"), _ ("in queue"), _ ("waiting"), _ ("other") };

  printf ("%7s  ", _ ("TID"));
  lsc_print_cell (_ ("name"), -15);
  lsc_print_cell (_ ("busy"), 8);
  for (size_t i = 0; i < G_N_ELEMENTS (durations); i++)
    {
      printf ("  ");
      lsc_print_cell (durations[i], 9);
    }
  lsc_print_cell (_ ("own will"), 10);
  lsc_print_cell (_ ("pushed"), 10);
  printf ("  ");
  lsc_print_cell (_ ("delay p99"), 9);
  printf ("  ");
  lsc_print_cell (_ ("max off"), 9);
  printf ("  %s\n", _ ("waited most for"));
}

static int
compare_process_then_busiest (gconstpointer a, gconstpointer b, gpointer data)
{
  const LscStatistics *left = a, *right = b;
  const LscTrace *trace = data;
  uint32_t left_process = lsc_trace_get_thread (trace, left->thread)->process;
  uint32_t right_process = lsc_trace_get_thread (trace, right->thread)->process;
  uint64_t left_ns = left->ns[LSC_STATE_RUNNING], right_ns = right->ns[LSC_STATE_RUNNING];

  if (left_process != right_process)
    return left_process < right_process ? -1 : 1;
  return (left_ns < right_ns) - (left_ns > right_ns);
}

static void
print_table (const LscTrace *trace, uint64_t from_ns, uint64_t to_ns)
{
  g_autoptr (GArray) all = lsc_statistics_of_trace (trace, from_ns, to_ns);
  g_autofree char *length = lsc_duration_format (to_ns - from_ns);
  uint32_t process = UINT32_MAX;

  g_array_sort_with_data (all, compare_process_then_busiest, (gpointer) trace);
  printf (ngettext ("%s, %u thread, %lu events, %lu lost\n\n",
                    "%s, %u threads, %lu events, %lu lost\n\n", all->len),
          length, all->len, (unsigned long) lsc_trace_get_n_events (trace),
          (unsigned long) lsc_trace_get_n_lost (trace));
  print_heading ();
  for (guint i = 0; i < all->len; i++)
    {
      const LscStatistics *s = &g_array_index (all, LscStatistics, i);
      const LscThread *thread = lsc_trace_get_thread (trace, s->thread);
      const LscProcess *owner = lsc_trace_get_process (trace, thread->process);

      if (thread->process != process)
        {
          g_autofree char *name = lsc_sentence_name_process (trace, thread->process);

          if (owner->name[0] != '\0')
            printf (_ ("%s, process %u\n"), name, owner->tgid);
          else
            printf ("%s\n", name);
        }
      process = thread->process;
      print_thread (trace, s);
    }
}

static int
run (int argc, char **argv)
{
  gboolean as_json = FALSE, quiet = FALSE;
  g_autofree char *from = NULL, *to = NULL;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print everything, for programs"), NULL },
    { "from", 0, 0, G_OPTION_ARG_STRING, &from, N_ ("Count from here on"), "TIME" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &to, N_ ("Count up to here"), "TIME" },
    LSC_USAGE_QUIET (&quiet),
    { NULL },
  };
  g_autoptr (LscTrace) trace = NULL;
  LscCaptureCondition condition;
  uint64_t range_ns[2], ignored;
  const char *path;

  if (!lsc_usage_parse (&lsc_stats_subcommand, entries, &argc, &argv)
      || !lsc_usage_parse_time (&lsc_stats_subcommand, "--from", from, &ignored)
      || !lsc_usage_parse_time (&lsc_stats_subcommand, "--to", to, &ignored)
      || (path = lsc_usage_get_file (&lsc_stats_subcommand, argc, argv)) == NULL)
    return LSC_EXIT_USAGE;
  trace = lsc_open_capture (path, quiet, &condition);
  if (trace == NULL)
    return LSC_EXIT_FAILURE;
  if (!lsc_open_range (&lsc_stats_subcommand, trace, from, to, range_ns))
    return LSC_EXIT_USAGE;
  if (as_json)
    {
      g_autofree char *text = lsc_statistics_json (trace, range_ns[0], range_ns[1]);

      fputs (text, stdout);
    }
  else
    {
      print_table (trace, range_ns[0], range_ns[1]);
      lsc_print_findings (trace, range_ns[0], range_ns[1]);
    }
  return LSC_EXIT_WELL;
}
