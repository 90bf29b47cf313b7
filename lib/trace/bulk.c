/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/bulk.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

#define LARGE ((size_t) 128 << 10) /* bytes */

static bool
is_large (size_t n_bytes)
{
  return n_bytes >= LARGE;
}

static void *
check (void *pages, size_t n_bytes)
{
  if (pages == MAP_FAILED)
    g_error ("There is no memory for %zu bytes", n_bytes);
  return pages;
}

static void *
get (size_t n_bytes)
{
  if (!is_large (n_bytes))
    return g_malloc (n_bytes);
  return check (mmap (NULL, n_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
                n_bytes);
}

void *
lsc_bulk_resize (void *block, size_t n_old, size_t n_new)
{
  void *fresh;

  if (is_large (n_old) && is_large (n_new))
    return check (mremap (block, n_old, n_new, MREMAP_MAYMOVE), n_new);
  if (!is_large (n_old) && !is_large (n_new))
    return g_realloc (block, n_new);
  fresh = get (n_new);
  if (n_old > 0 && n_new > 0)
    memcpy (fresh, block, MIN (n_old, n_new));
  if (is_large (n_old))
    munmap (block, n_old);
  else
    g_free (block);
  return fresh;
}

void *
lsc_bulk_new0 (size_t n_bytes)
{
  return is_large (n_bytes) ? get (n_bytes) : g_malloc0 (n_bytes);
}
