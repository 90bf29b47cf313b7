/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where captures live before they are saved: $XDG_CACHE_HOME/lanescope/, one file a recording, 0600
 * in a folder of 0700. A recording that is being written is locked (flock), so one that is not is
 * left over from a session that crashed.
 */
#pragma once

#include "lib/files/export-watch.h"
#include "lib/files/files-error.h"

#include <stdint.h>

typedef struct
{
  char *path;
  uint64_t n_bytes;
  int64_t modified; /* seconds since 1970 */
} LscCaptureLeftover;

/* A path for a new recording; the folder is made. Owned by the caller. NULL with a sentence. */
char *lsc_capture_store_new_path (GError **error);

/* Recordings no living process writes, newest first: an array of LscCaptureLeftover with its free
 * function set, owned by the caller. Empty ones are removed on the way. */
GArray *lsc_capture_store_list_leftovers (void);

/* Puts the recording at `target`: moved when it can be, else copied beside `target`, synced and
 * renamed, so that what was at `target` stays whole until the new file is. The recording is gone
 * afterwards. `watch` may be NULL; cancelled, everything stays as it was. Blocks: call it off the
 * main thread. */
gboolean lsc_capture_store_save (const char *recording,
                                 const char *target,
                                 const LscExportWatch *watch,
                                 GError **error);

/* The same, and the recording stays (save a copy while the capture is looked at). */
gboolean lsc_capture_store_copy (const char *recording,
                                 const char *target,
                                 const LscExportWatch *watch,
                                 GError **error);

/* Throws a recording away. */
gboolean lsc_capture_store_discard (const char *recording, GError **error);
