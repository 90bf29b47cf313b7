/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/trouble.h"

#include "lsc-config.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/wait.h>

typedef struct
{
  LscTroubleKind kind;
  const char *text; /* at most one %s */
} Trouble;

/* What happened, why, what to do. README's troubleshooting quotes these. */
static const Trouble troubles[LSC_N_CLIENT_ERRORS] = {
  [LSC_CLIENT_ERROR_NOT_A_NUMBER] = { LSC_TROUBLE_REQUEST,
                                      N_ ("\342\200\234%s\342\200\235 is no process id: give a "
                                          "whole number above 0, "
                                          "as in the PID column of ps.") },
  [LSC_CLIENT_ERROR_NO_SUCH_PROCESS] = { LSC_TROUBLE_REQUEST,
                                         N_ ("There is no process %s: it may have ended; choose "
                                             "one that is running.") },
  [LSC_CLIENT_ERROR_TARGET_ENDED] = { LSC_TROUBLE_REQUEST,
                                      N_ ("Nothing was recorded, because every chosen process "
                                          "ended before tracing began: choose "
                                          "one that is running, or have Lanescope run the program "
                                          "itself.") },
  [LSC_CLIENT_ERROR_SOMEBODY_ELSES] = { LSC_TROUBLE_PERMISSION,
                                        N_ ("Process %s belongs to another user or is protected, "
                                            "and tracing it was not allowed: "
                                            "give an administrator's password when asked, or "
                                            "choose a process of your own.") },
  [LSC_CLIENT_ERROR_TOO_MANY_TARGETS] = { LSC_TROUBLE_REQUEST,
                                          N_ ("Too many processes are chosen for one capture: "
                                              "choose at most %s, or trace a parent "
                                              "process with its children.") },
  [LSC_CLIENT_ERROR_NO_PROGRAM] = { LSC_TROUBLE_REQUEST,
                                    N_ ("There is no program \342\200\234%s\342\200\235: check its "
                                        "spelling, or give "
                                        "its full path.") },
  [LSC_CLIENT_ERROR_NOT_EXECUTABLE] = { LSC_TROUBLE_REQUEST,
                                        N_ ("\342\200\234%s\342\200\235 cannot be run, because it "
                                            "is not an executable "
                                            "program of yours: choose another "
                                            "file, or make it executable with chmod +x.") },
  [LSC_CLIENT_ERROR_NO_FOLDER] = { LSC_TROUBLE_REQUEST, N_ ("The program was not started, because "
                                                            "the folder \342\200\234%s\342\200\235 "
                                                            "cannot be entered: choose "
                                                            "another folder to run it in.") },
  [LSC_CLIENT_ERROR_RUN_FAILED] = { LSC_TROUBLE_REQUEST,
                                    N_ ("The program could not be started, because the system "
                                        "refused it (%s): free some "
                                        "resources or check the program, and try again.") },
  [LSC_CLIENT_ERROR_DISMISSED] = { LSC_TROUBLE_PERMISSION,
                                   N_ ("Nothing was recorded, because the password question was "
                                       "dismissed: start again and "
                                       "answer it.") },
  [LSC_CLIENT_ERROR_DENIED] = { LSC_TROUBLE_PERMISSION,
                                N_ ("Tracing was not allowed, because the password was wrong or "
                                    "this computer's rules forbid "
                                    "it: try again, or ask the administrator.") },
  [LSC_CLIENT_ERROR_NO_AGENT] = { LSC_TROUBLE_PERMISSION,
                                  N_ ("Tracing needs a password, but nothing in this session can "
                                      "ask for one: start Lanescope "
                                      "from a desktop session or with sudo, or run "
                                      "\342\200\234pkttyagent "
                                      "--process PID\342\200\235 beside it.") },
  [LSC_CLIENT_ERROR_NO_POLKIT] = { LSC_TROUBLE_PERMISSION,
                                   N_ ("Nobody could be asked whether you may trace, because the "
                                       "authorisation service (polkit) "
                                       "does not answer: install or start polkit, or start "
                                       "Lanescope as root.") },
  [LSC_CLIENT_ERROR_AUTHORISATION_TIMEOUT] = { LSC_TROUBLE_PERMISSION,
                                               N_ ("Nothing was recorded, because permission to "
                                                   "trace was neither given nor refused in "
                                                   "time: start again and answer the password "
                                                   "question.") },
  [LSC_CLIENT_ERROR_NO_BUS] = { LSC_TROUBLE_PERMISSION,
                                N_ ("The helper that traces could not be reached, because the "
                                    "system bus (D-Bus) is not "
                                    "running or refused the connection: start dbus, or start "
                                    "Lanescope as root.") },
  [LSC_CLIENT_ERROR_NO_WAY] = { LSC_TROUBLE_PERMISSION,
                                N_ ("Tracing needs more rights than yours, and there is no way to "
                                    "ask for them, because "
                                    "neither Lanescope's system service nor pkexec is installed: "
                                    "install polkit's pkexec, or "
                                    "start Lanescope as root.") },
  [LSC_CLIENT_ERROR_NO_TRACER] = { LSC_TROUBLE_MACHINE,
                                   N_ ("The helper program %s cannot be run, because it is missing "
                                       "or not executable: install "
                                       "Lanescope again, or build it first.") },
  [LSC_CLIENT_ERROR_UNTRUSTED_HELPER] = { LSC_TROUBLE_PERMISSION,
                                          N_ ("Lanescope did not talk to the helper, because the "
                                              "program that answers in its name does "
                                              "not belong to root: remove that program, and "
                                              "install Lanescope again.") },
  [LSC_CLIENT_ERROR_LIMIT] = { LSC_TROUBLE_PERMISSION,
                               N_ ("The helper refused another capture, because too many are "
                                   "running or being asked for: "
                                   "stop one of them, or wait a minute, and try again.") },
  [LSC_CLIENT_ERROR_PROTOCOL] = { LSC_TROUBLE_CAPTURE,
                                  N_ ("Lanescope and its helper do not understand each other, "
                                      "because one of them was updated: "
                                      "please restart Lanescope; if that does not help, install "
                                      "both from the same version.") },
  [LSC_CLIENT_ERROR_CANCELLED] = { LSC_TROUBLE_REQUEST,
                                   N_ ("Nothing was recorded, because the capture was stopped "
                                       "before it began: start again when "
                                       "you like.") },
  [LSC_CLIENT_ERROR_NO_BTF] = { LSC_TROUBLE_MACHINE,
                                N_ ("This machine cannot trace, because its kernel does not "
                                    "describe its types "
                                    "(/sys/kernel/btf/vmlinux is missing): use a kernel built with "
                                    "CONFIG_DEBUG_INFO_BTF, as "
                                    "all large distributions ship.") },
  [LSC_CLIENT_ERROR_OLD_KERNEL] = { LSC_TROUBLE_MACHINE,
                                    N_ ("This machine cannot trace, because its kernel %s is too "
                                        "old: Lanescope needs Linux 5.15 "
                                        "or newer.") },
  [LSC_CLIENT_ERROR_LOCKDOWN] = { LSC_TROUBLE_MACHINE,
                                  N_ ("This machine cannot trace, because its kernel is locked "
                                      "down (confidentiality): start "
                                      "it without lockdown=confidentiality.") },
  [LSC_CLIENT_ERROR_CONTAINER] = { LSC_TROUBLE_MACHINE,
                                   N_ ("Lanescope cannot trace from here, because it runs inside a "
                                       "container that the kernel "
                                       "does not let trace: start it outside the container, where "
                                       "the container's processes "
                                       "can be chosen too.") },
  [LSC_CLIENT_ERROR_NO_CAPABILITY] = { LSC_TROUBLE_MACHINE,
                                       N_ ("The helper may not trace, because it has neither "
                                           "CAP_BPF and CAP_PERFMON nor all of "
                                           "root's rights (a container or a service manager may "
                                           "have taken them): start it with "
                                           "these capabilities.") },
  [LSC_CLIENT_ERROR_NO_MEMORY] = { LSC_TROUBLE_CAPTURE,
                                   N_ ("Tracing could not start, because there was not enough "
                                       "memory or a limit was too low: "
                                       "close some programs, or raise the limit (ulimit -v, ulimit "
                                       "-n), and try again.") },
  [LSC_CLIENT_ERROR_KERNEL_REFUSED] = { LSC_TROUBLE_MACHINE,
                                        N_ ("This machine cannot trace, because the kernel refused "
                                            "Lanescope's tracing programs (%s): "
                                            "please report this with the kernel's version.") },
  [LSC_CLIENT_ERROR_HELPER_LOST] = { LSC_TROUBLE_CAPTURE,
                                     N_ ("The capture broke off, because the helper ended "
                                         "unexpectedly: everything up to that "
                                         "moment is kept; save it, or start again.") },
  [LSC_CLIENT_ERROR_HELPER_STOPPED] = { LSC_TROUBLE_CAPTURE,
                                        N_ ("The capture ended early, because somebody else ended "
                                            "the helper: everything up to that "
                                            "moment is kept; save it, or start again.") },
  [LSC_CLIENT_ERROR_HELPER_FAILED] = { LSC_TROUBLE_CAPTURE,
                                       N_ ("The helper could not go on (%s): everything up to that "
                                           "moment is kept; save it, or "
                                           "start again.") },
  [LSC_CLIENT_ERROR_BAD_STREAM] = { LSC_TROUBLE_CAPTURE,
                                    N_ ("The capture broke off, because the helper sent something "
                                        "that is no event: everything "
                                        "before it is kept; please report this, and start "
                                        "again.") },
  [LSC_CLIENT_ERROR_NEWER_STREAM] = { LSC_TROUBLE_CAPTURE,
                                      N_ ("The helper is newer than this program and speaks a "
                                          "language it does not know: please "
                                          "restart Lanescope; if that does not help, install both "
                                          "from the same version.") },
};

