/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A bar of shares: how a whole falls into parts, in the colours of the lanes. With one part it is
 * the swatch of a legend.
 */
#pragma once

#include "lib/paint/palette.h"

#include <gtk/gtk.h>

#define LSC_TYPE_SHARE_BAR (lsc_share_bar_get_type ())
G_DECLARE_FINAL_TYPE (LscShareBar, lsc_share_bar, LSC, SHARE_BAR, GtkWidget)

/* The palette that fits the desktop's style now. */
const LscPalette *lsc_share_bar_get_palette (void);

/* What a state has for colour: of a sleep, its reason's. */
typedef struct
{
  LscState state;
  LscReason reason; /* counts where `state` is SLEEPING */
  double amount;    /* of any unit, the same for all */
} LscShare;

/* The colour it has in that palette. */
GdkRGBA lsc_share_bar_get_colour (const LscShare *share);

GtkWidget *lsc_share_bar_new (void);
/* A square of one colour. */
GtkWidget *lsc_share_bar_new_swatch (LscState state, LscReason reason);
/* From left to right. Copied. */
void lsc_share_bar_set (LscShareBar *self, const LscShare *shares, guint n_shares);
