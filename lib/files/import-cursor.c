/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/import-cursor.h"

#include "lib/files/regular-file.h"

#include <string.h>

void
lsc_import_cursor_read (LscImportCursor *self, void *out, size_t n_bytes)
{
  GError **trouble = self->trouble != NULL && *self->trouble == NULL ? self->trouble : NULL;
  size_t n = n_bytes;

  memset (out, 0, n_bytes);
  if (self->failed || self->at > self->end || n_bytes > self->end - self->at)
    {
      self->failed = TRUE;
      return;
    }
  if (self->fd < 0)
    memcpy (out, self->bytes + self->at, n_bytes);
  else if (!lsc_regular_file_read (self->fd, self->path, self->at, out, &n, trouble) || n < n_bytes)
    self->failed = TRUE;
  self->at += n_bytes;
}

void
lsc_import_cursor_skip (LscImportCursor *self, uint64_t n_bytes)
{
  if (self->at > self->end || n_bytes > self->end - self->at)
    self->failed = TRUE;
  else
    self->at += n_bytes;
}

uint16_t
lsc_import_cursor_u16 (LscImportCursor *self)
{
  uint16_t value;

  lsc_import_cursor_read (self, &value, sizeof value);
  return self->swap ? GUINT16_SWAP_LE_BE (value) : value;
}

uint32_t
lsc_import_cursor_u32 (LscImportCursor *self)
{
  uint32_t value;

  lsc_import_cursor_read (self, &value, sizeof value);
  return self->swap ? GUINT32_SWAP_LE_BE (value) : value;
}

uint64_t
lsc_import_cursor_u64 (LscImportCursor *self)
{
  uint64_t value;

  lsc_import_cursor_read (self, &value, sizeof value);
  return self->swap ? GUINT64_SWAP_LE_BE (value) : value;
}

void
lsc_import_cursor_string (LscImportCursor *self, char *out, size_t n_max)
{
  for (size_t i = 0; i < n_max; i++)
    {
      lsc_import_cursor_read (self, &out[i], 1);
      if (out[i] == '\0')
        return;
    }
  out[n_max - 1] = '\0';
  self->failed = TRUE;
}

char *
lsc_import_cursor_text (LscImportCursor *self, uint64_t n_bytes, size_t n_max)
{
  char *text;

  if (n_bytes > n_max)
    {
      lsc_import_cursor_skip (self, n_bytes);
      return NULL;
    }
  text = g_malloc (n_bytes + 1);
  lsc_import_cursor_read (self, text, n_bytes);
  text[n_bytes] = '\0';
  return text;
}
