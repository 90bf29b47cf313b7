/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A picture as the bytes of a PNG, SVG or PDF file: the same painting as on the screen.
 */
#pragma once

#include "lib/paint/picture.h"

typedef enum
{
  LSC_PICTURE_PNG,
  LSC_PICTURE_SVG,
  LSC_PICTURE_PDF,
} LscPictureFormat;

/* No image surface of cairo's is larger. */
#define LSC_PICTURE_SIZE_MAX 32767

/* Takes some of the file's bytes; false ends the writing. */
typedef bool (*LscPictureSink) (void *data, const void *bytes, size_t n_bytes);

/* A painted picture on its way to a file. */
typedef struct _LscPictureFile LscPictureFile;

/* Paints the scene; width and height are at most LSC_PICTURE_SIZE_MAX. What is returned has nothing
 * to do with the scene or `picture` any more, so what remains, which is most of the work, may be
 * done on another thread. */
LscPictureFile *lsc_picture_file_new (LscPicture *picture,
                                      const LscScene *scene,
                                      const double size[2],
                                      LscPictureFormat format);
void lsc_picture_file_free (LscPictureFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscPictureFile, lsc_picture_file_free)

/* Hands the file's bytes to `sink`; once. NULL, or what cairo says went wrong (static); a sink that
 * said false gives "error while writing to output stream". */
const char *lsc_picture_file_write (LscPictureFile *self, LscPictureSink sink, void *data);
