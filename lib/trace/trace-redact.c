/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/trace-private.h"

#include <string.h>

/* A main thread is called as its process is, as it mostly was before. */
void
lsc_trace_redact (LscTrace *self)
{
  for (guint i = 0; i < self->processes->len; i++)
    {
      LscProcess *process = g_ptr_array_index (self->processes, i);

      g_snprintf (process->name, sizeof process->name, "process-%u", i + 1);
    }
  for (guint i = 0; i < self->threads->len; i++)
    {
      LscThread *thread = &((LscTraceThread *) g_ptr_array_index (self->threads, i))->thread;
      const LscProcess *process = g_ptr_array_index (self->processes, thread->process);

      if (thread->tid == process->tgid)
        memcpy (thread->name, process->name, sizeof thread->name);
      else
        g_snprintf (thread->name, sizeof thread->name, "thread-%u", i + 1);
    }
  memset (self->header.command, 0, sizeof self->header.command);
  memset (self->header.host, 0, sizeof self->header.host);
  self->revision++;
}
