/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where the names of threads stand in a sentence, whatever the language has done with them: they
 * are marked as they are put in, and the marks taken out of the whole. Part of sentence.h.
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/* A thread's name: bytes [from, to) of the text, and the moment it is about. */
typedef struct
{
  size_t from, to;
  uint32_t thread;
  uint64_t time_ns;
} LscSentenceLink;

/* Takes `name` and returns it marked, as the next of `links` (LscSentenceLink); as it is without
 * `links`. The caller's. */
char *lsc_sentence_link_mark (GArray *links, char *name, uint32_t thread, uint64_t time_ns);

/* Takes `marked` and returns it without marks; where they stood is in `links` then. The caller's.
 */
char *lsc_sentence_link_unmark (GString *marked, GArray *links);
