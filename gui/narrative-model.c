/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/narrative-model.h"

#include "lib/explain/narrative-index.h"

#define SPANS_A_PIECE 20000u /* about 2 ms */
#define OPEN_LINES 2u        /* at the end: what comes next may change what they say */

struct _LscNarrativeLine
{
  GObject parent_instance;
  guint64 number;
};

G_DEFINE_FINAL_TYPE (LscNarrativeLine, lsc_narrative_line, G_TYPE_OBJECT)

static void
lsc_narrative_line_class_init (LscNarrativeLineClass *class)
{
}

static void
lsc_narrative_line_init (LscNarrativeLine *self)
{
}

guint64
lsc_narrative_line_get_number (LscNarrativeLine *self)
{
  return self->number;
}

struct _LscNarrativeModel
{
  GObject parent_instance;
  LscNarrativeIndex *index; /* NULL: no thread */
  guint n_lines;            /* as told to the list */
  guint reading;            /* idle source */
};

static GType
get_item_type (GListModel *list)
{
  return LSC_TYPE_NARRATIVE_LINE;
}

static guint
get_n_items (GListModel *list)
{
  return LSC_NARRATIVE_MODEL (list)->n_lines;
}

static gpointer
get_item (GListModel *list, guint position)
{
  LscNarrativeModel *self = LSC_NARRATIVE_MODEL (list);
  if (position >= self->n_lines)
    return NULL;
  LscNarrativeLine *line = g_object_new (LSC_TYPE_NARRATIVE_LINE, NULL);
  line->number = lsc_narrative_index_get_number (self->index, position);
  return line;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LscNarrativeModel,
                               lsc_narrative_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static gboolean
read_cb (gpointer data)
{
  LscNarrativeModel *self = data;
  guint before = self->n_lines;
  guint64 left = lsc_narrative_index_read (self->index, SPANS_A_PIECE);
  guint after = lsc_narrative_index_get_n_lines (self->index);
  guint open = MIN (before, OPEN_LINES);
  if (left == 0)
    self->reading = 0;
  self->n_lines = after;
  if (after > before)
    g_list_model_items_changed (G_LIST_MODEL (self), before - open, open, after - before + open);
  return left > 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
lsc_narrative_model_dispose (GObject *object)
{
  LscNarrativeModel *self = LSC_NARRATIVE_MODEL (object);
  g_clear_handle_id (&self->reading, g_source_remove);
  g_clear_pointer (&self->index, lsc_narrative_index_free);
  G_OBJECT_CLASS (lsc_narrative_model_parent_class)->dispose (object);
}

static void
lsc_narrative_model_class_init (LscNarrativeModelClass *class)
{
  G_OBJECT_CLASS (class)->dispose = lsc_narrative_model_dispose;
}

static void
lsc_narrative_model_init (LscNarrativeModel *self)
{
}

LscNarrativeModel *
lsc_narrative_model_new (void)
{
  return g_object_new (LSC_TYPE_NARRATIVE_MODEL, NULL);
}

void
lsc_narrative_model_set_thread (LscNarrativeModel *self, const LscTrace *trace, guint32 thread)
{
  guint before = self->n_lines;
  g_clear_handle_id (&self->reading, g_source_remove);
  g_clear_pointer (&self->index, lsc_narrative_index_free);
  self->n_lines = 0;
  if (before > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, before, 0);
  if (trace == NULL)
    return;
  self->index = lsc_narrative_index_new (trace, thread);
  lsc_narrative_model_update (self);
}

void
lsc_narrative_model_update (LscNarrativeModel *self)
{
  if (self->index == NULL)
    return;
  guint gone = lsc_narrative_index_forget (self->index);
  if (gone > 0)
    {
      self->n_lines -= gone;
      g_list_model_items_changed (G_LIST_MODEL (self), 0, gone, 0);
    }
  /* the first piece at once: most threads have no more */
  if (self->reading == 0 && read_cb (self) == G_SOURCE_CONTINUE)
    self->reading = g_idle_add (read_cb, self);
}

gboolean
lsc_narrative_model_is_complete (LscNarrativeModel *self)
{
  return self->reading == 0;
}

gboolean
lsc_narrative_model_find (LscNarrativeModel *self, guint64 number, guint *out_position)
{
  return self->index != NULL && lsc_narrative_index_find_line (self->index, number, out_position);
}
