/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lock-item.h"

#include "lib/explain/sentence.h"

#include <glib/gi18n.h>

#define HOLDERS_MAX 2u
#define LOCK_DIGITS 0xfffu /* of the address: as on its bars */

struct _LscLockItem
{
  GObject parent_instance;
  LscLock lock;
  char *name;
  char *full_name;
  char *holders;
};

G_DEFINE_FINAL_TYPE (LscLockItem, lsc_lock_item, G_TYPE_OBJECT)

static void
lsc_lock_item_finalize (GObject *object)
{
  LscLockItem *self = LSC_LOCK_ITEM (object);
  g_free (self->name);
  g_free (self->full_name);
  g_free (self->holders);
  G_OBJECT_CLASS (lsc_lock_item_parent_class)->finalize (object);
}

static guint changed; /* the signal */

static void
lsc_lock_item_class_init (LscLockItemClass *class)
{
  G_OBJECT_CLASS (class)->finalize = lsc_lock_item_finalize;
  changed = g_signal_new ("changed", LSC_TYPE_LOCK_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                          G_TYPE_NONE, 0);
}

static void
lsc_lock_item_init (LscLockItem *self)
{
}

static int
compare_releases (gconstpointer a, gconstpointer b)
{
  const LscLockUser *const *x = a;
  const LscLockUser *const *y = b;
  return ((*x)->n_releases < (*y)->n_releases) - ((*x)->n_releases > (*y)->n_releases);
}

static char *
list_holders (const LscLock *lock, const LscTrace *trace)
{
  g_autoptr (GPtrArray) users = g_ptr_array_new ();
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < lock->n_users; i++)
    if (lock->users[i].n_releases > 0)
      g_ptr_array_add (users, (gpointer) &lock->users[i]);
  g_ptr_array_sort (users, compare_releases);
  for (guint i = 0; i < MIN (users->len, HOLDERS_MAX); i++)
    {
      const LscLockUser *user = g_ptr_array_index (users, i);
      g_autofree char *name = lsc_sentence_name_thread (trace, user->thread);
      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", name);
    }
  if (users->len > HOLDERS_MAX)
    g_string_append_printf (text, _ (" and %u more"), users->len - HOLDERS_MAX);
  return g_string_free (text, FALSE);
}

LscLockItem *
lsc_lock_item_new (const LscLock *lock, const LscTrace *trace)
{
  LscLockItem *self = g_object_new (LSC_TYPE_LOCK_ITEM, NULL);
  self->name = g_strdup_printf ("0x\342\200\246%03x", (guint) (lock->address & LOCK_DIGITS));
  g_autofree char *process = lsc_sentence_name_process (trace, lock->process);
  self->full_name = g_strdup_printf ("%s, 0x%lx", process, (unsigned long) lock->address);
  lsc_lock_item_update (self, lock, trace);
  return self;
}

void
lsc_lock_item_update (LscLockItem *self, const LscLock *lock, const LscTrace *trace)
{
  g_free (self->holders);
  self->holders = list_holders (lock, trace);
  self->lock = *lock;
  self->lock.users = NULL;
  g_signal_emit (self, changed, 0);
}

const LscLock *
lsc_lock_item_get_lock (LscLockItem *self)
{
  return &self->lock;
}

const char *
lsc_lock_item_get_name (LscLockItem *self)
{
  return self->name;
}

const char *
lsc_lock_item_get_full_name (LscLockItem *self)
{
  return self->full_name;
}

const char *
lsc_lock_item_get_holders (LscLockItem *self)
{
  return self->holders;
}

gboolean
lsc_lock_item_is_same (LscLockItem *self, const LscLock *lock)
{
  return self->lock.process == lock->process && self->lock.address == lock->address;
}
