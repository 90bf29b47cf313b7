/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/row-settings.h"

#include "lib/view/row-order.h"

struct _LscRowSettings
{
  LscSparseArray flags[LSC_N_ROW_KINDS]; /* uint8_t: LscRowFlag, by index */
  GArray *pins[LSC_N_ROW_KINDS];         /* uint32_t */
};

LscRowSettings *
lsc_row_settings_new (void)
{
  LscRowSettings *self = g_new0 (LscRowSettings, 1);

  for (unsigned i = 0; i < LSC_N_ROW_KINDS; i++)
    {
      lsc_sparse_array_init (&self->flags[i], sizeof (uint8_t));
      self->pins[i] = g_array_new (FALSE, FALSE, sizeof (uint32_t));
    }
  return self;
}

void
lsc_row_settings_free (LscRowSettings *self)
{
  if (self == NULL)
    return;
  for (unsigned i = 0; i < LSC_N_ROW_KINDS; i++)
    {
      lsc_sparse_array_clear (&self->flags[i]);
      g_array_unref (self->pins[i]);
    }
  g_free (self);
}

void
lsc_row_settings_reset (LscRowSettings *self)
{
  for (unsigned i = 0; i < LSC_N_ROW_KINDS; i++)
    {
      lsc_sparse_array_clear (&self->flags[i]);
      g_array_set_size (self->pins[i], 0);
    }
}

bool
lsc_row_settings_set (
    LscRowSettings *self, LscRowKind kind, uint32_t index, LscRowFlag flag, bool on)
{
  uint8_t *flags;

  if (lsc_row_settings_get (self, kind, index, flag) == on)
    return false;
  flags = lsc_sparse_array_ensure (&self->flags[kind], index);
  *flags = (uint8_t) (on ? *flags | flag : *flags & ~flag);
  if (flag == LSC_ROW_PINNED && on)
    g_array_append_val (self->pins[kind], index);
  else if (flag == LSC_ROW_PINNED)
    lsc_row_order_drop (self->pins[kind], index);
  return true;
}

bool
lsc_row_settings_get (const LscRowSettings *self, LscRowKind kind, uint32_t index, LscRowFlag flag)
{
  const uint8_t *flags = lsc_sparse_array_get (&self->flags[kind], index);

  return flags != NULL && (*flags & flag) != 0;
}

void
lsc_row_settings_clear (LscRowSettings *self, LscRowFlag flag)
{
  for (unsigned kind = 0; kind < LSC_N_ROW_KINDS; kind++)
    for (uint32_t i = lsc_sparse_array_next (&self->flags[kind], 0); i != UINT32_MAX;
         i = lsc_sparse_array_next (&self->flags[kind], i + 1))
      *(uint8_t *) lsc_sparse_array_get (&self->flags[kind], i) &= (uint8_t) ~flag;
}

static bool
is_kept (const LscTrace *trace, LscRowKind kind, uint32_t index)
{
  if (kind == LSC_ROW_CPU)
    return true;
  return kind == LSC_ROW_THREAD ? lsc_trace_has_thread (trace, index)
                                : lsc_trace_has_process (trace, index);
}

void
lsc_row_settings_forget_pages (LscSparseArray *array, const LscTrace *trace, LscRowKind kind)
{
  for (uint32_t i = lsc_sparse_array_next (array, 0); i != UINT32_MAX;
       i = lsc_sparse_array_next (array, i + LSC_SPARSE_PAGE))
    {
      uint32_t next = kind == LSC_ROW_THREAD ? lsc_trace_next_thread (trace, i)
                                             : lsc_trace_next_process (trace, i);

      if (next - i >= LSC_SPARSE_PAGE)
        lsc_sparse_array_drop_page (array, i);
    }
}

void
lsc_row_settings_forget (LscRowSettings *self, const LscTrace *trace)
{
  for (unsigned kind = 0; kind < LSC_N_ROW_KINDS; kind++)
    {
      for (uint32_t i = self->pins[kind]->len; i > 0; i--)
        if (!is_kept (trace, kind, g_array_index (self->pins[kind], uint32_t, i - 1)))
          g_array_remove_index (self->pins[kind], i - 1);
      if (kind != LSC_ROW_CPU)
        lsc_row_settings_forget_pages (&self->flags[kind], trace, kind);
    }
}

GArray *
lsc_row_settings_get_pins (const LscRowSettings *self, LscRowKind kind)
{
  return self->pins[kind];
}
