/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/export-out.h"

#include <string.h>

#define BLOCK_SIZE ((size_t) 256 * 1024)

gboolean
lsc_export_out_open (LscExportOut *self,
                     const char *path,
                     const LscExportWatch *watch,
                     GError **error)
{
  *self = (LscExportOut){ 0 };
  if (watch != NULL)
    self->watch = *watch;
  if (!lsc_safe_file_open (&self->file, path, LSC_SAFE_FILE_BESIDE, error))
    return FALSE;
  self->text = g_string_sized_new (BLOCK_SIZE + 4096);
  return TRUE;
}

static void
write_out (LscExportOut *self)
{
  if (self->error == NULL
      && !g_cancellable_set_error_if_cancelled (self->watch.cancellable, &self->error))
    (void) lsc_safe_file_write (&self->file, self->text->str, self->text->len, &self->error);
  g_string_truncate (self->text, 0);
}

void
lsc_export_out_set_progress (LscExportOut *self, uint64_t part, uint64_t whole)
{
  double done = whole > 0 ? (double) part / (double) whole : 1;

  /* Whoever watches need not be told more often than there are pixels. */
  if (self->watch.progress == NULL || (done < self->done + 0.001 && done < 1))
    return;
  self->done = done;
  self->watch.progress (done, self->watch.data);
}

gboolean
lsc_export_out_step (LscExportOut *self)
{
  if (self->text->len >= BLOCK_SIZE)
    write_out (self);
  return self->error == NULL;
}

gboolean
lsc_export_out_finish (LscExportOut *self, GError **error)
{
  gboolean done;

  write_out (self);
  done = self->error == NULL && lsc_safe_file_commit (&self->file, &self->error);
  lsc_safe_file_clear (&self->file);
  g_string_free (self->text, TRUE);
  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  return done;
}

void
lsc_export_out_csv_text (LscExportOut *self, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  if (strpbrk (valid, ",\"\r\n") == NULL)
    {
      g_string_append (self->text, valid);
      return;
    }
  g_string_append_c (self->text, '"');
  for (const char *p = valid; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (self->text, '"');
      g_string_append_c (self->text, *p);
    }
  g_string_append_c (self->text, '"');
}
