/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helper/door-authority.h"

#include <polkit/polkit.h>

/* libpolkit's object is kept for as long as the service runs: it is used by calls to polkit that
 * come back after their check was cancelled, and does not keep itself alive for them. */
struct _LscDoorAuthority
{
  PolkitAuthority *polkit; /* NULL until polkit was first reached */
};

struct _LscDoorCheck
{
  LscDoorAuthority *authority;
  char *sender;
  char *action;
  gboolean interactive;
  LscDoorAuthorityFunc func; /* NULL once it was called, or cancelled */
  gpointer user_data;
  GCancellable *cancellable;
  guint deadline;
};

/* Answers, once; the check itself lives until polkit's call has come back. */
static void
answer (LscDoorCheck *self, LscVerdict verdict)
{
  LscDoorAuthorityFunc func = self->func;

  g_clear_handle_id (&self->deadline, g_source_remove);
  self->func = NULL;
  if (func != NULL)
    func (verdict, self->user_data);
}

static void
check_free (LscDoorCheck *self)
{
  g_clear_handle_id (&self->deadline, g_source_remove);
  g_object_unref (self->cancellable);
  g_free (self->sender);
  g_free (self->action);
  g_free (self);
}

static LscVerdict
judge (PolkitAuthorizationResult *result)
{
  if (polkit_authorization_result_get_is_authorized (result))
    return LSC_VERDICT_YES;
  if (polkit_authorization_result_get_is_challenge (result))
    return LSC_VERDICT_CHALLENGE;
  if (polkit_authorization_result_get_dismissed (result))
    return LSC_VERDICT_DISMISSED;
  return LSC_VERDICT_NO;
}

static void
checked_cb (GObject *source, GAsyncResult *async, gpointer user_data)
{
  LscDoorCheck *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PolkitAuthorizationResult) result =
      polkit_authority_check_authorization_finish (POLKIT_AUTHORITY (source), async, &error);

  answer (self, result != NULL ? judge (result) : LSC_VERDICT_NO_POLKIT);
  check_free (self);
}

static void
authority_cb (GObject *source, GAsyncResult *async, gpointer user_data)
{
  LscDoorCheck *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PolkitAuthority) polkit = polkit_authority_get_finish (async, &error);
  g_autoptr (PolkitSubject) subject = NULL;

  if (polkit != NULL)
    g_set_object (&self->authority->polkit, polkit);
  if (polkit == NULL || self->func == NULL)
    {
      answer (self, LSC_VERDICT_NO_POLKIT);
      check_free (self);
      return;
    }
  subject = polkit_system_bus_name_new (self->sender);
  polkit_authority_check_authorization (
      polkit, subject, self->action, NULL,
      self->interactive ? POLKIT_CHECK_AUTHORIZATION_FLAGS_ALLOW_USER_INTERACTION
                        : POLKIT_CHECK_AUTHORIZATION_FLAGS_NONE,
      self->cancellable, checked_cb, self);
}

static gboolean
deadline_cb (gpointer user_data)
{
  LscDoorCheck *self = user_data;

  self->deadline = 0;
  g_cancellable_cancel (self->cancellable);
  answer (self, LSC_VERDICT_TIMEOUT);
  return G_SOURCE_REMOVE;
}

LscDoorAuthority *
lsc_door_authority_new (void)
{
  return g_new0 (LscDoorAuthority, 1);
}

void
lsc_door_authority_free (LscDoorAuthority *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->polkit);
  g_free (self);
}

LscDoorCheck *
lsc_door_authority_check (LscDoorAuthority *self,
                          const LscDoorQuestion *question,
                          LscDoorAuthorityFunc func,
                          gpointer user_data)
{
  LscDoorCheck *check = g_new0 (LscDoorCheck, 1);

  check->authority = self;
  check->sender = g_strdup (question->sender);
  check->action = g_strdup (question->action);
  check->interactive = question->interactive;
  check->func = func;
  check->user_data = user_data;
  check->cancellable = g_cancellable_new ();
  check->deadline = g_timeout_add_seconds (question->deadline_s, deadline_cb, check);
  polkit_authority_get_async (NULL, authority_cb, check);
  return check;
}

void
lsc_door_authority_cancel (LscDoorCheck *self)
{
  self->func = NULL;
  g_cancellable_cancel (self->cancellable);
}
