/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Texts for people: the story of each thread, and the columns that kernel people know from
 * `perf sched timehist`.
 */
#include "lib/explain/narrative.h"
#include "lib/explain/sentence.h"
#include "lib/files/export.h"

typedef struct
{
  const LscExport *what;
  LscExportOut *out;
  gboolean any;
} Story;

static void
story_begins_cb (const LscThread *thread, void *data)
{
  Story *self = data;
  g_autofree char *name = lsc_sentence_name_thread (self->what->trace, thread->index);

  g_string_append_printf (self->out->text, "%s%s (%u)\n", self->any ? "\n" : "", name, thread->tid);
  self->any = TRUE;
}

static void
write_sentence_cb (const LscThread *thread, uint64_t number, const LscSpan *span, void *data)
{
  Story *self = data;
  g_autofree char *line =
      lsc_narrative_line (self->what->trace, thread->index, number, LSC_WORDS_PLAIN);

  if (line != NULL)
    g_string_append_printf (self->out->text, "%s\n", line);
}

void
lsc_export_text (const LscExport *what, LscExportOut *out)
{
  static const LscExportWalker walker = { .thread_begins = story_begins_cb,
                                          .span = write_sentence_cb };
  Story story = { what, out, FALSE };

  lsc_export_walk (what, out, &walker, &story);
}

/* One run of one thread, told when it ends. */
typedef struct
{
  uint64_t end_ns;
  uint64_t wait_ns;  /* since it last left a CPU */
  uint64_t delay_ns; /* since it was woken */
  uint64_t run_ns;
  uint32_t thread;
  uint32_t cpu;
} Run;

typedef struct
{
  GArray *runs;
  uint64_t left_ns; /* when the thread last left a CPU, 0: not seen */
  LscSpan before;
} Collector;

static void
runs_begin_cb (const LscThread *thread, void *data)
{
  Collector *self = data;

  self->left_ns = 0;
  self->before = (LscSpan){ .facts = { .state = LSC_STATE_ABSENT } };
}

static void
collect_run_cb (const LscThread *thread, uint64_t number, const LscSpan *span, void *data)
{
  Collector *self = data;

  if (span->facts.state == LSC_STATE_RUNNING && !span->open_end)
    {
      bool woken = self->before.facts.state == LSC_STATE_RUNNABLE && !self->before.open_start;
      Run run = { .end_ns = span->end_ns,
                  .wait_ns = self->left_ns != 0 ? span->start_ns - self->left_ns : 0,
                  .delay_ns = woken ? self->before.end_ns - self->before.start_ns : 0,
                  .run_ns = span->end_ns - span->start_ns,
                  .thread = thread->index,
                  .cpu = span->facts.cpu };

      g_array_append_val (self->runs, run);
      self->left_ns = span->end_ns;
    }
  self->before = *span;
}

static int
compare_ends (gconstpointer a, gconstpointer b)
{
  const Run *left = a, *right = b;

  return (left->end_ns > right->end_ns) - (left->end_ns < right->end_ns);
}

static void
write_run (const LscTrace *trace, LscExportOut *out, const Run *run)
{
  const LscThread *thread = lsc_trace_get_thread (trace, run->thread);
  uint32_t tgid = lsc_trace_get_process (trace, thread->process)->tgid;
  g_autofree char *name = lsc_sentence_name_thread (trace, run->thread);
  char task[64];

  if (thread->tid == tgid)
    g_snprintf (task, sizeof task, "%s[%u]", name, thread->tid);
  else
    g_snprintf (task, sizeof task, "%s[%u/%u]", name, thread->tid, tgid);
  g_string_append_printf (out->text, "%8lu.%06lu [%04u]  %-30s  %9.3f  %9.3f  %9.3f\n",
                          (unsigned long) (run->end_ns / 1000000000),
                          (unsigned long) (run->end_ns % 1000000000 / 1000), run->cpu, task,
                          (double) run->wait_ns / 1e6, (double) run->delay_ns / 1e6,
                          (double) run->run_ns / 1e6);
}

void
lsc_export_timehist (const LscExport *what, LscExportOut *out)
{
  static const LscExportWalker walker = { .thread_begins = runs_begin_cb, .span = collect_run_cb };
  Collector collector = { .runs = g_array_new (FALSE, FALSE, sizeof (Run)) };

  lsc_export_walk (what, out, &walker, &collector);
  g_array_sort (collector.runs, compare_ends);
  g_string_append (
      out->text,
      "           time    cpu  task name                       wait time  sch delay   run time\n"
      "                        [tid/pid]                          (msec)     (msec)     (msec)\n"
      "--------------- ------  ------------------------------  ---------  ---------  ---------\n");
  for (guint i = 0; i < collector.runs->len && lsc_export_out_step (out); i++)
    write_run (what->trace, out, &g_array_index (collector.runs, Run, i));
  g_array_unref (collector.runs);
}
