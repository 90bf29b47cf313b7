/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/side-pane.h"

#include "gui/locks-tab.h"
#include "gui/narrative-tab.h"
#include "gui/pages.h"
#include "gui/patterns-tab.h"
#include "gui/places.h"
#include "gui/statistics-tab.h"
#include "gui/why-tab.h"

#define REST_MS 150   /* the view has come to rest */
#define GROWTH_MS 700 /* between two looks at what has grown */
#define WIDTH_MIN 300
#define WIDTH_MAX 720

struct _LscSidePane
{
  GtkWidget parent_instance;
  GtkWidget *root;
  GtkWidget *handle;
  GtkWidget *tab_box;
  GtkStack *stack;
  LscWhyTab *why_page;

  GSettings *settings;
  LscPaneChange news; /* for the tab that is seen */
  guint timer;
  gboolean is_soon;    /* the timer is due at once */
  gint64 refreshed_us; /* when the tab was refreshed last */
  double drag_x;       /* of the pointer as a drag began, in the window */
  int drag_width;
};

G_DEFINE_FINAL_TYPE (LscSidePane, lsc_side_pane, GTK_TYPE_WIDGET)

static const LscPaneChange everything =
    LSC_PANE_PICK | LSC_PANE_RANGE | LSC_PANE_GROWN | LSC_PANE_WORDS;

static LscPaneTab *
get_tab (LscSidePane *self)
{
  return LSC_PANE_TAB (gtk_stack_get_visible_child (self->stack));
}

static void
refresh (LscSidePane *self)
{
  LscPaneChange news = self->news;
  g_clear_handle_id (&self->timer, g_source_remove);
  self->news = 0;
  self->refreshed_us = g_get_monotonic_time ();
  if (news != 0)
    lsc_pane_tab_refresh (get_tab (self), news);
}

static gboolean
timer_cb (gpointer data)
{
  LscSidePane *self = data;
  self->timer = 0;
  refresh (self);
  return G_SOURCE_REMOVE;
}

/* What is picked is shown at once; what moves, when it has come to rest; what grows, now and then.
 */
static void
schedule (LscSidePane *self, LscPaneChange change)
{
  gboolean soon = (change & (LSC_PANE_PICK | LSC_PANE_WORDS)) != 0;
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (self->timer != 0 && (self->is_soon || change == LSC_PANE_GROWN))
    return;
  gint64 since_ms = (g_get_monotonic_time () - self->refreshed_us) / 1000;
  guint delay_ms = (change & LSC_PANE_RANGE) != 0
                       ? REST_MS
                       : (guint) (GROWTH_MS - CLAMP (since_ms, 0, GROWTH_MS));
  g_clear_handle_id (&self->timer, g_source_remove);
  self->is_soon = soon;
  self->timer = soon ? g_idle_add (timer_cb, self) : g_timeout_add (delay_ms, timer_cb, self);
}

void
lsc_side_pane_tell (LscSidePane *self, LscPaneChange change)
{
  if ((change & LSC_PANE_TRACE) == 0)
    {
      self->news |= change;
      schedule (self, change);
      return;
    }
  g_clear_handle_id (&self->timer, g_source_remove);
  self->news = 0;
  for (GtkWidget *tab = gtk_widget_get_first_child (GTK_WIDGET (self->stack)); tab != NULL;
       tab = gtk_widget_get_next_sibling (tab))
    lsc_pane_tab_refresh (LSC_PANE_TAB (tab), LSC_PANE_TRACE);
}

static void
map_cb (LscSidePane *self)
{
  self->news = everything;
  schedule (self, LSC_PANE_PICK);
}

static void
show_tab (LscSidePane *self, GtkWidget *button)
{
  lsc_pages_show (self->stack, gtk_widget_get_name (button));
  g_settings_set_string (self->settings, "side-pane-tab", gtk_widget_get_name (button));
  self->news = everything;
  refresh (self);
}

static void
tab_toggled_cb (GtkToggleButton *button, LscSidePane *self)
{
  gboolean active = gtk_toggle_button_get_active (button);
  gtk_accessible_update_state (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_STATE_SELECTED, active, -1);
  if (active)
    show_tab (self, GTK_WIDGET (button));
}

