/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/label-cache.h"

#include "lib/paint/svg-slim.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#define LABELS_MAX 8192u
#define PERIOD 180u /* pictures: a label that is not asked for in one goes */
#define DEFAULT_FAMILY "Cantarell, sans-serif"

static const struct
{
  double size;
  PangoWeight weight;
} fonts[LSC_N_FONTS] = {
  [LSC_FONT_NAME] = { 13, PANGO_WEIGHT_NORMAL },
  [LSC_FONT_NAME_BOLD] = { 13, PANGO_WEIGHT_BOLD },
  [LSC_FONT_GROUP] = { 12.5, PANGO_WEIGHT_BOLD },
  [LSC_FONT_SMALL] = { 11, PANGO_WEIGHT_NORMAL },
  [LSC_FONT_BAR] = { 11, PANGO_WEIGHT_BOLD },
  [LSC_FONT_TINY] = { 10, PANGO_WEIGHT_NORMAL },
  [LSC_FONT_TINY_BOLD] = { 10, PANGO_WEIGHT_BOLD },
  [LSC_FONT_LEGEND] = { 12, PANGO_WEIGHT_NORMAL },
};

/* Glyphs of one font inside a label, from its left end and baseline. */
typedef struct
{
  cairo_scaled_font_t *font; /* the layout's */
  GArray *glyphs;            /* cairo_glyph_t */
} Run;

/* Glyphs of one font and colour, waiting to be drawn. */
typedef struct
{
  cairo_scaled_font_t *font;
  LscColor color;
  GArray *glyphs;
} Batch;

/* A label that waits to be shown as text. */
typedef struct
{
  PangoLayout *layout;
  double x, y;
  LscColor color;
} Waiting;

struct _LscLabelCache
{
  char *family;
  bool enabled;
  bool on_paper;
  cairo_t *cr;
  cairo_matrix_t matrix;
  double device_scale;
  PangoContext *context;
  PangoFontDescription *descriptions[LSC_N_FONTS];
  LscLabelSize heights[LSC_N_FONTS];
  GHashTable *labels; /* style byte + text -> LscLabel */
  uint32_t period;
  uint32_t n_pictures; /* of this period */
  GArray *batches;     /* Batch */
  GArray *waiting;     /* Waiting */
};

static void
clear_run_cb (gpointer data)
{
  Run *run = data;

  cairo_scaled_font_destroy (run->font);
  g_array_unref (run->glyphs);
}

static void
clear_batch_cb (gpointer data)
{
  Batch *batch = data;

  cairo_scaled_font_destroy (batch->font);
  g_array_unref (batch->glyphs);
}

static void
clear_waiting_cb (gpointer data)
{
  g_object_unref (((Waiting *) data)->layout);
}

static void
free_label_cb (gpointer data)
{
  LscLabel *label = data;

  g_clear_pointer (&label->runs, g_array_unref);
  g_clear_object (&label->layout);
  g_free (label);
}

LscLabelCache *
lsc_label_cache_new (void)
{
  LscLabelCache *self = g_new0 (LscLabelCache, 1);

  self->enabled = true;
  self->labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_label_cb);
  self->batches = g_array_new (FALSE, FALSE, sizeof (Batch));
  g_array_set_clear_func (self->batches, clear_batch_cb);
  self->waiting = g_array_new (FALSE, FALSE, sizeof (Waiting));
  g_array_set_clear_func (self->waiting, clear_waiting_cb);
  return self;
}

/* Everything that depends on the surface and the family. */
static void
forget (LscLabelCache *self)
{
  g_hash_table_remove_all (self->labels);
  g_array_set_size (self->batches, 0);
  g_array_set_size (self->waiting, 0);
  for (int i = 0; i < LSC_N_FONTS; i++)
    g_clear_pointer (&self->descriptions[i], pango_font_description_free);
  g_clear_object (&self->context);
}

void
lsc_label_cache_free (LscLabelCache *self)
{
  if (self == NULL)
    return;
  forget (self);
  g_hash_table_unref (self->labels);
  g_array_unref (self->batches);
  g_array_unref (self->waiting);
  g_free (self->family);
  g_free (self);
}

