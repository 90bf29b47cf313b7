/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helper/door-session.h"

#include "helper/door-request.h"
#include "helper/door-worker.h"

#include <sys/wait.h>
#include <unistd.h>

#define ERROR_PREFIX "org.freedesktop.DBus.Error."
#define OWN_ERROR_PREFIX "org.lanescope.Tracer1.Error."

/* A bus that ends lets go of its clients one after the other: so long it may take until we notice
 * that it was not the client who left. */
#define BUS_ENDS_MS 200

#define BUS_NAME "org.freedesktop.DBus"
#define BUS_PATH "/org/freedesktop/DBus"

struct _LscDoorSession
{
  const LscDoorSurroundings *around;
  GDBusMethodInvocation *invocation; /* NULL once answered */
  char *sender;
  guint sender_watch;
  guint vanished_timer;
  GCancellable *cancellable; /* of calls to the bus */
  LscDoorRequest request;
  uint32_t uid;
  guint place;         /* in the limits, or 0 */
  LscDoorCheck *check; /* while polkit is asked */
  LscDoorWorker *worker;
  gint64 started_us;
  guint over_source;
  void (*over) (LscDoorSession *self, gpointer user_data);
  gpointer user_data;
};

static void
session_free (LscDoorSession *self)
{
  lsc_door_request_clear (&self->request);
  g_object_unref (self->cancellable);
  g_free (self->sender);
  g_free (self);
}

static gboolean
over_cb (gpointer user_data)
{
  LscDoorSession *self = user_data;

  self->over (self, self->user_data);
  session_free (self);
  return G_SOURCE_REMOVE;
}

/* Its place is free at once: who was refused may ask again as soon as it hears that. */
static void
finish (LscDoorSession *self)
{
  if (self->over_source != 0)
    return;
  lsc_door_limits_release (self->around->limits, self->place);
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->sender_watch, g_bus_unwatch_name);
  g_clear_handle_id (&self->vanished_timer, g_source_remove);
  if (self->check != NULL)
    lsc_door_authority_cancel (g_steal_pointer (&self->check));
  self->over_source = g_idle_add (over_cb, self);
}

/* One line each: who, what, and what became of it. No names, no ids of others. */
static void
log_result (const LscDoorSession *self, const char *result)
{
  gboolean known = self->request.scope != 0;

  g_printerr ("lanescope-traced: open: uid=%u scope=%s action=%s targets=%u result=%s\n", self->uid,
              known ? lsc_door_request_get_scope_name (&self->request) : "-",
              known ? lsc_door_request_get_action (&self->request) : "-", self->request.n_pidfds,
              result);
}

static void
refuse (LscDoorSession *self, const char *name, const char *message)
{
  GDBusMethodInvocation *invocation = g_steal_pointer (&self->invocation);

  if (invocation == NULL)
    return;
  log_result (self, name);
  finish (self);
  g_dbus_method_invocation_return_dbus_error (invocation, name, message);
}

/* --- running -----------------------------------------------------------------------------------
 */

static void
worker_ended_cb (int status, gpointer user_data)
{
  LscDoorSession *self = user_data;
  double seconds = (double) (g_get_monotonic_time () - self->started_us) / G_USEC_PER_SEC;

  self->worker = NULL;
  g_printerr ("lanescope-traced: end: uid=%u scope=%s seconds=%.1f %s=%d\n", self->uid,
              lsc_door_request_get_scope_name (&self->request), seconds,
              WIFEXITED (status) ? "status" : "signal",
              WIFEXITED (status) ? WEXITSTATUS (status) : WTERMSIG (status));
  finish (self);
}

