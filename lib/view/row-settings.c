/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/row-settings.h"

#include "lib/view/row-order.h"

struct _LscRowSettings
{
  GArray *flags[LSC_N_ROW_KINDS]; /* uint8_t: LscRowFlag, by index */
  GArray *pins[LSC_N_ROW_KINDS];  /* uint32_t */
};

LscRowSettings *
lsc_row_settings_new (void)
{
  LscRowSettings *self = g_new0 (LscRowSettings, 1);

  for (unsigned i = 0; i < LSC_N_ROW_KINDS; i++)
    {
      self->flags[i] = g_array_new (FALSE, TRUE, sizeof (uint8_t));
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
      g_array_unref (self->flags[i]);
      g_array_unref (self->pins[i]);
    }
  g_free (self);
}

void
lsc_row_settings_reset (LscRowSettings *self)
{
  for (unsigned i = 0; i < LSC_N_ROW_KINDS; i++)
    {
      g_array_set_size (self->flags[i], 0);
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
  if (index >= self->flags[kind]->len)
    g_array_set_size (self->flags[kind], index + 1);
  flags = &g_array_index (self->flags[kind], uint8_t, index);
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
  const GArray *flags = self->flags[kind];

  return index < flags->len && (g_array_index (flags, uint8_t, index) & flag) != 0;
}

void
lsc_row_settings_clear (LscRowSettings *self, LscRowFlag flag)
{
  for (unsigned kind = 0; kind < LSC_N_ROW_KINDS; kind++)
    for (uint32_t i = 0; i < self->flags[kind]->len; i++)
      g_array_index (self->flags[kind], uint8_t, i) &= (uint8_t) ~flag;
}

GArray *
lsc_row_settings_get_pins (const LscRowSettings *self, LscRowKind kind)
{
  return self->pins[kind];
}
