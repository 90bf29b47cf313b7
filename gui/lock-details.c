/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lock-details.h"

#include "gui/lanes-links.h"
#include "lib/explain/duration.h"
#include "lib/explain/sentence.h"

#include <glib/gi18n.h>

#define USERS_MAX 12u

static void
add_length (LscFactsGrid *grid, const char *name, uint64_t ns)
{
  g_autofree char *length = lsc_duration_format (ns);
  lsc_facts_grid_add_text (grid, name, length);
}

static void
add_count (LscFactsGrid *grid, const char *name, uint64_t n)
{
  g_autofree char *count = g_strdup_printf ("%'" G_GUINT64_FORMAT, n);
  lsc_facts_grid_add_text (grid, name, count);
}

static void
add_longest (LscFactsGrid *grid, const LscLock *lock, const LscTrace *trace)
{
  LscBar bar = { lock->longest_thread, lock->longest_number };
  g_autofree char *name = lsc_sentence_name_thread (trace, lock->longest_thread);
  g_autofree char *length = lsc_duration_format (lock->longest_ns);
  g_autofree char *text = g_strdup_printf ("%s, %s", length, name);
  lsc_facts_grid_add (grid, _ ("Longest wait"), lsc_lanes_links_new_bar (text, &bar));
}

static void
add_story (LscFactsGrid *grid, const LscLockStory *story)
{
  add_length (grid, _ ("Waited for"), lsc_lock_story_get_contended_ns (story));
  add_count (grid, _ ("Handed over"), lsc_lock_story_get_n_handovers (story));
  add_length (grid, _ ("On its way"), lsc_lock_story_get_handing_ns (story));
}

static void
add_user (LscFactsGrid *grid, const LscLockUser *user, const LscTrace *trace)
{
  g_autofree char *name = lsc_sentence_name_apart (trace, user->thread);
  g_autofree char *waits = g_strdup_printf (
      /* Translators: how often a thread waited, how often it released. */
      _ ("waited %u\303\227, released %u\303\227"), (guint) user->n_waits,
      (guint) user->n_releases);
  g_autofree char *length = lsc_duration_format (user->wait_ns);
  gboolean has_place = user->n_waits > 0 && user->thread < lsc_trace_get_n_threads (trace);
  lsc_facts_grid_add_share (
      grid, NULL,
      has_place ? lsc_lanes_links_new_thread_at (name, user->thread, user->longest_at_ns)
                : lsc_facts_grid_new_label (name),
      waits, length);
}

static const LscLockUser *
find_user (const LscLock *lock, guint32 thread)
{
  for (uint32_t i = 0; i < lock->n_users; i++)
    if (lock->users[i].thread == thread)
      return &lock->users[i];
  return NULL;
}

static gboolean
contains (const GArray *order, guint32 thread)
{
  for (guint i = 0; i < order->len; i++)
    if (g_array_index (order, guint32, i) == thread)
      return TRUE;
  return FALSE;
}

/* Those who are still there stay where they are; the others follow, who waited longest first. */
static void
update_order (GArray *order, const LscLock *lock)
{
  for (guint i = order->len; i > 0; i--)
    if (find_user (lock, g_array_index (order, guint32, i - 1)) == NULL)
      g_array_remove_index (order, i - 1);
  for (uint32_t i = 0; i < lock->n_users && order->len < USERS_MAX; i++)
    if (!contains (order, lock->users[i].thread))
      g_array_append_val (order, lock->users[i].thread);
}

void
lsc_lock_details_fill (LscFactsGrid *facts,
                       LscFactsGrid *users,
                       GArray *order,
                       const LscLock *lock,
                       const LscLockStory *story,
                       const LscTrace *trace)
{
  lsc_facts_grid_clear (facts);
  lsc_facts_grid_clear (users);
  add_longest (facts, lock, trace);
  if (story != NULL)
    add_story (facts, story);
  /* 0 too: what stands below does not move while they come and go */
  add_count (facts, _ ("Given up"), lock->n_timeouts);
  add_count (facts, _ ("Still waiting"), lock->n_unended);
  update_order (order, lock);
  for (guint i = 0; i < order->len; i++)
    add_user (users, find_user (lock, g_array_index (order, guint32, i)), trace);
}
