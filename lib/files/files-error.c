/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/files-error.h"

#include "lsc-config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

G_DEFINE_QUARK (lsc - files - error - quark, lsc_files_error)

char *
lsc_files_error_name (const char *path)
{
  return g_str_has_prefix (path, "/proc/self/fd/") ? g_strdup (_ ("standard input"))
                                                   : g_filename_display_name (path);
}

gboolean
lsc_files_error_reading (const char *path, int error_number, GError **error)
{
  g_autofree char *name = lsc_files_error_name (path);

  switch (error_number)
    {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
      g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_ACCESS,
                   _ ("There is no file \342\200\234%s\342\200\235. Check its name and folder."),
                   name);
      break;
    case EACCES:
    case EPERM:
      g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_ACCESS,
                   _ ("You may not read \342\200\234%s\342\200\235. Ask its owner for permission."),
                   name);
      break;
    case EISDIR:
      g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NOT_A_FILE,
                   _ ("\342\200\234%s\342\200\235 is a folder. Choose a file inside it."), name);
      break;
    default:
      g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_IO,
                   _ ("\342\200\234%s\342\200\235 could not be read: %s. Check that its disk is "
                      "there and well, or choose another file."),
                   name, g_strerror (error_number));
      break;
    }
  return FALSE;
}

gboolean
lsc_files_error_writing (const char *path, int error_number, GError **error)
{
  g_autofree char *name = lsc_files_error_name (path);

  switch (error_number)
    {
    case ENOSPC:
    case EDQUOT:
      g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NO_SPACE,
                   _ ("\342\200\234%s\342\200\235 could not be written: there is no space left. "
                      "Free some space or "
                      "choose another place."),
                   name);
      break;
    case EFBIG:
      g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NO_SPACE,
                   _ ("\342\200\234%s\342\200\235 could not be written: it has reached the size a "
                      "file may have here. "
                      "Raise the limit (ulimit -f) or choose another place."),
                   name);
      break;
    case ENOENT:
    case ENOTDIR:
      g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_ACCESS,
                   _ ("\342\200\234%s\342\200\235 could not be written: its folder is not there. "
                      "Make the folder or "
                      "choose another place."),
                   name);
      break;
    case EACCES:
    case EPERM:
    case EROFS:
      g_set_error (
          error, LSC_FILES_ERROR, LSC_FILES_ERROR_ACCESS,
          _ ("You may not write \342\200\234%s\342\200\235. Choose a place where you may."), name);
      break;
    case EISDIR:
      g_set_error (
          error, LSC_FILES_ERROR, LSC_FILES_ERROR_NOT_A_FILE,
          _ ("\342\200\234%s\342\200\235 is a folder. Choose a name for the file inside it."),
          name);
      break;
    case EIO:
    case ENODEV:
    case ENXIO:
      g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_IO,
                   _ ("\342\200\234%s\342\200\235 could not be written: %s. Check that its disk "
                      "is there and well, or choose another place."),
                   name, g_strerror (error_number));
      break;
    default:
      g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_IO,
                   _ ("\342\200\234%s\342\200\235 could not be written: %s. Choose another "
                      "place or name."),
                   name, g_strerror (error_number));
      break;
    }
  return FALSE;
}
