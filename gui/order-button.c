/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/order-button.h"

#include "gui/row-names.h"

#include <glib/gi18n.h>

struct _LscOrderButton
{
  GtkWidget parent_instance;
  GtkMenuButton *button;
  GtkLabel *label;
  GMenu *thread_model;
  GMenu *cpu_model;
  GMenu *reasons;

  LscLanesView *view;          /* a sibling; not owned */
  GSimpleActionGroup *actions; /* not owned */
};

G_DEFINE_FINAL_TYPE (LscOrderButton, lsc_order_button, GTK_TYPE_WIDGET)

typedef struct
{
  LscRowSort sort;
  const char *text; /* on the button */
} Sort;

static const Sort sorts[] = {
  { LSC_SORT_BUSIEST, N_ ("Busiest first") },
  { LSC_SORT_QUEUED, N_ ("Most queued first") },
  { LSC_SORT_PREEMPTED, N_ ("Most preempted first") },
  { LSC_SORT_WAITING, N_ ("Most waiting first") },
  { LSC_SORT_BLOCKED, N_ ("Most uninterruptible first") },
  { LSC_SORT_SWITCHES, N_ ("Most switches first") },
  { LSC_SORT_WAKEUPS, N_ ("Most wakeups first") },
  { LSC_SORT_MIGRATIONS, N_ ("Most migrations first") },
  { LSC_SORT_LONGEST_WAIT, N_ ("Longest wait first") },
  { LSC_SORT_LONGEST_QUEUE, N_ ("Longest queued first") },
  { LSC_SORT_NAME, N_ ("By name") },
  { LSC_SORT_TID, N_ ("By number") },
  { LSC_SORT_FIRST_RUN, N_ ("By first run") },
};

/* What waits are for, as far as it is worth an order. */
static const LscReason reasons[] = { LSC_REASON_LOCK,   LSC_REASON_DISK,    LSC_REASON_FILE,
                                     LSC_REASON_PIPE,   LSC_REASON_NETWORK, LSC_REASON_TIMER,
                                     LSC_REASON_EVENTS, LSC_REASON_CHILD,   LSC_REASON_PAGE_FAULT };

static char *
dup_text (LscRowSort sort, LscRowMode mode)
{
  if (mode == LSC_ROWS_BY_CPU && sort == LSC_SORT_WAITING)
    return g_strdup (_ ("Most idle first"));
  for (guint i = 0; i < G_N_ELEMENTS (sorts); i++)
    if (sorts[i].sort == sort)
      return g_strdup (_ (sorts[i].text));
  /* Translators: which lanes stand above. "Waiting for: Lock" */
  return g_strdup_printf (_ ("Waiting for: %s"),
                          lsc_words_reason ((LscReason) (sort - LSC_SORT_REASON)));
}

/* A menu that closes gives the keys to its button, unless they have gone elsewhere. */
static void
focus_lanes (LscOrderButton *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
sort_cb (GSimpleAction *action, GVariant *value, gpointer data)
{
  LscOrderButton *self = data;
  LscRowSort sort;
  if (lsc_row_names_find_sort (g_variant_get_string (value, NULL), &sort))
    lsc_lanes_view_set_sort (self->view, sort);
  focus_lanes (self);
}

static void
sort_again_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LscOrderButton *self = data;
  lsc_lanes_view_sort_again (self->view);
  focus_lanes (self);
}

static void
hide_idle_cb (GSimpleAction *action, GVariant *value, gpointer data)
{
  LscOrderButton *self = data;
  lsc_lanes_view_set_hide_idle (self->view, g_variant_get_boolean (value));
  focus_lanes (self);
}

static void
hide_ended_cb (GSimpleAction *action, GVariant *value, gpointer data)
{
  LscOrderButton *self = data;
  lsc_lanes_view_set_hide_ended (self->view, g_variant_get_boolean (value));
  focus_lanes (self);
}

static void
show_hidden_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LscOrderButton *self = data;
  lsc_lanes_view_show_hidden (self->view);
  focus_lanes (self);
}

