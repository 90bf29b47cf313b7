/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How large the person wants text: what is measured in pixels around text has to grow with it.
 */
#pragma once

/* `px` pixels around text of the usual size, as many around text as it is wanted; never fewer.
 * What is no length (0 or less) stays. */
int lsc_text_scale_px (int px);
