/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A file that is either whole or not there: written beside its place under a name of its own
 * (O_EXCL, 0600), synced, then renamed into place. What was in the place stays whole until then. A
 * symbolic link in the place is replaced, not followed. Devices and FIFOs (and anything in /dev but
 * /dev/shm, or in /proc) are written to directly, because replacing them would be no favour;
 * so is standard output, whose place is called "-".
 */
#pragma once

#include "lib/files/files-error.h"

#include <stddef.h>
#include <stdint.h>

typedef enum
{
  LSC_SAFE_FILE_BESIDE,   /* always beside its place */
  LSC_SAFE_FILE_IN_PLACE, /* in its place when nothing is there: a crash leaves what was written */
} LscSafeFileMode;

typedef struct
{
  int fd;         /* -1: not open */
  char *path;     /* its place */
  char *beside;   /* where it is now, NULL: in its place */
  uint64_t whole; /* bytes after the last write that went well */
  gboolean device;
} LscSafeFile;

/* FALSE with a sentence, and `self` is as after _clear(). */
gboolean
lsc_safe_file_open (LscSafeFile *self, const char *path, LscSafeFileMode mode, GError **error);

/* Writes all of it. On failure what was written of it is taken back where that can be. */
gboolean lsc_safe_file_write (LscSafeFile *self, const void *bytes, size_t n_bytes, GError **error);

/* Syncs it, puts it in its place and closes it. */
gboolean lsc_safe_file_commit (LscSafeFile *self, GError **error);

/* Closes it; removes what is beside its place. Fine on a zeroed `self` whose fd is -1. */
void lsc_safe_file_clear (LscSafeFile *self);

/* Where the bytes are now. */
const char *lsc_safe_file_get_path (const LscSafeFile *self);
