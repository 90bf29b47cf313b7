/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/system-door.h"

#include "lib/wire/command.h"

#include <gio/gunixfdlist.h>
#include <string.h>

#define BUS_NAME "org.freedesktop.DBus"
#define BUS_PATH "/org/freedesktop/DBus"
#define POLKIT_NAME "org.freedesktop.PolicyKit1"

/* A bus that does not answer is as good as none. */
#define BUS_TIMEOUT_MS 10000
#define START_TIMEOUT_MS 25000
/* The helper itself gives up after 120 s; its answer should arrive first. */
#define OPEN_TIMEOUT_MS 130000
/* dbus-daemon's max_message_unix_fds on the system bus; it disconnects who sends more. */
#define PIDFDS_MAX 16

static void
call (GDBusConnection *bus,
      const char *method,
      GVariant *arguments,
      int timeout_ms,
      GTask *task,
      GAsyncReadyCallback callback)
{
  g_dbus_connection_call (bus, BUS_NAME, BUS_PATH, BUS_NAME, method, arguments, NULL,
                          G_DBUS_CALL_FLAGS_NONE, timeout_ms, g_task_get_cancellable (task),
                          callback, task);
}

/* Ends the task with the sentence for `error`, which it frees; cancelling stays what it is. */
static void
fail (GTask *task, GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || error->domain == LSC_CLIENT_ERROR)
    g_task_return_error (task, error);
  else
    {
      g_task_return_error (task, lsc_system_door_explain (error));
      g_error_free (error);
    }
  g_object_unref (task);
}

/* --- connecting ------------------------------------------------------------------------------ */

typedef struct
{
  GDBusConnection *bus;
  LscSystemDoorNames names;
} Connecting;

static void
connecting_free (gpointer data)
{
  Connecting *self = data;

  g_clear_object (&self->bus);
  g_free (self);
}

static void
note_names (Connecting *self, GVariant *reply)
{
  g_autofree const char **names = NULL;

  g_variant_get (reply, "(^a&s)", &names);
  self->names.has_service |= g_strv_contains (names, LSC_DOOR_BUS_NAME);
  self->names.has_polkit |= g_strv_contains (names, POLKIT_NAME);
}

static void
owned_names_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Connecting *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL || !g_variant_is_of_type (reply, G_VARIANT_TYPE ("(as)")))
    {
      g_clear_error (&error);
      fail (task, lsc_trouble_new (LSC_CLIENT_ERROR_NO_BUS, NULL));
      return;
    }
  note_names (self, reply);
  g_task_return_pointer (task, g_object_ref (self->bus), g_object_unref);
  g_object_unref (task);
}

static void
activatable_names_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  /* What cannot be activated may still be running. */
  if (reply != NULL && g_variant_is_of_type (reply, G_VARIANT_TYPE ("(as)")))
    note_names (g_task_get_task_data (task), reply);
  call (G_DBUS_CONNECTION (source), "ListNames", NULL, BUS_TIMEOUT_MS, task, owned_names_cb);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Connecting *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  self->bus = g_dbus_connection_new_for_address_finish (result, &error);
  if (self->bus == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        fail (task, g_steal_pointer (&error));
      else
        fail (task, lsc_trouble_new (LSC_CLIENT_ERROR_NO_BUS, NULL));
      return;
    }
  call (self->bus, "ListActivatableNames", NULL, BUS_TIMEOUT_MS, task, activatable_names_cb);
}

void
lsc_system_door_connect_async (GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  /* For the system bus this only reads the environment. */
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);

  g_task_set_task_data (task, g_new0 (Connecting, 1), connecting_free);
  if (address == NULL)
    {
      fail (task, lsc_trouble_new (LSC_CLIENT_ERROR_NO_BUS, NULL));
      return;
    }
  g_dbus_connection_new_for_address (address,
                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                         | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                     NULL, cancellable, connected_cb, task);
}

GDBusConnection *
lsc_system_door_connect_finish (GAsyncResult *result, LscSystemDoorNames *out_names, GError **error)
{
  const Connecting *self = g_task_get_task_data (G_TASK (result));
  GDBusConnection *bus = g_task_propagate_pointer (G_TASK (result), error);

  if (bus != NULL)
    *out_names = self->names;
  return bus;
}

/* --- opening --------------------------------------------------------------------------------- */

