/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/narrative-tab.h"

#include "gui/narrative-model.h"
#include "gui/pages.h"
#include "gui/story-line.h"
#include "lib/explain/duration.h"
#include "lib/explain/narrative.h"
#include "lib/explain/sentence.h"

#include <glib/gi18n.h>

#define COPIED_MAX 5000u
/* While the newest is followed only so many rows are made, not the two hundred that a list keeps.
 */
#define NEWEST 32u

struct _LscNarrativeTab
{
  GtkWidget parent_instance;
  GtkWidget *root;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkListView *list;

  LscLanesView *view;
  LscNarrativeModel *model;
  GtkSliceListModel *slice; /* of it: the end while the newest is followed, else all */
  GtkSingleSelection *selection;
  guint32 thread; /* that is told; LSC_THREAD_NONE: none */
  LscWords words;
  gboolean follows; /* the selection follows the lanes, and not the other way round */
  gboolean awaits;  /* the picked bar's line was not found yet */
  guint show_id;    /* the selected line is to be scrolled to */
};

static void pane_tab_init (LscPaneTabInterface *interface);
G_DEFINE_FINAL_TYPE_WITH_CODE (LscNarrativeTab,
                               lsc_narrative_tab,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (LSC_TYPE_PANE_TAB, pane_tab_init))

static const LscTrace *
get_trace (LscNarrativeTab *self)
{
  return self->view == NULL ? NULL : lsc_lanes_view_get_trace (self->view);
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *item, LscNarrativeTab *self)
{
  gtk_list_item_set_child (item, lsc_story_line_new ());
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *item, LscNarrativeTab *self)
{
  const LscTrace *trace = get_trace (self);
  guint64 number = lsc_narrative_line_get_number (gtk_list_item_get_item (item));
  GtkWidget *row = gtk_list_item_get_child (item);
  LscSpan span;
  const LscLane *lane = lsc_trace_get_thread (trace, self->thread)->lane;
  if (lane == NULL || number < lsc_lane_get_first (lane) || number >= lsc_lane_get_end (lane))
    return; /* forgotten a moment ago */
  lsc_lane_get (lane, number, &span);
  g_autofree char *place = lsc_duration_format_place (
      span.start_ns - MIN (span.start_ns, lsc_trace_get_start_ns (trace)));
  g_autofree char *sentence = lsc_sentence_of_span (trace, self->thread, number, self->words);
  g_autofree char *line = g_strdup_printf ("%s: %s", place, sentence);
  lsc_story_line_set (LSC_STORY_LINE (row), place, sentence);
  /* the row is what has the keys, and what is read out */
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (row)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, line, -1);
}

/* From the lanes to the list. */

static void
scroll_to (LscNarrativeTab *self, guint position)
{
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
}

static void
follow_pick (LscNarrativeTab *self, gboolean scroll)
{
  LscBar bar;
  guint position = GTK_INVALID_LIST_POSITION;
  if (lsc_lanes_view_get_bar (self->view, &bar) && bar.thread == self->thread)
    self->awaits = !lsc_narrative_model_find (self->model, bar.number, &position)
                   && !lsc_narrative_model_is_complete (self->model);
  self->follows = TRUE;
  gtk_single_selection_set_selected (self->selection, position);
  self->follows = FALSE;
  if (scroll && position != GTK_INVALID_LIST_POSITION)
    scroll_to (self, position);
}

static void
update_subtitle (LscNarrativeTab *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  g_autofree char *text =
      g_strdup_printf (g_dngettext (NULL, "%'u sentence", "%'u sentences", n), n);
  gtk_label_set_text (self->subtitle, text);
}

static void
items_changed_cb (LscNarrativeTab *self)
{
  update_subtitle (self);
  if (self->awaits)
    follow_pick (self, TRUE);
}

