/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/markers.h"

static void
test_markers_are_in_order_and_keep_their_numbers (void)
{
  g_autoptr (LscMarkers) markers = lsc_markers_new ();
  const LscMarker *list;
  guint n = 0;

  g_assert_cmpuint (lsc_markers_add (markers, 300), ==, 1);
  g_assert_cmpuint (lsc_markers_add (markers, 100), ==, 2);
  g_assert_cmpuint (lsc_markers_add (markers, 200), ==, 3);
  g_assert_cmpuint (lsc_markers_add (markers, 200), ==, 3);
  list = lsc_markers_get (markers, &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpuint (list[0].number, ==, 2);
  g_assert_cmpuint (list[1].number, ==, 3);
  g_assert_cmpuint (list[2].number, ==, 1);
  g_assert_true (lsc_markers_remove (markers, 1));
  g_assert_false (lsc_markers_remove (markers, 1));
  g_assert_cmpuint (lsc_markers_add (markers, 300), ==, 4);
}

static void
test_markers_are_found (void)
{
  g_autoptr (LscMarkers) markers = lsc_markers_new ();

  lsc_markers_add (markers, 100);
  lsc_markers_add (markers, 200);
  g_assert_cmpuint (lsc_markers_step (markers, 100, 1)->time_ns, ==, 200);
  g_assert_cmpuint (lsc_markers_step (markers, 200, -1)->time_ns, ==, 100);
  g_assert_null (lsc_markers_step (markers, 200, 1));
  g_assert_null (lsc_markers_step (markers, 100, -1));
  g_assert_cmpuint (lsc_markers_near (markers, 160, 50)->time_ns, ==, 200);
  g_assert_null (lsc_markers_near (markers, 150, 49));
}

static void
test_a_removed_marker_comes_back_with_its_name (void)
{
  g_autoptr (LscMarkers) markers = lsc_markers_new ();
  const LscMarker *list;
  guint n = 0;

  lsc_markers_add (markers, 100);
  g_assert_true (lsc_markers_set_name (markers, 1, "here"));
  g_assert_false (lsc_markers_set_name (markers, 7, "nowhere"));
  g_assert_true (lsc_markers_remove (markers, 1));
  lsc_markers_restore (markers);
  lsc_markers_restore (markers); /* there is no more */
  list = lsc_markers_get (markers, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (list[0].name, ==, "here");
  /* its place is taken meanwhile */
  g_assert_true (lsc_markers_remove (markers, 1));
  lsc_markers_add (markers, 100);
  lsc_markers_restore (markers);
  lsc_markers_get (markers, &n);
  g_assert_cmpuint (n, ==, 1);
  lsc_markers_reset (markers);
  lsc_markers_get (markers, &n);
  g_assert_cmpuint (n, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/markers/order", test_markers_are_in_order_and_keep_their_numbers);
  g_test_add_func ("/markers/found", test_markers_are_found);
  g_test_add_func ("/markers/removed", test_a_removed_marker_comes_back_with_its_name);
  return g_test_run ();
}
