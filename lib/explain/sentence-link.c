/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/sentence-link.h"

#include <stdbool.h>
#include <string.h>

/* No name that is marked holds these. */
#define NAME_BEGIN '\001'
#define NAME_END '\002'
#define LINKS_MAX 26u

char *
lsc_sentence_link_mark (GArray *links, char *name, uint32_t thread, uint64_t time_ns)
{
  LscSentenceLink link = { .thread = thread, .time_ns = time_ns };
  g_autofree char *plain = name;

  if (links == NULL || links->len >= LINKS_MAX || strchr (plain, NAME_BEGIN) != NULL
      || strchr (plain, NAME_END) != NULL)
    return g_steal_pointer (&plain);
  g_array_append_val (links, link);
  return g_strdup_printf ("%c%c%s%c", NAME_BEGIN, (char) ('a' + links->len - 1), plain, NAME_END);
}

static bool
is_begin (const GString *text, size_t i, const GArray *links)
{
  return text->str[i] == NAME_BEGIN && text->str[i + 1] >= 'a'
         && (guint) (text->str[i + 1] - 'a') < links->len;
}

char *
lsc_sentence_link_unmark (GString *marked, GArray *links)
{
  GString *text = g_string_sized_new (marked->len);
  LscSentenceLink *link = NULL;

  for (size_t i = 0; i < marked->len; i++)
    if (link == NULL && is_begin (marked, i, links))
      {
        link = &g_array_index (links, LscSentenceLink, (guint) (marked->str[++i] - 'a'));
        link->from = text->len;
      }
    else if (link != NULL && marked->str[i] == NAME_END)
      {
        link->to = text->len;
        link = NULL;
      }
    else
      g_string_append_c (text, marked->str[i]);
  g_string_free (marked, TRUE);
  return g_string_free (text, FALSE);
}
