/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/annotations.h"

#include <string.h>

struct _LscAnnotations
{
  GArray *notes;          /* LscRecordNote, in the order they were made; removed ones too */
  GHashTable *note_of_id; /* uint64_t: place in notes */
  GHashTable *settings;   /* key: LscRecordSetting */
  GByteArray *changes;    /* records nobody has written yet */
};

LscAnnotations *
lsc_annotations_new (void)
{
  LscAnnotations *self = g_new0 (LscAnnotations, 1);

  self->notes = g_array_new (FALSE, FALSE, sizeof (LscRecordNote));
  self->note_of_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  /* the key is the setting's own */
  self->settings = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->changes = g_byte_array_new ();
  return self;
}

void
lsc_annotations_free (LscAnnotations *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->notes);
  g_hash_table_unref (self->note_of_id);
  g_hash_table_unref (self->settings);
  g_byte_array_unref (self->changes);
  g_free (self);
}

void
lsc_annotations_reset (LscAnnotations *self)
{
  g_array_set_size (self->notes, 0);
  g_hash_table_remove_all (self->note_of_id);
  g_hash_table_remove_all (self->settings);
  g_byte_array_set_size (self->changes, 0);
}

static LscRecordNote *
find_note (const LscAnnotations *self, uint64_t id)
{
  gpointer place;

  if (!g_hash_table_lookup_extended (self->note_of_id, &id, NULL, &place))
    return NULL;
  return &g_array_index (self->notes, LscRecordNote, GPOINTER_TO_UINT (place));
}

/* FALSE when there are too many. */
static gboolean
keep_note (LscAnnotations *self, const LscRecordNote *note)
{
  LscRecordNote *old = find_note (self, note->id);

  if (old != NULL)
    {
      *old = *note;
      return TRUE;
    }
  if (self->notes->len >= LSC_NOTES_MAX)
    return FALSE;
  g_hash_table_insert (self->note_of_id, g_memdup2 (&note->id, sizeof note->id),
                       GUINT_TO_POINTER (self->notes->len));
  g_array_append_vals (self->notes, note, 1);
  return TRUE;
}

static gboolean
keep_setting (LscAnnotations *self, const LscRecordSetting *setting)
{
  LscRecordSetting *old = g_hash_table_lookup (self->settings, setting->key);

  if (old != NULL)
    {
      *old = *setting;
      return TRUE;
    }
  if (g_hash_table_size (self->settings) >= LSC_SETTINGS_MAX)
    return FALSE;
  old = g_memdup2 (setting, sizeof *setting);
  g_hash_table_insert (self->settings, old->key, old);
  return TRUE;
}

void
lsc_annotations_take (LscAnnotations *self, const void *records, size_t n_bytes)
{
  const uint8_t *bytes = records;
  const LscRecordHead *head;

  for (size_t n = 0; n < n_bytes; n += head->size)
    {
      head = (const LscRecordHead *) (const void *) (bytes + n);
      if (head->kind == LSC_RECORD_NOTE)
        keep_note (self, (const LscRecordNote *) (const void *) head);
      else if (head->kind == LSC_RECORD_SETTING)
        keep_setting (self, (const LscRecordSetting *) (const void *) head);
    }
}

static int
compare_notes (gconstpointer a, gconstpointer b)
{
  const LscRecordNote *left = *(const LscRecordNote *const *) a;
  const LscRecordNote *right = *(const LscRecordNote *const *) b;

  if (left->head.time_ns != right->head.time_ns)
    return left->head.time_ns < right->head.time_ns ? -1 : 1;
  return left < right ? -1 : left > right;
}

GPtrArray *
lsc_annotations_list_notes (const LscAnnotations *self)
{
  GPtrArray *list = g_ptr_array_new ();

  for (guint i = 0; i < self->notes->len; i++)
    {
      LscRecordNote *note = &g_array_index (self->notes, LscRecordNote, i);

      if ((note->head.flags & LSC_NOTE_REMOVED) == 0)
        g_ptr_array_add (list, note);
    }
  g_ptr_array_sort (list, compare_notes);
  return list;
}

const char *
lsc_annotations_get_setting (const LscAnnotations *self, const char *key)
{
  const LscRecordSetting *setting = g_hash_table_lookup (self->settings, key);

  return setting == NULL ? NULL : setting->value;
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

const char **
lsc_annotations_list_keys (const LscAnnotations *self)
{
  guint n;
  gpointer *keys = g_hash_table_get_keys_as_array (self->settings, &n);

  qsort (keys, n, sizeof *keys, compare_keys);
  return (const char **) keys;
}

void
lsc_annotations_put_note (LscAnnotations *self, const LscRecordNote *note)
{
  LscRecordNote record = *note;
  const LscRecordNote *old = find_note (self, note->id);

  record.head.size = sizeof record;
  record.head.kind = LSC_RECORD_NOTE;
  record.head.cpu = LSC_CPU_NONE;
  if (old == NULL && (record.head.flags & LSC_NOTE_REMOVED) != 0)
    return;
  if (old != NULL && memcmp (old, &record, sizeof record) == 0)
    return;
  if (keep_note (self, &record))
    g_byte_array_append (self->changes, (const guint8 *) &record, sizeof record);
}

void
lsc_annotations_put_setting (LscAnnotations *self, const char *key, const char *value)
{
  LscRecordSetting record = {
    .head = { .size = sizeof record, .kind = LSC_RECORD_SETTING, .cpu = LSC_CPU_NONE }
  };

  g_assert (strlen (key) < sizeof record.key && strlen (value) < sizeof record.value);
  if (g_strcmp0 (lsc_annotations_get_setting (self, key), value) == 0)
    return;
  /* all bytes that carry no meaning are zero */
  memcpy (record.key, key, strlen (key));
  memcpy (record.value, value, strlen (value));
  if (keep_setting (self, &record))
    g_byte_array_append (self->changes, (const guint8 *) &record, sizeof record);
}

GBytes *
lsc_annotations_steal_changes (LscAnnotations *self)
{
  GByteArray *changes = self->changes;

  if (changes->len == 0)
    return NULL;
  self->changes = g_byte_array_new ();
  return g_byte_array_free_to_bytes (changes);
}

GBytes *
lsc_annotations_dup_all (const LscAnnotations *self)
{
  GByteArray *all = g_byte_array_new ();
  GHashTableIter iter;
  gpointer setting;

  g_byte_array_append (all, (const guint8 *) self->notes->data,
                       self->notes->len * (guint) sizeof (LscRecordNote));
  g_hash_table_iter_init (&iter, self->settings);
  while (g_hash_table_iter_next (&iter, NULL, &setting))
    g_byte_array_append (all, setting, sizeof (LscRecordSetting));
  if (all->len > 0)
    return g_byte_array_free_to_bytes (all);
  g_byte_array_unref (all);
  return NULL;
}

char *
lsc_annotations_dup_line (const LscRecordNote *note)
{
  char *line = g_utf8_make_valid (note->text, -1);

  for (char *p = line; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      *p = ' ';
  return line;
}

void
lsc_annotations_fill_text (LscRecordNote *note, const char *text)
{
  size_t n = strlen (text);

  while (n >= sizeof note->text)
    n = (size_t) (g_utf8_find_prev_char (text, text + n) - text);
  memset (note->text, 0, sizeof note->text);
  memcpy (note->text, text, n);
}
