/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/start-page.h"

#include "gui/lessons-page.h"
#include "gui/pages.h"
#include "gui/process-picker.h"
#include "gui/recent-captures.h"
#include "gui/run-program.h"
#include "lib/client/capability.h"

#include <glib/gi18n.h>
#include <unistd.h>

typedef struct
{
  const char *page; /* of the stack; NULL: asks for a file */
  const char *icon;
  const char *name;
} Way;

static const Way ways[] = {
  { "process", "system-search-symbolic", N_ ("_Choose a Process") },
  { "program", "media-playback-start-symbolic", N_ ("_Run a Program") },
  { "lessons", "accessories-dictionary-symbolic", N_ ("_Lessons") },
  { NULL, "document-open-symbolic", N_ ("_Open a Capture") },
};

struct _LscStartPage
{
  GtkWidget parent_instance;
  GtkWidget *root;
  GtkBox *side_list;
  GtkStack *stack;
  LscProcessPicker *picker;
  LscRunProgram *program;
  LscLessonsPage *lessons;
  LscRecentCaptures *recent;
  GtkRevealer *running_revealer;
  GtkLabel *running_label;
  GtkLabel *can_label;
  GtkLabel *why_label;
  GtkMenuButton *menu_button;

  GtkWidget *buttons[G_N_ELEMENTS (ways)];
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (LscStartPage, lsc_start_page, GTK_TYPE_WIDGET)

static void
show_way (LscStartPage *self, guint way)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      gboolean chosen = i == way;
      if (chosen)
        gtk_widget_add_css_class (self->buttons[i], "chosen");
      else
        gtk_widget_remove_css_class (self->buttons[i], "chosen");
      gtk_accessible_update_state (GTK_ACCESSIBLE (self->buttons[i]), GTK_ACCESSIBLE_STATE_SELECTED,
                                   chosen, -1);
    }
  lsc_pages_show (self->stack, ways[way].page);
}

static void
way_cb (GtkButton *button, LscStartPage *self)
{
  guint way = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "way"));
  if (ways[way].page == NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open-dialog", NULL);
  else
    show_way (self, way);
}

static GtkWidget *
make_button (LscStartPage *self, guint way)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new_with_mnemonic (_ (ways[way].name));
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (ways[way].icon));
  gtk_box_append (GTK_BOX (box), label);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), button);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "way");
  g_object_set_data (G_OBJECT (button), "way", GUINT_TO_POINTER (way));
  g_signal_connect (button, "clicked", G_CALLBACK (way_cb), self);
  return button;
}

static void
tell (LscStartPage *self, gboolean can, const char *headline, const char *why)
{
  gtk_label_set_text (self->can_label, headline);
  gtk_label_set_text (self->why_label, why);
  if (can)
    gtk_widget_add_css_class (GTK_WIDGET (self->can_label), "success");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->can_label), "warning");
}

static void
capability_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  gboolean can = lsc_capability_check_finish (result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  LscCapability facts;
  lsc_capability_look (&facts);
  if (!can && error->domain == LSC_CLIENT_ERROR
      && lsc_trouble_get_kind ((LscClientError) error->code) == LSC_TROUBLE_PERMISSION)
    tell (data, FALSE, _ ("Tracing is not possible yet."), error->message);
  else if (!can)
    tell (data, FALSE, _ ("This machine cannot trace."), error->message);
  else if (facts.may_trace)
    tell (data, TRUE, _ ("This machine can trace."), _ ("No password is needed."));
  else
    tell (data, TRUE, _ ("This machine can trace."),
          _ ("A password may be asked for when you start."));
}

static void
lsc_start_page_dispose (GObject *object)
{
  LscStartPage *self = LSC_START_PAGE (object);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->root, gtk_widget_unparent);
  G_OBJECT_CLASS (lsc_start_page_parent_class)->dispose (object);
}

static void
lsc_start_page_class_init (LscStartPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_start_page_dispose;
  g_type_ensure (LSC_TYPE_PROCESS_PICKER);
  g_type_ensure (LSC_TYPE_RUN_PROGRAM);
  g_type_ensure (LSC_TYPE_LESSONS_PAGE);
  g_type_ensure (LSC_TYPE_RECENT_CAPTURES);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/lanescope/Lanescope/start-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LscStartPage, root);
  gtk_widget_class_bind_template_child (widget_class, LscStartPage, side_list);
  gtk_widget_class_bind_template_child (widget_class, LscStartPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LscStartPage, picker);
  gtk_widget_class_bind_template_child (widget_class, LscStartPage, program);
  gtk_widget_class_bind_template_child (widget_class, LscStartPage, lessons);
  gtk_widget_class_bind_template_child (widget_class, LscStartPage, recent);
  gtk_widget_class_bind_template_child (widget_class, LscStartPage, running_revealer);
  gtk_widget_class_bind_template_child (widget_class, LscStartPage, running_label);
  gtk_widget_class_bind_template_child (widget_class, LscStartPage, can_label);
  gtk_widget_class_bind_template_child (widget_class, LscStartPage, why_label);
  gtk_widget_class_bind_template_child (widget_class, LscStartPage, menu_button);
}

static void
lsc_start_page_init (LscStartPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      self->buttons[i] = make_button (self, i);
      gtk_box_append (self->side_list, self->buttons[i]);
    }
  show_way (self, 0);
  self->cancellable = g_cancellable_new ();
  lsc_capability_check_async (self->cancellable, capability_cb, self);
}

void
lsc_start_page_focus (LscStartPage *self)
{
  lsc_process_picker_focus_search (self->picker);
}

void
lsc_start_page_set_running (LscStartPage *self, const char *title)
{
  lsc_pages_reveal (self->running_revealer, title != NULL);
  if (title == NULL)
    return;
  /* Translators: %s is what is traced, such as "sleep 5" */
  g_autofree char *text = g_strdup_printf (_ ("The capture of %s goes on."), title);
  gtk_label_set_text (self->running_label, text);
}

void
lsc_start_page_refresh (LscStartPage *self)
{
  lsc_recent_captures_refresh (self->recent);
}

void
lsc_start_page_open_menu (LscStartPage *self)
{
  gtk_menu_button_popup (self->menu_button);
}
