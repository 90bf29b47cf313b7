/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/why-facts.h"

#include "gui/lanes-links.h"
#include "lib/explain/duration.h"
#include "lib/explain/headline.h"
#include "lib/explain/meanwhile.h"
#include "lib/explain/sentence.h"
#include "lib/explain/stop.h"
#include "lib/explain/syscall-name.h"
#include "lib/explain/waker.h"

#include <glib/gi18n.h>

#define LOOK_MAX 20000u /* spans, for lists that the bar itself does not hold */
#define WOKEN_MAX 8u    /* listed */
#define INSTEAD_MAX 8u
#define ARROW "\342\200\211\342\206\222" /* thin space, arrow */

typedef struct
{
  LscFactsGrid *grid;
  const LscTrace *trace;
  LscBar bar;
  LscSpan span;
} Filling;

static gboolean
has_lane (const LscTrace *trace, uint32_t thread)
{
  return thread < lsc_trace_get_n_threads (trace)
         && lsc_trace_get_thread (trace, thread)->lane != NULL;
}

static gboolean
begin (Filling *self, LscFactsGrid *grid, const LscTrace *trace, const LscBar *bar)
{
  const LscLane *lane =
      has_lane (trace, bar->thread) ? lsc_trace_get_thread (trace, bar->thread)->lane : NULL;
  *self = (Filling){ .grid = grid, .trace = trace, .bar = *bar };
  if (lane == NULL || bar->number < lsc_lane_get_first (lane)
      || bar->number >= lsc_lane_get_end (lane))
    return FALSE;
  lsc_lane_get (lane, bar->number, &self->span);
  return TRUE;
}

static void
add_length (const Filling *self, const char *name, uint64_t ns)
{
  g_autofree char *length = lsc_duration_format (ns);
  lsc_facts_grid_add_text (self->grid, name, length);
}

/* A thread as a link to what it did at that moment; one that has no lane is words. */
static void
add_thread (
    const Filling *self, const char *name, const char *text, uint32_t thread, uint64_t time_ns)
{
  g_autofree char *link = g_strconcat (text, ARROW, NULL);
  if (has_lane (self->trace, thread))
    lsc_facts_grid_add (self->grid, name, lsc_lanes_links_new_thread_at (link, thread, time_ns));
  else
    lsc_facts_grid_add_text (self->grid, name, text);
}

static char *
describe_interrupt (LscWakerKind kind, uint32_t cpu)
{
  bool timer = kind == LSC_WAKER_TIMER;
  if (cpu == LSC_CPU_NONE)
    return g_strdup (timer ? _ ("a timer") : _ ("an interrupt"));
  return g_strdup_printf (timer ? _ ("a timer on CPU %u") : _ ("an interrupt on CPU %u"), cpu);
}

static void
add_waker (const Filling *self, const LscStop *stop)
{
  const LscFacts *waker = &stop->waker;
  LscWakerKind kind =
      lsc_waker_find_kind (self->trace, lsc_trace_get_thread (self->trace, self->bar.thread),
                           &stop->facts, waker, stop->woken_ns);
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;
  if (kind == LSC_WAKER_TIMER || kind == LSC_WAKER_INTERRUPT)
    {
      text = describe_interrupt (kind, waker->cpu);
      lsc_facts_grid_add_text (self->grid, _ ("Woken by"), text);
      return;
    }
  if (waker->thread == LSC_THREAD_NONE)
    return;
  name = lsc_sentence_name_thread (self->trace, waker->thread);
  if (waker->cpu == LSC_CPU_NONE)
    text = g_strdup (name);
  else
    /* Translators: a thread, a number. */
    text = g_strdup_printf (_ ("%s on CPU %u"), name, waker->cpu);
  add_thread (self, _ ("Woken by"), text, waker->thread, stop->woken_ns);
}

/* Who was first among those that ran on the CPU while it was queued. */
static void
add_queue (const Filling *self, const LscStop *stop)
{
  LscMeanwhile who = { .thread = LSC_THREAD_NONE };
  if (stop->queued_ns == 0)
    return;
  if (stop->has_back)
    who = lsc_meanwhile_on_cpu (self->trace, stop->cpu_back, stop->woken_ns, stop->end_ns,
                                self->bar.thread, LOOK_MAX);
  add_length (self, _ ("In the queue"), stop->queued_ns);
  if (who.thread == LSC_THREAD_NONE)
    return;
  g_autofree char *name = lsc_sentence_name_thread (self->trace, who.thread);
  g_autofree char *length = lsc_duration_format (who.ns);
  g_autofree char *text = g_strdup_printf ("%s, %s", name, length);
  add_thread (self, _ ("Queued behind"), text, who.thread, stop->woken_ns);
}

