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

static void
test_notes_on_bars_stand_beside_markers (void)
{
  g_autoptr (LscMarkers) markers = lsc_markers_new ();
  const LscMarker kept = { .time_ns = 50, .end_ns = 50, .thread = LSC_THREAD_NONE, .name = "kept" };
  const LscThread third = { .tid = 33, .index = 3 }, fourth = { .tid = 44, .index = 4 };
  guint32 note;
  guint n = 0;

  g_assert_cmpuint (lsc_markers_add (markers, 100), ==, 1);
  note = lsc_markers_add_note (markers, &third, 100, 180);
  g_assert_cmpuint (note, >, LSC_MARKERS_FIRST_NOTE);
  g_assert_cmpuint (lsc_markers_add_note (markers, &third, 100, 180), ==, note);
  g_assert_cmpuint (lsc_markers_add_note (markers, &fourth, 100, 180), ==, note + 1);
  g_assert_cmpuint (lsc_markers_find_note (markers, 3, 100)->end_ns, ==, 180);
  g_assert_cmpuint (lsc_markers_find_note (markers, 3, 100)->tid, ==, 33);
  g_assert_null (lsc_markers_find_note (markers, 3, 101));
  /* markers are counted without them, and from the highest that was kept */
  lsc_markers_put (markers, &kept, 9);
  lsc_markers_put (markers, &kept, 9);
  g_assert_cmpuint (lsc_markers_get_id (markers, 9), ==, 9);
  g_assert_cmpuint (lsc_markers_add (markers, 60), ==, 10);
  lsc_markers_get (markers, &n);
  g_assert_cmpuint (n, ==, 5);
  /* an empty note is nothing to bring back, one with a text is */
  g_assert_true (lsc_markers_remove (markers, note));
  lsc_markers_restore (markers);
  g_assert_null (lsc_markers_find_note (markers, 3, 100));
  lsc_markers_set_name (markers, note + 1, "why");
  g_assert_true (lsc_markers_remove (markers, note + 1));
  lsc_markers_restore (markers);
  g_assert_cmpstr (lsc_markers_find_note (markers, 4, 100)->name, ==, "why");
}

/* Two windows write on one capture, which is opened again. */
static void
test_two_windows_never_write_the_same_id (void)
{
  g_autoptr (LscMarkers) one = lsc_markers_new ();
  g_autoptr (LscMarkers) two = lsc_markers_new ();
  g_autoptr (LscMarkers) again = lsc_markers_new ();
  guint64 first = lsc_markers_get_id (one, lsc_markers_add (one, 100));
  guint64 other = lsc_markers_get_id (two, lsc_markers_add (two, 200));
  guint64 note =
      lsc_markers_get_id (two, lsc_markers_add_note (two, &(LscThread){ .index = 3 }, 100, 180));
  guint n = 0;

  g_assert_cmpuint (first, !=, other);
  g_assert_cmpuint ((guint32) first, ==, 1);
  g_assert_cmpuint ((guint32) other, ==, 1);
  g_assert_cmpuint (first >> 32, >, 1); /* no end of a measurement, nor of the first version */
  g_assert_cmpuint (note >> 32, ==, other >> 32);
  lsc_markers_put (again, lsc_markers_get (one, &n), first);
  lsc_markers_put (
      again, &(LscMarker){ .time_ns = 200, .thread = LSC_THREAD_NONE, .name = "two's" }, other);
  lsc_markers_get (again, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (lsc_markers_get_id (again, 1), ==, first);
  g_assert_cmpuint (lsc_markers_get_id (again, 2), ==, other);
  g_assert_cmpuint (lsc_markers_add (again, 300), ==, 3);
  g_assert_cmpuint (lsc_markers_get_id (again, 4), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/markers/order", test_markers_are_in_order_and_keep_their_numbers);
  g_test_add_func ("/markers/found", test_markers_are_found);
  g_test_add_func ("/markers/removed", test_a_removed_marker_comes_back_with_its_name);
  g_test_add_func ("/markers/notes", test_notes_on_bars_stand_beside_markers);
  g_test_add_func ("/markers/two-windows", test_two_windows_never_write_the_same_id);
  return g_test_run ();
}
