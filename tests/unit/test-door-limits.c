/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helper/door-limits.h"

#define SECOND G_USEC_PER_SEC

static guint
admit (LscDoorLimits *limits, const char *sender, uint32_t uid, gint64 now_us)
{
  const char *reason = NULL;
  guint place = lsc_door_limits_admit (limits, sender, uid, now_us, &reason);

  g_assert_true ((place == 0) == (reason != NULL));
  return place;
}

static void
test_one_question_a_program (void)
{
  LscDoorLimits *limits = lsc_door_limits_new (1000);
  guint first = admit (limits, ":1.1", 1000, 0);

  g_assert_cmpuint (first, !=, 0);
  for (int i = 0; i < 19; i++)
    g_assert_cmpuint (admit (limits, ":1.1", 1000, 0), ==, 0);
  g_assert_cmpuint (lsc_door_limits_get_n_taken (limits), ==, 1);
  lsc_door_limits_set_running (limits, first);
  g_assert_cmpuint (admit (limits, ":1.1", 1000, 0), !=, 0);
  lsc_door_limits_free (limits);
}

static void
test_two_sessions_a_user (void)
{
  LscDoorLimits *limits = lsc_door_limits_new (1000);
  guint first = admit (limits, ":1.1", 1000, 0);

  /* Questions count as well: a user with many programs cannot ask more. */
  g_assert_cmpuint (admit (limits, ":1.2", 1000, 0), !=, 0);
  g_assert_cmpuint (admit (limits, ":1.3", 1000, 0), ==, 0);
  g_assert_cmpuint (admit (limits, ":1.4", 1001, 0), !=, 0);
  lsc_door_limits_release (limits, first);
  lsc_door_limits_release (limits, first);
  lsc_door_limits_release (limits, 0);
  g_assert_cmpuint (admit (limits, ":1.3", 1000, 0), !=, 0);
  g_assert_cmpuint (admit (limits, ":1.5", 1000, 0), ==, 0);
  lsc_door_limits_free (limits);
}

static void
test_eight_sessions_in_all (void)
{
  LscDoorLimits *limits = lsc_door_limits_new (1000);

  for (uint32_t i = 0; i < 8; i++)
    {
      g_autofree char *sender = g_strdup_printf (":1.%u", i);

      g_assert_cmpuint (admit (limits, sender, 1000 + i, 0), !=, 0);
    }
  g_assert_cmpuint (admit (limits, ":1.99", 2000, 0), ==, 0);
  g_assert_cmpuint (lsc_door_limits_get_n_taken (limits), ==, 8);
  lsc_door_limits_free (limits);
}

static void
test_32_opens_a_minute (void)
{
  LscDoorLimits *limits = lsc_door_limits_new (LSC_DOOR_LIMITS_OPENS_PER_MINUTE);

  for (int i = 0; i < 32; i++)
    {
      guint place = admit (limits, ":1.1", 1000, i * SECOND);

      g_assert_cmpuint (place, !=, 0);
      lsc_door_limits_release (limits, place);
    }
  g_assert_cmpuint (admit (limits, ":1.2", 1000, 59 * SECOND), ==, 0);
  g_assert_cmpuint (admit (limits, ":1.3", 1001, 59 * SECOND), !=, 0);
  /* The first one is a minute old now: room for one. */
  g_assert_cmpuint (admit (limits, ":1.2", 1000, 60 * SECOND), !=, 0);
  g_assert_cmpuint (admit (limits, ":1.4", 1000, 60 * SECOND), ==, 0);
  lsc_door_limits_free (limits);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/door-limits/one-question", test_one_question_a_program);
  g_test_add_func ("/door-limits/two-sessions", test_two_sessions_a_user);
  g_test_add_func ("/door-limits/eight-sessions", test_eight_sessions_in_all);
  g_test_add_func ("/door-limits/minute", test_32_opens_a_minute);
  return g_test_run ();
}
