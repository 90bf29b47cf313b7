/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/lanes-view-private.h"

#include "lib/explain/sentence.h"
#include "lib/view/row-match.h"

#include <glib/gi18n.h>

#define LOW_LANE 24 /* px: below that the headers of processes are lower, too */
#define LOW_HEADER 18
#define HEADER 24

/* What was done to one row, to undo it. One command has one serial. */
typedef struct
{
  guint serial;
  enum
  {
    ACT_HIDE,
    ACT_PIN,
    ACT_UNPIN,
    ACT_MOVE,
    ACT_UNMARK, /* the last marker that was removed */
  } what;
  LscRowKind kind;
  guint32 index;
  int direction;
} Act;

/* The lane that commands are for, or NULL. */
static const LscPick *
get_subject (LscLanesView *self)
{
  const LscPick *selected = &self->scene.selected;
  return lsc_lanes_view_holds (self, selected) ? selected : NULL;
}

char *
lsc_lanes_view_dup_subject (LscLanesView *self)
{
  const LscPick *subject = get_subject (self);
  if (subject == NULL)
    return NULL;
  if (subject->kind == LSC_ROW_CPU)
    return g_strdup_printf (_ ("CPU %u"), subject->index);
  if (subject->kind == LSC_ROW_PROCESS)
    {
      const LscProcess *process = lsc_trace_get_process (self->trace, subject->index);
      g_autofree char *owner = lsc_sentence_name_process (self->trace, subject->index);
      return process->name[0] == '\0'
                 ? g_steal_pointer (&owner)
                 : g_strdup_printf (_ ("process %s (%u)"), owner, process->tgid);
    }
  g_autofree char *name = lsc_sentence_name_thread (self->trace, subject->index);
  return g_strdup_printf ("%s (%u)", name, lsc_trace_get_thread (self->trace, subject->index)->tid);
}

static void
record (LscLanesView *self, Act act)
{
  if (self->acts == NULL)
    self->acts = g_array_new (FALSE, FALSE, sizeof (Act));
  act.serial = self->act_serial;
  g_array_append_val (self->acts, act);
}

void
lsc_lanes_view_record_unmark (LscLanesView *self)
{
  self->act_serial++;
  record (self, (Act){ .what = ACT_UNMARK });
}

gboolean
lsc_lanes_view_hide_lane (LscLanesView *self)
{
  const LscPick *subject = get_subject (self);
  if (subject == NULL)
    return FALSE;
  self->act_serial++;
  lsc_row_list_set (self->rows, subject->kind, subject->index, LSC_ROW_HIDDEN, true);
  record (self, (Act){ .what = ACT_HIDE, .kind = subject->kind, .index = subject->index });
  lsc_lanes_view_select (self, &LSC_PICK_NOTHING);
  lsc_lanes_view_refresh_rows (self);
  return TRUE;
}

gboolean
lsc_lanes_view_is_pinned (LscLanesView *self)
{
  const LscPick *subject = get_subject (self);
  return subject != NULL
         && lsc_row_list_is (self->rows, subject->kind, subject->index, LSC_ROW_PINNED);
}

gboolean
lsc_lanes_view_pin_lane (LscLanesView *self)
{
  const LscPick *subject = get_subject (self);
  if (subject == NULL)
    return FALSE;
  gboolean pinned = lsc_lanes_view_is_pinned (self);
  self->act_serial++;
  lsc_row_list_set (self->rows, subject->kind, subject->index, LSC_ROW_PINNED, !pinned);
  record (self, (Act){ .what = pinned ? ACT_UNPIN : ACT_PIN,
                       .kind = subject->kind,
                       .index = subject->index });
  lsc_lanes_view_refresh_rows (self);
  lsc_lanes_view_show_row (self, subject);
  return TRUE;
}

