/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The icon of a program: its application's, where one is installed that runs it, else a plain one.
 */
#pragma once

#include "gui/process-reader.h"

#include <gio/gio.h>

typedef struct _LscProcessIcons LscProcessIcons;

/* Collects the installed applications on another thread; until then every icon is the plain one. */
LscProcessIcons *lsc_process_icons_new (void);
void lsc_process_icons_free (LscProcessIcons *self);

/* Owned by `self`. */
GIcon *lsc_process_icons_lookup (LscProcessIcons *self, const LscProcessRow *row);