void
lsc_side_pane_show_tab (LscSidePane *self, const char *name)
{
  for (GtkWidget *button = gtk_widget_get_first_child (self->tab_box); button != NULL;
       button = gtk_widget_get_next_sibling (button))
    if (g_str_equal (gtk_widget_get_name (button), name))
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
}

static double
x_in_window (LscSidePane *self, double x)
{
  double y = 0;
  gtk_widget_translate_coordinates (self->handle, GTK_WIDGET (gtk_widget_get_root (self->handle)),
                                    x, 0, &x, &y);
  return x;
}

static void
set_width (LscSidePane *self, int width)
{
  gtk_widget_set_size_request (self->root, CLAMP (width, WIDTH_MIN, WIDTH_MAX), -1);
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, LscSidePane *self)
{
  self->drag_x = x_in_window (self, x);
  self->drag_width = gtk_widget_get_width (self->root);
}

static void
drag_update_cb (GtkGestureDrag *gesture, double dx, double dy, LscSidePane *self)
{
  double x = 0;
  double y = 0;
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  gtk_gesture_get_point (GTK_GESTURE (gesture), NULL, &x, &y);
  double moved = x_in_window (self, x) - self->drag_x;
  set_width (self, self->drag_width + (int) (mirrored ? moved : -moved));
}

static void
drag_end_cb (GtkGestureDrag *gesture, double dx, double dy, LscSidePane *self)
{
  int width = 0;
  gtk_widget_get_size_request (self->root, &width, NULL);
  g_settings_set_int (self->settings, "side-pane-width", width);
}

static void
lsc_side_pane_dispose (GObject *object)
{
  LscSidePane *self = LSC_SIDE_PANE (object);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_pointer (&self->root, gtk_widget_unparent);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (lsc_side_pane_parent_class)->dispose (object);
}

static void
lsc_side_pane_class_init (LscSidePaneClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = lsc_side_pane_dispose;
  g_type_ensure (LSC_TYPE_LOCKS_TAB);
  g_type_ensure (LSC_TYPE_NARRATIVE_TAB);
  g_type_ensure (LSC_TYPE_PATTERNS_TAB);
  g_type_ensure (LSC_TYPE_STATISTICS_TAB);
  g_type_ensure (LSC_TYPE_WHY_TAB);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "sidepane");
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/lanescope/Lanescope/side-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, LscSidePane, root);
  gtk_widget_class_bind_template_child (widget_class, LscSidePane, handle);
  gtk_widget_class_bind_template_child (widget_class, LscSidePane, tab_box);
  gtk_widget_class_bind_template_child (widget_class, LscSidePane, stack);
  gtk_widget_class_bind_template_child (widget_class, LscSidePane, why_page);
  gtk_widget_class_bind_template_callback (widget_class, tab_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, drag_begin_cb);
  gtk_widget_class_bind_template_callback (widget_class, drag_update_cb);
  gtk_widget_class_bind_template_callback (widget_class, drag_end_cb);
}

static void
lsc_side_pane_init (LscSidePane *self)
{
  self->settings = lsc_places_new_settings (NULL);
  g_autofree char *tab = g_settings_get_string (self->settings, "side-pane-tab");
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_cursor_from_name (self->handle, "col-resize");
  set_width (self, g_settings_get_int (self->settings, "side-pane-width"));
  g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);
  lsc_side_pane_show_tab (self, tab);
}

void
lsc_side_pane_set_view (LscSidePane *self, LscLanesView *view)
{
  for (GtkWidget *tab = gtk_widget_get_first_child (GTK_WIDGET (self->stack)); tab != NULL;
       tab = gtk_widget_get_next_sibling (tab))
    lsc_pane_tab_set_view (LSC_PANE_TAB (tab), view);
}

void
lsc_side_pane_set_path (LscSidePane *self, LscCriticalStrip *path)
{
  lsc_why_tab_set_path (self->why_page, path);
}