static void
set_thread (LscNarrativeTab *self, guint32 thread)
{
  self->thread = thread;
  self->awaits = FALSE;
  lsc_narrative_model_set_thread (self->model, thread == LSC_THREAD_NONE ? NULL : get_trace (self),
                                  thread);
  lsc_pages_show (GTK_STACK (self->root), thread == LSC_THREAD_NONE ? "empty" : "story");
  if (thread == LSC_THREAD_NONE)
    return;
  g_autofree char *name = lsc_sentence_name_thread (get_trace (self), thread);
  g_autofree char *title =
      g_strdup_printf ("%s (%u)", name, lsc_trace_get_thread (get_trace (self), thread)->tid);
  gtk_label_set_text (self->title, title);
  update_subtitle (self);
}

/* All sentences anew. */
static void
set_words (LscNarrativeTab *self)
{
  guint32 thread = self->thread;
  self->words = lsc_lanes_view_get_words (self->view);
  set_thread (self, LSC_THREAD_NONE);
  set_thread (self, thread);
}

static gboolean
follows_newest (LscNarrativeTab *self)
{
  LscBar bar;
  return lsc_lanes_view_get_follow (self->view) && !lsc_lanes_view_get_bar (self->view, &bar);
}

/* A live capture's newest sentence stays in sight as long as its newest moment does. */
static void
show_part (LscNarrativeTab *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  gboolean newest = follows_newest (self);
  guint offset = newest && n > NEWEST ? n - NEWEST : 0;
  if (offset == gtk_slice_list_model_get_offset (self->slice))
    return;
  gtk_slice_list_model_set_offset (self->slice, offset);
  scroll_to (self, n - offset - 1);
}

static void
narrative_tab_refresh (LscPaneTab *tab, LscPaneChange change)
{
  LscNarrativeTab *self = LSC_NARRATIVE_TAB (tab);
  guint32 thread = LSC_THREAD_NONE;
  if ((change & LSC_PANE_TRACE) != 0 || self->view == NULL)
    {
      set_thread (self, LSC_THREAD_NONE);
      return;
    }
  if (lsc_lanes_view_get_words (self->view) != self->words)
    set_words (self);
  if (!lsc_lanes_view_get_thread (self->view, &thread)
      || lsc_trace_get_thread (get_trace (self), thread)->lane == NULL)
    thread = LSC_THREAD_NONE;
  gboolean other = thread != self->thread;
  if (other)
    set_thread (self, thread);
  if (thread == LSC_THREAD_NONE)
    return;
  if ((change & LSC_PANE_GROWN) != 0)
    lsc_narrative_model_update (self->model);
  show_part (self);
  if (other || (change & (LSC_PANE_PICK | LSC_PANE_GROWN)) != 0)
    follow_pick (self, other || (change & LSC_PANE_PICK) != 0);
}

static void
narrative_tab_set_view (LscPaneTab *tab, LscLanesView *view)
{
  LSC_NARRATIVE_TAB (tab)->view = view;
}

static void
pane_tab_init (LscPaneTabInterface *interface)
{
  interface->set_view = narrative_tab_set_view;
  interface->refresh = narrative_tab_refresh;
}

/* From the list to the lanes. */
static void
selected_cb (LscNarrativeTab *self)
{
  LscNarrativeLine *line = gtk_single_selection_get_selected_item (self->selection);
  if (line == NULL || self->follows)
    return;
  LscBar bar = { self->thread, lsc_narrative_line_get_number (line) };
  lsc_lanes_view_step_to_bar (self->view, &bar);
}

static gboolean
show_selected_cb (gpointer data)
{
  LscNarrativeTab *self = data;
  guint position = gtk_single_selection_get_selected (self->selection);
  self->show_id = 0;
  if (position != GTK_INVALID_LIST_POSITION)
    scroll_to (self, position);
  return G_SOURCE_REMOVE;
}

/* A list cannot scroll before it has its size: what was picked meanwhile comes into sight then. */
static void
mapped_cb (LscNarrativeTab *self)
{
  if (self->show_id == 0)
    self->show_id = g_idle_add_full (GDK_PRIORITY_REDRAW + 10, show_selected_cb, self, NULL);
}