gboolean
lsc_lanes_view_move_lane (LscLanesView *self, int direction)
{
  const LscPick *subject = get_subject (self);
  if (subject == NULL
      || !lsc_row_list_move (self->rows, self->trace, subject->kind, subject->index, direction))
    return FALSE;
  self->act_serial++;
  record (self, (Act){ .what = ACT_MOVE,
                       .kind = subject->kind,
                       .index = subject->index,
                       .direction = direction });
  lsc_lanes_view_note_moved (self, subject);
  lsc_lanes_view_refresh_rows (self);
  lsc_lanes_view_show_row (self, subject);
  return TRUE;
}

static void
undo (LscLanesView *self, const Act *act)
{
  switch (act->what)
    {
    case ACT_HIDE:
      lsc_row_list_set (self->rows, act->kind, act->index, LSC_ROW_HIDDEN, false);
      break;
    case ACT_PIN:
    case ACT_UNPIN:
      lsc_row_list_set (self->rows, act->kind, act->index, LSC_ROW_PINNED, act->what == ACT_UNPIN);
      break;
    case ACT_UNMARK:
      lsc_lanes_view_restore_marker (self);
      break;
    case ACT_MOVE:
    default:
      lsc_row_list_move (self->rows, self->trace, act->kind, act->index, -act->direction);
      break;
    }
}

gboolean
lsc_lanes_view_undo_rows (LscLanesView *self)
{
  if (self->trace == NULL || self->acts == NULL || self->acts->len == 0)
    return FALSE;
  guint serial = g_array_index (self->acts, Act, self->acts->len - 1).serial;
  while (self->acts->len > 0)
    {
      Act act = g_array_index (self->acts, Act, self->acts->len - 1);
      if (act.serial != serial)
        break;
      g_array_set_size (self->acts, self->acts->len - 1);
      undo (self, &act);
    }
  lsc_lanes_view_refresh_rows (self);
  return TRUE;
}

void
lsc_lanes_view_set_lane_height (LscLanesView *self, int height)
{
  lsc_row_list_set_heights (self->rows, height, height < LOW_LANE ? LOW_HEADER : HEADER);
  lsc_lanes_view_refresh_rows (self);
}

void
lsc_lanes_view_show_hidden (LscLanesView *self)
{
  lsc_row_list_show_all (self->rows);
  lsc_lanes_view_refresh_rows (self);
}

void
lsc_lanes_view_set_filter (LscLanesView *self, const char *text)
{
  const LscPick *subject = get_subject (self);
  lsc_row_list_set_filter (self->rows, text);
  lsc_lanes_view_refresh_rows (self);
  if (subject != NULL)
    lsc_lanes_view_show_row (self, subject);
}

guint
lsc_lanes_view_get_n_filtered (LscLanesView *self)
{
  return self->trace == NULL ? 0 : lsc_row_list_get_n_filtered (self->rows);
}

guint
lsc_lanes_view_get_n_hidden (LscLanesView *self)
{
  return self->trace == NULL ? 0 : lsc_row_list_get_n_hidden (self->rows);
}

void
lsc_lanes_view_toggle_processes (LscLanesView *self)
{
  guint32 n = self->trace == NULL ? 0 : lsc_trace_get_n_processes (self->trace);
  guint32 first = n == 0 ? 0 : lsc_trace_next_process (self->trace, 0);
  gboolean collapse = FALSE;
  for (guint32 i = first; i < n; i = lsc_trace_next_process (self->trace, i + 1))
    collapse = collapse
               || (lsc_row_list_find (self->rows, LSC_ROW_PROCESS, i) != LSC_ROW_NONE
                   && !lsc_row_list_is (self->rows, LSC_ROW_PROCESS, i, LSC_ROW_COLLAPSED));
  for (guint32 i = first; i < n; i = lsc_trace_next_process (self->trace, i + 1))
    lsc_row_list_set (self->rows, LSC_ROW_PROCESS, i, LSC_ROW_COLLAPSED, collapse);
  lsc_lanes_view_refresh_rows (self);
}

