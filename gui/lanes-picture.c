/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lanes-picture.h"

#include "gui/lanes-view-private.h"
#include "gui/picture-job.h"

#include "lib/explain/caption.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define WIDTH 1600.0
#define PRINT_WIDTH 1200.0 /* across a page: letters are then as large as in a book */
#define HEIGHT_MIN 120.0

/* A picture of its own, so that the window's keeps what it has worked out. */
typedef struct
{
  LscPicture *picture;
  LscScene scene;
  LscLanesLabel label;
  char *caption;
  double width;
  LscLanesView *view;
} Sheet;

static void
sheet_set_up (
    Sheet *self, LscLanesView *view, const LscTimeRange *range, LscTheme theme, double width)
{
  LscPictureParts parts;
  LscPictureLayout layout;
  LscPaintWords words;
  self->picture = lsc_picture_new ();
  self->scene = view->scene;
  self->scene.selected = self->scene.hovered = LSC_PICK_NOTHING;
  self->scene.scroll_y = 0;
  self->width = width;
  self->caption = lsc_caption_of_range (view->trace, range->from_ns, range->to_ns);
  lsc_picture_parts_init (&parts);
  parts.caption = self->caption;
  lsc_lanes_words_fill (&words, view->words, &self->label);
  lsc_picture_set_words (self->picture, &words);
  lsc_picture_set_theme (self->picture, theme);
  lsc_picture_set_parts (self->picture, &parts);
  lsc_picture_layout (self->picture, width, HEIGHT_MIN, &layout);
  lsc_viewport_resize (&self->scene.viewport, MAX (layout.lanes.width, 1));
  lsc_viewport_fit (&self->scene.viewport, range->from_ns, range->to_ns, 0);
}

static void
sheet_clear (Sheet *self)
{
  lsc_picture_free (self->picture);
  g_free (self->caption);
}

LscPictureFile *
lsc_lanes_picture_paint (LscLanesView *view,
                         const LscTimeRange *range,
                         LscPictureFormat format,
                         LscTheme theme)
{
  Sheet sheet;
  sheet_set_up (&sheet, view, range, theme, WIDTH);
  double natural = ceil (lsc_picture_natural_height (sheet.picture, &sheet.scene));
  double size[2] = { WIDTH, MIN (natural, LSC_PICTURE_SIZE_MAX) };
  LscPictureFile *painted = lsc_picture_file_new (sheet.picture, &sheet.scene, size, format);
  sheet_clear (&sheet);
  return painted;
}

static void
copied_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = lsc_picture_job_encode_finish (result, &error);
  g_autoptr (GdkTexture) texture =
      bytes != NULL ? gdk_texture_new_from_bytes (bytes, &error) : NULL;
  if (texture != NULL)
    gdk_clipboard_set_texture (gtk_widget_get_clipboard (GTK_WIDGET (object)), texture);
  gtk_widget_activate_action (GTK_WIDGET (object), "win.toast", "s",
                              texture != NULL ? _ ("Copied as a picture") : error->message);
}

void
lsc_lanes_picture_copy (LscLanesView *view)
{
  LscTimeRange range = lsc_lanes_view_get_visible (view);
  LscTheme theme = adw_style_manager_get_dark (adw_style_manager_get_default ()) ? LSC_THEME_DARK
                                                                                 : LSC_THEME_LIGHT;
  lsc_picture_job_encode_async (lsc_lanes_picture_paint (view, &range, LSC_PICTURE_PNG, theme),
                                view, copied_cb);
}

/* The height of a page in the picture's pixels. */
static double
get_page_height (GtkPrintContext *context)
{
  return PRINT_WIDTH * gtk_print_context_get_height (context)
         / MAX (gtk_print_context_get_width (context), 1);
}

static void
begin_print_cb (GtkPrintOperation *operation, GtkPrintContext *context, Sheet *sheet)
{
  double page = get_page_height (context);
  double natural = lsc_picture_natural_height (sheet->picture, &sheet->scene);
  LscPictureLayout layout;
  lsc_picture_layout (sheet->picture, PRINT_WIDTH, page, &layout);
  double rows = natural - (page - layout.lanes.height);
  gtk_print_operation_set_n_pages (
      operation, (int) CLAMP (ceil (rows / MAX (layout.lanes.height, 1)), 1, 500));
}

static void
draw_page_cb (GtkPrintOperation *operation, GtkPrintContext *context, int number, Sheet *sheet)
{
  cairo_t *cr = gtk_print_context_get_cairo_context (context);
  double scale = gtk_print_context_get_width (context) / PRINT_WIDTH;
  double page = get_page_height (context);
  LscPictureLayout layout;
  lsc_picture_layout (sheet->picture, PRINT_WIDTH, page, &layout);
  sheet->scene.scroll_y = number * layout.lanes.height;
  cairo_scale (cr, scale, scale);
  lsc_picture_paint (sheet->picture, cr, &sheet->scene, PRINT_WIDTH, page);
}

static void
print_trouble (GtkWidget *widget, const char *text)
{
  g_autofree char *sentence = g_strdup_printf (_ ("It could not be printed: %s."), text);
  gtk_widget_activate_action (widget, "win.toast", "s", sentence);
}

void
lsc_lanes_picture_print (LscLanesView *view, const char *name)
{
  g_autoptr (GtkPrintOperation) operation = gtk_print_operation_new ();
  g_autoptr (GtkPageSetup) page = gtk_page_setup_new ();
  g_autoptr (GtkPrintSettings) settings = gtk_print_settings_new ();
  g_autoptr (GError) error = NULL;
  LscTimeRange range = lsc_lanes_view_get_visible (view);
  Sheet sheet;
  sheet_set_up (&sheet, view, &range, LSC_THEME_PRINT, PRINT_WIDTH);
  gtk_page_setup_set_orientation (page, GTK_PAGE_ORIENTATION_LANDSCAPE);
  gtk_print_operation_set_default_page_setup (operation, page);
  gtk_print_operation_set_job_name (operation, name);
  /* what a file is called that is printed to */
  gtk_print_settings_set (settings, GTK_PRINT_SETTINGS_OUTPUT_BASENAME, name);
  gtk_print_operation_set_print_settings (operation, settings);
  g_signal_connect (operation, "begin-print", G_CALLBACK (begin_print_cb), &sheet);
  g_signal_connect (operation, "draw-page", G_CALLBACK (draw_page_cb), &sheet);
  if (gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG,
                               GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (view))), &error)
      == GTK_PRINT_OPERATION_RESULT_ERROR)
    print_trouble (GTK_WIDGET (view), error->message);
  sheet_clear (&sheet);
}
