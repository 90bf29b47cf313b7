/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads numbers and texts one after another, from a file or from memory, and never past its end.
 * After the first thing that was not there, everything is zero: `failed` says so at the end.
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

typedef struct
{
  int fd;               /* of the file, or -1: memory */
  const char *path;     /* of the file */
  GError **trouble;     /* of the file: where the first failure to read goes */
  const uint8_t *bytes; /* memory */
  uint64_t at;
  uint64_t end;
  gboolean swap; /* numbers are of the other byte order */
  gboolean failed;
} LscImportCursor;

/* Reads exactly `n_bytes`, or zeros. */
void lsc_import_cursor_read (LscImportCursor *self, void *out, size_t n_bytes);
void lsc_import_cursor_skip (LscImportCursor *self, uint64_t n_bytes);
uint16_t lsc_import_cursor_u16 (LscImportCursor *self);
uint32_t lsc_import_cursor_u32 (LscImportCursor *self);
uint64_t lsc_import_cursor_u64 (LscImportCursor *self);
/* A text up to its NUL, at most `n_max` bytes with it. */
void lsc_import_cursor_string (LscImportCursor *self, char *out, size_t n_max);
/* A text of that length, owned by the caller and NUL-terminated; NULL (and skipped) when it is
 * longer than `n_max`. */
char *lsc_import_cursor_text (LscImportCursor *self, uint64_t n_bytes, size_t n_max);