void
lsc_lanes_view_reveal_thread (LscLanesView *self, guint32 thread)
{
  guint32 process = lsc_trace_get_thread (self->trace, thread)->process;
  if (lsc_row_list_get_mode (self->rows) == LSC_ROWS_BY_CPU
      || lsc_row_list_find (self->rows, LSC_ROW_THREAD, thread) != LSC_ROW_NONE)
    return;
  lsc_row_list_set (self->rows, LSC_ROW_THREAD, thread, LSC_ROW_HIDDEN, false);
  lsc_row_list_set (self->rows, LSC_ROW_PROCESS, process, LSC_ROW_HIDDEN, false);
  lsc_row_list_set (self->rows, LSC_ROW_PROCESS, process, LSC_ROW_COLLAPSED, false);
  lsc_lanes_view_refresh_rows (self);
  if (lsc_row_list_find (self->rows, LSC_ROW_THREAD, thread) == LSC_ROW_NONE)
    lsc_lanes_view_set_hide_ended (self, FALSE);
  if (lsc_row_list_find (self->rows, LSC_ROW_THREAD, thread) == LSC_ROW_NONE)
    lsc_lanes_view_set_hide_idle (self, FALSE);
}

gboolean
lsc_lanes_view_go_to_thread (LscLanesView *self, const char *text)
{
  const LscPick *subject = get_subject (self);
  guint32 after =
      subject != NULL && subject->kind == LSC_ROW_THREAD ? subject->index : LSC_THREAD_NONE;
  const LscThread *thread =
      self->trace == NULL || text[0] == '\0' ? NULL : lsc_row_match_best (self->trace, text, after);
  if (thread == NULL)
    return FALSE;
  LscPick pick = { .kind = LSC_ROW_THREAD, .index = thread->index };
  lsc_lanes_view_leave (self, TRUE);
  lsc_lanes_view_reveal_thread (self, thread->index);
  lsc_lanes_view_select (self, &pick);
  lsc_lanes_view_show_row (self, &pick);
  return TRUE;
}

/* From when to when the subject lived, as far as is known. */
static gboolean
get_life (LscLanesView *self, const LscPick *subject, guint64 *out_from_ns, guint64 *out_to_ns)
{
  *out_from_ns = G_MAXUINT64;
  *out_to_ns = 0;
  for (guint32 i = lsc_trace_next_thread (self->trace, 0);
       i < lsc_trace_get_n_threads (self->trace); i = lsc_trace_next_thread (self->trace, i + 1))
    {
      const LscThread *thread = lsc_trace_get_thread (self->trace, i);
      guint32 mine = subject->kind == LSC_ROW_PROCESS ? thread->process : thread->index;
      if (thread->lane == NULL || mine != subject->index)
        continue;
      *out_from_ns = MIN (*out_from_ns, lsc_lane_get_start_ns (thread->lane));
      *out_to_ns = MAX (*out_to_ns, lsc_lane_get_end_ns (thread->lane));
    }
  return *out_from_ns < *out_to_ns;
}

gboolean
lsc_lanes_view_show_life (LscLanesView *self)
{
  const LscPick *subject = get_subject (self);
  guint64 from_ns, to_ns;
  if (subject == NULL || subject->kind == LSC_ROW_CPU
      || !get_life (self, subject, &from_ns, &to_ns))
    return FALSE;
  lsc_lanes_view_show_range (self, from_ns, to_ns, 0.02);
  return TRUE;
}

void
lsc_lanes_view_toggle_process (LscLanesView *self, guint32 process)
{
  bool collapsed = lsc_row_list_is (self->rows, LSC_ROW_PROCESS, process, LSC_ROW_COLLAPSED);
  lsc_row_list_set (self->rows, LSC_ROW_PROCESS, process, LSC_ROW_COLLAPSED, !collapsed);
  lsc_lanes_view_refresh_rows (self);
}