void
lsc_label_cache_set_family (LscLabelCache *self, const char *family)
{
  if (g_strcmp0 (family, self->family) == 0)
    return;
  g_free (self->family);
  self->family = g_strdup (family);
  forget (self);
}

void
lsc_label_cache_set_enabled (LscLabelCache *self, bool enabled)
{
  if (enabled != self->enabled)
    forget (self);
  self->enabled = enabled;
}

static void
set_up_font (LscLabelCache *self, LscFont font)
{
  const char *family = self->family != NULL ? self->family : DEFAULT_FAMILY;
  PangoFontDescription *description = pango_font_description_new ();
  PangoFontMetrics *metrics;

  pango_font_description_set_family (description, family);
  pango_font_description_set_weight (description, fonts[font].weight);
  pango_font_description_set_absolute_size (description, fonts[font].size * PANGO_SCALE);
  metrics = pango_context_get_metrics (self->context, description, NULL);
  self->descriptions[font] = description;
  self->heights[font] = (LscLabelSize){
    .ascent = (double) pango_font_metrics_get_ascent (metrics) / PANGO_SCALE,
    .descent = (double) pango_font_metrics_get_descent (metrics) / PANGO_SCALE,
  };
  pango_font_metrics_unref (metrics);
}

static gboolean
is_unused_cb (gpointer key, gpointer value, gpointer data)
{
  return ((LscLabel *) value)->used != ((LscLabelCache *) data)->period;
}

/* Threads come and go in a capture that runs for hours, and their names with them. */
static void
drop_unused (LscLabelCache *self)
{
  if (++self->n_pictures < PERIOD)
    return;
  g_hash_table_foreach_remove (self->labels, is_unused_cb, self);
  self->period++;
  self->n_pictures = 0;
}

void
lsc_label_cache_begin (LscLabelCache *self, cairo_t *cr)
{
  cairo_surface_t *surface = cairo_get_target (cr);
  cairo_surface_type_t type = cairo_surface_get_type (surface);
  bool on_paper = type == CAIRO_SURFACE_TYPE_SVG || type == CAIRO_SURFACE_TYPE_PDF
                  || type == CAIRO_SURFACE_TYPE_PS;
  double x_scale = 1, y_scale = 1;
  cairo_matrix_t matrix;

  cairo_get_matrix (cr, &matrix);
  cairo_surface_get_device_scale (surface, &x_scale, &y_scale);
  if (self->context == NULL || on_paper != self->on_paper || x_scale != self->device_scale
      || matrix.xx != self->matrix.xx || matrix.yy != self->matrix.yy
      || g_hash_table_size (self->labels) > LABELS_MAX)
    {
      forget (self);
      self->context = pango_cairo_create_context (cr);
    }
  drop_unused (self);
  self->cr = cr;
  self->matrix = matrix;
  self->device_scale = x_scale;
  self->on_paper = on_paper;
}

/* Adds the glyphs of one run. False when it holds one that only Pango can draw (a missing one). */
static bool
take_run (LscLabel *label, const PangoGlyphItem *item, double *x)
{
  const PangoGlyphString *string = item->glyphs;
  cairo_scaled_font_t *font =
      pango_cairo_font_get_scaled_font (PANGO_CAIRO_FONT (item->item->analysis.font));
  Run run = { .glyphs = g_array_new (FALSE, FALSE, sizeof (cairo_glyph_t)) };
  bool known = font != NULL;

  for (int i = 0; i < string->num_glyphs && known; i++)
    {
      const PangoGlyphInfo *info = &string->glyphs[i];
      cairo_glyph_t glyph = { info->glyph, *x + (double) info->geometry.x_offset / PANGO_SCALE,
                              (double) info->geometry.y_offset / PANGO_SCALE };

      known = !(info->glyph & PANGO_GLYPH_UNKNOWN_FLAG) || info->glyph == PANGO_GLYPH_EMPTY;
      if (info->glyph != PANGO_GLYPH_EMPTY)
        g_array_append_val (run.glyphs, glyph);
      *x += (double) info->geometry.width / PANGO_SCALE;
    }
  if (font != NULL)
    run.font = cairo_scaled_font_reference (font);
  g_array_append_val (label->runs, run);
  return known;
}