static const GActionEntry entries[] = {
  { .name = "sort", .parameter_type = "s", .state = "'busiest'", .change_state = sort_cb },
  { .name = "sort-again", .activate = sort_again_cb },
  { .name = "hide-idle", .state = "false", .change_state = hide_idle_cb },
  { .name = "hide-ended", .state = "false", .change_state = hide_ended_cb },
  { .name = "show-hidden", .activate = show_hidden_cb },
};

static GSimpleAction *
get_action (LscOrderButton *self, const char *name)
{
  return G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), name));
}

/* Others change these too: keys, lines in the picture. */
static void
view_changed_cb (LscOrderButton *self)
{
  LscRowSort sort = lsc_lanes_view_get_sort (self->view);
  g_autofree char *text = dup_text (sort, lsc_lanes_view_get_mode (self->view));
  g_autofree char *name = lsc_row_names_of_sort (sort);
  g_simple_action_set_state (get_action (self, "sort"), g_variant_new_string (name));
  g_simple_action_set_state (get_action (self, "hide-idle"),
                             g_variant_new_boolean (lsc_lanes_view_get_hide_idle (self->view)));
  g_simple_action_set_state (get_action (self, "hide-ended"),
                             g_variant_new_boolean (lsc_lanes_view_get_hide_ended (self->view)));
  g_simple_action_set_enabled (get_action (self, "show-hidden"),
                               lsc_lanes_view_get_n_hidden (self->view) > 0);
  if (!g_str_equal (gtk_label_get_text (self->label), text))
    gtk_label_set_text (self->label, text);
}

/* The menu is about to open. It is made anew only then: GTK takes long to take down the one before,
 * and who changes from threads to CPUs waits for the lanes. */
static void
offer_menu (GtkMenuButton *button, gpointer data)
{
  LscOrderButton *self = data;
  gboolean by_cpu = lsc_lanes_view_get_mode (self->view) == LSC_ROWS_BY_CPU;
  GMenuModel *model = G_MENU_MODEL (by_cpu ? self->cpu_model : self->thread_model);
  if (gtk_menu_button_get_menu_model (button) != model)
    gtk_menu_button_set_menu_model (button, model);
}

static void
fill_reasons (LscOrderButton *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      g_autofree char *detailed = g_strdup_printf ("lanes.sort::"
                                                   "reason-%s",
                                                   lsc_words_reason_id (reasons[i]));
      g_menu_append (self->reasons, lsc_words_reason (reasons[i]), detailed);
    }
}

static void
lsc_order_button_dispose (GObject *object)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (object));
  g_clear_pointer (&child, gtk_widget_unparent);
  G_OBJECT_CLASS (lsc_order_button_parent_class)->dispose (object);
}

static void
lsc_order_button_class_init (LscOrderButtonClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_order_button_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/lanescope/Lanescope/order-button.ui");
  gtk_widget_class_bind_template_child (widget_class, LscOrderButton, button);
  gtk_widget_class_bind_template_child (widget_class, LscOrderButton, label);
  gtk_widget_class_bind_template_child (widget_class, LscOrderButton, thread_model);
  gtk_widget_class_bind_template_child (widget_class, LscOrderButton, cpu_model);
  gtk_widget_class_bind_template_child (widget_class, LscOrderButton, reasons);
}

static void
lsc_order_button_init (LscOrderButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* the box that the menu button puts around its child stands in the middle */
  GtkWidget *box = gtk_widget_get_parent (gtk_widget_get_parent (GTK_WIDGET (self->label)));
  gtk_widget_set_halign (box, GTK_ALIGN_FILL);
  fill_reasons (self);
}

void
lsc_order_button_set_view (LscOrderButton *self, LscLanesView *view, GSimpleActionGroup *actions)
{
  self->view = view;
  self->actions = actions;
  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect_object (view, "view-changed", G_CALLBACK (view_changed_cb), self,
                           G_CONNECT_SWAPPED);
  view_changed_cb (self);
  offer_menu (self->button, self);
  gtk_menu_button_set_create_popup_func (self->button, offer_menu, self, NULL);
}
