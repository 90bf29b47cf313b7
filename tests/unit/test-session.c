/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/session.h"
#include "lib/wire/command.h"
#include "tests/support/owner.h"
#include "tests/support/synth.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void
test_whole_stream_arrives_byte_for_byte (LscOwner *owner, gconstpointer data)
{
  const LscSynthConfig config = {
    .seed = 7, .n_events = 200000, .n_cpus = 4, .n_threads = 40, .n_processes = 5, .lost = 1
  };
  g_autoptr (GByteArray) stream = lsc_synth_all (&config);
  g_autoptr (LscTrace) direct = lsc_trace_new ();
  g_autoptr (LscAssembler) assembler = lsc_assembler_new (direct);

  lsc_assembler_feed (assembler, stream->data, stream->len);
  lsc_owner_start_whole_machine (owner);
  lsc_owner_say (owner, stream->data, stream->len);
  lsc_owner_hang_up (owner);
  lsc_owner_run_to_the_end (owner);
  g_assert_no_error (lsc_session_get_error (owner->session));
  g_assert_cmpstr (owner->states->str, ==, "L");
  g_assert_cmpuint (owner->n_taken, ==, stream->len);
  g_assert_cmpuint (lsc_session_get_n_bytes (owner->session), ==, stream->len);
  g_assert_cmpuint (lsc_trace_get_n_events (owner->trace), ==, lsc_trace_get_n_events (direct));
  g_assert_cmpuint (lsc_trace_get_n_events (owner->trace), >, 190000);
  g_assert_cmpuint (lsc_trace_get_n_lost (owner->trace), ==, lsc_trace_get_n_lost (direct));
  g_assert_nonnull (lsc_session_get_end (owner->session));
}

static void
test_start_command_names_the_target (LscOwner *owner, gconstpointer data)
{
  uint32_t pid = (uint32_t) getpid ();
  g_autoptr (LscTarget) target = lsc_target_new_processes (&pid, 1, TRUE);
  LscCommandStart command;

  lsc_owner_start (owner, target);
  lsc_owner_hear (owner, &command, sizeof command);
  g_assert_cmpuint (command.head.size, ==, sizeof command);
  g_assert_cmpuint (command.head.kind, ==, LSC_COMMAND_START);
  g_assert_cmpuint (command.flags, ==, LSC_START_CHILDREN);
  g_assert_cmpuint (command.n_targets, ==, 1);
  g_assert_cmpuint (command.targets[0].tgid, ==, pid);
  g_assert_cmpuint (command.targets[0].start_ticks, >, 0);
  /* It cannot leave itself out when it is what was asked for. */
  g_assert_cmpuint (command.exclude_tgid, ==, 0);
  lsc_owner_say_end (owner, LSC_END_STOPPED, 0);
  lsc_owner_run_to_the_end (owner);
}

static void
test_header_is_completed (LscOwner *owner, gconstpointer data)
{
  const LscRecordHeader *header;

  lsc_owner_start_whole_machine (owner);
  g_assert_null (lsc_session_get_header (owner->session));
  lsc_owner_say_header (owner);
  lsc_owner_say_end (owner, LSC_END_STOPPED, 0);
  lsc_owner_run_to_the_end (owner);
  header = lsc_session_get_header (owner->session);
  g_assert_cmpstr (header->command, ==, "the whole machine");
  g_assert_cmpuint (header->head.flags, ==, LSC_HEADER_WHOLE_MACHINE);
  g_assert_cmpstr (lsc_trace_get_header (owner->trace)->command, ==, "the whole machine");
}

static void
test_stop_asks_and_takes_what_is_left (LscOwner *owner, gconstpointer data)
{
  LscCommandStart command;
  LscCommandHead stop;

  lsc_owner_start_whole_machine (owner);
  lsc_owner_say_header (owner);
  lsc_owner_say_ready (owner);
  lsc_owner_run_until (owner, LSC_SESSION_LIVE);
  lsc_session_stop (owner->session);
  lsc_session_stop (owner->session);
  lsc_owner_hear (owner, &command, sizeof command);
  g_assert_cmpuint (command.flags, ==, LSC_START_WHOLE_MACHINE);
  g_assert_cmpuint (command.exclude_tgid, ==, (uint32_t) getpid ());
  lsc_owner_hear (owner, &stop, sizeof stop);
  g_assert_cmpuint (stop.kind, ==, LSC_COMMAND_STOP);
  g_assert_cmpint (recv (owner->helper, &stop, 1, MSG_DONTWAIT), ==, -1);
  lsc_owner_say_end (owner, LSC_END_STOPPED, 0);
  lsc_owner_run_to_the_end (owner);
  g_assert_no_error (lsc_session_get_error (owner->session));
}

