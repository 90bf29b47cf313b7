/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lsc-config.h"

#include "lib/explain/pattern-private.h"
#include "lib/explain/sentence.h"

#include <glib/gi18n-lib.h>

/* Names that a sentence holds before it counts the others. */
#define NAMES_MAX 3u

static const struct
{
  const char *id;
  const char *name;
} kinds[LSC_N_PATTERNS] = {
  [LSC_PATTERN_CONVOY] = { "lock-convoy", N_ ("Lock convoy") },
  [LSC_PATTERN_SERIALISED] = { "serialised", N_ ("Serialised by one lock") },
  [LSC_PATTERN_ALTERNATION] = { "alternation", N_ ("Interpreter lock (GIL-like)") },
  [LSC_PATTERN_OVERSUBSCRIBED] = { "oversubscription", N_ ("More threads ready than CPUs") },
  [LSC_PATTERN_UNEVEN] = { "uneven-work", N_ ("Uneven work") },
  [LSC_PATTERN_INVERSION] = { "priority-inversion", N_ ("Priority inversion") },
  [LSC_PATTERN_PING_PONG] = { "cpu-ping-pong", N_ ("Ping-pong between CPUs") },
  [LSC_PATTERN_SPINNING] = { "busy-spinning", N_ ("Busy waiting") },
  [LSC_PATTERN_DEADLOCK] = { "deadlock", N_ ("Deadlock suspected") },
};

const char *
lsc_pattern_kind_id (LscPatternKind kind)
{
  return (unsigned) kind < LSC_N_PATTERNS ? kinds[kind].id : "unknown";
}

const char *
lsc_pattern_kind_name (LscPatternKind kind)
{
  return (unsigned) kind < LSC_N_PATTERNS ? _ (kinds[kind].name) : "";
}

bool
lsc_pattern_is_about (const LscPattern *self, uint32_t thread, const LscFacts *bar)
{
  bool waits =
      bar != NULL && (bar->state == LSC_STATE_SLEEPING || bar->state == LSC_STATE_UNINTERRUPTIBLE);

  if (waits && self->lock != 0 && bar->arg != self->lock)
    return false;
  for (uint32_t i = 0; i < self->n_threads; i++)
    if (self->threads[i] == thread)
      return true;
  return false;
}

char *
lsc_pattern_name_threads (const LscPatternScan *self, const GArray *threads)
{
  GString *text = g_string_new (NULL);
  guint n = threads->len > NAMES_MAX + 1 ? NAMES_MAX : threads->len;

  for (guint i = 0; i < n; i++)
    {
      uint32_t index = g_array_index (threads, uint32_t, i);
      g_autofree char *name = lsc_sentence_name_apart (self->trace, index);

      if (i > 0)
        g_string_append (text, i + 1 == threads->len ? _ (" and ") : _ (", "));
      g_string_append (text, name);
    }
  if (threads->len > n)
    /* Translators: after a list of names. */
    g_string_append_printf (
        text, g_dngettext (GETTEXT_PACKAGE, " and %u other", " and %u others", threads->len - n),
        threads->len - n);
  return g_string_free (text, FALSE);
}
