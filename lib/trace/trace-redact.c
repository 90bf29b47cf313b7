/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/trace-private.h"

#include <string.h>

/* A main thread is called as its process is, as it mostly was before. */
void
lsc_trace_redact (LscTrace *self)
{
  for (uint32_t i = lsc_trace_next_process (self, 0); i < self->n_processes;
       i = lsc_trace_next_process (self, i + 1))
    {
      LscProcess *process = lsc_trace_peek_process (self, i);

      g_snprintf (process->name, sizeof process->name, "process-%u", i + 1);
    }
  for (uint32_t i = lsc_trace_next_thread (self, 0); i < self->n_threads;
       i = lsc_trace_next_thread (self, i + 1))
    {
      LscThread *thread = &lsc_trace_peek_thread (self, i)->thread;
      const LscProcess *process = lsc_trace_get_process (self, thread->process);

      if (thread->tid == process->tgid)
        memcpy (thread->name, process->name, sizeof thread->name);
      else
        g_snprintf (thread->name, sizeof thread->name, "thread-%u", i + 1);
    }
  memset (self->header.command, 0, sizeof self->header.command);
  memset (self->header.host, 0, sizeof self->header.host);
  self->revision++;
}