static void
hand_over (LscDoorSession *self, int fd)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new_from_array (&fd, 1); /* takes fd */
  GVariantBuilder info;

  g_variant_builder_init (&info, G_VARIANT_TYPE ("a{sv}"));
  g_variant_builder_add (&info, "{sv}", "scope",
                         g_variant_new_string (lsc_door_request_get_scope_name (&self->request)));
  g_variant_builder_add (&info, "{sv}", "uid", g_variant_new_uint32 (self->uid));
  g_dbus_method_invocation_return_value_with_unix_fd_list (
      g_steal_pointer (&self->invocation), g_variant_new ("(ha{sv})", 0, &info), fds);
}

static void
start_worker (LscDoorSession *self)
{
  const LscDoorWorkerOptions options = { .program = self->around->tracer,
                                         .scope = lsc_door_request_get_scope_name (&self->request),
                                         .uid = self->uid,
                                         .pidfds = self->request.pidfds,
                                         .n_pidfds = self->request.n_pidfds };
  g_autoptr (GError) error = NULL;
  int fd;

  self->worker = lsc_door_worker_new (&options, worker_ended_cb, self, &fd, &error);
  if (self->worker == NULL)
    {
      refuse (self, ERROR_PREFIX "SpawnFailed", error->message);
      return;
    }
  self->started_us = g_get_monotonic_time ();
  lsc_door_limits_set_running (self->around->limits, self->place);
  log_result (self, "started");
  g_printerr ("lanescope-traced: worker: lanescope-tracer --scope=%s --uid=%u\n", options.scope,
              options.uid);
  hand_over (self, fd);
  /* The worker has its own copies. */
  for (guint i = 0; i < self->request.n_pidfds; i++)
    close (self->request.pidfds[i]);
  self->request.n_pidfds = 0;
}

/* --- deciding ----------------------------------------------------------------------------------
 */

static void
still_there_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LscDoorSession *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (reply == NULL)
    refuse (self, ERROR_PREFIX "NameHasNoOwner", "The caller has left the bus.");
  else if (lsc_door_request_check_targets (&self->request, self->uid) != LSC_TARGETS_FINE)
    refuse (self, OWN_ERROR_PREFIX "TargetGone",
            "The processes ended or changed while permission was asked for.");
  else
    start_worker (self);
}

static void
decided_cb (LscVerdict verdict, gpointer user_data)
{
  LscDoorSession *self = user_data;

  self->check = NULL;
  switch (verdict)
    {
    case LSC_VERDICT_YES:
      g_dbus_connection_call (self->around->bus, BUS_NAME, BUS_PATH, BUS_NAME, "GetNameOwner",
                              g_variant_new ("(s)", self->sender), G_VARIANT_TYPE ("(s)"),
                              G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable, still_there_cb, self);
      return;
    case LSC_VERDICT_DISMISSED:
      refuse (self, ERROR_PREFIX "AccessDenied", "Dismissed: the password question was closed.");
      return;
    case LSC_VERDICT_CHALLENGE:
      refuse (self, ERROR_PREFIX "InteractiveAuthorizationRequired",
              "Somebody has to be asked for permission, and nobody could be.");
      return;
    case LSC_VERDICT_NO_POLKIT:
      refuse (self, ERROR_PREFIX "AuthFailed", "polkit, which decides who may trace, is missing.");
      return;
    case LSC_VERDICT_TIMEOUT:
      refuse (self, ERROR_PREFIX "Timeout", "Nobody decided in time whether this is allowed.");
      return;
    case LSC_VERDICT_NO:
    case LSC_VERDICT_CANCELLED:
    default:
      refuse (self, ERROR_PREFIX "AccessDenied", "Not allowed.");
      return;
    }
}

static void
ask (LscDoorSession *self)
{
  GDBusMessage *message = g_dbus_method_invocation_get_message (self->invocation);
  gboolean interactive =
      (g_dbus_message_get_flags (message) & G_DBUS_MESSAGE_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION)
      != 0;

  const LscDoorQuestion question = {
    .sender = self->sender,
    .action = lsc_door_request_get_action (&self->request),
    .interactive = interactive,
    .deadline_s = interactive ? self->around->interactive_deadline_s : self->around->deadline_s,
  };

  self->check = lsc_door_authority_check (self->around->authority, &question, decided_cb, self);
}

