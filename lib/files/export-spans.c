/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * CSV and JSON lines: every span with its facts, the same fields in both.
 */
#include "lib/explain/syscall-name.h"
#include "lib/explain/words.h"
#include "lib/files/export.h"
#include "lib/files/json-text.h"

typedef struct
{
  const LscTrace *trace;
  LscExportOut *out;
  const char *machine;
  LscAbi abi;
} Writer;

/* One span, as both formats tell it. */
typedef struct
{
  const LscProcess *process;
  const char *state;
  const char *reason;
  char *call;         /* owned; NULL: in none */
  uint32_t other_tid; /* who woke it, or took its CPU; 0: nobody, or nobody known */
} Row;

static uint32_t
get_tid (const LscTrace *trace, uint32_t thread)
{
  return thread < lsc_trace_get_n_threads (trace) ? lsc_trace_get_thread (trace, thread)->tid : 0;
}

static Row
make_row (const Writer *self, const LscThread *thread, const LscSpan *span)
{
  LscReason reason = lsc_reason_of_facts (&span->facts, self->abi, thread->kernel_thread);

  return (Row){ .process = lsc_trace_get_process (self->trace, thread->process),
                .state = lsc_export_state_name (span->facts.state),
                .reason = lsc_words_reason_id (reason),
                .call = lsc_syscall_name (self->machine, span->facts.syscall,
                                          (span->facts.flags & LSC_FACT_COMPAT) != 0),
                .other_tid = get_tid (self->trace, span->facts.thread) };
}

static Writer
make_writer (const LscExport *what, LscExportOut *out)
{
  const char *machine = lsc_trace_get_header (what->trace)->machine;

  return (Writer){ what->trace, out, machine, lsc_reason_abi_of_machine (machine) };
}

static void
write_csv_cb (const LscThread *thread, uint64_t number, const LscSpan *span, void *data)
{
  const Writer *self = data;
  GString *text = self->out->text;
  Row row = make_row (self, thread, span);

  g_string_append_printf (text, "%u,%u,", thread->tid, row.process->tgid);
  lsc_export_out_csv_text (self->out, thread->name);
  g_string_append_c (text, ',');
  lsc_export_out_csv_text (self->out, row.process->name);
  g_string_append_printf (text, ",%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT ",%s,", span->start_ns,
                          span->end_ns, row.state);
  if (span->facts.cpu != LSC_CPU_NONE)
    g_string_append_printf (text, "%u", span->facts.cpu);
  g_string_append_printf (text, ",%s,%s,", row.reason, row.call != NULL ? row.call : "");
  if (row.call != NULL)
    g_string_append_printf (text, "%" G_GUINT64_FORMAT, span->facts.arg);
  g_string_append_c (text, ',');
  if (row.other_tid != 0)
    g_string_append_printf (text, "%u", row.other_tid);
  g_string_append (text, "\r\n");
  g_free (row.call);
}

void
lsc_export_csv (const LscExport *what, LscExportOut *out)
{
  static const LscExportWalker walker = { .span = write_csv_cb };
  Writer writer = make_writer (what, out);

  g_string_append (
      out->text,
      "tid,pid,name,process,start_ns,end_ns,state,cpu,reason,syscall,argument,other_tid\r\n");
  lsc_export_walk (what, out, &walker, &writer);
}

static void
write_json_cb (const LscThread *thread, uint64_t number, const LscSpan *span, void *data)
{
  const Writer *self = data;
  Row row = make_row (self, thread, span);
  LscJsonText json = { .text = self->out->text };

  lsc_json_text_begin_object (&json);
  lsc_json_text_member_uint (&json, "tid", thread->tid);
  lsc_json_text_member_uint (&json, "pid", row.process->tgid);
  lsc_json_text_member_string (&json, "name", thread->name);
  lsc_json_text_member_string (&json, "process", row.process->name);
  lsc_json_text_member_uint (&json, "start_ns", span->start_ns);
  lsc_json_text_member_uint (&json, "end_ns", span->end_ns);
  lsc_json_text_member_string (&json, "state", row.state);
  if (span->facts.cpu != LSC_CPU_NONE)
    lsc_json_text_member_uint (&json, "cpu", span->facts.cpu);
  lsc_json_text_member_string (&json, "reason", row.reason);
  if (row.call != NULL)
    {
      lsc_json_text_member_string (&json, "syscall", row.call);
      lsc_json_text_member_uint (&json, "argument", span->facts.arg);
    }
  if (row.other_tid != 0)
    lsc_json_text_member_uint (&json, "other_tid", row.other_tid);
  lsc_json_text_end_object (&json);
  g_string_append_c (json.text, '\n');
  g_free (row.call);
}

/* So that a program that has only the file knows what it holds. */
static void
write_json_schema (const LscExport *what, LscExportOut *out)
{
  static const char *const fields[][2] = {
    { "tid", "thread id, initial pid namespace" },
    { "pid", "process id" },
    { "name", "thread name" },
    { "process", "process name" },
    { "start_ns", "CLOCK_MONOTONIC, ns" },
    { "end_ns", "exclusive" },
    { "state",
      "running, runnable, preempted, sleeping, uninterruptible, stopped, absent or unknown" },
    { "cpu", "running: where; runnable: where it was woken from; else: where it last ran" },
    { "reason", "why it was off the CPU; none when it was not" },
    { "syscall", "the system call it was in" },
    { "argument", "first argument of the system call" },
    { "other_tid", "runnable: who woke it; preempted: who took the CPU" },
  };
  const LscRecordHeader *header = lsc_trace_get_header (what->trace);
  LscJsonText json = { .text = out->text };

  lsc_json_text_begin_object (&json);
  lsc_json_text_member_string (&json, "format", "lanescope-spans");
  lsc_json_text_member_uint (&json, "version", 1);
  lsc_json_text_member_string (&json, "command", header->command);
  lsc_json_text_member_string (&json, "machine", header->machine);
  lsc_json_text_key (&json, "realtime_offset_ns");
  lsc_json_text_int (&json, header->realtime_offset_ns);
  lsc_json_text_member_uint (&json, "lost", lsc_trace_get_n_lost (what->trace));
  lsc_json_text_key (&json, "fields");
  lsc_json_text_begin_object (&json);
  for (size_t i = 0; i < G_N_ELEMENTS (fields); i++)
    lsc_json_text_member_string (&json, fields[i][0], fields[i][1]);
  lsc_json_text_end_object (&json);
  lsc_json_text_end_object (&json);
  g_string_append_c (json.text, '\n');
}

void
lsc_export_json (const LscExport *what, LscExportOut *out)
{
  static const LscExportWalker walker = { .span = write_json_cb };
  Writer writer = make_writer (what, out);

  write_json_schema (what, out);
  lsc_export_walk (what, out, &walker, &writer);
}
