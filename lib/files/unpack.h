/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Unpacks what other tools have packed, into no more room than it is given.
 */
#pragma once

#include <glib.h>
#include <stddef.h>

typedef enum
{
  LSC_UNPACK_NONE, /* it is not packed */
  LSC_UNPACK_ZLIB,
  LSC_UNPACK_ZSTD,
  LSC_UNPACK_UNKNOWN, /* by a name we do not know */
} LscUnpackMethod;

/* "none", "zlib", "zstd" as trace-cmd names them. */
LscUnpackMethod lsc_unpack_method_of_name (const char *name);

/* Returns how many bytes were put into `out`, or -1: damaged, or more than `n_out`. */
gssize
lsc_unpack (LscUnpackMethod method, const void *packed, size_t n_packed, void *out, size_t n_out);