G_DEFINE_QUARK (lsc_client_error, lsc_client_error)

static const Trouble *
find_trouble (LscClientError code)
{
  g_return_val_if_fail ((guint) code < LSC_N_CLIENT_ERRORS, &troubles[0]);
  return &troubles[code];
}

LscTroubleKind
lsc_trouble_get_kind (LscClientError code)
{
  return find_trouble (code)->kind;
}

const char *
lsc_trouble_get_text (LscClientError code)
{
  return find_trouble (code)->text;
}

/* Details come from file names, process tables and other programs' output: one line, valid, short.
 */
static char *
clean_detail (const char *detail)
{
  g_autofree char *valid = g_utf8_make_valid (detail != NULL ? detail : "?", -1);
  GString *clean = g_string_new (NULL);

  g_strstrip (valid);
  for (const char *p = valid; *p != '\0' && clean->len < 300; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (clean, g_unichar_iscntrl (c) ? ' ' : c);
    }
  return g_string_free (clean, FALSE);
}

GError *
lsc_trouble_new (LscClientError code, const char *detail)
{
  const char *text = _ (find_trouble (code)->text);
  const char *hole = strstr (text, "%s");
  g_autoptr (GString) message = g_string_new (NULL);

  /* No format strings from translations: the hole is filled by hand. */
  if (hole == NULL)
    return g_error_new_literal (LSC_CLIENT_ERROR, (int) code, text);
  g_string_append_len (message, text, hole - text);
  {
    g_autofree char *clean = clean_detail (detail);

    g_string_append (message, clean);
  }
  g_string_append (message, hole + 2);
  return g_error_new_literal (LSC_CLIENT_ERROR, (int) code, message->str);
}

