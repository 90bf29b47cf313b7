/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads a perf.data by having perf itself write it as text: its format is perf's own, and grows
 * with it.
 */
#include "lib/files/import-text.h"

#include "lsc-config.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAGIC "PERFILE2"
/* Bytes of text for a byte of perf.data, for the progress: measured with `perf sched record`. */
#define TEXT_RATIO 1.3

typedef struct
{
  LscEventFile file;
  GSubprocess *perf;
  LscImportText *text;
  int complaints; /* what perf has to say: a memory file */
} Reader;

static gboolean
recognise (const uint8_t *head, size_t n_head)
{
  return n_head >= 8 && (memcmp (head, MAGIC, 8) == 0 || memcmp (head, "2ELIFREP", 8) == 0);
}

static void
close_reader (gpointer data)
{
  Reader *self = data;

  if (self->perf != NULL)
    g_subprocess_force_exit (self->perf);
  lsc_import_text_free (self->text);
  g_clear_object (&self->perf);
  if (self->complaints >= 0)
    (void) close (self->complaints);
  g_free (self);
}

static GSubprocess *
start_perf (Reader *self, const char *perf, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  const char *ours =
      g_str_has_prefix (self->file.path, "/proc/self/") ? self->file.path + 11 : NULL;
  /* An absolute path is never an option; "self" would be perf. */
  g_autofree char *path = ours != NULL ? g_strdup_printf ("/proc/%d/%s", (int) getpid (), ours)
                                       : g_canonicalize_filename (self->file.path, NULL);
  /* No pager, no symbols, the user's own settings left out; -f: whoever owns the file. */
  const char *const argv[] = { perf,       "--no-pager",
                               "script",   "--force",
                               "--ns",     "--show-lost-events",
                               "--fields", "comm,pid,tid,cpu,time,event,trace",
                               "--input",  path,
                               NULL };

  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C", TRUE);
  g_subprocess_launcher_setenv (launcher, "PERF_CONFIG", "/dev/null", TRUE);
  g_subprocess_launcher_take_stderr_fd (launcher, dup (self->complaints));
  return g_subprocess_launcher_spawnv (launcher, argv, error);
}

static gpointer
open_reader (const LscEventFile *file, GError **error)
{
  g_autofree char *perf = g_find_program_in_path ("perf");
  Reader *self;

  if (perf == NULL)
    {
      g_autofree char *name = lsc_files_error_name (file->path);

      g_set_error (
          error, LSC_FILES_ERROR, LSC_FILES_ERROR_ACCESS,
          _ ("\342\200\234%s\342\200\235 was recorded by perf, and takes perf to read, "
             "which is not installed. Install it (Debian: linux-perf, elsewhere: perf), or "
             "open the text that \342\200\234perf script\342\200\235 writes."),
          name);
      return NULL;
    }
  self = g_new0 (Reader, 1);
  self->file = *file;
  self->complaints = memfd_create ("perf", MFD_CLOEXEC);
  self->perf = start_perf (self, perf, error);
  if (self->perf == NULL)
    {
      close_reader (self);
      return NULL;
    }
  self->text = lsc_import_text_new (file, g_subprocess_get_stdout_pipe (self->perf));
  return self;
}

/* perf's last word on what went wrong. */
static char *
get_complaint (const Reader *self)
{
  char text[1024] = { 0 };
  off_t end = lseek (self->complaints, 0, SEEK_END);
  char *line;

  if (end <= 0
      || pread (self->complaints, text, sizeof text - 1, MAX (0, end - (off_t) sizeof text + 1))
             <= 0)
    return g_strdup (_ ("it does not say why"));
  g_strchomp (text);
  line = strrchr (text, '\n');
  return g_utf8_make_valid (line != NULL ? line + 1 : text, -1);
}

/* The text is at its end: did perf write all of it? */
static gboolean
check_end (Reader *self, GError **error)
{
  g_autofree char *complaint = NULL, *name = NULL;

  if (!g_subprocess_wait (self->perf, self->file.cancellable, error))
    return FALSE;
  if (g_subprocess_get_if_exited (self->perf) && g_subprocess_get_exit_status (self->perf) == 0)
    return TRUE;
  complaint = get_complaint (self);
  name = lsc_files_error_name (self->file.path);
  g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_DAMAGED,
               _ ("perf could not read \342\200\234%s\342\200\235: %s. Try \342\200\234perf "
                  "script\342\200\235 on it, perhaps with a newer perf."),
               name, complaint);
  return FALSE;
}

static gboolean
next (gpointer data, const void **out_records, size_t *out_n_bytes, GError **error)
{
  Reader *self = data;
  g_autoptr (GError) trouble = NULL;
  gboolean more = lsc_import_text_next (self->text, out_records, out_n_bytes, &trouble);

  if (more && *out_n_bytes > 0)
    return TRUE;
  /* Nothing written because perf failed is not the same as nothing recorded. */
  if (trouble == NULL || trouble->domain == LSC_FILES_ERROR)
    {
      if (lsc_import_text_get_n_events (self->text) > 0)
        self->file.condition->cut_short |= !check_end (self, NULL);
      else if (!check_end (self, error))
        return FALSE;
    }
  if (trouble != NULL)
    g_propagate_error (error, g_steal_pointer (&trouble));
  return more;
}

static double
get_progress (gpointer data)
{
  const Reader *self = data;

  return (double) lsc_import_text_get_n_bytes (self->text)
         / ((double) self->file.n_bytes * TEXT_RATIO + 1);
}

const LscEventFormat lsc_import_perf_data = {
  .id = "perf",
  .name = N_ ("a recording of perf"),
  .recognise = recognise,
  .open = open_reader,
  .close = close_reader,
  .next = next,
  .get_progress = get_progress,
};
