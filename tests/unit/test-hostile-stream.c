/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/session.h"
#include "tests/support/owner.h"
#include "tests/support/synth.h"

#include <errno.h>
#include <sys/socket.h>

static void
test_second_header_is_refused (LscOwner *owner, gconstpointer data)
{
  lsc_owner_start_whole_machine (owner);
  lsc_owner_say_header (owner);
  lsc_owner_say_header (owner);
  lsc_owner_run_to_the_end (owner);
  lsc_assert_trouble (owner, LSC_CLIENT_ERROR_BAD_STREAM);
}

static void
test_events_before_the_header_are_refused (LscOwner *owner, gconstpointer data)
{
  lsc_owner_start_whole_machine (owner);
  lsc_owner_say_ready (owner);
  lsc_owner_run_to_the_end (owner);
  lsc_assert_trouble (owner, LSC_CLIENT_ERROR_BAD_STREAM);
  g_assert_cmpuint (owner->n_taken, ==, 0);
}

static void
test_newer_header_asks_for_a_restart (LscOwner *owner, gconstpointer data)
{
  LscRecordHeader header = lsc_owner_make_header ();

  header.version_major = LSC_RECORD_MAJOR + 1;
  lsc_owner_start_whole_machine (owner);
  lsc_owner_say (owner, &header, sizeof header);
  lsc_owner_run_to_the_end (owner);
  lsc_assert_trouble (owner, LSC_CLIENT_ERROR_NEWER_STREAM);
  g_assert_cmpuint (owner->n_taken, ==, 0);
}

static void
test_nothing_counts_after_the_end (LscOwner *owner, gconstpointer data)
{
  lsc_owner_start_whole_machine (owner);
  lsc_owner_say_header (owner);
  lsc_owner_say_end (owner, LSC_END_STOPPED, 0);
  lsc_owner_say_end (owner, LSC_END_PROTOCOL, 0);
  lsc_owner_run_to_the_end (owner);
  g_assert_no_error (lsc_session_get_error (owner->session));
  g_assert_cmpuint (lsc_session_get_n_records (owner->session), ==, 2);
}

/* T41. A stream cut at any byte gives exactly the whole records before the cut, and one sentence.
 */
static void
test_cut_at_every_byte (void)
{
  const LscSynthConfig config = {
    .seed = 3, .n_events = 60, .n_cpus = 2, .n_threads = 3, .n_processes = 1
  };
  g_autoptr (GByteArray) stream = lsc_synth_all (&config);
  gsize whole = 0;

  g_assert_cmpuint (stream->len, >, 2000);
  for (gsize cut = 0; cut <= stream->len; cut++)
    {
      LscOwner owner = { 0 };
      int size = lsc_record_check (stream->data + whole, cut - whole);

      whole += (gsize) size;
      lsc_owner_set_up (&owner, NULL);
      lsc_owner_start_whole_machine (&owner);
      lsc_owner_say (&owner, stream->data, cut);
      lsc_owner_hang_up (&owner);
      lsc_owner_run_to_the_end (&owner);
      g_assert_cmpuint (owner.n_taken, ==, whole);
      if (cut < stream->len)
        lsc_assert_trouble (&owner, LSC_CLIENT_ERROR_HELPER_LOST);
      else
        g_assert_no_error (lsc_session_get_error (owner.session));
      lsc_owner_tear_down (&owner, NULL);
    }
}

/* Whatever the helper says, the session ends with one verdict and hands out only whole records. */
static void
test_damaged_streams_end_well (void)
{
  const LscSynthConfig config = {
    .seed = 5, .n_events = 400, .n_cpus = 2, .n_threads = 8, .n_processes = 2
  };
  g_autoptr (GByteArray) stream = lsc_synth_all (&config);
  g_autoptr (GRand) rand = g_rand_new_with_seed (20);

  for (int round = 0; round < 400; round++)
    {
      g_autofree guint8 *bytes = g_memdup2 (stream->data, stream->len);
      int n_damages = g_rand_int_range (rand, 1, 20);
      LscOwner owner = { 0 };

      /* Every fourth one is nothing but noise after an honest header. */
      if (round % 4 == 0)
        for (gsize i = sizeof (LscRecordHeader); i < stream->len; i++)
          bytes[i] = (guint8) g_rand_int (rand);
      else
        for (int i = 0; i < n_damages; i++)
          bytes[g_rand_int_range (rand, 0, (gint32) stream->len)] = (guint8) g_rand_int (rand);
      lsc_owner_set_up (&owner, NULL);
      lsc_owner_start_whole_machine (&owner);
      if (send (owner.helper, bytes, stream->len, MSG_NOSIGNAL) < 0)
        g_assert_cmpint (errno, ==, EPIPE);
      lsc_owner_hang_up (&owner);
      lsc_owner_run_to_the_end (&owner);
      g_assert_cmpuint (owner.n_taken % 8, ==, 0);
      g_assert_cmpuint (owner.n_taken, <=, stream->len);
      lsc_owner_tear_down (&owner, NULL);
    }
}

#define ADD(path, data, test)                                                                      \
  g_test_add (path, LscOwner, data, lsc_owner_set_up, test, lsc_owner_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/hostile-stream/second-header", NULL, test_second_header_is_refused);
  ADD ("/hostile-stream/no-header", NULL, test_events_before_the_header_are_refused);
  ADD ("/hostile-stream/newer-header", NULL, test_newer_header_asks_for_a_restart);
  ADD ("/hostile-stream/after-the-end", NULL, test_nothing_counts_after_the_end);
  g_test_add_func ("/hostile-stream/cut-at-every-byte", test_cut_at_every_byte);
  g_test_add_func ("/hostile-stream/damaged", test_damaged_streams_end_well);
  return g_test_run ();
}
