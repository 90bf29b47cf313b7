/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/capability.h"

#include "lib/client/doors.h"
#include "lib/client/system-door.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* include/linux/proc_ns.h: the inode numbers of the first namespaces. */
#define FIRST_USER_NAMESPACE "user:[4026531837]"
#define FIRST_PID_NAMESPACE "pid:[4026531836]"
/* include/uapi/linux/capability.h */
#define CAPABILITY_PERFMON 38
#define CAPABILITY_BPF 39

#define OLDEST_MAJOR 5
#define OLDEST_MINOR 15

static gboolean
is_other_namespace (const char *link, const char *first)
{
  char name[64];
  ssize_t n = readlink (link, name, sizeof name - 1);

  if (n < 0)
    return FALSE; /* a kernel without namespaces has only the first */
  name[n] = '\0';
  return strcmp (name, first) != 0;
}

/* Root hands its capabilities on to what it starts; anybody else only the ambient ones. */
static gboolean
has_capabilities (void)
{
  const char *key = geteuid () == 0 ? "\nCapEff:" : "\nCapAmb:";
  g_autofree char *status = NULL;
  const char *line;
  guint64 mask;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return FALSE;
  line = strstr (status, key);
  if (line == NULL)
    return FALSE;
  mask = g_ascii_strtoull (line + strlen (key), NULL, 16);
  return (mask >> CAPABILITY_PERFMON & 1) != 0 && (mask >> CAPABILITY_BPF & 1) != 0;
}

void
lsc_capability_look (LscCapability *out_facts)
{
  g_autofree char *tracer = lsc_doors_find_tracer ();
  g_autofree char *pkexec = g_find_program_in_path ("pkexec");
  struct utsname system;

  *out_facts = (LscCapability){ 0 };
  if (uname (&system) == 0)
    g_strlcpy (out_facts->release, system.release, sizeof out_facts->release);
  out_facts->has_btf = access ("/sys/kernel/btf/vmlinux", R_OK) == 0;
  out_facts->user_namespace = is_other_namespace ("/proc/self/ns/user", FIRST_USER_NAMESPACE);
  out_facts->pid_namespace = is_other_namespace ("/proc/self/ns/pid", FIRST_PID_NAMESPACE);
  out_facts->may_trace = has_capabilities ();
  out_facts->is_root = geteuid () == 0;
  out_facts->has_tracer = access (tracer, X_OK) == 0;
  out_facts->has_pkexec = pkexec != NULL;
}

static gboolean
is_old (const char *release)
{
  int major;
  int minor;

  if (sscanf (release, "%d.%d", &major, &minor) != 2)
    return FALSE; /* not for us to judge: the helper will see */
  return major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR);
}

/* Nobody to ask: root has no door but its own. */
static gboolean
judge_machine (const LscCapability *facts, GError **error)
{
  if (is_old (facts->release))
    lsc_trouble_set (error, LSC_CLIENT_ERROR_OLD_KERNEL, facts->release);
  else if (facts->user_namespace || facts->pid_namespace)
    lsc_trouble_set (error, LSC_CLIENT_ERROR_CONTAINER, NULL);
  else if (!facts->has_btf)
    lsc_trouble_set (error, LSC_CLIENT_ERROR_NO_BTF, NULL);
  else if (facts->is_root && !facts->may_trace)
    lsc_trouble_set (error, LSC_CLIENT_ERROR_NO_CAPABILITY, NULL);
  else
    return TRUE;
  return FALSE;
}

static gboolean
judge_doors (const LscCapability *facts, gboolean asked_bus, GError **error)
{
  LscClientError code;

  if (facts->may_trace)
    {
      if (facts->has_tracer)
        return TRUE;
      code = LSC_CLIENT_ERROR_NO_TRACER;
    }
  else if (!asked_bus)
    return TRUE;
  else if (facts->has_service || (facts->has_pkexec && facts->has_tracer))
    {
      if (facts->has_polkit)
        return TRUE;
      code = facts->has_bus ? LSC_CLIENT_ERROR_NO_POLKIT : LSC_CLIENT_ERROR_NO_BUS;
    }
  else
    code = facts->has_pkexec ? LSC_CLIENT_ERROR_NO_TRACER : LSC_CLIENT_ERROR_NO_WAY;
  {
    g_autofree char *tracer = lsc_doors_find_tracer ();

    lsc_trouble_set (error, code, tracer);
  }
  return FALSE;
}

gboolean
lsc_capability_judge (const LscCapability *facts, gboolean asked_bus, GError **error)
{
  return judge_machine (facts, error) && judge_doors (facts, asked_bus, error);
}

gboolean
lsc_capability_check (GError **error)
{
  LscCapability facts;

  lsc_capability_look (&facts);
  return lsc_capability_judge (&facts, FALSE, error);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  LscCapability *facts = g_task_get_task_data (task);
  LscSystemDoorNames names = { 0 };
  GError *error = NULL;
  GDBusConnection *bus = lsc_system_door_connect_finish (result, &names, &error);

  if (bus == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  g_clear_error (&error);
  facts->has_bus = bus != NULL;
  facts->has_service = names.has_service;
  facts->has_polkit = names.has_polkit;
  if (bus != NULL)
    g_dbus_connection_close (bus, NULL, NULL, NULL);
  g_clear_object (&bus);
  if (lsc_capability_judge (facts, TRUE, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
  g_object_unref (task);
}

void
lsc_capability_check_async (GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  LscCapability *facts = g_new0 (LscCapability, 1);
  GError *error = NULL;

  lsc_capability_look (facts);
  g_task_set_task_data (task, facts, g_free);
  if (!lsc_capability_judge (facts, FALSE, &error))
    g_task_return_error (task, error);
  else if (facts->may_trace)
    g_task_return_boolean (task, TRUE);
  else
    {
      lsc_system_door_connect_async (cancellable, connected_cb, task);
      return;
    }
  g_object_unref (task);
}

gboolean
lsc_capability_check_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
