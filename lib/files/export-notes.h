/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What people have written on a capture, as exports tell it: an instant, or a slice of a thread.
 */
#pragma once

#include "lib/files/export.h"

typedef struct
{
  const LscThread *thread; /* about whose bar it is; NULL: about a moment */
  uint64_t from_ns, to_ns; /* the same for a moment */
  const char *text;        /* one line, valid UTF-8, never empty */
} LscExportNote;

typedef void (*LscExportNoteFunc) (const LscExportNote *note, void *data);

/* The notes and markers in the range, by time; those on bars of threads that are not exported, and
 * kinds of a newer version, are left out. */
void lsc_export_notes_walk (const LscExport *what, LscExportNoteFunc func, void *data);
