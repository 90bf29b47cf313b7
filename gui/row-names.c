/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/row-names.h"

#include "lib/explain/words.h"

#include <stdio.h>
#include <string.h>

#define REASON_PREFIX "reason-"

static const char letters[LSC_N_ROW_KINDS] = {
  [LSC_ROW_PROCESS] = 'p', [LSC_ROW_THREAD] = 't', [LSC_ROW_CPU] = 'c'
};

static const char *const sorts[LSC_SORT_REASON] = {
  [LSC_SORT_BUSIEST] = "busiest",
  [LSC_SORT_QUEUED] = "queued",
  [LSC_SORT_PREEMPTED] = "preempted",
  [LSC_SORT_WAITING] = "waiting",
  [LSC_SORT_BLOCKED] = "blocked",
  [LSC_SORT_SWITCHES] = "switches",
  [LSC_SORT_WAKEUPS] = "wakeups",
  [LSC_SORT_MIGRATIONS] = "migrations",
  [LSC_SORT_LONGEST_WAIT] = "longest-wait",
  [LSC_SORT_LONGEST_QUEUE] = "longest-queue",
  [LSC_SORT_NAME] = "name",
  [LSC_SORT_TID] = "tid",
  [LSC_SORT_FIRST_RUN] = "first-run",
};

static guint32
get_n (const LscTrace *trace, LscRowKind kind)
{
  if (kind == LSC_ROW_CPU)
    return lsc_trace_get_n_cpus (trace);
  return kind == LSC_ROW_THREAD ? lsc_trace_get_n_threads (trace)
                                : lsc_trace_get_n_processes (trace);
}

static guint32
get_number (const LscTrace *trace, LscRowKind kind, guint32 index)
{
  if (kind == LSC_ROW_CPU)
    return index;
  return kind == LSC_ROW_THREAD ? lsc_trace_get_thread (trace, index)->tid
                                : lsc_trace_get_process (trace, index)->tgid;
}

char *
lsc_row_names_get (const LscTrace *trace, LscRowKind kind, guint32 index)
{
  guint32 number = get_number (trace, kind, index);
  guint32 n_before = 0;
  for (guint32 i = 0; i < index; i++)
    n_before += get_number (trace, kind, i) == number;
  return n_before == 0 ? g_strdup_printf ("%c%u", letters[kind], number)
                       : g_strdup_printf ("%c%u.%u", letters[kind], number, n_before);
}

gboolean
lsc_row_names_find (const LscTrace *trace,
                    const char *name,
                    LscRowKind *out_kind,
                    guint32 *out_index)
{
  const char *letter = name[0] == '\0' ? NULL : memchr (letters, name[0], sizeof letters);
  unsigned number, n_before = 0;
  if (letter == NULL || sscanf (name + 1, "%u.%u", &number, &n_before) < 1)
    return FALSE;
  *out_kind = (LscRowKind) (letter - letters);
  for (guint32 i = 0; i < get_n (trace, *out_kind); i++)
    if (get_number (trace, *out_kind, i) == number && n_before-- == 0)
      {
        *out_index = i;
        return TRUE;
      }
  return FALSE;
}

char *
lsc_row_names_of_sort (LscRowSort sort)
{
  if (sort < LSC_SORT_REASON)
    return g_strdup (sorts[sort]);
  return g_strconcat (REASON_PREFIX, lsc_words_reason_id ((LscReason) (sort - LSC_SORT_REASON)),
                      NULL);
}

gboolean
lsc_row_names_find_sort (const char *name, LscRowSort *out_sort)
{
  for (guint i = 0; i < G_N_ELEMENTS (sorts); i++)
    if (g_str_equal (sorts[i], name))
      {
        *out_sort = (LscRowSort) i;
        return TRUE;
      }
  for (guint i = 0; i < LSC_N_REASONS; i++)
    if (g_str_has_prefix (name, REASON_PREFIX)
        && g_str_equal (name + strlen (REASON_PREFIX), lsc_words_reason_id ((LscReason) i)))
      {
        *out_sort = (LscRowSort) (LSC_SORT_REASON + i);
        return TRUE;
      }
  return FALSE;
}