static void
consider (LscDoorSession *self)
{
  const char *reason;

  self->place = lsc_door_limits_admit (self->around->limits, self->sender, self->uid,
                                       g_get_monotonic_time (), &reason);
  if (self->place == 0)
    {
      refuse (self, ERROR_PREFIX "LimitsExceeded", reason);
      return;
    }
  switch (lsc_door_request_check_targets (&self->request, self->uid))
    {
    case LSC_TARGETS_FINE:
      ask (self);
      return;
    case LSC_TARGETS_GONE:
      refuse (self, OWN_ERROR_PREFIX "TargetGone", "The chosen processes have ended.");
      return;
    case LSC_TARGETS_NOT_YOURS:
    default:
      refuse (self, OWN_ERROR_PREFIX "NotYours",
              "A chosen process belongs to another user or is protected.");
      return;
    }
}

static void
credentials_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LscDoorSession *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) values = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (reply != NULL)
    values = g_variant_get_child_value (reply, 0);
  /* No answer is a refusal, never a 0. */
  if (values == NULL || !g_variant_lookup (values, "UnixUserID", "u", &self->uid))
    {
      self->uid = G_MAXUINT32;
      refuse (self, ERROR_PREFIX "AccessDenied", "It is not known who asks.");
    }
  else
    consider (self);
}

static gboolean
vanished_cb (gpointer user_data)
{
  LscDoorSession *self = user_data;

  self->vanished_timer = 0;
  /* When the bus itself goes, nobody has left: a running session goes on. */
  if (self->worker == NULL || !g_dbus_connection_is_closed (self->around->bus))
    lsc_door_session_stop (self);
  return G_SOURCE_REMOVE;
}

static void
sender_vanished_cb (GDBusConnection *bus, const char *name, gpointer user_data)
{
  LscDoorSession *self = user_data;

  if (self->worker == NULL)
    lsc_door_session_stop (self);
  else if (self->vanished_timer == 0)
    self->vanished_timer = g_timeout_add (BUS_ENDS_MS, vanished_cb, self);
}

LscDoorSession *
lsc_door_session_new (const LscDoorSurroundings *surroundings,
                      GDBusMethodInvocation *invocation,
                      void (*over) (LscDoorSession *self, gpointer user_data),
                      gpointer user_data)
{
  LscDoorSession *self = g_new0 (LscDoorSession, 1);
  GDBusMessage *message = g_dbus_method_invocation_get_message (invocation);
  const char *reason;

  self->around = surroundings;
  self->invocation = invocation;
  self->sender = g_strdup (g_dbus_method_invocation_get_sender (invocation));
  self->cancellable = g_cancellable_new ();
  self->uid = G_MAXUINT32;
  self->over = over;
  self->user_data = user_data;
  if (!lsc_door_request_init (&self->request, g_dbus_method_invocation_get_parameters (invocation),
                              g_dbus_message_get_unix_fd_list (message), &reason))
    {
      refuse (self, ERROR_PREFIX "InvalidArgs", reason);
      return self;
    }
  self->sender_watch = g_bus_watch_name_on_connection (surroundings->bus, self->sender,
                                                       G_BUS_NAME_WATCHER_FLAGS_NONE, NULL,
                                                       sender_vanished_cb, self, NULL);
  g_dbus_connection_call (surroundings->bus, BUS_NAME, BUS_PATH, BUS_NAME,
                          "GetConnectionCredentials", g_variant_new ("(s)", self->sender),
                          G_VARIANT_TYPE ("(a{sv})"), G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable,
                          credentials_cb, self);
  return self;
}

void
lsc_door_session_stop (LscDoorSession *self)
{
  if (self->worker != NULL)
    lsc_door_worker_stop (self->worker);
  else
    refuse (self, ERROR_PREFIX "NoReply", "The caller has left, or the service ends.");
}