static void
add_pusher (const Filling *self, const LscStop *stop)
{
  if (stop->facts.state != LSC_STATE_PREEMPTED || stop->facts.thread == LSC_THREAD_NONE)
    return;
  g_autofree char *name = lsc_sentence_name_thread (self->trace, stop->facts.thread);
  const char *what =
      (stop->facts.flags & LSC_FACT_YIELDED) != 0 ? _ ("CPU taken by") : _ ("Pushed off by");
  add_thread (self, what, name, stop->facts.thread, stop->start_ns);
}

static void
add_kernel_words (const Filling *self, const LscFacts *facts)
{
  g_autofree char *call = lsc_syscall_name (lsc_trace_get_header (self->trace)->machine,
                                            facts->syscall, (facts->flags & LSC_FACT_COMPAT) != 0);
  g_autofree char *text =
      call == NULL ? g_strdup (lsc_words_letter (facts))
                   : g_strdup_printf ("%s, %s (0x%lx, \342\200\246)", lsc_words_letter (facts),
                                      call, (unsigned long) facts->arg);
  lsc_facts_grid_add_text (self->grid, _ ("To the kernel"), text);
}

static void
add_stop (const Filling *self, const LscStop *stop)
{
  if (stop->blocked_ns > 0)
    add_length (self, _ ("Blocked"), stop->blocked_ns);
  if (stop->has_waker)
    add_waker (self, stop);
  add_pusher (self, stop);
  add_queue (self, stop);
  add_kernel_words (self, &stop->facts);
}

static void
add_neighbour (const Filling *self, const char *name, uint64_t number)
{
  LscBar bar = { self->bar.thread, number };
  g_autofree char *text = lsc_headline_of_neighbour (self->trace, bar.thread, number);
  if (text == NULL)
    return;
  g_autofree char *link = g_strconcat (text, ARROW, NULL);
  lsc_facts_grid_add (self->grid, name, lsc_lanes_links_new_bar (link, &bar));
}

static void
add_woken (const Filling *self)
{
  g_autoptr (GArray) woken = lsc_stop_list_woken_by (
      self->trace, self->bar.thread, self->span.start_ns, self->span.end_ns, LOOK_MAX);
  for (guint i = 0; i < MIN (woken->len, WOKEN_MAX); i++)
    {
      const LscWakeup *wakeup = &g_array_index (woken, LscWakeup, i);
      LscBar bar = { wakeup->thread, wakeup->number };
      g_autofree char *name = lsc_sentence_name_thread (self->trace, wakeup->thread);
      g_autofree char *after = lsc_duration_format (wakeup->time_ns - self->span.start_ns);
      /* Translators: a thread, a length of time. */
      g_autofree char *text = g_strdup_printf (_ ("%s, after %s"), name, after);
      g_autofree char *link = g_strconcat (text, ARROW, NULL);
      lsc_facts_grid_add (self->grid, i == 0 ? _ ("Woke") : "",
                          lsc_lanes_links_new_bar (link, &bar));
    }
  if (woken->len <= WOKEN_MAX)
    return;
  g_autofree char *more =
      g_strdup_printf (g_dngettext (NULL, "and %u more", "and %u more", woken->len - WOKEN_MAX),
                       woken->len - WOKEN_MAX);
  lsc_facts_grid_add_text (self->grid, "", more);
}

gboolean
lsc_why_facts_fill (LscFactsGrid *grid, const LscTrace *trace, const LscBar *bar)
{
  Filling self;
  LscStop stop;
  if (!begin (&self, grid, trace, bar))
    return FALSE;
  uint64_t start_ns = MAX (self.span.start_ns, lsc_trace_get_start_ns (trace));
  g_autofree char *place = lsc_duration_format_place (start_ns - lsc_trace_get_start_ns (trace));
  lsc_facts_grid_add_text (grid, _ ("Began at"), place);
  if (lsc_stop_find (trace, bar->thread, bar->number, &stop))
    {
      add_stop (&self, &stop);
      if (stop.first > 0)
        add_neighbour (&self, _ ("Before"), stop.first - 1);
      add_neighbour (&self, _ ("After"), stop.end);
      return !stop.has_back;
    }
  if (self.span.facts.state == LSC_STATE_RUNNING)
    {
      add_kernel_words (&self, &self.span.facts);
      add_woken (&self);
    }
  if (bar->number > 0)
    add_neighbour (&self, _ ("Before"), bar->number - 1);
  add_neighbour (&self, _ ("After"), bar->number + 1);
  return self.span.open_end;
}

