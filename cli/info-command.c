/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/open-capture.h"
#include "cli/print-notes.h"
#include "cli/subcommands.h"
#include "lib/explain/duration.h"
#include "lib/files/json-text.h"

#include <glib/gi18n.h>
#include <stdio.h>

static int run (int argc, char **argv);

const LscSubcommand lsc_info_subcommand = {
  .name = "info",
  .arguments = "FILE",
  .summary = N_ ("Say what a capture holds"),
  .run = run,
};

/* Everything there is to say, gathered once for both ways to print it. */
typedef struct
{
  const LscTrace *trace;
  const LscRecordHeader *header;
  const LscRecordEnd *end;
  const LscCaptureCondition *condition;
  const LscAnnotations *annotations;
  uint64_t length_ns;
  uint32_t n_traced;
  uint32_t n_cpus; /* with events */
  char *recorded;  /* ISO 8601, or NULL */
  const char *ended;
} Info;

static const char *
describe_end (const LscRecordEnd *end, gboolean growing)
{
  static const char *const reasons[] = {
    [LSC_END_STOPPED] = "stopped",     [LSC_END_TARGET_EXIT] = "target-exit",
    [LSC_END_NO_TARGET] = "no-target", [LSC_END_PROTOCOL] = "protocol",
    [LSC_END_FAILED] = "failed",       [LSC_END_SIGNAL] = "signal",
  };

  if (end == NULL)
    return growing ? "recording" : "cut-short";
  if (end->reason >= G_N_ELEMENTS (reasons) || reasons[end->reason] == NULL)
    return "unknown";
  return reasons[end->reason];
}

static char *
format_date (const LscTrace *trace, const LscRecordHeader *header)
{
  int64_t ns = (int64_t) lsc_trace_get_start_ns (trace) + header->realtime_offset_ns;
  g_autoptr (GDateTime) date = NULL;

  if (header->realtime_offset_ns == 0)
    return NULL;
  date = g_date_time_new_from_unix_local (ns / 1000000000);
  return date != NULL ? g_date_time_format_iso8601 (date) : NULL;
}

static Info
gather (const LscTrace *trace,
        const LscCaptureCondition *condition,
        const LscAnnotations *annotations)
{
  Info info = { .trace = trace,
                .header = lsc_trace_get_header (trace),
                .end = lsc_trace_get_end_record (trace),
                .condition = condition,
                .annotations = annotations,
                .length_ns = lsc_trace_get_end_ns (trace) - lsc_trace_get_start_ns (trace) };

  for (uint32_t i = 0; i < lsc_trace_get_n_threads (trace); i++)
    info.n_traced += lsc_trace_get_thread (trace, i)->traced;
  for (uint32_t i = 0; i < lsc_trace_get_n_cpus (trace); i++)
    {
      const LscLane *lane = lsc_trace_get_cpu_lane (trace, i);

      info.n_cpus += lsc_lane_get_end (lane) > lsc_lane_get_first (lane);
    }
  info.recorded = format_date (trace, info.header);
  info.ended = describe_end (info.end, condition->growing);
  return info;
}

static uint32_t
count_processes (const LscTrace *trace)
{
  uint32_t n = 0;

  for (uint32_t i = 0; i < lsc_trace_get_n_processes (trace); i++)
    n += lsc_trace_get_process (trace, i)->n_threads > 0;
  return n;
}

static void
add_counts (LscJsonText *json, const Info *info)
{
  lsc_json_text_member_uint (json, "start_ns", lsc_trace_get_start_ns (info->trace));
  lsc_json_text_member_uint (json, "end_ns", lsc_trace_get_end_ns (info->trace));
  lsc_json_text_member_uint (json, "events", lsc_trace_get_n_events (info->trace));
  lsc_json_text_member_uint (json, "lost", lsc_trace_get_n_lost (info->trace));
  lsc_json_text_member_uint (json, "gaps", lsc_trace_get_n_gaps (info->trace));
  lsc_json_text_member_uint (json, "threads", info->n_traced);
  lsc_json_text_member_uint (json, "processes", count_processes (info->trace));
  lsc_json_text_member_uint (json, "cpus", info->header->n_cpus);
  lsc_json_text_member_uint (json, "cpus_used", info->n_cpus);
}

static void
add_condition (LscJsonText *json, const Info *info)
{
  lsc_json_text_key (json, "file");
  lsc_json_text_begin_object (json);
  lsc_json_text_member_string (json, "format",
                               info->condition->format != NULL ? info->condition->format : "lanes");
  if (info->condition->format != NULL)
    lsc_json_text_member_string (json, "clock", info->condition->clock);
  lsc_json_text_member_uint (json, "bytes", info->condition->n_bytes);
  lsc_json_text_member_uint (json, "record_bytes", info->condition->n_record_bytes);
  lsc_json_text_member_uint (json, "frames", info->condition->n_frames);
  lsc_json_text_member_uint (json, "damaged_frames", info->condition->n_damaged);
  lsc_json_text_key (json, "cut_short");
  lsc_json_text_bool (json, info->condition->cut_short);
  lsc_json_text_member_uint (json, "version_major", info->header->version_major);
  lsc_json_text_member_uint (json, "version_minor", info->header->version_minor);
  lsc_json_text_end_object (json);
}

