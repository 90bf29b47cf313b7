/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/picture-file.h"

#include "lib/paint/svg-slim.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>

typedef struct
{
  LscPictureSink sink;
  void *data;
} Out;

static cairo_status_t
write_cb (void *closure, const unsigned char *bytes, unsigned int n_bytes)
{
  const Out *out = closure;

  return out->sink (out->data, bytes, n_bytes) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static cairo_surface_t *
make_surface (const double size[2], LscPictureFormat format, Out *out)
{
  switch (format)
    {
    case LSC_PICTURE_SVG:
      return cairo_svg_surface_create_for_stream (write_cb, out, size[0], size[1]);
    case LSC_PICTURE_PDF:
      return cairo_pdf_surface_create_for_stream (write_cb, out, size[0], size[1]);
    case LSC_PICTURE_PNG:
    default:
      return cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) size[0], (int) size[1]);
    }
}

static bool
gather_cb (void *data, const void *bytes, size_t n_bytes)
{
  g_string_append_len (data, bytes, (gssize) n_bytes);
  return true;
}

static const char *
draw (LscPicture *picture, const LscScene *scene, const double size[2], cairo_surface_t *surface)
{
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  lsc_picture_paint (picture, cr, scene, size[0], size[1]);
  cairo_show_page (cr);
  status = cairo_status (cr);
  cairo_destroy (cr);
  return status == CAIRO_STATUS_SUCCESS ? NULL : cairo_status_to_string (status);
}

/* An SVG is gathered first, and made smaller. */
static const char *
write_svg (LscPicture *picture,
           const LscScene *scene,
           const double size[2],
           LscPictureSink sink,
           void *data)
{
  g_autoptr (GString) svg = g_string_new (NULL);
  Out out = { gather_cb, svg };
  cairo_surface_t *surface = make_surface (size, LSC_PICTURE_SVG, &out);
  cairo_t *probe = cairo_create (surface);
  const char *trouble;

  lsc_svg_slim_begin (surface);
  trouble = draw (picture, scene, size, surface);
  cairo_surface_finish (surface);
  if (trouble == NULL && cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    trouble = cairo_status_to_string (cairo_surface_status (surface));
  if (trouble == NULL)
    {
      g_autoptr (GString) slim = lsc_svg_slim_finish (svg->str, lsc_svg_slim_get_texts (probe));

      if (!sink (data, slim->str, slim->len))
        trouble = cairo_status_to_string (CAIRO_STATUS_WRITE_ERROR);
    }
  cairo_destroy (probe);
  cairo_surface_destroy (surface);
  return trouble;
}

const char *
lsc_picture_file_write (LscPicture *picture,
                        const LscScene *scene,
                        const double size[2],
                        LscPictureFormat format,
                        LscPictureSink sink,
                        void *data)
{
  Out out = { sink, data };
  cairo_surface_t *surface;
  cairo_status_t status = CAIRO_STATUS_SUCCESS;
  const char *trouble;

  if (format == LSC_PICTURE_SVG)
    return write_svg (picture, scene, size, sink, data);
  surface = make_surface (size, format, &out);
  trouble = draw (picture, scene, size, surface);
  if (trouble == NULL && format == LSC_PICTURE_PNG)
    status = cairo_surface_write_to_png_stream (surface, write_cb, &out);
  /* Vector files are written out here. */
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (trouble == NULL && status != CAIRO_STATUS_SUCCESS)
    trouble = cairo_status_to_string (status);
  return trouble;
}
