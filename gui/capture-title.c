/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/capture-title.h"

#include "lib/explain/duration.h"

#include <glib/gi18n.h>
#include <string.h>

#define TITLE_MAX 48 /* characters */
#define SUFFIX ".lanes"
#define ELLIPSIS "\342\200\246"

char *
lsc_capture_title_of_command (const char *command)
{
  g_autofree char *whole = g_utf8_make_valid (command, -1);
  g_strdelimit (whole, "\n\r\t", ' ');
  gsize n_first = strcspn (whole, " ");
  const char *slash = whole[0] == '/' ? g_strrstr_len (whole, (gssize) n_first, "/") : NULL;
  const char *shown = slash == NULL ? whole : slash + 1;
  if (g_utf8_strlen (shown, -1) <= TITLE_MAX)
    return g_strdup (shown);
  g_autofree char *begin = g_utf8_substring (shown, 0, TITLE_MAX);
  return g_strconcat (begin, ELLIPSIS, NULL);
}

char *
lsc_capture_title_of_target (const LscTarget *target)
{
  if (target->kind != LSC_TARGET_COMMAND)
    return lsc_target_describe (target);
  g_autofree char *name = g_path_get_basename (target->argv[0]);
  g_autofree char *rest = g_strjoinv (" ", target->argv + 1);
  g_autofree char *whole = g_strdup_printf ("%s %s", name, rest);
  return lsc_capture_title_of_command (g_strstrip (whole));
}

char *
lsc_capture_title_of_trace (const LscTrace *trace, const char *state)
{
  guint n_threads = 0;
  for (guint32 i = lsc_trace_next_thread (trace, 0); i < lsc_trace_get_n_threads (trace);
       i = lsc_trace_next_thread (trace, i + 1))
    n_threads += lsc_trace_get_thread (trace, i)->traced ? 1 : 0;
  g_autofree char *threads =
      g_strdup_printf (g_dngettext (NULL, "%u thread", "%u threads", n_threads), n_threads);
  g_autofree char *length =
      lsc_duration_format (lsc_trace_get_end_ns (trace) - lsc_trace_get_start_ns (trace));
  return g_strdup_printf ("%s \302\267 %s", threads, state != NULL ? state : length);
}

char *
lsc_capture_title_to_file_name (const char *title)
{
  g_autofree char *base = g_strdup (title);
  g_strdelimit (base, "/\\", '-');
  if (g_str_has_suffix (base, SUFFIX))
    return g_steal_pointer (&base);
  base[strcspn (base, " ")] = '\0';
  return g_strconcat (base[0] == '\0' || base[0] == '?' ? "capture" : base, SUFFIX, NULL);
}

char *
lsc_capture_title_of_end (const char *hint, guint32 child, const char *status)
{
  const char *first = hint != NULL && hint[0] != '\0' ? hint : NULL;
  g_autofree char *runs = child == 0
                              ? g_strdup (status)
                              : g_strdup_printf (_ ("The program was not ended: it goes on as "
                                                    "process %u, no longer watched. Go On records "
                                                    "it again."),
                                                 child);
  if (first == NULL)
    return g_steal_pointer (&runs);
  return runs == NULL ? g_strdup (first) : g_strdup_printf ("%s\n%s", first, runs);
}
