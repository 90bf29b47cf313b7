/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/open-capture.h"

#include "cli/progress.h"
#include "cli/standard-input.h"
#include "lib/explain/duration.h"
#include "lib/files/capture-load.h"

#include <glib/gi18n.h>

const char *
lsc_open_path (const char *path, char **out_kept)
{
  g_autoptr (GError) error = NULL;

  *out_kept = NULL;
  if (!g_str_equal (path, "-"))
    return path;
  *out_kept = lsc_standard_input_keep (&error);
  if (*out_kept == NULL)
    lsc_usage_failed (error);
  return *out_kept;
}

LscTrace *
lsc_open_annotated (const char *name,
                    bool quiet,
                    LscAnnotations *annotations,
                    LscCaptureCondition *out_condition)
{
  LscProgress progress;
  const LscCaptureWatch watch = { .progress = lsc_progress_show,
                                  .data = &progress,
                                  .annotations = annotations };
  g_autoptr (GError) error = NULL;
  g_autofree char *kept = NULL, *remark = NULL;
  const char *path = lsc_open_path (name, &kept);
  LscTrace *trace;

  if (path == NULL)
    return NULL;
  lsc_progress_init (&progress, _ ("Reading: %d %%"), quiet);
  trace = lsc_capture_load_watched (path, &watch, NULL, out_condition, &error);
  lsc_progress_end (&progress);
  if (trace == NULL)
    {
      lsc_usage_failed (error);
      return NULL;
    }
  remark = lsc_capture_condition_describe (out_condition);
  if (remark != NULL && !quiet)
    g_printerr ("%s\n", remark);
  return trace;
}

LscTrace *
lsc_open_capture (const char *name, bool quiet, LscCaptureCondition *out_condition)
{
  return lsc_open_annotated (name, quiet, NULL, out_condition);
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

int
lsc_open_no_thread (uint32_t tid)
{
  g_printerr (_ ("lanescope-cli: the capture holds no thread %u. \342\200\234lanescope-cli "
                 "stats\342\200\235 lists those "
                 "it holds.\n"),
              tid);
  return LSC_EXIT_FAILURE;
}
