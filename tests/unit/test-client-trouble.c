/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/capability.h"
#include "lib/client/system-door.h"
#include "lib/client/tracer-process.h"
#include "lib/client/trouble.h"

#include <string.h>

static void
test_every_code_has_one_clear_sentence (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint code = 0; code < LSC_N_CLIENT_ERRORS; code++)
    {
      const char *text = lsc_trouble_get_text ((LscClientError) code);
      const char *hole;

      g_test_message ("%u: %s", code, text);
      g_assert_nonnull (text);
      g_assert_true (g_hash_table_add (seen, (gpointer) text));
      g_assert_true (g_ascii_isupper (text[0]) || g_str_has_prefix (text, "\342\200\234"));
      g_assert_true (g_str_has_suffix (text, "."));
      /* One sentence, that says what to do after a colon; at most one detail. */
      g_assert_null (strstr (text, ". "));
      g_assert_nonnull (strchr (text, ':'));
      hole = strchr (text, '%');
      if (hole != NULL)
        {
          g_assert_cmpint (hole[1], ==, 's');
          g_assert_null (strchr (hole + 1, '%'));
        }
      g_assert_cmpuint (strlen (text), <, 260);
    }
}

static void
test_details_are_one_harmless_line (void)
{
  g_autoptr (GError) error = lsc_trouble_new (LSC_CLIENT_ERROR_NO_PROGRAM, "a\nb\x1b[31m\xff%s%n");
  g_autoptr (GError) missing = lsc_trouble_new (LSC_CLIENT_ERROR_NO_PROGRAM, NULL);
  g_autofree char *huge = g_strnfill (100000, 'x');
  g_autoptr (GError) long_one = lsc_trouble_new (LSC_CLIENT_ERROR_NO_PROGRAM, huge);

  g_assert_null (strchr (error->message, '\n'));
  g_assert_null (strchr (error->message, '\x1b'));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_nonnull (strstr (error->message, "%s%n"));
  g_assert_nonnull (strstr (missing->message, "\342\200\234?\342\200\235"));
  g_assert_cmpuint (strlen (long_one->message), <, 600);
}

static void
test_exit_statuses (void)
{
  static const struct
  {
    LscClientError code;
    int status;
  } cases[] = {
    { LSC_CLIENT_ERROR_NO_PROGRAM, 127 }, { LSC_CLIENT_ERROR_NOT_EXECUTABLE, 126 },
    { LSC_CLIENT_ERROR_NO_BTF, 77 },      { LSC_CLIENT_ERROR_DENIED, 77 },
    { LSC_CLIENT_ERROR_CONTAINER, 77 },   { LSC_CLIENT_ERROR_NO_SUCH_PROCESS, 1 },
    { LSC_CLIENT_ERROR_HELPER_LOST, 1 },
  };
  g_autoptr (GError) foreign = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOSPC, "full");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = lsc_trouble_new (cases[i].code, "x");

      g_assert_cmpint (lsc_trouble_get_exit_status (error), ==, cases[i].status);
    }
  g_assert_cmpint (lsc_trouble_get_exit_status (foreign), ==, 1);
}

enum
{
  BTF = 1 << 0,
  TRACER = 1 << 1,
  ROOT = 1 << 2,
  MAY = 1 << 3,
  BUS = 1 << 4,
  POLKIT = 1 << 5,
  SERVICE = 1 << 6,
  PKEXEC = 1 << 7,
  USER_NAMESPACE = 1 << 8,
  PID_NAMESPACE = 1 << 9,
  GOOD = BTF | TRACER,
  GOOD_ROOT = GOOD | ROOT | MAY,
  GOOD_BUS = GOOD | BUS | POLKIT,
};

typedef struct
{
  const char *what;
  const char *release;
  int flags;
  gboolean asked_bus;
  int code; /* -1: it can */
} Machine;

static const Machine machines[] = {
  { "root", "6.1.0", GOOD_ROOT, TRUE, -1 },
  { "two capabilities", "6.1.0", GOOD | MAY, TRUE, -1 },
  { "a user, before the bus was asked", "6.1.0", GOOD, FALSE, -1 },
  { "a user with the service", "6.1.0", GOOD_BUS | SERVICE, TRUE, -1 },
  { "a user with pkexec", "6.1.0", GOOD_BUS | PKEXEC, TRUE, -1 },
  { "5.15 is new enough", "5.15.0-generic", GOOD_ROOT, TRUE, -1 },
  { "an odd release is the helper's to judge", "x", GOOD_ROOT, TRUE, -1 },
  { "5.14", "5.14.21", GOOD_ROOT, TRUE, LSC_CLIENT_ERROR_OLD_KERNEL },
  { "4.19", "4.19.0-26", GOOD_ROOT, FALSE, LSC_CLIENT_ERROR_OLD_KERNEL },
  { "no BTF", "6.1.0", GOOD_ROOT & ~BTF, FALSE, LSC_CLIENT_ERROR_NO_BTF },
  { "a user namespace", "6.1.0", GOOD_ROOT | USER_NAMESPACE, FALSE, LSC_CLIENT_ERROR_CONTAINER },
  { "a pid namespace", "6.1.0", GOOD_ROOT | PID_NAMESPACE, FALSE, LSC_CLIENT_ERROR_CONTAINER },
  { "root without rights", "6.1.0", GOOD | ROOT, FALSE, LSC_CLIENT_ERROR_NO_CAPABILITY },
  { "no tracer", "6.1.0", GOOD_ROOT & ~TRACER, FALSE, LSC_CLIENT_ERROR_NO_TRACER },
  { "no bus", "6.1.0", GOOD | PKEXEC, TRUE, LSC_CLIENT_ERROR_NO_BUS },
  { "no polkit", "6.1.0", GOOD | BUS | SERVICE, TRUE, LSC_CLIENT_ERROR_NO_POLKIT },
  { "neither service nor pkexec", "6.1.0", GOOD_BUS, TRUE, LSC_CLIENT_ERROR_NO_WAY },
  { "pkexec with nothing to run", "6.1.0", (GOOD_BUS | PKEXEC) & ~TRACER, TRUE,
    LSC_CLIENT_ERROR_NO_TRACER },
};

