/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/client/source.h"

GSource *
lsc_source_keep (GSource *source, GMainContext *context, GSourceFunc callback, gpointer data)
{
  g_source_set_callback (source, callback, data, NULL);
  g_source_attach (source, context);
  return source;
}

void
lsc_source_drop (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_source_unref (*source);
  *source = NULL;
}
