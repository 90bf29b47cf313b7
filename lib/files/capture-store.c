/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/capture-store.h"

#include "lsc-config.h"

#include "lib/files/regular-file.h"
#include "lib/files/safe-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".lanes"
#define COPY_SIZE ((size_t) 256 * 1024)

static char *
get_folder (void)
{
  return g_build_filename (g_get_user_cache_dir (), "lanescope", NULL);
}

char *
lsc_capture_store_new_path (GError **error)
{
  g_autofree char *folder = get_folder ();
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *stamp = g_date_time_format (now, "%Y%m%d-%H%M%S");
  g_autofree char *path = NULL;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      lsc_files_error_writing (folder, errno, error);
      return NULL;
    }
  /* Two in one second get different names, so that none is replaced. */
  for (unsigned n = 0; n < 1000; n++)
    {
      g_autofree char *name = g_strdup_printf ("%s-%ld-%u" SUFFIX, stamp, (long) getpid (), n);

      g_free (path);
      path = g_build_filename (folder, name, NULL);
      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
  lsc_files_error_writing (folder, EEXIST, error);
  return NULL;
}

static void
clear_leftover (LscCaptureLeftover *self)
{
  g_free (self->path);
}

static void
look_at (GArray *leftovers, const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  struct stat st;

  if (fd < 0)
    return;
  if (fstat (fd, &st) == 0 && S_ISREG (st.st_mode) && !lsc_regular_file_is_held (fd))
    {
      LscCaptureLeftover leftover = { .path = g_strdup (path),
                                      .n_bytes = (uint64_t) st.st_size,
                                      .modified = st.st_mtime };

      if (st.st_size > 0)
        g_array_append_val (leftovers, leftover);
      else
        {
          (void) unlink (path);
          g_free (leftover.path);
        }
    }
  (void) close (fd);
}

static int
compare_newest_first (gconstpointer a, gconstpointer b)
{
  const LscCaptureLeftover *left = a, *right = b;

  return (left->modified < right->modified) - (left->modified > right->modified);
}

GArray *
lsc_capture_store_list_leftovers (void)
{
  GArray *leftovers = g_array_new (FALSE, FALSE, sizeof (LscCaptureLeftover));
  g_autofree char *folder = get_folder ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_array_set_clear_func (leftovers, (GDestroyNotify) clear_leftover);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, SUFFIX))
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);

        look_at (leftovers, path);
      }
  g_array_sort (leftovers, compare_newest_first);
  return leftovers;
}

static gboolean
copy_bytes (int fd, const char *path, LscSafeFile *to, const LscExportWatch *watch, GError **error)
{
  static const LscExportWatch nobody = { 0 };
  g_autofree uint8_t *bytes = g_malloc (COPY_SIZE);
  struct stat st = { 0 };

  if (watch == NULL)
    watch = &nobody;
  (void) fstat (fd, &st);
  for (;;)
    {
      ssize_t n;

      if (g_cancellable_set_error_if_cancelled (watch->cancellable, error))
        return FALSE;
      if (watch->progress != NULL && st.st_size > 0)
        watch->progress (MIN ((double) to->whole / (double) st.st_size, 1), watch->data);
      n = read (fd, bytes, COPY_SIZE);
      if (n == 0)
        return TRUE;
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return lsc_files_error_reading (path, errno, error);
      if (!lsc_safe_file_write (to, bytes, (size_t) n, error))
        return FALSE;
    }
}

gboolean
lsc_capture_store_copy (const char *recording,
                        const char *target,
                        const LscExportWatch *watch,
                        GError **error)
{
  int fd = open (recording, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  LscSafeFile file;
  gboolean copied;

  if (fd < 0)
    return lsc_files_error_reading (recording, errno, error);
  copied = lsc_safe_file_open (&file, target, LSC_SAFE_FILE_BESIDE, error)
           && copy_bytes (fd, recording, &file, watch, error)
           && lsc_safe_file_commit (&file, error);
  (void) close (fd);
  lsc_safe_file_clear (&file);
  return copied;
}

gboolean
lsc_capture_store_save (const char *recording,
                        const char *target,
                        const LscExportWatch *watch,
                        GError **error)
{
  struct stat st;

  /* Replacing a folder or a device is left to _copy(), which knows better. */
  if ((lstat (target, &st) != 0 || S_ISREG (st.st_mode) || S_ISLNK (st.st_mode))
      && !g_str_has_prefix (target, "/dev/") && rename (recording, target) == 0)
    return TRUE;
  if (!lsc_capture_store_copy (recording, target, watch, error))
    return FALSE;
  /* What was asked for is done; a recording that cannot be removed is offered as a leftover. */
  (void) unlink (recording);
  return TRUE;
}

gboolean
lsc_capture_store_discard (const char *recording, GError **error)
{
  if (unlink (recording) == 0 || errno == ENOENT)
    return TRUE;
  return lsc_files_error_writing (recording, errno, error);
}
