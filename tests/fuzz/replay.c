/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs a fuzz target on every file of its corpus, and on seeded mutations of each. Prints TAP.
 */
#include "tests/fuzz/fuzz.h"

#include <glib.h>
#include <string.h>

#define N_MUTATIONS 300

static void
mutate (GRand *rand, guint8 *bytes, gsize *n_bytes)
{
  int n_changes = g_rand_int_range (rand, 1, 8);

  if (*n_bytes == 0)
    return;
  if (g_rand_int_range (rand, 0, 4) == 0)
    *n_bytes = (gsize) g_rand_int_range (rand, 0, (gint32) *n_bytes + 1);
  for (int i = 0; i<n_changes && * n_bytes> 0; i++)
    {
      gsize at = (gsize) g_rand_int_range (rand, 0, (gint32) *n_bytes);

      if (g_rand_boolean (rand))
        bytes[at] ^= (guint8) (1 << g_rand_int_range (rand, 0, 8));
      else
        bytes[at] = (guint8) g_rand_int (rand);
    }
}

static void
replay (const char *path)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autofree char *text = NULL;
  gsize n_bytes;

  g_assert_true (g_file_get_contents (path, &text, &n_bytes, NULL));
  LLVMFuzzerTestOneInput ((const uint8_t *) text, n_bytes);
  for (int i = 0; i < N_MUTATIONS; i++)
    {
      g_autofree guint8 *copy = g_malloc (n_bytes + 1);
      gsize n = n_bytes;

      memcpy (copy, text, n_bytes);
      mutate (rand, copy, &n);
      LLVMFuzzerTestOneInput (copy, n);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GDir) corpus = argc > 1 ? g_dir_open (argv[1], 0, NULL) : NULL;
  const char *name;
  int n = 0;

  g_assert_nonnull (corpus);
  while ((name = g_dir_read_name (corpus)) != NULL)
    {
      g_autofree char *path = g_build_filename (argv[1], name, NULL);

      replay (path);
      g_print ("ok %d - %s and %d mutations of it\n", ++n, name, N_MUTATIONS);
    }
  g_print ("1..%d\n", n);
  return n == 0;
}
