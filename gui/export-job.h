/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Exports a capture's file on another thread. It is read again there: the window's own trace goes
 * on being looked at, and what has left its memory is in the file.
 */
#pragma once

#include "gui/job-progress.h"
#include "lib/files/export.h"

#include <gio/gio.h>

typedef struct
{
  const char *source;
  const char *target;
  const LscExportFormat *format;
  guint64 from_ns, to_ns;
  gboolean redact;
  GBytes *notes; /* what is written on it, as records: the file has it a moment later; or NULL */
} LscExportOrder;

/* `order` is copied, `notes` referenced. After cancelling, no progress is told. */
void lsc_export_job_run_async (const LscExportOrder *order,
                               GCancellable *cancellable,
                               LscJobProgressFunc progress,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
/* FALSE with a sentence. */
gboolean lsc_export_job_finish (GAsyncResult *result, GError **error);
