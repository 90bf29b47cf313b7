/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/statistics-rows.h"

#include "gui/lanes-links.h"
#include "lib/explain/duration.h"
#include "lib/explain/sentence.h"

#include <glib/gi18n.h>

#define ROWS_MAX 10u
#define CPUS_MAX 32u

static void
add_count (LscFactsGrid *grid, const char *name, uint64_t count)
{
  g_autofree char *text = g_strdup_printf ("%'" G_GUINT64_FORMAT, count);
  lsc_facts_grid_add_text (grid, name, text);
}

void
lsc_statistics_rows_counts (LscFactsGrid *grid, const LscStatistics *statistics)
{
  add_count (grid, _ ("Left a CPU"), statistics->switches);
  add_count (grid, _ ("\342\200\203to wait"), statistics->voluntary);
  add_count (grid, _ ("\342\200\203pushed off"), statistics->involuntary);
  add_count (grid, _ ("Woken"), statistics->wakeups);
  add_count (grid, _ ("Changed CPU"), statistics->migrations);
}

void
lsc_statistics_rows_parallelism (LscFactsGrid *grid, const LscStatisticsAnswer *answer)
{
  const LscParallelism *parallelism = answer->parallelism;
  uint32_t most = lsc_parallelism_get_most (parallelism);
  uint64_t whole_ns = 0;
  for (uint32_t n = 0; n <= most; n++)
    whole_ns += lsc_parallelism_get_ns (parallelism, n);
  for (uint32_t n = 0; n <= MIN (most, ROWS_MAX); n++)
    {
      uint64_t ns = lsc_parallelism_get_ns (parallelism, n);
      g_autofree char *length = lsc_duration_format (ns);
      g_autofree char *percent = lsc_facts_grid_format_share ((double) ns, whole_ns);
      g_autofree char *name =
          n == 0 ? g_strdup (_ ("none"))
                 : g_strdup_printf (g_dngettext (NULL, "%u thread", "%u threads", n), n);
      lsc_facts_grid_add_share (grid, NULL, lsc_facts_grid_new_label (name), length, percent);
    }
}

void
lsc_statistics_rows_cpus (LscFactsGrid *grid, const LscStatisticsAnswer *answer)
{
  const LscTimeRange *range = &answer->question.range;
  for (uint32_t i = 0; i < MIN (lsc_cpu_use_get_n (answer->cpus), CPUS_MAX); i++)
    {
      const LscCpuUseRow *row = lsc_cpu_use_get (answer->cpus, i);
      g_autofree char *name = g_strdup_printf (_ ("CPU %u"), row->cpu);
      g_autofree char *length = lsc_duration_format (row->running_ns);
      g_autofree char *percent =
          lsc_facts_grid_format_share ((double) row->running_ns, range->to_ns - range->from_ns);
      lsc_facts_grid_add_share (grid, NULL, lsc_facts_grid_new_label (name), length, percent);
    }
}

/* Who took the CPU, but whose own time this capture does not show. */
static char *
describe_turns (const LscPreemptor *row)
{
  if (row->ns > 0 || row->n_pushed == 0)
    return lsc_duration_format (row->ns);
  /* Translators: how often it took the CPU from another thread. */
  return g_strdup_printf (_ ("took it %u\303\227"), (guint) row->n_pushed);
}

void
lsc_statistics_rows_preemptors (LscFactsGrid *grid, const LscStatisticsAnswer *answer)
{
  const LscTrace *trace = answer->question.trace;
  uint64_t queued_ns = lsc_preemptors_get_queued_ns (answer->preemptors);
  uint32_t n = lsc_preemptors_get_n (answer->preemptors);
  if (n == 0)
    lsc_facts_grid_add_share (grid, NULL, lsc_facts_grid_new_label (_ ("nobody")), "", "");
  for (uint32_t i = 0; i < MIN (n, ROWS_MAX); i++)
    {
      const LscPreemptor *row = lsc_preemptors_get (answer->preemptors, i);
      g_autofree char *culprit = row->culprit == LSC_THREAD_NONE
                                     ? g_strdup (_ ("nobody of this capture"))
                                     : lsc_sentence_name_apart (trace, row->culprit);
      g_autofree char *victim = lsc_sentence_name_apart (trace, row->victim);
      /* Translators: two threads: who ran, and who waited for it. */
      g_autofree char *both = g_strdup_printf (_ ("%s, not %s"), culprit, victim);
      g_autofree char *length = describe_turns (row);
      g_autofree char *percent =
          row->ns > 0 ? lsc_facts_grid_format_share ((double) row->ns, queued_ns) : g_strdup ("");
      lsc_facts_grid_add_share (
          grid, NULL,
          lsc_lanes_links_new_thread_at (answer->question.thread == LSC_SURVEY_ALL ? both : culprit,
                                         row->victim, row->max_at_ns),
          length, percent);
    }
}

void
lsc_statistics_rows_off_cpu (LscFactsGrid *grid, const LscStatisticsAnswer *answer)
{
  const LscTrace *trace = answer->question.trace;
  uint32_t n = lsc_off_cpu_get_n (answer->off_cpu);
  if (n == 0)
    lsc_facts_grid_add_share (grid, NULL, lsc_facts_grid_new_label (_ ("nobody")), "", "");
  for (uint32_t i = 0; i < MIN (n, ROWS_MAX); i++)
    {
      const LscOffCpuThread *row = lsc_off_cpu_get (answer->off_cpu, i);
      g_autofree char *name = lsc_sentence_name_apart (trace, row->thread);
      g_autofree char *length = lsc_duration_format (row->max_ns);
      g_autofree char *longest =
          /* Translators: a length of time; the time is longer than can be seen. */
          row->max_cut ? g_strdup_printf (_ ("> %s"), length) : g_strdup (length);
      LscBar bar = { row->thread, row->max_number };
      lsc_facts_grid_add_share (grid, NULL, lsc_lanes_links_new_bar (name, &bar),
                                lsc_words_reason (row->max_reason), longest);
    }
}
