/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/process-item.h"

#include <string.h>
#include <unistd.h>

struct _LscProcessItem
{
  GObject parent_instance;
  LscProcessRow row;
  char *haystack; /* casefolded: name, command line, user, pid */
  float history[LSC_PROCESS_HISTORY];
  double cpu;
  double settled_cpu;
  gboolean ended;
  GIcon *icon;
  GListStore *threads;
};

G_DEFINE_FINAL_TYPE (LscProcessItem, lsc_process_item, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
set_texts (LscProcessItem *self, const LscProcessRow *row)
{
  g_free (self->row.user);
  g_free (self->row.name);
  g_free (self->row.command_line);
  g_free (self->haystack);
  self->row = *row;
  self->row.user = g_strdup (row->user);
  self->row.name = g_strdup (row->name);
  self->row.command_line = g_strdup (row->command_line);
  g_autofree char *all = g_strdup_printf ("%s\n%s\n%s\n%u", row->name, row->command_line, row->user,
                                          lsc_process_item_is_thread (self) ? row->tid : row->pid);
  self->haystack = g_utf8_casefold (all, -1);
}

static void
lsc_process_item_finalize (GObject *object)
{
  LscProcessItem *self = LSC_PROCESS_ITEM (object);
  g_free (self->row.user);
  g_free (self->row.name);
  g_free (self->row.command_line);
  g_free (self->haystack);
  g_clear_object (&self->icon);
  g_clear_object (&self->threads);
  G_OBJECT_CLASS (lsc_process_item_parent_class)->finalize (object);
}

static void
lsc_process_item_class_init (LscProcessItemClass *class)
{
  G_OBJECT_CLASS (class)->finalize = lsc_process_item_finalize;
  signals[CHANGED] = g_signal_new ("changed", LSC_TYPE_PROCESS_ITEM, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
lsc_process_item_init (LscProcessItem *self)
{
  for (guint i = 0; i < LSC_PROCESS_HISTORY; i++)
    self->history[i] = -1.0f;
}

LscProcessItem *
lsc_process_item_new (const LscProcessRow *row, gboolean is_thread)
{
  LscProcessItem *self = g_object_new (LSC_TYPE_PROCESS_ITEM, NULL);
  if (!is_thread)
    self->threads = g_list_store_new (LSC_TYPE_PROCESS_ITEM);
  set_texts (self, row);
  return self;
}

void
lsc_process_item_update (LscProcessItem *self,
                         const LscProcessRow *row,
                         double ticks,
                         double seconds)
{
  double used = row->cpu_ticks < self->row.cpu_ticks
                    ? 0
                    : (double) (row->cpu_ticks - self->row.cpu_ticks) / ticks;
  double percent = seconds > 0 ? 100 * used / seconds : 0;
  memmove (self->history, self->history + 1, sizeof self->history - sizeof self->history[0]);
  self->history[LSC_PROCESS_HISTORY - 1] = (float) percent;
  float before = self->history[LSC_PROCESS_HISTORY - 2];
  self->cpu = before < 0 ? percent : (percent + (double) before) / 2;
  if (!g_str_equal (row->name, self->row.name)
      || !g_str_equal (row->command_line, self->row.command_line) || row->uid != self->row.uid)
    set_texts (self, row);
  self->row.cpu_ticks = row->cpu_ticks;
  self->row.n_threads = row->n_threads;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
lsc_process_item_set_ended (LscProcessItem *self)
{
  if (self->ended)
    return;
  self->ended = TRUE;
  self->cpu = 0;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
lsc_process_item_settle (LscProcessItem *self)
{
  self->settled_cpu = self->cpu;
}

void
lsc_process_item_set_icon (LscProcessItem *self, GIcon *icon)
{
  if (g_set_object (&self->icon, icon))
    g_signal_emit (self, signals[CHANGED], 0);
}

const LscProcessRow *
lsc_process_item_get_row (LscProcessItem *self)
{
  return &self->row;
}

gboolean
lsc_process_item_is_thread (LscProcessItem *self)
{
  return self->threads == NULL;
}

gboolean
lsc_process_item_is_mine (LscProcessItem *self)
{
  return !self->row.kernel && self->row.uid == (guint32) getuid ();
}

gboolean
lsc_process_item_has_ended (LscProcessItem *self)
{
  return self->ended;
}

double
lsc_process_item_get_cpu (LscProcessItem *self)
{
  return self->cpu;
}

double
lsc_process_item_get_settled_cpu (LscProcessItem *self)
{
  return self->settled_cpu;
}

const float *
lsc_process_item_get_history (LscProcessItem *self)
{
  return self->history;
}

GIcon *
lsc_process_item_get_icon (LscProcessItem *self)
{
  return self->icon;
}

GListStore *
lsc_process_item_get_threads (LscProcessItem *self)
{
  return self->threads;
}

gboolean
lsc_process_item_matches (LscProcessItem *self, const char *needle)
{
  return strstr (self->haystack, needle) != NULL;
}
