/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Chrome's trace format (JSON object form): a complete event ("X") for each span, names as metadata
 * ("M"). Times are microseconds with decimals.
 */
#include "lib/explain/syscall-name.h"
#include "lib/explain/words.h"
#include "lib/files/export-notes.h"
#include "lib/files/json-text.h"

typedef struct
{
  const LscExport *what;
  LscExportOut *out;
  LscJsonText json;
  const char *machine;
  LscAbi abi;
} Writer;

static void
append_us (Writer *self, const char *key, uint64_t ns)
{
  lsc_json_text_key (&self->json, key);
  g_string_append_printf (self->json.text, "%" G_GUINT64_FORMAT ".%03u", ns / 1000,
                          (unsigned) (ns % 1000));
  self->json.after_key = false;
}

static void
write_name (Writer *self, const char *what, const LscThread *thread, const char *name)
{
  const LscProcess *process = lsc_trace_get_process (self->what->trace, thread->process);

  lsc_json_text_begin_object (&self->json);
  lsc_json_text_member_string (&self->json, "ph", "M");
  lsc_json_text_member_string (&self->json, "name", what);
  lsc_json_text_member_uint (&self->json, "pid", process->tgid);
  lsc_json_text_member_uint (&self->json, "tid", thread->tid);
  lsc_json_text_key (&self->json, "args");
  lsc_json_text_begin_object (&self->json);
  lsc_json_text_member_string (&self->json, "name", name);
  lsc_json_text_end_object (&self->json);
  lsc_json_text_end_object (&self->json);
  g_string_append_c (self->json.text, '\n');
}

static void
thread_begins_cb (const LscThread *thread, void *data)
{
  Writer *self = data;
  const LscProcess *process = lsc_trace_get_process (self->what->trace, thread->process);

  write_name (self, "process_name", thread, process->name);
  write_name (self, "thread_name", thread, thread->name);
}

static void
write_arguments (Writer *self, const LscThread *thread, const LscSpan *span)
{
  g_autofree char *call = lsc_syscall_name (self->machine, span->facts.syscall,
                                            (span->facts.flags & LSC_FACT_COMPAT) != 0);
  LscReason reason = lsc_reason_of_facts (&span->facts, self->abi, thread->kernel_thread);

  lsc_json_text_key (&self->json, "args");
  lsc_json_text_begin_object (&self->json);
  if (span->facts.cpu != LSC_CPU_NONE)
    lsc_json_text_member_uint (&self->json, "cpu", span->facts.cpu);
  if (reason != LSC_REASON_NONE)
    lsc_json_text_member_string (&self->json, "reason", lsc_words_reason_id (reason));
  if (call != NULL)
    lsc_json_text_member_string (&self->json, "syscall", call);
  lsc_json_text_end_object (&self->json);
}

static void
write_span_cb (const LscThread *thread, uint64_t number, const LscSpan *span, void *data)
{
  Writer *self = data;
  const LscProcess *process = lsc_trace_get_process (self->what->trace, thread->process);
  uint64_t zero = lsc_trace_get_start_ns (self->what->trace);

  if (span->facts.state == LSC_STATE_ABSENT)
    return;
  lsc_json_text_begin_object (&self->json);
  lsc_json_text_member_string (&self->json, "ph", "X");
  lsc_json_text_member_string (&self->json, "name", lsc_export_state_name (span->facts.state));
  lsc_json_text_member_string (&self->json, "cat", "sched");
  append_us (self, "ts", span->start_ns - zero);
  append_us (self, "dur", span->end_ns - span->start_ns);
  lsc_json_text_member_uint (&self->json, "pid", process->tgid);
  lsc_json_text_member_uint (&self->json, "tid", thread->tid);
  write_arguments (self, thread, span);
  lsc_json_text_end_object (&self->json);
  g_string_append_c (self->json.text, '\n');
}

/* A note is a slice inside the bar it is about, a marker an instant of everything. */
static void
write_note_cb (const LscExportNote *note, void *data)
{
  Writer *self = data;
  const LscTrace *trace = self->what->trace;
  uint64_t zero = lsc_trace_get_start_ns (trace);

  lsc_json_text_begin_object (&self->json);
  lsc_json_text_member_string (&self->json, "ph", note->thread != NULL ? "X" : "i");
  lsc_json_text_member_string (&self->json, "name", note->text);
  lsc_json_text_member_string (&self->json, "cat", "note");
  append_us (self, "ts", note->from_ns - zero);
  if (note->thread != NULL)
    {
      append_us (self, "dur", note->to_ns - note->from_ns);
      lsc_json_text_member_uint (&self->json, "pid",
                                 lsc_trace_get_process (trace, note->thread->process)->tgid);
      lsc_json_text_member_uint (&self->json, "tid", note->thread->tid);
    }
  else
    {
      lsc_json_text_member_string (&self->json, "s", "g");
      lsc_json_text_member_uint (&self->json, "pid", 0);
      lsc_json_text_member_uint (&self->json, "tid", 0);
    }
  lsc_json_text_end_object (&self->json);
  g_string_append_c (self->json.text, '\n');
}

void
lsc_export_chrome (const LscExport *what, LscExportOut *out)
{
  static const LscExportWalker walker = { .thread_begins = thread_begins_cb,
                                          .span = write_span_cb };
  const char *machine = lsc_trace_get_header (what->trace)->machine;
  Writer writer = { .what = what,
                    .out = out,
                    .json = { .text = out->text },
                    .machine = machine,
                    .abi = lsc_reason_abi_of_machine (machine) };

  lsc_json_text_begin_object (&writer.json);
  lsc_json_text_member_string (&writer.json, "displayTimeUnit", "ns");
  lsc_json_text_key (&writer.json, "traceEvents");
  lsc_json_text_begin_array (&writer.json);
  lsc_export_walk (what, out, &walker, &writer);
  lsc_export_notes_walk (what, write_note_cb, &writer);
  lsc_json_text_end_array (&writer.json);
  lsc_json_text_end_object (&writer.json);
  g_string_append_c (out->text, '\n');
}
