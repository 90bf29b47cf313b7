/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/caption.h"

#include "lsc-config.h"

#include "lib/explain/duration.h"

#include <glib/gi18n-lib.h>

char *
lsc_caption_of_range (const LscTrace *trace, uint64_t from_ns, uint64_t to_ns)
{
  const LscRecordHeader *header = lsc_trace_get_header (trace);
  g_autofree char *length = lsc_duration_format (to_ns - from_ns);
  g_autofree char *place = lsc_duration_format (from_ns - lsc_trace_get_start_ns (trace));
  g_autofree char *command = g_utf8_make_valid (header->command, -1);

  if (from_ns == lsc_trace_get_start_ns (trace))
    /* Translators: what was recorded, a length of time, a machine, a kernel. */
    return g_strdup_printf (_ ("%s, %s; %s, Linux %s"), command, length, header->host,
                            header->release);
  /* Translators: what was recorded, a length of time, a time since the start, a machine, a kernel.
   */
  return g_strdup_printf (_ ("%s, %s from %s on; %s, Linux %s"), command, length, place,
                          header->host, header->release);
}