static void
test_silence_after_stop_is_a_lost_helper (LscOwner *owner, gconstpointer data)
{
  gint64 began;

  lsc_owner_start_whole_machine (owner);
  lsc_owner_say_header (owner);
  lsc_owner_say_ready (owner);
  lsc_owner_run_until (owner, LSC_SESSION_LIVE);
  began = g_get_monotonic_time ();
  lsc_session_stop (owner->session);
  lsc_owner_run_to_the_end (owner);
  lsc_assert_trouble (owner, LSC_CLIENT_ERROR_HELPER_LOST);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 8 * G_USEC_PER_SEC);
}

static void
test_stop_before_live_cancels (LscOwner *owner, gconstpointer data)
{
  lsc_owner_start_whole_machine (owner);
  lsc_owner_say_header (owner);
  lsc_session_stop (owner->session);
  lsc_owner_run_to_the_end (owner);
  lsc_assert_trouble (owner, LSC_CLIENT_ERROR_CANCELLED);
}

static void
test_hang_up_without_end_is_a_lost_helper (LscOwner *owner, gconstpointer data)
{
  lsc_owner_start_whole_machine (owner);
  lsc_owner_say_header (owner);
  lsc_owner_say_ready (owner);
  lsc_owner_hang_up (owner);
  lsc_owner_run_to_the_end (owner);
  lsc_assert_trouble (owner, LSC_CLIENT_ERROR_HELPER_LOST);
  g_assert_true (lsc_trace_is_ready (owner->trace));
}

typedef struct
{
  LscEndReason reason;
  uint32_t error;
  gboolean header;
  int code; /* -1: none */
} EndCase;

static const EndCase end_cases[] = {
  { LSC_END_STOPPED, 0, TRUE, -1 },
  { LSC_END_TARGET_EXIT, 0, TRUE, -1 },
  { LSC_END_NO_TARGET, 0, TRUE, LSC_CLIENT_ERROR_TARGET_ENDED },
  { LSC_END_PROTOCOL, 0, TRUE, LSC_CLIENT_ERROR_PROTOCOL },
  { LSC_END_SIGNAL, 0, TRUE, LSC_CLIENT_ERROR_HELPER_STOPPED },
  { LSC_END_FAILED, ENOMEM, TRUE, LSC_CLIENT_ERROR_HELPER_FAILED },
  { LSC_END_FAILED, 66, TRUE, LSC_CLIENT_ERROR_HELPER_FAILED },
  { LSC_END_FAILED, 66, FALSE, LSC_CLIENT_ERROR_NO_BTF },
  { LSC_END_FAILED, 67, FALSE, LSC_CLIENT_ERROR_OLD_KERNEL },
  { LSC_END_FAILED, 68, FALSE, LSC_CLIENT_ERROR_LOCKDOWN },
  { LSC_END_FAILED, 69, FALSE, LSC_CLIENT_ERROR_CONTAINER },
  { LSC_END_FAILED, 70, FALSE, LSC_CLIENT_ERROR_NO_CAPABILITY },
  { LSC_END_FAILED, 71, FALSE, LSC_CLIENT_ERROR_NO_MEMORY },
  { LSC_END_FAILED, 72, FALSE, LSC_CLIENT_ERROR_KERNEL_REFUSED },
  { LSC_END_FAILED, 79, FALSE, LSC_CLIENT_ERROR_HELPER_FAILED },
  { (LscEndReason) 4000000000u, UINT32_MAX, TRUE, LSC_CLIENT_ERROR_HELPER_FAILED },
};

static void
test_each_end_has_its_sentence (LscOwner *owner, gconstpointer data)
{
  const EndCase *end = data;

  lsc_owner_start_whole_machine (owner);
  if (end->header)
    lsc_owner_say_header (owner);
  lsc_owner_say_end (owner, end->reason, end->error);
  lsc_owner_run_to_the_end (owner);
  if (end->code < 0)
    g_assert_no_error (lsc_session_get_error (owner->session));
  else
    lsc_assert_trouble (owner, end->code);
}

