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

/* Paints the scene and hands the file's bytes to `sink`. `width` and `height` are at most
 * LSC_PICTURE_SIZE_MAX. NULL, or what cairo says went wrong (static); a sink that said false gives
 * "error while writing to output stream". */
const char *lsc_picture_file_write (LscPicture *picture,
                                    const LscScene *scene,
                                    const double size[2],
                                    LscPictureFormat format,
                                    LscPictureSink sink,
                                    void *data);
