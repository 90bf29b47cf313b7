/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is left to do with a painted picture, on another thread: large drawings take seconds.
 */
#pragma once

#include "lib/paint/picture-file.h"

#include <gio/gio.h>

/* Writes it to `target`. Takes `picture`. */
void lsc_picture_job_save_async (LscPictureFile *picture,
                                 const char *target,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
/* FALSE with a sentence. */
gboolean lsc_picture_job_save_finish (GAsyncResult *result, GError **error);

/* Makes the bytes of the file. Takes `picture`; `source` is who asks. */
void lsc_picture_job_encode_async (LscPictureFile *picture,
                                   gpointer source,
                                   GAsyncReadyCallback callback);
/* NULL with a sentence. */
GBytes *lsc_picture_job_encode_finish (GAsyncResult *result, GError **error);
