/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/recent-captures.h"

#include "gui/capture-title.h"
#include "gui/places.h"
#include "lib/explain/duration.h"
#include "lib/files/capture-reader.h"
#include "lib/files/capture-store.h"

#include <glib/gi18n.h>

#define KEY "recent-captures"
#define REMEMBERED_MAX 8u
#define LEFTOVERS_SHOWN 5u
#define LEFTOVERS_KEPT 10u /* older ones are thrown away */

/* A capture that was never saved. */
typedef struct
{
  LscCaptureLeftover file;
  char *command; /* what was recorded; empty when not known */
} Unsaved;

struct _LscRecentCaptures
{
  GtkWidget parent_instance;
  GtkWidget *box;
  GSettings *settings;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (LscRecentCaptures, lsc_recent_captures, GTK_TYPE_WIDGET)

static char *
describe_day (gint64 seconds)
{
  g_autoptr (GDateTime) then = g_date_time_new_from_unix_local (seconds);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  if (then == NULL)
    return g_strdup ("");
  GDate day_then, day_now;
  g_date_set_dmy (&day_then, (GDateDay) g_date_time_get_day_of_month (then),
                  (GDateMonth) g_date_time_get_month (then),
                  (GDateYear) g_date_time_get_year (then));
  g_date_set_dmy (&day_now, (GDateDay) g_date_time_get_day_of_month (now),
                  (GDateMonth) g_date_time_get_month (now), (GDateYear) g_date_time_get_year (now));
  int days = g_date_days_between (&day_then, &day_now);
  if (days == 0)
    return g_date_time_format (then, _ ("today, %H:%M"));
  if (days == 1)
    return g_date_time_format (then, _ ("yesterday, %H:%M"));
  return g_date_time_format (then, days < 7 ? "%A" : "%x");
}

static void
open_cb (GtkButton *button, gpointer data)
{
  gtk_widget_activate_action (GTK_WIDGET (button), "win.open-uri", "s",
                              g_object_get_data (G_OBJECT (button), "uri"));
}

static void
add_heading (LscRecentCaptures *self, const char *text)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "side-heading");
  gtk_box_append (GTK_BOX (self->box), label);
}

static void
add_entry (LscRecentCaptures *self, const char *uri, const char *title, const char *subtitle)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *labels[] = { gtk_label_new (title), gtk_label_new (subtitle) };
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      gtk_label_set_xalign (GTK_LABEL (labels[i]), 0);
      gtk_label_set_ellipsize (GTK_LABEL (labels[i]), PANGO_ELLIPSIZE_MIDDLE);
      gtk_box_append (GTK_BOX (texts), labels[i]);
    }
  gtk_widget_add_css_class (labels[1], "caption");
  gtk_widget_add_css_class (labels[1], "dim-label");
  gtk_button_set_child (GTK_BUTTON (button), texts);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "recent");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, subtitle, -1);
  g_object_set_data_full (G_OBJECT (button), "uri", g_strdup (uri), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (open_cb), NULL);
  gtk_box_append (GTK_BOX (self->box), button);
}

static void
add_unsaved (LscRecentCaptures *self, const GPtrArray *all)
{
  for (guint i = 0; i < MIN (all->len, LEFTOVERS_SHOWN); i++)
    {
      const Unsaved *unsaved = all->pdata[i];
      g_autofree char *uri = g_filename_to_uri (unsaved->file.path, NULL, NULL);
      g_autofree char *day = describe_day (unsaved->file.modified);
      g_autofree char *size = g_format_size (unsaved->file.n_bytes);
      g_autofree char *subtitle = g_strdup_printf ("%s \302\267 %s", day, size);
      if (i == 0)
        add_heading (self, _ ("Not saved yet"));
      if (uri != NULL)
        add_entry (self, uri,
                   unsaved->command[0] == '\0' ? _ ("Unsaved capture") : unsaved->command,
                   subtitle);
    }
}

static void
add_remembered (LscRecentCaptures *self)
{
  g_autoptr (GVariant) list = g_settings_get_value (self->settings, KEY);
  GVariantIter iter;
  const char *uri = NULL;
  gint64 when = 0;
  guint64 length_ns = 0;
  g_variant_iter_init (&iter, list);
  if (g_variant_n_children (list) > 0)
    add_heading (self, _ ("Recent captures"));
  while (g_variant_iter_next (&iter, "(&sxt)", &uri, &when, &length_ns))
    {
      g_autoptr (GFile) file = g_file_new_for_uri (uri);
      g_autofree char *name = g_file_get_basename (file);
      g_autofree char *title = g_filename_display_name (name);
      g_autofree char *day = describe_day (when);
      g_autofree char *length = lsc_duration_format (length_ns);
      g_autofree char *subtitle = g_strdup_printf ("%s \302\267 %s", day, length);
      add_entry (self, uri, title, subtitle);
    }
}

