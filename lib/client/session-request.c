/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/session-request.h"

#include "lib/client/process-handle.h"

#include <unistd.h>

static void
add_target (LscSessionRequest *self, const LscProcessHandle *handle)
{
  LscCommandTarget *target = &self->start.targets[self->start.n_targets++];

  target->tgid = handle->tgid;
  target->start_ticks = handle->start_ticks;
  if (handle->tgid == (uint32_t) getpid ())
    self->start.exclude_tgid = 0;
  if (handle->own)
    return;
  self->scope = LSC_SCOPE_ANY;
  self->foreign_pid = handle->tgid;
}

static gboolean
add_process (LscSessionRequest *self, uint32_t pid, GError **error)
{
  LscProcessHandle handle;
  gboolean added;

  if (!lsc_process_handle_init (&handle, pid, error))
    return FALSE;
  add_target (self, &handle);
  added = g_unix_fd_list_append (self->pidfds, handle.pidfd, NULL) >= 0;
  lsc_process_handle_clear (&handle);
  if (!added)
    lsc_trouble_set (error, LSC_CLIENT_ERROR_NO_MEMORY, NULL);
  return added;
}

static gboolean
add_processes (LscSessionRequest *self, const LscTarget *target, GPid child, GError **error)
{
  if (target->kind == LSC_TARGET_COMMAND)
    return add_process (self, (uint32_t) child, error);
  for (gsize i = 0; i < target->n_pids; i++)
    if (!add_process (self, target->pids[i], error))
      return FALSE;
  return TRUE;
}

gboolean
lsc_session_request_init (LscSessionRequest *self,
                          const LscTarget *target,
                          GPid child,
                          gboolean exclude_self,
                          GError **error)
{
  gboolean everything = target->kind == LSC_TARGET_MINE || target->kind == LSC_TARGET_WHOLE_MACHINE;

  *self = (LscSessionRequest){
    .start = { .head = { .size = sizeof self->start,
                         .kind = LSC_COMMAND_START,
                         .version = LSC_COMMAND_VERSION },
               .exclude_tgid = exclude_self ? (uint32_t) getpid () : 0 },
    .scope = target->kind == LSC_TARGET_WHOLE_MACHINE ? LSC_SCOPE_ANY : LSC_SCOPE_OWN,
    .pidfds = g_unix_fd_list_new (),
  };
  if (everything)
    self->start.flags |= LSC_START_WHOLE_MACHINE;
  else if (target->children)
    self->start.flags |= LSC_START_CHILDREN;
  if (everything || add_processes (self, target, child, error))
    return TRUE;
  lsc_session_request_clear (self);
  return FALSE;
}

void
lsc_session_request_clear (LscSessionRequest *self)
{
  g_clear_object (&self->pidfds);
}

uint8_t
lsc_session_request_get_header_flags (const LscSessionRequest *self)
{
  uint8_t flags = 0;

  if ((self->start.flags & LSC_START_WHOLE_MACHINE) != 0 && self->scope == LSC_SCOPE_ANY)
    flags |= LSC_HEADER_WHOLE_MACHINE;
  if ((self->start.flags & LSC_START_CHILDREN) != 0)
    flags |= LSC_HEADER_CHILDREN;
  return flags;
}

GError *
lsc_session_request_sharpen (const LscSessionRequest *self, GError *error)
{
  g_autofree char *pid = NULL;

  if (!g_error_matches (error, LSC_CLIENT_ERROR, LSC_CLIENT_ERROR_SOMEBODY_ELSES)
      && !(g_error_matches (error, LSC_CLIENT_ERROR, LSC_CLIENT_ERROR_DENIED)
           && self->foreign_pid != 0))
    return error;
  g_error_free (error);
  pid = g_strdup_printf ("%u",
                         self->foreign_pid != 0 ? self->foreign_pid : self->start.targets[0].tgid);
  return lsc_trouble_new (LSC_CLIENT_ERROR_SOMEBODY_ELSES, pid);
}
