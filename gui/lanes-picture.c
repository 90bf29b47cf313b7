/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lanes-picture.h"

#include "gui/lanes-view-private.h"

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

static bool
take_bytes (void *data, const void *bytes, size_t n_bytes)
{
  g_byte_array_append (data, bytes, (guint) n_bytes);
  return true;
}

GBytes *
lsc_lanes_picture_draw (LscLanesView *view,
                        const LscTimeRange *range,
                        LscPictureFormat format,
                        LscTheme theme,
                        GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Sheet sheet;
  sheet_set_up (&sheet, view, range, theme, WIDTH);
  double natural = ceil (lsc_picture_natural_height (sheet.picture, &sheet.scene));
  double size[2] = { WIDTH, MIN (natural, LSC_PICTURE_SIZE_MAX) };
  const char *trouble =
      lsc_picture_file_write (sheet.picture, &sheet.scene, size, format, take_bytes, bytes);
  sheet_clear (&sheet);
  if (trouble == NULL)
    return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The picture could not be drawn: %s."),
               trouble);
  return NULL;
}

gboolean
lsc_lanes_picture_copy (LscLanesView *view, GError **error)
{
  LscTimeRange range = lsc_lanes_view_get_visible (view);
  LscTheme theme = adw_style_manager_get_dark (adw_style_manager_get_default ()) ? LSC_THEME_DARK
                                                                                 : LSC_THEME_LIGHT;
  g_autoptr (GBytes) bytes = lsc_lanes_picture_draw (view, &range, LSC_PICTURE_PNG, theme, error);
  if (bytes == NULL)
    return FALSE;
  g_autoptr (GdkTexture) texture = gdk_texture_new_from_bytes (bytes, error);
  if (texture == NULL)
    return FALSE;
  gdk_clipboard_set_texture (gtk_widget_get_clipboard (GTK_WIDGET (view)), texture);
  return TRUE;
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
  g_autoptr (GError) error = NULL;
  LscTimeRange range = lsc_lanes_view_get_visible (view);
  Sheet sheet;
  sheet_set_up (&sheet, view, &range, LSC_THEME_PRINT, PRINT_WIDTH);
  gtk_page_setup_set_orientation (page, GTK_PAGE_ORIENTATION_LANDSCAPE);
  gtk_print_operation_set_default_page_setup (operation, page);
  gtk_print_operation_set_job_name (operation, name);
  g_signal_connect (operation, "begin-print", G_CALLBACK (begin_print_cb), &sheet);
  g_signal_connect (operation, "draw-page", G_CALLBACK (draw_page_cb), &sheet);
  if (gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG,
                               GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (view))), &error)
      == GTK_PRINT_OPERATION_RESULT_ERROR)
    print_trouble (GTK_WIDGET (view), error->message);
  sheet_clear (&sheet);
}
