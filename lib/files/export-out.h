/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where an export goes: text gathered into blocks and written to a safe file. The first error
 * stays; what comes after it is thrown away.
 */
#pragma once

#include "lib/files/export-watch.h"
#include "lib/files/safe-file.h"

typedef struct
{
  LscSafeFile file;
  GString *text; /* not written yet: append freely, then lsc_export_out_step() */
  LscExportWatch watch;
  double done;
  GError *error;
} LscExportOut;

/* "-" is standard output; `watch` may be NULL. */
gboolean lsc_export_out_open (LscExportOut *self,
                              const char *path,
                              const LscExportWatch *watch,
                              GError **error);

/* Says how far the export is: `part` of `whole`. */
void lsc_export_out_set_progress (LscExportOut *self, uint64_t part, uint64_t whole);

/* To be called now and then (once a line): writes when much has gathered. FALSE: give up, an error
 * or a cancellation is noted. */
gboolean lsc_export_out_step (LscExportOut *self);

/* Writes the rest and puts the file in its place, unless something went wrong; closes either way.
 */
gboolean lsc_export_out_finish (LscExportOut *self, GError **error);

/* Appends `text` as one field of a CSV file (RFC 4180): quoted where it must be. */
void lsc_export_out_csv_text (LscExportOut *self, const char *text);
