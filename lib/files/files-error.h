/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What can go wrong with files. Each message is a sentence for a person: what happened, why, what
 * to do. A cancelled operation is G_IO_ERROR_CANCELLED, as everywhere in GIO.
 */
#pragma once

#include <gio/gio.h>

#define LSC_FILES_ERROR (lsc_files_error_quark ())

typedef enum
{
  LSC_FILES_ERROR_NOT_A_CAPTURE, /* its content is not what a capture begins with */
  LSC_FILES_ERROR_NOT_A_FILE,    /* a directory, a FIFO, a device */
  LSC_FILES_ERROR_NEWER,         /* written by a newer major version */
  LSC_FILES_ERROR_DAMAGED,       /* a part of it cannot be what was written */
  LSC_FILES_ERROR_LIMIT,         /* a part of it claims more than any capture holds */
  LSC_FILES_ERROR_NO_SPACE,      /* disk full, quota, or file size limit */
  LSC_FILES_ERROR_ACCESS,        /* not there, or not allowed */
  LSC_FILES_ERROR_NOTHING,       /* nothing lies in the part that was asked for */
  LSC_FILES_ERROR_IO,            /* anything else the system says */
} LscFilesError;

GQuark lsc_files_error_quark (void);

/* What a sentence calls the file: its name, or that it came through standard input, of which
 * programs keep a copy that has no name (/proc/self/fd/N). Owned by the caller. */
char *lsc_files_error_name (const char *path);

/* Says that `path` could not be opened or read, or be written, because of `error_number` (errno).
 * Both return FALSE, for `return lsc_files_error_...`. */
gboolean lsc_files_error_reading (const char *path, int error_number, GError **error);
gboolean lsc_files_error_writing (const char *path, int error_number, GError **error);