typedef struct
{
  GDBusConnection *bus;
  LscScope scope;
  GUnixFDList *pidfds;
  char *owner; /* the helper's unique name */
  gboolean started_again;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *self = data;

  g_clear_object (&self->bus);
  g_clear_object (&self->pidfds);
  g_free (self->owner);
  g_free (self);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_with_unix_fd_list_finish (
      G_DBUS_CONNECTION (source), &fds, result, &error);
  int fd = -1;

  if (reply == NULL)
    {
      fail (task, error);
      return;
    }
  if (fds != NULL)
    {
      gint32 handle;

      g_variant_get (reply, "(h@a{sv})", &handle, NULL);
      fd = g_unix_fd_list_get (fds, handle, NULL); /* a copy, close-on-exec; checks the index */
    }
  if (fd < 0)
    {
      fail (task, lsc_trouble_new (LSC_CLIENT_ERROR_PROTOCOL, NULL));
      return;
    }
  g_task_return_int (task, fd);
  g_object_unref (task);
}

static GVariant *
make_open_arguments (const Opening *self)
{
  GVariantBuilder options;
  GVariantBuilder handles;
  int n = self->pidfds != NULL ? g_unix_fd_list_get_length (self->pidfds) : 0;

  g_variant_builder_init (&options, G_VARIANT_TYPE ("a{sv}"));
  g_variant_builder_add (&options, "{sv}", "scope",
                         g_variant_new_string (self->scope == LSC_SCOPE_OWN ? "own" : "any"));
  g_variant_builder_init (&handles, G_VARIANT_TYPE ("ah"));
  for (int i = 0; i < n; i++)
    g_variant_builder_add (&handles, "h", i);
  return g_variant_new ("(a{sv}ah)", &options, &handles);
}

static void start_service (GTask *task);

/* A service that had nothing to do may leave just when it is called: once is bad luck. Access is
 * denied by the bus then, as what it was allowed to receive came with its name. */
static gboolean
start_again (GTask *task, GError *error)
{
  Opening *self = g_task_get_task_data (task);

  if (self->started_again
      || !(g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN)
           || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER)
           || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED)
           || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY)))
    return FALSE;
  g_error_free (error);
  self->started_again = TRUE;
  g_clear_pointer (&self->owner, g_free);
  start_service (task);
  return TRUE;
}

/* The reply to a step; NULL: the task has failed, or begins again. */
static GVariant *
take_reply (GTask *task, GDBusConnection *bus, GAsyncResult *result)
{
  GError *error = NULL;
  GVariant *reply = g_dbus_connection_call_finish (bus, result, &error);

  if (reply == NULL && !start_again (task, error))
    fail (task, error);
  return reply;
}

static void
hello_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Opening *self = g_task_get_task_data (task);
  g_autoptr (GVariant) reply = take_reply (task, G_DBUS_CONNECTION (source), result);
  guint32 protocol;

  if (reply == NULL)
    return;
  g_variant_get (reply, "(us@as)", &protocol, NULL, NULL);
  if (protocol != LSC_COMMAND_VERSION)
    {
      fail (task, lsc_trouble_new (LSC_CLIENT_ERROR_PROTOCOL, NULL));
      return;
    }
  g_dbus_connection_call_with_unix_fd_list (
      self->bus, self->owner, LSC_DOOR_OBJECT_PATH, LSC_DOOR_INTERFACE, "Open",
      make_open_arguments (self), G_VARIANT_TYPE ("(ha{sv})"),
      G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION, OPEN_TIMEOUT_MS, self->pidfds,
      g_task_get_cancellable (task), opened_cb, task);
}

static void
owner_uid_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Opening *self = g_task_get_task_data (task);
  g_autoptr (GVariant) reply = take_reply (task, G_DBUS_CONNECTION (source), result);
  guint32 uid = G_MAXUINT32;

  if (reply == NULL)
    return;
  if (g_variant_is_of_type (reply, G_VARIANT_TYPE ("(u)")))
    g_variant_get (reply, "(u)", &uid);
  if (uid != 0)
    {
      fail (task, lsc_trouble_new (LSC_CLIENT_ERROR_UNTRUSTED_HELPER, NULL));
      return;
    }
  g_dbus_connection_call (self->bus, self->owner, LSC_DOOR_OBJECT_PATH, LSC_DOOR_INTERFACE, "Hello",
                          NULL, G_VARIANT_TYPE ("(usas)"), G_DBUS_CALL_FLAGS_NONE, BUS_TIMEOUT_MS,
                          g_task_get_cancellable (task), hello_cb, task);
}

