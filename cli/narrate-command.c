/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/open-capture.h"
#include "cli/subcommands.h"
#include "lib/explain/narrative.h"
#include "lib/explain/sentence.h"

#include <glib/gi18n.h>
#include <stdio.h>

static int run (int argc, char **argv);

const LscSubcommand lsc_narrate_subcommand = {
  .name = "narrate",
  .arguments = "FILE",
  .summary = N_ ("Tell the story of a thread, sentence by sentence"),
  .details = N_ ("Without --thread every thread tells its story, one after the other."),
  .run = run,
};

static void
tell (const LscTrace *trace, const LscThread *thread, LscWords words)
{
  g_autofree char *name = lsc_sentence_name_thread (trace, thread->index);

  printf ("%s (%u)\n", name, thread->tid);
  for (uint64_t n = lsc_lane_get_first (thread->lane); n < lsc_lane_get_end (thread->lane); n++)
    {
      g_autofree char *line = lsc_narrative_line (trace, thread->index, n, words);

      if (line != NULL)
        puts (line);
    }
}

/* Every thread with that tid (an id may be used again), or all of them. */
static uint32_t
tell_all (const LscTrace *trace, const uint32_t *tid, LscWords words)
{
  uint32_t n_told = 0;

  for (uint32_t i = 0; i < lsc_trace_get_n_threads (trace); i++)
    {
      const LscThread *thread = lsc_trace_get_thread (trace, i);

      if (thread->lane == NULL || (tid != NULL && thread->tid != *tid))
        continue;
      if (n_told++ > 0)
        putchar ('\n');
      tell (trace, thread, words);
    }
  return n_told;
}

static int
run (int argc, char **argv)
{
  g_autofree char *thread = NULL;
  gboolean kernel_words = FALSE, quiet = FALSE;
  const GOptionEntry entries[] = {
    { "thread", 0, 0, G_OPTION_ARG_STRING, &thread, N_ ("Only the thread with this number"),
      "TID" },
    { "kernel-words", 0, 0, G_OPTION_ARG_NONE, &kernel_words,
      N_ ("Use the kernel's names of states"), NULL },
    LSC_USAGE_QUIET (&quiet),
    { NULL },
  };
  g_autoptr (LscTrace) trace = NULL;
  LscCaptureCondition condition;
  const char *path;
  uint32_t tid = 0;

  if (!lsc_usage_parse (&lsc_narrate_subcommand, entries, &argc, &argv)
      || (path = lsc_usage_get_file (&lsc_narrate_subcommand, argc, argv)) == NULL)
    return LSC_EXIT_USAGE;
  if (thread != NULL && !lsc_usage_parse_tid (&lsc_narrate_subcommand, thread, &tid))
    return LSC_EXIT_USAGE;
  trace = lsc_open_capture (path, quiet, &condition);
  if (trace == NULL)
    return LSC_EXIT_FAILURE;
  if (tell_all (trace, thread != NULL ? &tid : NULL,
                kernel_words ? LSC_WORDS_KERNEL : LSC_WORDS_PLAIN)
          > 0
      || thread == NULL)
    return LSC_EXIT_WELL;
  return lsc_open_no_thread (tid);
}
