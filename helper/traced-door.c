/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helper/traced-door.h"

#include "helper/door-session.h"
#include "lib/wire/command.h"
#include "lsc-config.h"

#include <string.h>

#define NAME "org.lanescope.Tracer1"
#define PATH "/org/lanescope/Tracer1"
#define INTERFACE "org.lanescope.Tracer1"

static const char introspection[] = "<node>"
                                    "  <interface name='" INTERFACE "'>"
                                    "    <method name='Hello'>"
                                    "      <arg name='protocol' type='u' direction='out'/>"
                                    "      <arg name='version' type='s' direction='out'/>"
                                    "      <arg name='features' type='as' direction='out'/>"
                                    "    </method>"
                                    "    <method name='Open'>"
                                    "      <arg name='options' type='a{sv}' direction='in'/>"
                                    "      <arg name='processes' type='ah' direction='in'/>"
                                    "      <arg name='stream' type='h' direction='out'/>"
                                    "      <arg name='info' type='a{sv}' direction='out'/>"
                                    "    </method>"
                                    "  </interface>"
                                    "</node>";

struct _LscTracedDoor
{
  LscTracedOptions options;
  LscDoorSurroundings around;
  guint registration;
  guint name;
  GPtrArray *sessions;
  guint idle_timer;
  gboolean closing;
  gboolean bus_is_gone;
  gulong closed_handler;
  void (*closed) (gboolean well, gpointer user_data);
  gpointer user_data;
};

static void arm_idle (LscTracedDoor *self);

static void
tell_closed (LscTracedDoor *self, gboolean well)
{
  void (*closed) (gboolean, gpointer) = self->closed;

  self->closed = NULL;
  if (closed != NULL)
    closed (well, self->user_data);
}

static void
session_over_cb (LscDoorSession *session, gpointer user_data)
{
  LscTracedDoor *self = user_data;

  g_ptr_array_remove_fast (self->sessions, session);
  if (self->sessions->len > 0)
    return;
  if (self->closing || self->bus_is_gone)
    tell_closed (self, !self->bus_is_gone);
  else
    arm_idle (self);
}

/* --- the gate ----------------------------------------------------------------------------------
 */

static void
hello (LscTracedDoor *self, GDBusMethodInvocation *invocation)
{
  static const char *const features[] = { "pidfds", NULL };

  g_dbus_method_invocation_return_value (
      invocation, g_variant_new ("(us^as)", LSC_COMMAND_VERSION, LSC_VERSION, features));
}

static void
open_session (LscTracedDoor *self, GDBusMethodInvocation *invocation)
{
  g_ptr_array_add (self->sessions,
                   lsc_door_session_new (&self->around, invocation, session_over_cb, self));
  g_clear_handle_id (&self->idle_timer, g_source_remove);
}

/* What a method needs before it is served. A method that is not in this table is refused. */
static const struct
{
  const char *method;
  gboolean decided; /* it is only served by a session, which asks polkit */
  void (*serve) (LscTracedDoor *self, GDBusMethodInvocation *invocation);
} gate[] = {
  { "Hello", FALSE, hello },
  { "Open", TRUE, open_session },
};

static void
call_cb (GDBusConnection *bus,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *arguments,
         GDBusMethodInvocation *invocation,
         gpointer user_data)
{
  LscTracedDoor *self = user_data;

  for (gsize i = 0; !self->closing && i < G_N_ELEMENTS (gate); i++)
    if (strcmp (gate[i].method, method) == 0)
      {
        gate[i].serve (self, invocation);
        if (!gate[i].decided && self->sessions->len == 0)
          arm_idle (self);
        return;
      }
  g_dbus_method_invocation_return_dbus_error (invocation, "org.freedesktop.DBus.Error.AccessDenied",
                                              "Nothing here serves that.");
}

/* --- opening and closing -----------------------------------------------------------------------
 */

/* The bus has taken our name away, so no call is on its way to us any more: those that were have
 * been read before this answer, and their sessions are there. */
