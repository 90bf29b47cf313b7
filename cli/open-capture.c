/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/open-capture.h"

#include "lib/explain/duration.h"
#include "lib/files/capture-load.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

/* Files that open at once need no progress. */
#define PATIENCE_US (G_USEC_PER_SEC / 2)

typedef struct
{
  gint64 started_us;
  int shown; /* per cent, -1: nothing yet */
} Watch;

static void
show_progress (double done, void *data)
{
  Watch *watch = data;
  int percent = (int) (done * 100);

  if (percent == watch->shown || g_get_monotonic_time () - watch->started_us < PATIENCE_US)
    return;
  watch->shown = percent;
  fputc ('\r', stderr);
  fprintf (stderr, _ ("Reading: %d %%"), percent);
}

LscTrace *
lsc_open_capture (const char *path, LscCaptureCondition *out_condition)
{
  g_autoptr (GError) error = NULL;
  Watch watch = { .started_us = g_get_monotonic_time (), .shown = -1 };
  bool watched = isatty (STDERR_FILENO) == 1;
  LscTrace *trace =
      lsc_capture_load (path, watched ? show_progress : NULL, &watch, NULL, out_condition, &error);
  g_autofree char *remark = NULL;

  if (watch.shown >= 0)
    fputs ("\r\033[K", stderr);
  if (trace == NULL)
    {
      lsc_usage_failed (error);
      return NULL;
    }
  remark = lsc_capture_condition_describe (out_condition);
  if (remark != NULL)
    g_printerr ("%s\n", remark);
  return trace;
}

bool
lsc_open_range (const LscSubcommand *subcommand,
                const LscTrace *trace,
                const char *from,
                const char *to,
                uint64_t range_ns[2])
{
  uint64_t start = lsc_trace_get_start_ns (trace), end = lsc_trace_get_end_ns (trace);
  uint64_t first = 0, last = end - start;

  if (!lsc_usage_parse_time (subcommand, "--from", from, &first)
      || !lsc_usage_parse_time (subcommand, "--to", to, &last))
    return false;
  if (first > last || first > end - start)
    {
      g_autofree char *length = lsc_duration_format_exact (end - start);

      lsc_usage_wrong (
          subcommand,
          _ ("Nothing lies between these times: --from must come before --to and before the "
             "capture's end at %s."),
          length);
      return false;
    }
  range_ns[0] = start + first;
  range_ns[1] = start + MIN (last, end - start);
  return true;
}
