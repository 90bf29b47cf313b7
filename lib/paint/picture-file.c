/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/picture-file.h"

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

const char *
lsc_picture_file_write (LscPicture *picture,
                        const LscScene *scene,
                        const double size[2],
                        LscPictureFormat format,
                        LscPictureSink sink,
                        void *data)
{
  Out out = { sink, data };
  cairo_surface_t *surface = make_surface (size, format, &out);
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  lsc_picture_paint (picture, cr, scene, size[0], size[1]);
  cairo_show_page (cr);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (status == CAIRO_STATUS_SUCCESS && format == LSC_PICTURE_PNG)
    status = cairo_surface_write_to_png_stream (surface, write_cb, &out);
  /* Vector files are written out here. */
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  return status == CAIRO_STATUS_SUCCESS ? NULL : cairo_status_to_string (status);
}