static LscCapability
make_facts (const Machine *machine)
{
  const int flags = machine->flags;
  LscCapability facts = {
    .has_btf = (flags & BTF) != 0,
    .has_tracer = (flags & TRACER) != 0,
    .is_root = (flags & ROOT) != 0,
    .may_trace = (flags & MAY) != 0,
    .has_bus = (flags & BUS) != 0,
    .has_polkit = (flags & POLKIT) != 0,
    .has_service = (flags & SERVICE) != 0,
    .has_pkexec = (flags & PKEXEC) != 0,
    .user_namespace = (flags & USER_NAMESPACE) != 0,
    .pid_namespace = (flags & PID_NAMESPACE) != 0,
  };

  g_strlcpy (facts.release, machine->release, sizeof facts.release);
  return facts;
}

static void
test_each_machine_gets_its_reason (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (machines); i++)
    {
      const Machine *machine = &machines[i];
      LscCapability facts = make_facts (machine);
      g_autoptr (GError) error = NULL;
      gboolean can = lsc_capability_judge (&facts, machine->asked_bus, &error);

      g_test_message ("%s", machine->what);
      g_assert_true (can == (machine->code < 0));
      if (machine->code < 0)
        g_assert_no_error (error);
      else
        g_assert_error (error, LSC_CLIENT_ERROR, machine->code);
    }
}

static void
test_pkexec_says_why (void)
{
  static const struct
  {
    int status;
    const char *said;
    int code;
  } cases[] = {
    { 126, "Error executing command as another user: Request dismissed\n",
      LSC_CLIENT_ERROR_DISMISSED },
    { 127, "Error executing command as another user: Request dismissed\n",
      LSC_CLIENT_ERROR_DISMISSED },
    { 127, "Error executing command as another user: Not authorized\n\nThis incident ...\n",
      LSC_CLIENT_ERROR_DENIED },
    { 127, "Error executing command as another user: No authentication agent found.\n",
      LSC_CLIENT_ERROR_NO_AGENT },
    { 127, "Error getting authority: Error initializing authority: ...\n",
      LSC_CLIENT_ERROR_NO_POLKIT },
    { 127, NULL, LSC_CLIENT_ERROR_DENIED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = lsc_tracer_process_explain_pkexec (cases[i].status, cases[i].said);

      g_assert_error (error, LSC_CLIENT_ERROR, cases[i].code);
    }
}

static void
test_bus_answers_become_sentences (void)
{
  static const struct
  {
    const char *name;
    const char *message;
    int code;
  } cases[] = {
    { "org.freedesktop.DBus.Error.AccessDenied", "Not allowed.", LSC_CLIENT_ERROR_DENIED },
    { "org.freedesktop.DBus.Error.AccessDenied", LSC_DOOR_DISMISSED " ...",
      LSC_CLIENT_ERROR_DISMISSED },
    { "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired", "",
      LSC_CLIENT_ERROR_NO_AGENT },
    { "org.freedesktop.DBus.Error.AuthFailed", "", LSC_CLIENT_ERROR_NO_POLKIT },
    { "org.freedesktop.DBus.Error.Timeout", "", LSC_CLIENT_ERROR_AUTHORISATION_TIMEOUT },
    { "org.freedesktop.DBus.Error.LimitsExceeded", "", LSC_CLIENT_ERROR_LIMIT },
    { "org.freedesktop.DBus.Error.UnknownMethod", "", LSC_CLIENT_ERROR_PROTOCOL },
    { "org.lanescope.Tracer1.Error.NotYours", "", LSC_CLIENT_ERROR_SOMEBODY_ELSES },
    { "org.lanescope.Tracer1.Error.TargetGone", "", LSC_CLIENT_ERROR_TARGET_ENDED },
    { "org.freedesktop.DBus.Error.Spawn.ChildExited", "it died", LSC_CLIENT_ERROR_HELPER_FAILED },
    { "org.example.Whatever", "%s%n", LSC_CLIENT_ERROR_HELPER_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) answer = g_dbus_error_new_for_dbus_error (cases[i].name, cases[i].message);
      g_autoptr (GError) error = lsc_system_door_explain (answer);

      g_test_message ("%s", cases[i].name);
      g_assert_error (error, LSC_CLIENT_ERROR, cases[i].code);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trouble/sentences", test_every_code_has_one_clear_sentence);
  g_test_add_func ("/trouble/details", test_details_are_one_harmless_line);
  g_test_add_func ("/trouble/exit-status", test_exit_statuses);
  g_test_add_func ("/trouble/capability", test_each_machine_gets_its_reason);
  g_test_add_func ("/trouble/pkexec", test_pkexec_says_why);
  g_test_add_func ("/trouble/bus", test_bus_answers_become_sentences);
  return g_test_run ();
}
