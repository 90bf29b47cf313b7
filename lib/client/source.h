/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Event sources that their owner keeps, in a main context of his choice, and lets go when he likes.
 */
#pragma once

#include <glib.h>

/* Attaches `source` to `context` with its callback and returns it, still the caller's. */
GSource *
lsc_source_keep (GSource *source, GMainContext *context, GSourceFunc callback, gpointer data);

/* Removes a kept source from its context and forgets it; NULL is left alone. */
void lsc_source_drop (GSource **source);
