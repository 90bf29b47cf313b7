/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/view-history.h"

static LscViewPoint
point (guint64 from_ns)
{
  LscViewPoint self = { .scroll_y = (double) from_ns };
  lsc_viewport_init (&self.viewport, from_ns, from_ns + 1000, 100);
  return self;
}

static void
leave (LscViewHistory *history, guint64 from_ns, gboolean jump, double at_s)
{
  LscViewPoint now = point (from_ns);
  lsc_view_history_leave (history, &now, jump, (gint64) (at_s * G_USEC_PER_SEC));
}

/* Goes, and says where it came to. */
static guint64
go (LscViewHistory *history, int direction, guint64 from_ns)
{
  LscViewPoint now = point (from_ns);
  LscViewPoint next;
  g_assert_true (lsc_view_history_can_go (history, direction));
  g_assert_true (lsc_view_history_go (history, direction, &now, &next));
  return lsc_viewport_from_ns (&next.viewport);
}

static void
test_jumps (void)
{
  g_autoptr (LscViewHistory) history = lsc_view_history_new ();
  g_assert_false (lsc_view_history_can_go (history, -1));
  leave (history, 100, TRUE, 1);
  leave (history, 200, TRUE, 1.1);
  g_assert_cmpuint (go (history, -1, 300), ==, 200);
  g_assert_cmpuint (go (history, -1, 200), ==, 100);
  g_assert_false (lsc_view_history_can_go (history, -1));
  g_assert_cmpuint (go (history, 1, 100), ==, 200);
  g_assert_cmpuint (go (history, 1, 200), ==, 300);
  g_assert_cmpuint (go (history, -1, 300), ==, 200);
  leave (history, 200, TRUE, 2); /* elsewhere: no way forward from there */
  g_assert_false (lsc_view_history_can_go (history, 1));
  g_assert_cmpuint (go (history, -1, 900), ==, 200);
}

static void
test_a_movement_is_one (void)
{
  g_autoptr (LscViewHistory) history = lsc_view_history_new ();
  for (guint i = 0; i < 50; i++)
    leave (history, 100 + i, FALSE, 1 + i * 0.1);
  leave (history, 500, FALSE, 20); /* another one, after a rest */
  leave (history, 501, FALSE, 20.5);
  leave (history, 600, TRUE, 20.6);
  g_assert_cmpuint (go (history, -1, 700), ==, 600);
  g_assert_cmpuint (go (history, -1, 600), ==, 500);
  g_assert_cmpuint (go (history, -1, 500), ==, 100);
  g_assert_false (lsc_view_history_can_go (history, -1));
}

static void
test_is_bounded (void)
{
  g_autoptr (LscViewHistory) history = lsc_view_history_new ();
  guint n = 0;
  for (guint i = 0; i < 1000; i++)
    leave (history, 1000 + i, TRUE, i);
  for (; lsc_view_history_can_go (history, -1); n++)
    go (history, -1, 5);
  g_assert_cmpuint (n, ==, 100);
}

/* What was picked last in a view is what comes back with it. */
static void
test_picks (void)
{
  g_autoptr (LscViewHistory) history = lsc_view_history_new ();
  LscViewPoint now = point (100);
  LscViewPoint back;
  now.selected = (LscPick){ .kind = LSC_ROW_THREAD, .index = 1 };
  lsc_view_history_leave (history, &now, TRUE, 0);
  now.selected.index = 2;
  lsc_view_history_leave (history, &now, TRUE, 10 * G_USEC_PER_SEC);
  now = point (500);
  g_assert_true (lsc_view_history_go (history, -1, &now, &back));
  g_assert_cmpuint (lsc_viewport_from_ns (&back.viewport), ==, 100);
  g_assert_cmpuint (back.selected.index, ==, 2);
  g_assert_false (lsc_view_history_can_go (history, -1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/view-history/jumps", test_jumps);
  g_test_add_func ("/view-history/movement", test_a_movement_is_one);
  g_test_add_func ("/view-history/bounded", test_is_bounded);
  g_test_add_func ("/view-history/picks", test_picks);
  return g_test_run ();
}