static void
print_json (const Info *info)
{
  LscJsonText json;
  g_autofree char *text = NULL;

  lsc_json_text_init (&json, true);
  lsc_json_text_begin_object (&json);
  lsc_json_text_member_uint (&json, "format", 1);
  lsc_json_text_member_string (&json, "command", info->header->command);
  lsc_json_text_member_string (&json, "recorded", info->recorded);
  lsc_json_text_member_string (&json, "host", info->header->host);
  lsc_json_text_member_string (&json, "machine", info->header->machine);
  lsc_json_text_member_string (&json, "release", info->header->release);
  lsc_json_text_member_string (&json, "scope",
                               info->header->scope == LSC_SCOPE_OWN ? "own" : "any");
  lsc_json_text_member_string (&json, "ended", info->ended);
  add_counts (&json, info);
  add_condition (&json, info);
  lsc_print_notes_json (info->annotations, &json);
  lsc_json_text_end_object (&json);
  text = lsc_json_text_steal (&json);
  puts (text);
}

static void
print_line (const char *label, const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value, -1);

  for (char *p = valid; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      *p = '?';
  printf ("%-12s %s\n", label, valid);
}

static void G_GNUC_PRINTF (2, 3) print_values (const char *label, const char *format, ...)
{
  va_list arguments;

  printf ("%-12s ", label);
  va_start (arguments, format);
  vprintf (format, arguments);
  va_end (arguments);
  putchar ('\n');
}

/* Another tool's file has no frames of ours, and perhaps times of another clock. */
static void
print_file (const Info *info)
{
  const LscCaptureCondition *condition = info->condition;

  if (condition->format == NULL)
    {
      print_values (_ ("file"), _ ("%lu bytes, %lu frames, format %u.%u"),
                    (unsigned long) condition->n_bytes, (unsigned long) condition->n_frames,
                    info->header->version_major, info->header->version_minor);
      return;
    }
  print_values (_ ("file"), _ ("%lu bytes, of %s"), (unsigned long) condition->n_bytes,
                condition->format);
  print_line (_ ("clock"), condition->clock[0] != '\0' ? condition->clock
                                                       : _ ("not told; times are as they were"));
}

static void
print_text (const Info *info)
{
  g_autofree char *length = lsc_duration_format (info->length_ns);
  const LscTrace *trace = info->trace;

  if (info->header->command[0] != '\0')
    print_line (_ ("of"), info->header->command);
  if (info->recorded != NULL)
    print_line (_ ("recorded"), info->recorded);
  print_line (_ ("lasted"), length);
  if (info->header->release[0] != '\0')
    print_values (_ ("on"), "%s, Linux %s, %s", info->header->host, info->header->release,
                  info->header->machine);
  print_line (_ ("scope"),
              info->header->scope == LSC_SCOPE_OWN ? _ ("own processes") : _ ("any process"));
  print_values (_ ("processes"), "%u", count_processes (trace));
  print_values (_ ("threads"), "%u", info->n_traced);
  print_values (_ ("CPUs"), _ ("%u of %u"), info->n_cpus, info->header->n_cpus);
  print_values (_ ("events"), _ ("%lu, %lu lost in %u gaps"),
                (unsigned long) lsc_trace_get_n_events (trace),
                (unsigned long) lsc_trace_get_n_lost (trace), lsc_trace_get_n_gaps (trace));
  print_file (info);
  print_line (_ ("ended"), info->ended);
  lsc_print_notes (trace, info->annotations);
}

static int
run (int argc, char **argv)
{
  gboolean as_json = FALSE, quiet = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print everything, for programs"), NULL },
    LSC_USAGE_QUIET (&quiet),
    { NULL },
  };
  g_autoptr (LscAnnotations) annotations = lsc_annotations_new ();
  g_autoptr (LscTrace) trace = NULL;
  LscCaptureCondition condition;
  const char *path;
  Info info;

  if (!lsc_usage_parse (&lsc_info_subcommand, entries, &argc, &argv)
      || (path = lsc_usage_get_file (&lsc_info_subcommand, argc, argv)) == NULL)
    return LSC_EXIT_USAGE;
  trace = lsc_open_annotated (path, quiet, annotations, &condition);
  if (trace == NULL)
    return LSC_EXIT_FAILURE;
  info = gather (trace, &condition, annotations);
  if (as_json)
    print_json (&info);
  else
    print_text (&info);
  g_free (info.recorded);
  return LSC_EXIT_WELL;
}
