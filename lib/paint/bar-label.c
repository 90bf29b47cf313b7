/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/bar-label.h"

#include "lib/view/unit.h"

/* Events known to be missing that overlap the span. */
static uint64_t
count_lost (const LscTrace *trace, const LscSpan *span)
{
  uint64_t count = 0;

  for (uint32_t i = lsc_trace_get_n_gaps (trace); i > 0; i--)
    {
      const LscGap *gap = lsc_trace_get_gap (trace, i - 1);

      if (gap->first_ns < span->end_ns && gap->last_ns >= span->start_ns)
        count += gap->count;
      /* they stand in the order of their ends, almost: CPUs differ by far less than this */
      if (gap->last_ns + UINT64_C (10000000000) < span->start_ns)
        break;
    }
  return count;
}

static const char *
label_unknown (const LscPaintTools *tools, const LscSpan *span, char *buffer, size_t size)
{
  uint64_t count = count_lost (tools->scene->trace, span);
  char number[40];

  if (count == 0 || tools->words->lost == NULL)
    return tools->words->unknown;
  return lsc_paint_tools_insert (
      tools->words->lost, lsc_paint_tools_count (count, number, sizeof number), buffer, size);
}

static const char *
label_cpu (const LscPaintTools *tools, uint32_t cpu, char *buffer, size_t size)
{
  char number[16];

  if (cpu == LSC_CPU_NONE || tools->words->cpu == NULL)
    return NULL;
  g_snprintf (number, sizeof number, "%u", cpu);
  return lsc_paint_tools_insert (tools->words->cpu, number, buffer, size);
}

static const char *
label_cpu_lane (const LscPaintTools *tools, const LscShape *shape)
{
  const LscTrace *trace = tools->scene->trace;

  if (shape->state == LSC_STATE_SLEEPING)
    return tools->words->idle;
  if (shape->state != LSC_STATE_RUNNING || shape->thread >= lsc_trace_get_n_threads (trace))
    return NULL;
  return lsc_trace_get_thread (trace, shape->thread)->name;
}

/* "Lock 0x\342\200\246f40", "Timer 5 ms": what tells one lock, or one pause, from another. */
static const char *
add_detail (const LscPaintWords *words,
            const char *word,
            const LscShape *shape,
            const LscSpan *span,
            char *buffer,
            size_t size)
{
  char length[48];

  if (word == NULL)
    return NULL;
  if (shape->reason == LSC_REASON_LOCK && span->facts.arg != 0)
    g_snprintf (buffer, size, "%s 0x\342\200\246%03x",
                span->facts.detail == LSC_DETAIL_FUTEX_WAIT_BITSET ? words->other_thread : word,
                (unsigned) (span->facts.arg & 0xfff));
  else if (shape->reason == LSC_REASON_TIMER && !span->open_start && !span->open_end)
    g_snprintf (buffer, size, "%s %s", word,
                lsc_unit_format_short (span->end_ns - span->start_ns, length, sizeof length));
  else
    return word;
  return buffer;
}

const char *
lsc_bar_label (const LscPaintTools *tools,
               const LscRow *row,
               const LscShape *shape,
               bool in_full,
               char *buffer,
               size_t size)
{
  const LscPaintWords *words = tools->words;
  const LscLane *lane = lsc_row_get_lane (row, tools->scene->trace);
  const char *text = NULL;
  LscSpan span;

  if (shape->state == LSC_STATE_RUNNING && row->kind == LSC_ROW_THREAD)
    return label_cpu (tools, shape->cpu, buffer, size);
  if (lane == NULL || shape->number < lsc_lane_get_first (lane)
      || shape->number >= lsc_lane_get_end (lane))
    return NULL;
  lsc_lane_get (lane, shape->number, &span);
  if (shape->state == LSC_STATE_UNKNOWN)
    return in_full ? label_unknown (tools, &span, buffer, size) : words->unknown;
  if (row->kind == LSC_ROW_CPU)
    return label_cpu_lane (tools, shape);
  if (words->span_label != NULL)
    text = words->span_label (tools->scene->trace,
                              lsc_trace_get_thread (tools->scene->trace, row->index), &span,
                              words->data);
  if (text != NULL)
    return text;
  text = shape->state == LSC_STATE_PREEMPTED ? words->preempted : words->reason[shape->reason];
  return in_full ? add_detail (words, text, shape, &span, buffer, size) : text;
}
