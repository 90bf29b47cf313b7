/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The header bar of a capture: stop, follow, by thread or CPU, visible span, save, menu.
 */
#pragma once

#include "gui/lanes-view.h"

#define LSC_TYPE_CAPTURE_BAR (lsc_capture_bar_get_type ())
G_DECLARE_FINAL_TYPE (LscCaptureBar, lsc_capture_bar, LSC, CAPTURE_BAR, GtkWidget)

/* The lanes it steers. Once; it stays as long as the bar. */
void lsc_capture_bar_set_view (LscCaptureBar *self, LscLanesView *view);
/* Shows what can be done: while a capture runs here, while it grows (here or elsewhere), and while
 * there are lanes. */
void lsc_capture_bar_offer (LscCaptureBar *self, gboolean running, gboolean grows, gboolean lanes);
void lsc_capture_bar_set_title (LscCaptureBar *self, const char *title);
const char *lsc_capture_bar_get_title (LscCaptureBar *self);
void lsc_capture_bar_set_subtitle (LscCaptureBar *self, const char *subtitle);
void lsc_capture_bar_open_menu (LscCaptureBar *self);
