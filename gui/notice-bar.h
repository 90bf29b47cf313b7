/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The note above the lanes: what happened to the capture, and what can be done about it.
 *
 * Emits "go-on" (record the same again) and "cancel" (what is being read or saved) when their
 * buttons are pressed.
 */
#pragma once

#include <gtk/gtk.h>

#define LSC_TYPE_NOTICE_BAR (lsc_notice_bar_get_type ())
G_DECLARE_FINAL_TYPE (LscNoticeBar, lsc_notice_bar, LSC, NOTICE_BAR, GtkWidget)

/* What the note offers beside its text. */
typedef enum
{
  LSC_NOTICE_ALONE,
  LSC_NOTICE_GO_ON,
  LSC_NOTICE_WORKING, /* a progress bar and Cancel */
} LscNoticeOffer;

void lsc_notice_bar_show (LscNoticeBar *self, const char *text, LscNoticeOffer offer);
/* `done`: how much of the work, 0 to 1. */
void lsc_notice_bar_set_progress (LscNoticeBar *self, double done);
void lsc_notice_bar_close (LscNoticeBar *self);