static void
name_released_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LscTracedDoor *self = user_data;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  if (self->sessions->len == 0)
    tell_closed (self, TRUE);
  else
    self->closing = TRUE; /* serves those, then closes; the next call starts another door */
}

static gboolean
idle_cb (gpointer user_data)
{
  LscTracedDoor *self = user_data;

  self->idle_timer = 0;
  g_dbus_connection_call (self->around.bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                          "org.freedesktop.DBus", "ReleaseName", g_variant_new ("(s)", NAME), NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, name_released_cb, self);
  return G_SOURCE_REMOVE;
}

static void
arm_idle (LscTracedDoor *self)
{
  g_clear_handle_id (&self->idle_timer, g_source_remove);
  self->idle_timer = g_timeout_add_seconds (self->options.idle_s, idle_cb, self);
}

static void
bus_closed_cb (GDBusConnection *bus, gboolean vanished, GError *error, gpointer user_data)
{
  LscTracedDoor *self = user_data;

  self->bus_is_gone = TRUE;
  g_clear_handle_id (&self->idle_timer, g_source_remove);
  if (self->sessions->len == 0)
    tell_closed (self, FALSE);
}

static void
name_requested_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LscTracedDoor *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  guint32 answer = 0;

  if (reply != NULL)
    g_variant_get (reply, "(u)", &answer);
  if (answer == 1) /* DBUS_REQUEST_NAME_REPLY_PRIMARY_OWNER */
    {
      arm_idle (self);
      return;
    }
  g_printerr ("lanescope-traced: the name %s was not given to it: %s\n", NAME,
              error != NULL ? error->message : "somebody else has it");
  tell_closed (self, FALSE);
}

LscTracedDoor *
lsc_traced_door_new (GDBusConnection *bus,
                     const LscTracedOptions *options,
                     void (*closed) (gboolean well, gpointer user_data),
                     gpointer user_data,
                     GError **error)
{
  static const GDBusInterfaceVTable vtable = { .method_call = call_cb };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (introspection, error);
  LscTracedDoor *self;

  if (node == NULL)
    return NULL;
  self = g_new0 (LscTracedDoor, 1);
  self->registration = g_dbus_connection_register_object (bus, PATH, node->interfaces[0], &vtable,
                                                          self, NULL, error);
  if (self->registration == 0)
    {
      g_free (self);
      return NULL;
    }
  self->options = *options;
  self->sessions = g_ptr_array_new ();
  self->closed = closed;
  self->user_data = user_data;
  self->around = (LscDoorSurroundings){
    .bus = g_object_ref (bus),
    .limits = lsc_door_limits_new (options->opens_per_minute),
    .authority = lsc_door_authority_new (),
    .tracer = options->tracer,
    .deadline_s = options->deadline_s,
    .interactive_deadline_s = options->interactive_deadline_s,
  };
  self->closed_handler = g_signal_connect (bus, "closed", G_CALLBACK (bus_closed_cb), self);
  /* DBUS_NAME_FLAG_DO_NOT_QUEUE; nobody may replace us. */
  g_dbus_connection_call (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                          "org.freedesktop.DBus", "RequestName", g_variant_new ("(su)", NAME, 4),
                          G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                          name_requested_cb, self);
  return self;
}

void
lsc_traced_door_close (LscTracedDoor *self)
{
  self->closing = TRUE;
  g_clear_handle_id (&self->idle_timer, g_source_remove);
  for (guint i = 0; i < self->sessions->len; i++)
    lsc_door_session_stop (g_ptr_array_index (self->sessions, i));
  if (self->sessions->len == 0)
    tell_closed (self, TRUE);
}

void
lsc_traced_door_free (LscTracedDoor *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->idle_timer, g_source_remove);
  g_signal_handler_disconnect (self->around.bus, self->closed_handler);
  g_dbus_connection_unregister_object (self->around.bus, self->registration);
  lsc_door_limits_free (self->around.limits);
  lsc_door_authority_free (self->around.authority);
  g_object_unref (self->around.bus);
  g_ptr_array_unref (self->sessions);
  g_free (self);
}
