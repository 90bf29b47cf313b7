/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Opening what is to be read, trusting nothing: only regular files, because a FIFO or a device
 * could make us wait for ever, or never end.
 */
#pragma once

#include "lib/files/files-error.h"

#include <stddef.h>
#include <stdint.h>

/* A descriptor of the caller's; -1 with a sentence. */
int lsc_regular_file_open (const char *path, uint64_t *out_n_bytes, GError **error);

/* Whether a process that lives holds the file for itself (flock), as the writer of a capture does
 * until its end. */
gboolean lsc_regular_file_is_held (int fd);

/* Reads `n_bytes` from `at`, or as many as there are; how many is in `*inout_n_bytes` then. FALSE
 * with a sentence. */
gboolean lsc_regular_file_read (
    int fd, const char *path, uint64_t at, void *bytes, size_t *inout_n_bytes, GError **error);
