/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/row-match.h"

#include <string.h>

static bool
text_contains (const char *text, const char *folded)
{
  g_autofree char *other = g_utf8_casefold (text, -1);

  return strstr (other, folded) != NULL;
}

static bool
number_contains (uint32_t number, const char *folded)
{
  char text[16];

  g_snprintf (text, sizeof text, "%u", number);
  return strstr (text, folded) != NULL;
}

bool
lsc_row_match_contains (const LscTrace *trace, const LscThread *thread, const char *folded)
{
  const LscProcess *process = lsc_trace_get_process (trace, thread->process);

  return folded == NULL || text_contains (thread->name, folded)
         || text_contains (process->name, folded) || number_contains (thread->tid, folded)
         || number_contains (process->tgid, folded);
}

bool
lsc_row_match_cpu (uint32_t cpu, const char *folded)
{
  char text[16];

  g_snprintf (text, sizeof text, "cpu %u", cpu);
  return folded == NULL || strstr (text, folded) != NULL;
}

/* 0: not at all. */
static int
goodness (const LscTrace *trace, const LscThread *thread, const char *folded)
{
  g_autofree char *name = g_utf8_casefold (thread->name, -1);
  char tid[16];

  g_snprintf (tid, sizeof tid, "%u", thread->tid);
  if (strcmp (tid, folded) == 0)
    return 4;
  if (strcmp (name, folded) == 0)
    return 3;
  if (g_str_has_prefix (name, folded))
    return 2;
  return lsc_row_match_contains (trace, thread, folded) ? 1 : 0;
}

const LscThread *
lsc_row_match_best (const LscTrace *trace, const char *text, uint32_t after)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  uint32_t n = lsc_trace_get_n_threads (trace);
  uint32_t first = after < n ? after + 1 : 0;
  const LscThread *best = NULL;
  int best_goodness = 0;

  for (uint32_t i = 0; i < n; i++)
    {
      const LscThread *thread = lsc_trace_get_thread (trace, (first + i) % n);
      int good = thread->lane == NULL ? 0 : goodness (trace, thread, folded);

      if (good > best_goodness)
        {
          best = thread;
          best_goodness = good;
        }
    }
  return best;
}
