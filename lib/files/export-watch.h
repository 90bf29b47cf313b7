/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Who waits for a file that is being written.
 */
#pragma once

#include <gio/gio.h>

typedef struct
{
  void (*progress) (double done, void *data); /* 0..1; may be NULL */
  void *data;
  GCancellable *cancellable; /* may be NULL */
} LscExportWatch;