static void
owner_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Opening *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL || !g_variant_is_of_type (reply, G_VARIANT_TYPE ("(s)")))
    {
      if (error == NULL)
        error = lsc_trouble_new (LSC_CLIENT_ERROR_NO_BUS, NULL);
      if (!start_again (task, error))
        fail (task, error);
      return;
    }
  g_variant_get (reply, "(s)", &self->owner);
  call (self->bus, "GetConnectionUnixUser", g_variant_new ("(s)", self->owner), BUS_TIMEOUT_MS,
        task, owner_uid_cb);
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Opening *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  /* One that runs but could not be started by the bus is welcome: its owner is looked for next. */
  if (reply == NULL && !g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN))
    {
      fail (task, error);
      return;
    }
  g_clear_error (&error);
  call (self->bus, "GetNameOwner", g_variant_new ("(s)", LSC_DOOR_BUS_NAME), BUS_TIMEOUT_MS, task,
        owner_cb);
}

static void
start_service (GTask *task)
{
  Opening *self = g_task_get_task_data (task);

  call (self->bus, "StartServiceByName", g_variant_new ("(su)", LSC_DOOR_BUS_NAME, 0),
        START_TIMEOUT_MS, task, started_cb);
}

void
lsc_system_door_open_async (GDBusConnection *bus,
                            const LscDoorsRequest *request,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Opening *self = g_new0 (Opening, 1);

  self->bus = g_object_ref (bus);
  self->scope = request->scope;
  /* With more, the start times in the start command alone keep an id that is used again apart. */
  if (request->pidfds != NULL && g_unix_fd_list_get_length (request->pidfds) <= PIDFDS_MAX)
    self->pidfds = g_object_ref (request->pidfds);
  g_task_set_task_data (task, self, opening_free);
  start_service (task);
}

int
lsc_system_door_open_finish (GAsyncResult *result, GError **error)
{
  return (int) g_task_propagate_int (G_TASK (result), error);
}

/* --- words ----------------------------------------------------------------------------------- */

GError *
lsc_system_door_explain (const GError *answer)
{
  static const struct
  {
    const char *name;
    LscClientError code;
  } names[] = {
    { "org.freedesktop.DBus.Error.AccessDenied", LSC_CLIENT_ERROR_DENIED },
    { "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired", LSC_CLIENT_ERROR_NO_AGENT },
    { "org.freedesktop.DBus.Error.AuthFailed", LSC_CLIENT_ERROR_NO_POLKIT },
    { "org.freedesktop.DBus.Error.Timeout", LSC_CLIENT_ERROR_AUTHORISATION_TIMEOUT },
    { "org.freedesktop.DBus.Error.LimitsExceeded", LSC_CLIENT_ERROR_LIMIT },
    { "org.freedesktop.DBus.Error.InvalidArgs", LSC_CLIENT_ERROR_PROTOCOL },
    { "org.freedesktop.DBus.Error.UnknownMethod", LSC_CLIENT_ERROR_PROTOCOL },
    { "org.freedesktop.DBus.Error.UnknownObject", LSC_CLIENT_ERROR_PROTOCOL },
    { "org.freedesktop.DBus.Error.UnknownInterface", LSC_CLIENT_ERROR_PROTOCOL },
    { "org.lanescope.Tracer1.Error.NotYours", LSC_CLIENT_ERROR_SOMEBODY_ELSES },
    { "org.lanescope.Tracer1.Error.TargetGone", LSC_CLIENT_ERROR_TARGET_ENDED },
  };
  g_autofree char *name = g_dbus_error_get_remote_error (answer);
  g_autoptr (GError) plain = g_error_copy (answer);

  g_dbus_error_strip_remote_error (plain);
  if (name != NULL && g_str_has_prefix (plain->message, LSC_DOOR_DISMISSED))
    return lsc_trouble_new (LSC_CLIENT_ERROR_DISMISSED, NULL);
  for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (names); i++)
    if (strcmp (name, names[i].name) == 0)
      return lsc_trouble_new (names[i].code, NULL);
  /* Our own answer that did not match its signature, or our own deadline. */
  if (name == NULL && answer->domain == G_IO_ERROR && answer->code == G_IO_ERROR_INVALID_ARGUMENT)
    return lsc_trouble_new (LSC_CLIENT_ERROR_PROTOCOL, NULL);
  if (name == NULL && g_error_matches (answer, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return lsc_trouble_new (LSC_CLIENT_ERROR_AUTHORISATION_TIMEOUT, NULL);
  if (name == NULL && g_error_matches (answer, G_IO_ERROR, G_IO_ERROR_CLOSED))
    return lsc_trouble_new (LSC_CLIENT_ERROR_NO_BUS, NULL);
  return lsc_trouble_new (LSC_CLIENT_ERROR_HELPER_FAILED, plain->message);
}