void
lsc_trouble_set (GError **error, LscClientError code, const char *detail)
{
  if (error != NULL)
    g_propagate_error (error, lsc_trouble_new (code, detail));
}

char *
lsc_trouble_describe_end (const char *name, int wait_status)
{
  g_autofree char *base = g_path_get_basename (name);
  g_autofree char *clean = clean_detail (base);

  if (WIFSIGNALED (wait_status))
    /* Translators: a program, the number of a signal, what the system calls that signal. */
    return g_strdup_printf (_ ("%s was ended by signal %d (%s)."), clean, WTERMSIG (wait_status),
                            strsignal (WTERMSIG (wait_status)));
  if (!WIFEXITED (wait_status) || WEXITSTATUS (wait_status) == 0)
    return NULL;
  return g_strdup_printf (_ ("%s ended with status %d."), clean, WEXITSTATUS (wait_status));
}

int
lsc_trouble_get_exit_status (const GError *error)
{
  if (error->domain != LSC_CLIENT_ERROR)
    return 1;
  if (error->code == LSC_CLIENT_ERROR_NO_PROGRAM)
    return 127;
  if (error->code == LSC_CLIENT_ERROR_NOT_EXECUTABLE)
    return 126;
  switch (lsc_trouble_get_kind ((LscClientError) error->code))
    {
    case LSC_TROUBLE_PERMISSION:
    case LSC_TROUBLE_MACHINE:
      return 77;
    case LSC_TROUBLE_REQUEST:
    case LSC_TROUBLE_CAPTURE:
    default:
      return 1;
    }
}
