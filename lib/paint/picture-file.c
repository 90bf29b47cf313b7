/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/picture-file.h"

#include "lib/paint/svg-slim.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>

struct _LscPictureFile
{
  LscPictureFormat format;
  cairo_surface_t *surface;
  cairo_t *cr;
  GString *vector; /* what cairo has written of an SVG or PDF */
};

typedef struct
{
  LscPictureSink sink;
  void *data;
} Out;

static cairo_status_t
gather_cb (void *closure, const unsigned char *bytes, unsigned int n_bytes)
{
  g_string_append_len (closure, (const char *) bytes, n_bytes);
  return CAIRO_STATUS_SUCCESS;
}

static cairo_status_t
write_cb (void *closure, const unsigned char *bytes, unsigned int n_bytes)
{
  const Out *out = closure;

  return out->sink (out->data, bytes, n_bytes) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static cairo_surface_t *
make_surface (const double size[2], LscPictureFormat format, GString *vector)
{
  switch (format)
    {
    case LSC_PICTURE_SVG:
      return cairo_svg_surface_create_for_stream (gather_cb, vector, size[0], size[1]);
    case LSC_PICTURE_PDF:
      return cairo_pdf_surface_create_for_stream (gather_cb, vector, size[0], size[1]);
    case LSC_PICTURE_PNG:
    default:
      return cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) size[0], (int) size[1]);
    }
}

LscPictureFile *
lsc_picture_file_new (LscPicture *picture,
                      const LscScene *scene,
                      const double size[2],
                      LscPictureFormat format)
{
  LscPictureFile *self = g_new0 (LscPictureFile, 1);

  self->format = format;
  self->vector = g_string_new (NULL);
  self->surface = make_surface (size, format, self->vector);
  if (format == LSC_PICTURE_SVG)
    lsc_svg_slim_begin (self->surface);
  self->cr = cairo_create (self->surface);
  lsc_picture_paint (picture, self->cr, scene, size[0], size[1]);
  return self;
}

void
lsc_picture_file_free (LscPictureFile *self)
{
  if (self == NULL)
    return;
  cairo_destroy (self->cr);
  cairo_surface_finish (self->surface); /* may still write */
  cairo_surface_destroy (self->surface);
  g_string_free (self->vector, TRUE);
  g_free (self);
}

/* An SVG is made smaller first. */
static cairo_status_t
write_vector (const LscPictureFile *self, Out *out)
{
  g_autoptr (GString) slim = NULL;
  const GString *bytes = self->vector;

  if (self->format == LSC_PICTURE_SVG)
    bytes = slim = lsc_svg_slim_finish (self->vector->str, lsc_svg_slim_get_texts (self->cr));
  return out->sink (out->data, bytes->str, bytes->len) ? CAIRO_STATUS_SUCCESS
                                                       : CAIRO_STATUS_WRITE_ERROR;
}

const char *
lsc_picture_file_write (LscPictureFile *self, LscPictureSink sink, void *data)
{
  Out out = { sink, data };
  cairo_status_t status;

  /* Until here a vector file was only noted down. */
  cairo_show_page (self->cr);
  status = cairo_status (self->cr);
  if (status == CAIRO_STATUS_SUCCESS && self->format == LSC_PICTURE_PNG)
    status = cairo_surface_write_to_png_stream (self->surface, write_cb, &out);
  else if (status == CAIRO_STATUS_SUCCESS)
    {
      cairo_surface_finish (self->surface);
      status = cairo_surface_status (self->surface);
      if (status == CAIRO_STATUS_SUCCESS)
        status = write_vector (self, &out);
    }
  return status == CAIRO_STATUS_SUCCESS ? NULL : cairo_status_to_string (status);
}
