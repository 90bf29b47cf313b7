/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Uneven work: threads of one kind that begin together and are done far apart.
 */
#include "lsc-config.h"

#include "lib/explain/duration.h"
#include "lib/explain/pattern-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A group begins together: within this part of the time it takes, per cent, and before any is done.
 */
#define TOGETHER_PERCENT 20u
/* Each works: it runs, or is ready to, for this part of its time. */
#define WORKS_PERCENT 60u
#define THREADS_MIN 3u
/* Told when those that are done wait this part of all threads' time, and the group takes this part
 * of the range. */
#define IDLE_PERCENT 20u
#define RANGE_PERCENT 10u

typedef struct
{
  GArray *members; /* const LscPatternThread *, the first done first */
  uint64_t first_ns;
  uint64_t last_ns;
  uint64_t idle_ns; /* of all, from being done to the end of the last */
} Team;

static bool
is_worker (const LscPatternThread *it)
{
  uint64_t active_ns = it->last_run_ns - it->first_run_ns;

  return it->n_runs > 0 && active_ns > 0
         && (double) (it->running_ns + it->queued_ns) * 100 >= (double) active_ns * WORKS_PERCENT;
}

/* The one that begins and joins the others, and has their name when nobody gave them one. */
static bool
is_leader (const LscPatternScan *self, const LscPatternThread *it)
{
  return lsc_trace_get_process (self->trace, it->thread.process)->tgid == it->thread.tid;
}

static int
compare_ends (gconstpointer a, gconstpointer b)
{
  const LscPatternThread *x = *(const LscPatternThread *const *) a;
  const LscPatternThread *y = *(const LscPatternThread *const *) b;

  return (x->last_run_ns > y->last_run_ns) - (x->last_run_ns < y->last_run_ns);
}

static void
measure (Team *team)
{
  g_array_sort (team->members, compare_ends);
  team->first_ns = UINT64_MAX;
  for (guint i = 0; i < team->members->len; i++)
    {
      const LscPatternThread *it = g_array_index (team->members, const LscPatternThread *, i);

      team->first_ns = MIN (team->first_ns, it->first_run_ns);
      team->last_ns = MAX (team->last_ns, it->last_run_ns);
    }
  for (guint i = 0; i < team->members->len; i++)
    team->idle_ns +=
        team->last_ns - g_array_index (team->members, const LscPatternThread *, i)->last_run_ns;
}

static bool
began_together (const Team *team)
{
  uint64_t window_ns = team->last_ns - team->first_ns;
  const LscPatternThread *first = g_array_index (team->members, const LscPatternThread *, 0);

  for (guint i = 0; i < team->members->len; i++)
    {
      const LscPatternThread *it = g_array_index (team->members, const LscPatternThread *, i);

      if (it->first_run_ns > first->last_run_ns
          || (double) (it->first_run_ns - team->first_ns) * 100
                 > (double) window_ns * TOGETHER_PERCENT)
        return false;
    }
  return true;
}

static bool
is_uneven (const LscPatternScan *self, const Team *team)
{
  uint64_t window_ns = team->last_ns - team->first_ns;

  return team->members->len >= THREADS_MIN && window_ns > 0
         && (double) window_ns * 100 >= (double) (self->to_ns - self->from_ns) * RANGE_PERCENT
         && (double) team->idle_ns * 100
                >= (double) window_ns * (double) team->members->len * IDLE_PERCENT
         && began_together (team);
}

static void
tell_team (LscPatternScan *self, const Team *team)
{
  guint n = team->members->len;
  const LscPatternThread *first = g_array_index (team->members, const LscPatternThread *, 0);
  const LscPatternThread *last = g_array_index (team->members, const LscPatternThread *, n - 1);
  uint64_t window_ns = team->last_ns - team->first_ns;
  g_autofree char *early = lsc_duration_format (first->last_run_ns - team->first_ns);
  g_autofree char *late = lsc_duration_format (window_ns);
  g_autoptr (GArray) threads = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  g_autofree char *names = NULL;
  LscPattern *pattern;

  for (guint i = n; i > 0; i--)
    g_array_append_val (
        threads, g_array_index (team->members, const LscPatternThread *, i - 1)->thread.index);
  names = lsc_pattern_name_threads (self, threads);
  pattern = lsc_pattern_add (self, LSC_PATTERN_UNEVEN, threads);
  pattern->certainty = LSC_CERTAINTY_PROBABLE;
  pattern->share = (double) window_ns / (double) (self->to_ns - self->from_ns);
  pattern->at_ns = first->last_run_ns;
  pattern->until_ns = last->last_run_ns;
  pattern->title =
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "The work of %u thread is shared out unevenly",
                                    "The work of %u threads is shared out unevenly", n),
                       n);
  pattern->evidence = g_strdup_printf (
      _ ("They began together: %s. The first was done after %s, the last after %s; on average they "
         "had nothing left to do for %.0f %% of that time."),
      names, early, late, 100 * (double) team->idle_ns / ((double) window_ns * (double) n));
  pattern->doubt =
      g_strdup (_ ("That the threads share one piece of work is guessed from their names "
                   "and from when they began."));
}

static void
look_at_team (gpointer key G_GNUC_UNUSED, gpointer value, gpointer data)
{
  LscPatternScan *self = data;
  Team team = { .members = value };

  if (team.members->len < THREADS_MIN)
    return;
  /* Others of their name that do something else speak against one shared piece of work. */
  for (guint i = 0; i < team.members->len; i++)
    if (!is_worker (g_array_index (team.members, const LscPatternThread *, i)))
      return;
  measure (&team);
  if (is_uneven (self, &team))
    tell_team (self, &team);
}

void
lsc_pattern_look_for_uneven_work (LscPatternScan *self)
{
  g_autoptr (GHashTable) teams =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);

  for (guint i = 0; i < self->threads->len; i++)
    {
      const LscPatternThread *it = &g_array_index (self->threads, LscPatternThread, i);
      char *kind;
      GArray *members;

      if (it->n_runs == 0 || (is_leader (self, it) && !is_worker (it)))
        continue;
      kind = lsc_pattern_kind_of_thread (&it->thread);
      members = g_hash_table_lookup (teams, kind);
      if (members == NULL)
        members = g_array_new (FALSE, FALSE, sizeof (const LscPatternThread *));
      else
        g_array_ref (members);
      g_array_append_val (members, it);
      g_hash_table_replace (teams, kind, members);
    }
  g_hash_table_foreach (teams, look_at_team, self);
}