static void
take_glyphs (LscLabel *label)
{
  PangoLayoutIter *iter = pango_layout_get_iter (label->layout);
  double x = 0;
  bool known = true;

  label->runs = g_array_new (FALSE, FALSE, sizeof (Run));
  g_array_set_clear_func (label->runs, clear_run_cb);
  do
    {
      const PangoGlyphItem *item = pango_layout_iter_get_run_readonly (iter);

      if (item != NULL)
        known = take_run (label, item, &x) && known;
    }
  while (pango_layout_iter_next_run (iter));
  pango_layout_iter_free (iter);
  if (!known)
    g_clear_pointer (&label->runs, g_array_unref);
}

static LscLabel *
lay_out (LscLabelCache *self, LscFont font, const char *text, int max_width)
{
  LscLabel *label = g_new0 (LscLabel, 1);
  int width, height;

  if (!self->enabled)
    return label;
  if (self->descriptions[font] == NULL)
    set_up_font (self, font);
  label->size = self->heights[font];
  label->layout = pango_layout_new (self->context);
  pango_layout_set_font_description (label->layout, self->descriptions[font]);
  pango_layout_set_single_paragraph_mode (label->layout, TRUE);
  pango_layout_set_text (label->layout, text, -1);
  if (max_width > 0)
    {
      pango_layout_set_width (label->layout, max_width * PANGO_SCALE);
      /* the end of a name often tells it from its siblings: worker-1, worker-2 */
      pango_layout_set_ellipsize (label->layout, PANGO_ELLIPSIZE_MIDDLE);
    }
  pango_layout_get_size (label->layout, &width, &height);
  label->size.width = (double) width / PANGO_SCALE;
  if (!self->on_paper)
    take_glyphs (label);
  return label;
}

static const LscLabel *
find_label (LscLabelCache *self, LscFont font, const char *text, int max_width)
{
  g_autofree char *key = g_strdup_printf ("%c%d %s", 'a' + (int) font, max_width, text);
  LscLabel *label = g_hash_table_lookup (self->labels, key);

  if (label == NULL)
    {
      label = lay_out (self, font, text, max_width);
      g_hash_table_insert (self->labels, g_steal_pointer (&key), label);
    }
  label->used = self->period;
  return label;
}

const LscLabel *
lsc_label_cache_get (LscLabelCache *self, LscFont font, const char *text)
{
  return find_label (self, font, text, 0);
}

static GArray *
batch_of (LscLabelCache *self, cairo_scaled_font_t *font, LscColor color)
{
  Batch batch = { .color = color };

  for (guint i = 0; i < self->batches->len; i++)
    {
      Batch *known = &g_array_index (self->batches, Batch, i);

      if (known->font == font && known->color == color)
        return known->glyphs;
    }
  batch.font = cairo_scaled_font_reference (font);
  batch.glyphs = g_array_new (FALSE, FALSE, sizeof (cairo_glyph_t));
  g_array_append_val (self->batches, batch);
  return batch.glyphs;
}

static void
set_color (cairo_t *cr, LscColor color)
{
  cairo_set_source_rgba (cr, (color >> 16 & 255) / 255.0, (color >> 8 & 255) / 255.0,
                         (color & 255) / 255.0, (color >> 24) / 255.0);
}

void
lsc_label_cache_put (LscLabelCache *self, const LscLabel *label, double x, double y, LscColor color)
{
  if (label->layout == NULL)
    return;
  if (label->runs == NULL)
    {
      Waiting waiting = { g_object_ref (label->layout), x, y, color };

      g_array_append_val (self->waiting, waiting);
      return;
    }
  x = round (x * self->device_scale) / self->device_scale;
  y = round (y * self->device_scale) / self->device_scale;
  for (guint r = 0; r < label->runs->len; r++)
    {
      const Run *run = &g_array_index (label->runs, Run, r);
      GArray *glyphs = batch_of (self, run->font, color);

      for (guint i = 0; i < run->glyphs->len; i++)
        {
          cairo_glyph_t glyph = g_array_index (run->glyphs, cairo_glyph_t, i);

          glyph.x += x;
          glyph.y += y;
          g_array_append_val (glyphs, glyph);
        }
    }
}

