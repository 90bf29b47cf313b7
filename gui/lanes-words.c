/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lanes-words.h"

#include "lib/explain/syscall-name.h"

#include <glib/gi18n.h>

#define LOCK_DIGITS 0xfffu /* of a lock's address: enough to tell one from another */

/* "Lock 0x...f40": which one. In kernel words what ps and strace would say: "S futex". NULL: the
 * reason's word alone. */
static const char *
label_span (const LscTrace *trace, const LscThread *thread, const LscSpan *span, void *data)
{
  LscLanesLabel *label = data;
  const char *machine = lsc_trace_get_header (trace)->machine;
  LscReason reason = lsc_reason_of_facts (&span->facts, lsc_reason_abi_of_machine (machine),
                                          thread->kernel_thread);
  if (label->words == LSC_WORDS_KERNEL)
    {
      g_autofree char *call = lsc_syscall_name (machine, span->facts.syscall,
                                                (span->facts.flags & LSC_FACT_COMPAT) != 0);
      g_snprintf (label->text, sizeof label->text, "%s %s", lsc_words_letter (&span->facts),
                  call == NULL ? "" : call);
      return label->text;
    }
  if (reason != LSC_REASON_LOCK || span->facts.arg == 0)
    return NULL;
  g_snprintf (label->text, sizeof label->text, "%s 0x\342\200\246%03x",
              lsc_words_wait (&span->facts, reason), (unsigned) (span->facts.arg & LOCK_DIGITS));
  return label->text;
}

void
lsc_lanes_words_fill (LscPaintWords *out_words, LscWords words, LscLanesLabel *label)
{
  lsc_paint_words_init (out_words);
  for (guint i = 0; i < LSC_N_STATES; i++)
    out_words->state[i] = lsc_words_state ((LscState) i, words);
  for (guint i = 0; i < LSC_N_REASONS; i++)
    out_words->reason[i] = lsc_words_reason ((LscReason) i);
  out_words->other_thread =
      lsc_words_wait (&(LscFacts){ .detail = LSC_DETAIL_FUTEX_WAIT_BITSET }, LSC_REASON_LOCK);
  out_words->preempted = words == LSC_WORDS_KERNEL ? "R+" : _ ("preempted");
  out_words->cpu = _ ("CPU %s");
  out_words->lost = _ ("lost %s events");
  out_words->unknown = _ ("unknown");
  out_words->idle = _ ("idle");
  out_words->not_traced = _ ("Not traced");
  out_words->idle_hidden = _ ("%s idle threads hidden");
  out_words->ended_hidden = _ ("%s ended threads hidden");
  out_words->earlier = _ ("Earlier events are in the file");
  out_words->whole_capture = _ ("Whole capture");
  out_words->running_at_once = _ ("Running at once");
  out_words->mean_of_cpus = _ ("mean %s of %s CPUs");
  out_words->difference = _ ("B \342\210\222 A = %s");
  label->words = words;
  out_words->span_label = label_span;
  out_words->data = label;
}
