/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/support/owner.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void
state_changed_cb (LscSession *session, gpointer user_data)
{
  LscOwner *owner = user_data;

  g_string_append_c (owner->states, "ICAPLE"[lsc_session_get_state (session)]);
}

static void
blocks_available_cb (LscSession *session, gpointer user_data)
{
  LscOwner *owner = user_data;
  LscBlock *block;

  owner->n_told++;
  while ((block = lsc_session_take_block (session)) != NULL)
    {
      owner->n_taken += block->n_bytes;
      g_assert_cmpint (lsc_assembler_feed (owner->assembler, block->bytes, block->n_bytes), ==,
                       (gint64) block->n_bytes);
      lsc_block_free (block);
    }
}

static void
child_exited_cb (LscSession *session, gpointer user_data)
{
  ((LscOwner *) user_data)->n_child_exited++;
}

static void
ended_cb (LscSession *session, gpointer user_data)
{
  LscOwner *owner = user_data;

  owner->n_ended++;
  g_assert_cmpint (lsc_session_get_state (session), ==, LSC_SESSION_ENDED);
  g_main_loop_quit (owner->loop);
}

static const LscSessionEvents events = {
  .state_changed = state_changed_cb,
  .blocks_available = blocks_available_cb,
  .child_exited = child_exited_cb,
  .ended = ended_cb,
};

void
lsc_owner_set_up (LscOwner *owner, gconstpointer data)
{
  owner->session = lsc_session_new (&events, owner);
  owner->trace = lsc_trace_new ();
  owner->assembler = lsc_assembler_new (owner->trace);
  owner->loop = g_main_loop_new (NULL, FALSE);
  owner->states = g_string_new (NULL);
  owner->helper = -1;
}

void
lsc_owner_tear_down (LscOwner *owner, gconstpointer data)
{
  if (owner->helper >= 0)
    close (owner->helper);
  lsc_session_free (owner->session);
  lsc_assembler_free (owner->assembler);
  lsc_trace_free (owner->trace);
  g_main_loop_unref (owner->loop);
  g_string_free (owner->states, TRUE);
}

static gboolean
time_out_cb (gpointer user_data)
{
  LscOwner *owner = user_data;

  owner->timed_out = TRUE;
  g_main_loop_quit (owner->loop);
  return G_SOURCE_REMOVE;
}

void
lsc_owner_run_to_the_end (LscOwner *owner)
{
  guint id = g_timeout_add_seconds (20, time_out_cb, owner);

  if (owner->n_ended == 0)
    g_main_loop_run (owner->loop);
  g_assert_false (owner->timed_out);
  g_source_remove (id);
  g_assert_cmpuint (owner->n_ended, ==, 1);
}

void
lsc_owner_run_until (LscOwner *owner, LscSessionState state)
{
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (lsc_session_get_state (owner->session) < state)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (500);
    }
}

void
lsc_owner_start (LscOwner *owner, const LscTarget *target)
{
  g_autoptr (GError) error = NULL;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  owner->helper = fds[1];
  g_assert_true (lsc_session_start_from_fd (owner->session, fds[0], target, &error));
  g_assert_no_error (error);
}

void
lsc_owner_start_whole_machine (LscOwner *owner)
{
  g_autoptr (LscTarget) target = lsc_target_new_everything (LSC_TARGET_WHOLE_MACHINE);

  lsc_owner_start (owner, target);
}

void
lsc_owner_say (LscOwner *owner, const void *bytes, gsize n_bytes)
{
  const char *at = bytes;

  while (n_bytes > 0)
    {
      ssize_t n = send (owner->helper, at, n_bytes, MSG_NOSIGNAL | MSG_DONTWAIT);

      if (n < 0)
        {
          g_assert_cmpint (errno, ==, EAGAIN);
          g_main_context_iteration (NULL, FALSE);
          continue;
        }
      at += n;
      n_bytes -= (gsize) n;
    }
}

void
lsc_owner_hang_up (LscOwner *owner)
{
  close (owner->helper);
  owner->helper = -1;
}

LscRecordHeader
lsc_owner_make_header (void)
{
  LscRecordHeader header = {
    .head = { .size = sizeof header, .kind = LSC_RECORD_HEADER, .cpu = LSC_CPU_NONE },
    .version_major = LSC_RECORD_MAJOR,
    .n_cpus = 1,
    .scope = LSC_SCOPE_ANY
  };

  memcpy (header.magic, LSC_RECORD_MAGIC, sizeof header.magic);
  return header;
}

void
lsc_owner_say_header (LscOwner *owner)
{
  LscRecordHeader header = lsc_owner_make_header ();

  lsc_owner_say (owner, &header, sizeof header);
}

void
lsc_owner_say_ready (LscOwner *owner)
{
  LscRecordReady ready = { .head = { .size = sizeof ready, .kind = LSC_RECORD_READY } };

  lsc_owner_say (owner, &ready, sizeof ready);
}

void
lsc_owner_say_end (LscOwner *owner, uint32_t reason, uint32_t error)
{
  LscRecordEnd end = { .head = { .size = sizeof end, .kind = LSC_RECORD_END },
                       .reason = reason,
                       .error = error };

  lsc_owner_say (owner, &end, sizeof end);
}

void
lsc_owner_hear (LscOwner *owner, void *bytes, gsize n_bytes)
{
  g_assert_cmpint (recv (owner->helper, bytes, n_bytes, MSG_WAITALL), ==, (gssize) n_bytes);
}