/* What is left of a text that was cut, with the dots in its place. */
static char *
get_shown_text (PangoLayout *layout)
{
  const char *text = pango_layout_get_text (layout);
  GString *shown = g_string_new (NULL);
  PangoLayoutLine *line = pango_layout_get_line_readonly (layout, 0);

  for (GSList *l = line != NULL ? line->runs : NULL; l != NULL; l = l->next)
    {
      const PangoItem *item = ((const PangoGlyphItem *) l->data)->item;

      if ((item->analysis.flags & PANGO_ANALYSIS_FLAG_IS_ELLIPSIS) != 0)
        g_string_append (shown, "\342\200\246");
      else
        g_string_append_len (shown, text + item->offset, item->length);
    }
  return g_string_free (shown, FALSE);
}

/* The label as an element of SVG. */
static void
note_text (cairo_t *cr, const Waiting *waiting, GString *texts)
{
  const PangoFontDescription *font = pango_layout_get_font_description (waiting->layout);
  g_autofree char *shown = get_shown_text (waiting->layout);
  g_autofree char *escaped = g_markup_escape_text (shown, -1);
  double x = waiting->x, y = waiting->y;
  double size = (double) pango_font_description_get_size (font) / PANGO_SCALE;
  char numbers[3][G_ASCII_DTOSTR_BUF_SIZE];

  cairo_user_to_device (cr, &x, &y);
  g_ascii_formatd (numbers[0], sizeof numbers[0], "%.1f", x);
  g_ascii_formatd (numbers[1], sizeof numbers[1], "%.1f", y);
  g_ascii_formatd (numbers[2], sizeof numbers[2], "%g", size);
  g_string_append_printf (
      texts,
      "<text x=\"%s\" y=\"%s\" font-family=\"%s\" font-size=\"%s\"%s fill=\"#%06x\">%s</text>\n",
      numbers[0], numbers[1], pango_font_description_get_family (font), numbers[2],
      pango_font_description_get_weight (font) >= PANGO_WEIGHT_BOLD ? " font-weight=\"bold\"" : "",
      waiting->color & 0xffffffu, escaped);
}

void
lsc_label_cache_flush (LscLabelCache *self)
{
  for (guint i = 0; i < self->batches->len; i++)
    {
      Batch *batch = &g_array_index (self->batches, Batch, i);

      if (batch->glyphs->len == 0)
        continue;
      cairo_set_scaled_font (self->cr, batch->font);
      set_color (self->cr, batch->color);
      cairo_show_glyphs (self->cr, (const cairo_glyph_t *) (void *) batch->glyphs->data,
                         (int) batch->glyphs->len);
      g_array_set_size (batch->glyphs, 0);
    }
  for (guint i = 0; i < self->waiting->len; i++)
    {
      const Waiting *waiting = &g_array_index (self->waiting, Waiting, i);
      GString *texts = lsc_svg_slim_get_texts (self->cr);

      if (texts != NULL)
        {
          note_text (self->cr, waiting, texts);
          continue;
        }
      set_color (self->cr, waiting->color);
      cairo_move_to (self->cr, waiting->x, waiting->y);
      pango_cairo_show_layout_line (self->cr, pango_layout_get_line_readonly (waiting->layout, 0));
    }
  g_array_set_size (self->waiting, 0);
}

double
lsc_label_cache_put_text (
    LscLabelCache *self, const LscTextStyle *style, const char *text, double x, double y)
{
  const LscLabel *label = find_label (self, style->font, text, 0);

  if (style->max_width > 0 && label->size.width > style->max_width)
    label = find_label (self, style->font, text, MAX ((int) style->max_width, 1));
  lsc_label_cache_put (self, label, x - style->align * label->size.width, y, style->color);
  return label->size.width;
}
