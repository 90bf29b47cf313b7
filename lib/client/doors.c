/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/doors.h"

#include "lib/client/capability.h"
#include "lib/client/session.h"
#include "lib/client/system-door.h"
#include "lsc-config.h"

#include <unistd.h>

typedef struct
{
  LscDoorsRequest request;
  LscDoorFound found;
  gpointer found_data;
  LscCapability facts;
  GDBusConnection *bus;
  LscTextAgent *agent;
  void (*go_on) (GTask *task); /* when the agent is there */
} Opening;

static void
opening_free (gpointer data)
{
  Opening *self = data;

  g_clear_object (&self->request.pidfds);
  g_clear_object (&self->bus);
  lsc_text_agent_free (self->agent);
  g_free (self);
}

void
lsc_doorway_free (LscDoorway *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  /* Closed, not only unreferenced: the helper listens for this. */
  if (self->bus != NULL)
    g_dbus_connection_close (self->bus, NULL, NULL, NULL);
  g_clear_object (&self->bus);
  lsc_tracer_process_free (self->process);
  lsc_text_agent_free (self->agent);
  g_free (self);
}

char *
lsc_doors_find_tracer (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  if (program != NULL)
    {
      g_autofree char *folder = g_path_get_dirname (program);
      g_autofree char *above = g_path_get_dirname (folder);
      g_autofree char *tracer = g_build_filename (above, "helper", "lanescope-tracer", NULL);

      if (g_file_test (tracer, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&tracer);
    }
  return g_build_filename (LSC_LIBEXECDIR, "lanescope-tracer", NULL);
}

static void
announce (GTask *task, guint door)
{
  Opening *self = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (self->found != NULL && (cancellable == NULL || !g_cancellable_is_cancelled (cancellable)))
    self->found (door, self->found_data);
}

static void
agent_ready_cb (gpointer user_data)
{
  GTask *task = user_data;
  Opening *self = g_task_get_task_data (task);

  self->go_on (task);
}

/* Goes on at once, or when somebody is there who can ask for a password. */
static void
go_on_with_agent (GTask *task, void (*go_on) (GTask *task))
{
  Opening *self = g_task_get_task_data (task);

  self->go_on = go_on;
  if (self->request.ask_at_terminal && lsc_text_agent_is_possible ())
    self->agent = lsc_text_agent_new (agent_ready_cb, task);
  if (self->agent == NULL)
    go_on (task);
}

static void
open_process (GTask *task, guint door)
{
  Opening *self = g_task_get_task_data (task);
  g_autofree char *program = lsc_doors_find_tracer ();
  LscDoorway *doorway = g_new0 (LscDoorway, 1);
  GError *error = NULL;

  doorway->door = door;
  doorway->fd = -1;
  announce (task, door);
  doorway->process = lsc_tracer_process_new (
      program, door == LSC_DOOR_PKEXEC, self->request.only_mine ? LSC_SCOPE_OWN : LSC_SCOPE_ANY,
      &doorway->fd, &error);
  if (doorway->process == NULL)
    {
      lsc_doorway_free (doorway);
      g_task_return_error (task, error);
    }
  else
    {
      /* Behind pkexec the question is still to come. */
      doorway->agent = g_steal_pointer (&self->agent);
      g_task_return_pointer (task, doorway, (GDestroyNotify) lsc_doorway_free);
    }
  g_object_unref (task);
}

static void
open_pkexec (GTask *task)
{
  open_process (task, LSC_DOOR_PKEXEC);
}

static void
system_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Opening *self = g_task_get_task_data (task);
  GError *error = NULL;
  int fd = lsc_system_door_open_finish (result, &error);

  if (fd < 0)
    {
      g_dbus_connection_close (self->bus, NULL, NULL, NULL);
      g_task_return_error (task, error);
    }
  else
    {
      LscDoorway *doorway = g_new0 (LscDoorway, 1);

      doorway->door = LSC_DOOR_SYSTEM;
      doorway->fd = fd;
      doorway->bus = g_steal_pointer (&self->bus);
      g_task_return_pointer (task, doorway, (GDestroyNotify) lsc_doorway_free);
    }
  g_object_unref (task);
}

/* pkexec is the last way, and only a way when polkit can be reached to be asked. */
static void
try_pkexec (GTask *task, gboolean has_polkit)
{
  Opening *self = g_task_get_task_data (task);
  LscClientError code;

  if ((self->request.doors & LSC_DOOR_PKEXEC) == 0 || !self->facts.has_pkexec)
    code = LSC_CLIENT_ERROR_NO_WAY;
  else if (!has_polkit)
    code = LSC_CLIENT_ERROR_NO_POLKIT;
  else
    {
      go_on_with_agent (task, open_pkexec);
      return;
    }
  g_task_return_error (task, lsc_trouble_new (code, NULL));
  g_object_unref (task);
}

static void
open_system (GTask *task)
{
  Opening *self = g_task_get_task_data (task);

  lsc_system_door_open_async (self->bus, &self->request, g_task_get_cancellable (task),
                              system_opened_cb, task);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Opening *self = g_task_get_task_data (task);
  LscSystemDoorNames names = { 0 };
  GError *error = NULL;

  self->bus = lsc_system_door_connect_finish (result, &names, &error);
  if (self->bus == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  if ((self->request.doors & LSC_DOOR_SYSTEM) == 0 || !names.has_service)
    {
      g_dbus_connection_close (self->bus, NULL, NULL, NULL);
      try_pkexec (task, names.has_polkit);
      return;
    }
  announce (task, LSC_DOOR_SYSTEM);
  go_on_with_agent (task, open_system);
}

void
lsc_doors_open_async (const LscDoorsRequest *request,
                      LscDoorFound found,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Opening *self = g_new0 (Opening, 1);

  self->request = *request;
  if (self->request.pidfds != NULL)
    g_object_ref (self->request.pidfds);
  self->found = found;
  self->found_data = user_data;
  lsc_capability_look (&self->facts);
  g_task_set_task_data (task, self, opening_free);
  if ((request->doors & LSC_DOOR_DIRECT) != 0 && self->facts.may_trace)
    open_process (task, LSC_DOOR_DIRECT);
  else
    lsc_system_door_connect_async (cancellable, connected_cb, task);
}

LscDoorway *
lsc_doors_open_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