static void
copy (LscNarrativeTab *self, const GString *text, guint n)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text->str);
  g_autofree char *said = g_strdup_printf (
      g_dngettext (NULL, "%u sentence is on the clipboard", "%u sentences are on the clipboard", n),
      n);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", said);
}

static void
append_line (LscNarrativeTab *self, GString *text, guint64 number)
{
  g_autofree char *line = lsc_narrative_line (get_trace (self), self->thread, number, self->words);
  if (line != NULL)
    g_string_append_printf (text, "%s\n", line);
}

/* Of the selected range, or of what is in view. */
static void
copy_story_cb (LscNarrativeTab *self)
{
  LscTimeRange range = lsc_lanes_view_get_visible (self->view);
  guint position = 0;
  guint64 number = 0;
  guint n = 0;
  lsc_lanes_view_get_selection (self->view, &range);
  if (!lsc_lanes_view_find_bar (self->view, self->thread, range.from_ns, &number))
    return;
  const LscLane *lane = lsc_trace_get_thread (get_trace (self), self->thread)->lane;
  GString *text = g_string_new (NULL);
  for (lsc_narrative_model_find (self->model, number, &position);
       n < COPIED_MAX && position < g_list_model_get_n_items (G_LIST_MODEL (self->model)); n++)
    {
      g_autoptr (LscNarrativeLine) line =
          g_list_model_get_item (G_LIST_MODEL (self->model), position++);
      LscSpan span;
      lsc_lane_get (lane, lsc_narrative_line_get_number (line), &span);
      if (span.start_ns >= range.to_ns)
        break;
      append_line (self, text, lsc_narrative_line_get_number (line));
    }
  copy (self, text, n);
  g_string_free (text, TRUE);
}

static gboolean
copy_line_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  LscNarrativeTab *self = LSC_NARRATIVE_TAB (widget);
  LscNarrativeLine *line = gtk_single_selection_get_selected_item (self->selection);
  if (line == NULL)
    return FALSE;
  GString *text = g_string_new (NULL);
  append_line (self, text, lsc_narrative_line_get_number (line));
  copy (self, text, 1);
  g_string_free (text, TRUE);
  return TRUE;
}

static void
lsc_narrative_tab_dispose (GObject *object)
{
  LscNarrativeTab *self = LSC_NARRATIVE_TAB (object);
  g_clear_handle_id (&self->show_id, g_source_remove);
  if (self->root != NULL)
    gtk_list_view_set_model (self->list, NULL);
  g_clear_pointer (&self->root, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_object (&self->slice);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (lsc_narrative_tab_parent_class)->dispose (object);
}

static void
lsc_narrative_tab_class_init (LscNarrativeTabClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_narrative_tab_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/lanescope/Lanescope/narrative-tab.ui");
  gtk_widget_class_bind_template_child (widget_class, LscNarrativeTab, root);
  gtk_widget_class_bind_template_child (widget_class, LscNarrativeTab, title);
  gtk_widget_class_bind_template_child (widget_class, LscNarrativeTab, subtitle);
  gtk_widget_class_bind_template_child (widget_class, LscNarrativeTab, list);
  gtk_widget_class_bind_template_callback (widget_class, copy_story_cb);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, copy_line_cb, NULL);
}

static void
lsc_narrative_tab_init (LscNarrativeTab *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->thread = LSC_THREAD_NONE;
  self->model = lsc_narrative_model_new ();
  self->slice = gtk_slice_list_model_new (g_object_ref (G_LIST_MODEL (self->model)), 0, G_MAXINT);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->slice)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  gtk_list_view_set_factory (self->list, factory);
  g_object_unref (factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->list, "map", G_CALLBACK (mapped_cb), self, G_CONNECT_SWAPPED);
  lsc_pages_show (GTK_STACK (self->root), "empty");
}