static void
test_freeing_at_any_time_is_quiet (void)
{
  for (int round = 0; round < 100; round++)
    {
      LscOwner owner = { 0 };

      lsc_owner_set_up (&owner, NULL);
      lsc_owner_start_whole_machine (&owner);
      lsc_owner_say_header (&owner);
      lsc_owner_say_ready (&owner);
      for (int i = 0; i < round % 10; i++)
        g_main_context_iteration (NULL, FALSE);
      if (round % 3 == 0)
        g_usleep ((gulong) round * 10);
      lsc_owner_tear_down (&owner, NULL);
      while (g_main_context_iteration (NULL, FALSE))
        continue;
      g_assert_cmpuint (owner.n_ended, ==, 0);
    }
}

typedef struct
{
  GByteArray *bytes;
  gsize refuse_after;
} Sink;

static gboolean
sink_cb (const void *bytes, gsize n_bytes, gpointer user_data, GError **error)
{
  Sink *sink = user_data;

  if (sink->bytes->len >= sink->refuse_after)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC, "No space left");
      return FALSE;
    }
  g_byte_array_append (sink->bytes, bytes, (guint) n_bytes);
  return TRUE;
}

static void
test_sink_gets_what_the_owner_gets (LscOwner *owner, gconstpointer data)
{
  const LscSynthConfig config = {
    .seed = 9, .n_events = 20000, .n_cpus = 2, .n_threads = 10, .n_processes = 2
  };
  g_autoptr (GByteArray) stream = lsc_synth_all (&config);
  g_autoptr (GByteArray) kept = g_byte_array_new ();
  Sink sink = { .bytes = kept, .refuse_after = G_MAXSIZE };

  lsc_session_set_sink (owner->session, sink_cb, &sink);
  lsc_owner_start_whole_machine (owner);
  lsc_owner_say (owner, stream->data, stream->len);
  lsc_owner_hang_up (owner);
  lsc_owner_run_to_the_end (owner);
  g_assert_cmpuint (kept->len, ==, stream->len);
  g_assert_cmpstr (((LscRecordHeader *) (void *) kept->data)->command, ==, "the whole machine");
  g_assert_cmpint (memcmp (kept->data + sizeof (LscRecordHeader),
                           stream->data + sizeof (LscRecordHeader),
                           stream->len - sizeof (LscRecordHeader)),
                   ==, 0);
}

static void
test_sink_that_refuses_ends_the_session (LscOwner *owner, gconstpointer data)
{
  g_autoptr (GByteArray) kept = g_byte_array_new ();
  Sink sink = { .bytes = kept, .refuse_after = 1 };

  lsc_session_set_sink (owner->session, sink_cb, &sink);
  lsc_owner_start_whole_machine (owner);
  lsc_owner_say_header (owner);
  lsc_owner_run_until (owner, LSC_SESSION_PREPARING);
  while (lsc_session_get_n_records (owner->session) == 0)
    g_usleep (1000);
  lsc_owner_say_ready (owner);
  lsc_owner_run_to_the_end (owner);
  g_assert_error (lsc_session_get_error (owner->session), G_FILE_ERROR, G_FILE_ERROR_NOSPC);
  g_assert_cmpuint (kept->len, ==, sizeof (LscRecordHeader));
}

#define ADD(path, data, test)                                                                      \
  g_test_add (path, LscOwner, data, lsc_owner_set_up, test, lsc_owner_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/session/whole-stream", NULL, test_whole_stream_arrives_byte_for_byte);
  ADD ("/session/start-command", NULL, test_start_command_names_the_target);
  ADD ("/session/header-completed", NULL, test_header_is_completed);
  ADD ("/session/stop", NULL, test_stop_asks_and_takes_what_is_left);
  ADD ("/session/stop/silence", NULL, test_silence_after_stop_is_a_lost_helper);
  ADD ("/session/stop/before-live", NULL, test_stop_before_live_cancels);
  ADD ("/session/hang-up", NULL, test_hang_up_without_end_is_a_lost_helper);
  for (gsize i = 0; i < G_N_ELEMENTS (end_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/session/end/%zu", i);

      ADD (path, &end_cases[i], test_each_end_has_its_sentence);
    }
  g_test_add_func ("/session/freeing", test_freeing_at_any_time_is_quiet);
  ADD ("/session/sink", NULL, test_sink_gets_what_the_owner_gets);
  ADD ("/session/sink/refuses", NULL, test_sink_that_refuses_ends_the_session);
  return g_test_run ();
}