static void
unsaved_free (gpointer data)
{
  Unsaved *self = data;
  g_free (self->file.path);
  g_free (self->command);
  g_free (self);
}

static Unsaved *
unsaved_new (const LscCaptureLeftover *leftover)
{
  Unsaved *self = g_new0 (Unsaved, 1);
  g_autoptr (LscCaptureReader) reader = lsc_capture_reader_new (leftover->path, NULL);
  self->file = *leftover;
  self->file.path = g_strdup (leftover->path);
  self->command =
      reader == NULL
          ? g_strdup ("")
          : lsc_capture_title_of_command (lsc_capture_reader_get_header (reader)->command);
  return self;
}

static void
list_unsaved (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GArray) leftovers = lsc_capture_store_list_leftovers ();
  GPtrArray *all = g_ptr_array_new_with_free_func (unsaved_free);
  for (guint i = 0; i < leftovers->len; i++)
    {
      const LscCaptureLeftover *leftover = &g_array_index (leftovers, LscCaptureLeftover, i);
      if (i >= LEFTOVERS_KEPT)
        lsc_capture_store_discard (leftover->path, NULL);
      else if (i < LEFTOVERS_SHOWN)
        g_ptr_array_add (all, unsaved_new (leftover));
    }
  g_task_return_pointer (task, all, (GDestroyNotify) g_ptr_array_unref);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GPtrArray) unsaved = g_task_propagate_pointer (G_TASK (result), NULL);
  if (unsaved == NULL)
    return;
  LscRecentCaptures *self = data;
  GtkWidget *child = NULL;
  while ((child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_box_remove (GTK_BOX (self->box), child);
  add_unsaved (self, unsaved);
  add_remembered (self);
}

void
lsc_recent_captures_refresh (LscRecentCaptures *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_autoptr (GTask) task = g_task_new (NULL, self->cancellable, listed_cb, self);
  g_task_run_in_thread (task, list_unsaved);
}

/* `data`: the newest one's URI and length. Settings that are kept in a file are written before this
 * returns. */
static gboolean
remember_cb (gpointer data)
{
  const char *uri = NULL;
  guint64 length_ns = 0;
  g_variant_get (data, "(&st)", &uri, &length_ns);
  g_autoptr (GSettings) settings = lsc_places_new_settings (NULL);
  g_autoptr (GVariant) list = g_settings_get_value (settings, KEY);
  GVariantBuilder builder;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sxt)"));
  g_variant_builder_add (&builder, "(sxt)", uri, g_get_real_time () / G_USEC_PER_SEC, length_ns);
  GVariantIter iter;
  g_variant_iter_init (&iter, list);
  const char *other = NULL;
  gint64 when = 0;
  guint n = 1;
  while (n < REMEMBERED_MAX && g_variant_iter_next (&iter, "(&sxt)", &other, &when, &length_ns))
    if (!g_str_equal (other, uri))
      {
        g_variant_builder_add (&builder, "(sxt)", other, when, length_ns);
        n++;
      }
  g_settings_set_value (settings, KEY, g_variant_builder_end (&builder));
  return G_SOURCE_REMOVE;
}

void
lsc_recent_captures_remember (GFile *file, guint64 length_ns)
{
  g_autofree char *uri = g_file_get_uri (file);
  GVariant *newest = g_variant_ref_sink (g_variant_new ("(st)", uri, length_ns));
  g_idle_add_full (G_PRIORITY_DEFAULT, remember_cb, newest, (GDestroyNotify) g_variant_unref);
}

static void
lsc_recent_captures_dispose (GObject *object)
{
  LscRecentCaptures *self = LSC_RECENT_CAPTURES (object);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (lsc_recent_captures_parent_class)->dispose (object);
}

static void
lsc_recent_captures_class_init (LscRecentCapturesClass *class)
{
  G_OBJECT_CLASS (class)->dispose = lsc_recent_captures_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
lsc_recent_captures_init (LscRecentCaptures *self)
{
  self->settings = lsc_places_new_settings (NULL);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_widget_set_margin_start (self->box, 8);
  gtk_widget_set_margin_end (self->box, 8);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  lsc_recent_captures_refresh (self);
}
