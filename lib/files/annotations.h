/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What people have written on a capture: markers, notes on bars, and how it was looked at. Kept in
 * the capture's own file, as records behind the events (lsc_capture_append()).
 *
 * Invariants. The newest note of an id and the newest value of a key count. Notes that were taken
 * back are remembered as such, so that everything can be written again. Bounded: what is more than
 * LSC_NOTES_MAX and LSC_SETTINGS_MAX is not taken.
 */
#pragma once

#include "lib/wire/record.h"

#include <glib.h>

#define LSC_NOTES_MAX 10000u
#define LSC_SETTINGS_MAX 1000u

typedef struct _LscAnnotations LscAnnotations;

LscAnnotations *lsc_annotations_new (void);
void lsc_annotations_free (LscAnnotations *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LscAnnotations, lsc_annotations_free)
/* Forgets everything. */
void lsc_annotations_reset (LscAnnotations *self);

/* Takes notes and settings out of a block of whole records that have passed lsc_record_check(). */
void lsc_annotations_take (LscAnnotations *self, const void *records, size_t n_bytes);

/* The notes that count, by time, notes of one moment in the order they were made: an array of
 * pointers, which is the caller's (g_ptr_array_unref()), to notes that are not; valid until the
 * next change. */
GPtrArray *lsc_annotations_list_notes (const LscAnnotations *self);
/* NULL: the key was never set. Valid until the next change. */
const char *lsc_annotations_get_setting (const LscAnnotations *self, const char *key);
/* The keys there are, sorted; free the array with g_free(), not the keys. Ends with NULL. */
const char **lsc_annotations_list_keys (const LscAnnotations *self);

/* Changes. A note with LSC_NOTE_REMOVED takes the one with its id back. What is as it was changes
 * nothing. The head needs time and flags only. */
void lsc_annotations_put_note (LscAnnotations *self, const LscRecordNote *note);
/* Key and value must be shorter than LSC_SETTING_KEY_SIZE and LSC_SETTING_VALUE_SIZE. */
void lsc_annotations_put_setting (LscAnnotations *self, const char *key, const char *value);

/* The records to write: of everything changed since the last call (NULL: nothing), or of all there
 * is (NULL: nothing). The caller's. */
GBytes *lsc_annotations_steal_changes (LscAnnotations *self);
GBytes *lsc_annotations_dup_all (const LscAnnotations *self);

/* The note's text, which may be anybody's, on one line of valid UTF-8. The caller's. */
char *lsc_annotations_dup_line (const LscRecordNote *note);
/* Copies `text` into a note, cut to what it holds at a whole character. */
void lsc_annotations_fill_text (LscRecordNote *note, const char *text);