gboolean
lsc_why_facts_fill_instead (LscFactsGrid *grid, const LscTrace *trace, const LscBar *bar)
{
  LscStop stop;
  if (!lsc_stop_find (trace, bar->thread, bar->number, &stop) || !stop.has_back
      || stop.queued_ns == 0)
    return FALSE;
  g_autoptr (GArray) shares =
      lsc_meanwhile_list (trace, stop.cpu_back, stop.woken_ns, stop.end_ns, bar->thread, LOOK_MAX);
  for (guint i = 0; i < MIN (shares->len, INSTEAD_MAX); i++)
    {
      const LscMeanwhileShare *share = &g_array_index (shares, LscMeanwhileShare, i);
      g_autofree char *name = lsc_sentence_name_apart (trace, share->thread);
      g_autofree char *length = lsc_duration_format (share->ns);
      g_autofree char *percent =
          lsc_facts_grid_format_share ((double) share->ns, stop.end_ns - stop.woken_ns);
      GtkWidget *link = has_lane (trace, share->thread)
                            ? lsc_lanes_links_new_thread_at (name, share->thread, stop.woken_ns)
                            : lsc_facts_grid_new_label (name);
      lsc_facts_grid_add_share (grid, NULL, link, length, percent);
    }
  return shares->len > 0;
}

void
lsc_why_facts_fill_thread (LscFactsGrid *grid, const LscTrace *trace, guint32 thread)
{
  const LscThread *found = lsc_trace_get_thread (trace, thread);
  const LscProcess *process = lsc_trace_get_process (trace, found->process);
  g_autofree char *tid = g_strdup_printf ("%u", found->tid);
  g_autofree char *name = lsc_sentence_name_process (trace, found->process);
  g_autofree char *owner = g_strdup_printf ("%s (%u)", name, process->tgid);
  lsc_facts_grid_add_text (grid, _ ("Thread"), tid);
  lsc_facts_grid_add_text (grid, _ ("Process"), owner);
}

/* Shares, the most familiar first: states that are no waits, then reasons. */

static void
add_share (LscFactsGrid *grid, const char *name, const LscShare *share, uint64_t whole_ns)
{
  g_autofree char *length = lsc_duration_format ((uint64_t) share->amount);
  g_autofree char *percent = lsc_facts_grid_format_share (share->amount, whole_ns);
  lsc_facts_grid_add_share (grid, lsc_share_bar_new_swatch (share->state, share->reason),
                            share->state == LSC_STATE_UNKNOWN
                                ? lsc_facts_grid_new_label (name)
                                : lsc_lanes_links_new_state (name, share->state, share->reason),
                            length, percent);
}

static guint
append (LscShare *shares, guint n, LscState state, LscReason reason, uint64_t ns)
{
  if (ns > 0)
    shares[n++] = (LscShare){ state, reason, (double) ns };
  return n;
}

static guint
collect (const LscStatistics *statistics, LscShare shares[LSC_N_STATES + LSC_N_REASONS])
{
  static const LscState firsts[] = { LSC_STATE_RUNNING, LSC_STATE_RUNNABLE, LSC_STATE_PREEMPTED };
  guint n = 0;
  uint64_t waits_ns = 0;
  for (guint i = 0; i < G_N_ELEMENTS (firsts); i++)
    n = append (shares, n, firsts[i], LSC_REASON_NONE, statistics->ns[firsts[i]]);
  for (LscReason i = LSC_REASON_LOCK; i < LSC_N_REASONS; i++)
    {
      n = append (shares, n, LSC_STATE_SLEEPING, i, statistics->reasons[i].ns);
      waits_ns += statistics->reasons[i].ns;
    }
  /* reasons were too many to count */
  if (waits_ns == 0)
    n = append (shares, n, LSC_STATE_SLEEPING, LSC_REASON_KERNEL,
                statistics->ns[LSC_STATE_SLEEPING] + statistics->ns[LSC_STATE_UNINTERRUPTIBLE]
                    + statistics->ns[LSC_STATE_STOPPED]);
  n = append (shares, n, LSC_STATE_UNKNOWN, LSC_REASON_UNKNOWN,
              statistics->reasons[LSC_REASON_UNKNOWN].ns);
  return n;
}

void
lsc_why_facts_fill_shares (LscFactsGrid *grid,
                           LscShareBar *bar,
                           const LscStatistics *statistics,
                           LscWords words)
{
  LscShare shares[LSC_N_STATES + LSC_N_REASONS];
  gboolean has_reasons = statistics->reasons[LSC_REASON_NONE].count > 0;
  guint n = collect (statistics, shares);
  for (LscReason i = LSC_REASON_LOCK; i < LSC_N_REASONS; i++)
    has_reasons = has_reasons || statistics->reasons[i].count > 0;
  lsc_share_bar_set (bar, shares, n);
  for (guint i = 0; i < n; i++)
    add_share (grid,
               shares[i].state == LSC_STATE_SLEEPING && has_reasons
                   ? lsc_words_reason (shares[i].reason)
                   : lsc_words_state (shares[i].state, words),
               &shares[i], statistics->last_ns - statistics->first_ns);
}
