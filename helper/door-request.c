/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helper/door-request.h"

#include "lib/wire/command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct
{
  const char *name;
  const char *action;
  LscScope scope;
} scopes[] = {
  { "own", "org.lanescope.trace-own", LSC_SCOPE_OWN },
  { "any", "org.lanescope.trace-any", LSC_SCOPE_ANY },
};

static gboolean
read_options (LscDoorRequest *self, GVariant *options, const char **out_reason)
{
  GVariantIter iter;
  const char *key;
  GVariant *value;
  gboolean fine = TRUE;

  g_variant_iter_init (&iter, options);
  while (fine && g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      fine = strcmp (key, "scope") == 0 && self->scope == 0
             && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING);
      for (gsize i = 0; fine && i < G_N_ELEMENTS (scopes); i++)
        if (strcmp (g_variant_get_string (value, NULL), scopes[i].name) == 0)
          self->scope = scopes[i].scope;
      fine = fine && self->scope != 0;
      g_variant_unref (value);
    }
  if (fine && self->scope != 0)
    return TRUE;
  *out_reason = "the only option is scope, once, and it is \"own\" or \"any\"";
  return FALSE;
}

/* The process behind a pidfd, -1 when it has ended, 0 when the descriptor is something else. */
static long
read_pid (int pidfd)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/fdinfo/%d", pidfd);
  g_autofree char *text = NULL;
  const char *line;
  long pid;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  line = strstr (text, "\nPid:");
  return line != NULL && sscanf (line, "\nPid: %ld", &pid) == 1 ? pid : 0;
}

static gboolean
take_handles (LscDoorRequest *self, GVariant *handles, GUnixFDList *fds)
{
  gsize n = g_variant_n_children (handles);

  if (n > LSC_COMMAND_TARGETS_MAX)
    return FALSE;
  self->pidfds = g_new (int, n);
  for (gsize i = 0; i < n; i++)
    {
      gint32 handle;
      int fd;

      g_variant_get_child (handles, i, "h", &handle);
      fd = g_unix_fd_list_get (fds, handle, NULL); /* checks the range */
      if (fd < 0)
        return FALSE;
      self->pidfds[self->n_pidfds++] = fd;
      if (read_pid (fd) == 0)
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_handles (LscDoorRequest *self, GVariant *handles, GUnixFDList *fds, const char **out_reason)
{
  int n_sent = fds != NULL ? g_unix_fd_list_get_length (fds) : 0;

  if (g_variant_n_children (handles) == (gsize) n_sent
      && (n_sent == 0 || take_handles (self, handles, fds)))
    return TRUE;
  *out_reason = "the handles are pidfds of processes, at most 64, and no other descriptors";
  return FALSE;
}

gboolean
lsc_door_request_init (LscDoorRequest *self,
                       GVariant *arguments,
                       GUnixFDList *fds,
                       const char **out_reason)
{
  g_autoptr (GVariant) options = g_variant_get_child_value (arguments, 0);
  g_autoptr (GVariant) handles = g_variant_get_child_value (arguments, 1);

  *self = (LscDoorRequest){ 0 };
  if (read_options (self, options, out_reason) && read_handles (self, handles, fds, out_reason))
    return TRUE;
  lsc_door_request_clear (self);
  return FALSE;
}

void
lsc_door_request_clear (LscDoorRequest *self)
{
  for (guint i = 0; i < self->n_pidfds; i++)
    close (self->pidfds[i]);
  g_clear_pointer (&self->pidfds, g_free);
  self->n_pidfds = 0;
}

typedef enum
{
  OWNER_USER,
  OWNER_OTHER,
  OWNER_NONE, /* it ends */
} Owner;

/* Real, effective, saved and file system user, and the files belong to that user: those of a
 * process that the kernel protects (not dumpable) belong to root, but for its folder itself. So do
 * those of a process that has given back its memory, because it ends. */
static Owner
find_owner (long pid, uint32_t uid)
{
  g_autofree char *file = g_strdup_printf ("/proc/%ld/status", pid);
  g_autofree char *text = NULL;
  struct stat status;
  const char *line;
  uint32_t ids[4];

  if (stat (file, &status) != 0 || !g_file_get_contents (file, &text, NULL, NULL))
    return OWNER_OTHER;
  line = strstr (text, "\nUid:");
  if (line == NULL || sscanf (line, "\nUid: %u %u %u %u", &ids[0], &ids[1], &ids[2], &ids[3]) != 4
      || ids[0] != uid || ids[1] != uid || ids[2] != uid || ids[3] != uid)
    return OWNER_OTHER;
  if (status.st_uid == uid)
    return OWNER_USER;
  return strstr (text, "\nVmSize:") == NULL ? OWNER_NONE : OWNER_OTHER;
}

LscTargetsVerdict
lsc_door_request_check_targets (const LscDoorRequest *self, uint32_t uid)
{
  guint n_living = 0;

  for (guint i = 0; i < self->n_pidfds; i++)
    {
      long pid = read_pid (self->pidfds[i]);
      Owner owner = pid <= 0                       ? OWNER_NONE
                    : self->scope == LSC_SCOPE_OWN ? find_owner (pid, uid)
                                                   : OWNER_USER;

      /* Asked again: what was read is about this process only if it lives still. */
      if (owner == OWNER_OTHER && read_pid (self->pidfds[i]) == pid)
        return LSC_TARGETS_NOT_YOURS;
      n_living += owner == OWNER_USER;
    }
  return self->n_pidfds > 0 && n_living == 0 ? LSC_TARGETS_GONE : LSC_TARGETS_FINE;
}

const char *
lsc_door_request_get_scope_name (const LscDoorRequest *self)
{
  return scopes[self->scope == LSC_SCOPE_OWN ? 0 : 1].name;
}

const char *
lsc_door_request_get_action (const LscDoorRequest *self)
{
  return scopes[self->scope == LSC_SCOPE_OWN ? 0 : 1].action;
}
