/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Puts what is written on a capture into a scene, as the window shows it.
 */
#pragma once

#include "lib/files/annotations.h"
#include "lib/view/scene.h"

/* Fills in the scene's markers, notes and the measurement. Returns what scene->markers points to,
 * the caller's (g_array_unref()). */
GArray *lsc_render_notes_put (LscScene *scene, const LscAnnotations *annotations);
