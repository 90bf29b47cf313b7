/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How large the person wants text: what is measured in pixels around text has to grow with it.
 */
#pragma once

/* How many times larger than usual; never less than 1. */
double lsc_text_scale_get (void);
/* `px` pixels around text of the usual size, as many around text as it is wanted; never fewer.
 * What is no length (0 or less) stays. */
int lsc_text_scale_px (int px);
