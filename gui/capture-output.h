/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How what a page shows leaves the window. Each does nothing while there is nothing to look at.
 */
#pragma once

#include "gui/capture-page.h"

/* Asks in which form, which part and where to, and exports. */
void lsc_capture_output_export (LscCapturePage *page);
/* Copies what is visible as a picture. */
void lsc_capture_output_copy (LscCapturePage *page);
/* Asks how to print what is visible, and prints it. */
void lsc_capture_output_print (LscCapturePage *page);
