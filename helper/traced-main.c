/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * lanescope-traced: asks polkit, starts a tracer for each client that may, and touches no BPF.
 */
#include "helper/door-limits.h"
#include "helper/traced-door.h"
#include "lsc-config.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  GMainLoop *loop;
  LscTracedDoor *door;
  gboolean well;
} Main;

static void
closed_cb (gboolean well, gpointer user_data)
{
  Main *self = user_data;

  self->well = well;
  g_main_loop_quit (self->loop);
}

static gboolean
signal_cb (gpointer user_data)
{
  lsc_traced_door_close (((Main *) user_data)->door);
  return G_SOURCE_CONTINUE;
}

/* Whoever started us: 0, 1 and 2 are there, nothing is left on the disk, no cores with others'
 * data. */
static gboolean
prepare (void)
{
  const struct rlimit nothing = { 0, 0 };
  int fd;

  do
    fd = open ("/dev/null", O_RDWR);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd < 0)
    return FALSE;
  close (fd);
  umask (077);
  return chdir ("/") == 0 && setrlimit (RLIMIT_CORE, &nothing) == 0;
}

/* Beside us: both lie in one folder that only root can write, or in a build folder. */
static char *
find_tracer (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = program != NULL ? g_path_get_dirname (program) : NULL;

  return g_build_filename (folder != NULL ? folder : LSC_LIBEXECDIR, "lanescope-tracer", NULL);
}

static gboolean
parse_arguments (LscTracedOptions *options, int *argc, char ***argv)
{
  gboolean version = FALSE;
  int values[4] = { (int) options->idle_s, (int) options->deadline_s,
                    (int) options->interactive_deadline_s, (int) options->opens_per_minute };
  const GOptionEntry entries[] = {
    { "idle", 0, 0, G_OPTION_ARG_INT, &values[0], "End after SECONDS without a session",
      "SECONDS" },
    { "deadline", 0, 0, G_OPTION_ARG_INT, &values[1],
      "Give polkit SECONDS to decide when nobody may be asked", "SECONDS" },
    { "interactive-deadline", 0, 0, G_OPTION_ARG_INT, &values[2], "Give a person SECONDS to answer",
      "SECONDS" },
    { "opens-per-minute", 0, 0, G_OPTION_ARG_INT, &values[3],
      "Let one user ask NUMBER times a minute", "NUMBER" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- Lanescope's tracing service");
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error) || *argc != 1)
    {
      g_printerr ("lanescope-traced: %s\n",
                  error != NULL ? error->message : "it takes no such argument; see --help");
      return FALSE;
    }
  if (version)
    {
      g_print ("lanescope-traced %s\n", LSC_VERSION);
      exit (0);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    if (values[i] < 1)
      {
        g_printerr ("lanescope-traced: every number has to be 1 or more\n");
        return FALSE;
      }
  options->idle_s = (guint) values[0];
  options->deadline_s = (guint) values[1];
  options->interactive_deadline_s = (guint) values[2];
  options->opens_per_minute = (guint) values[3];
  return TRUE;
}

static int
serve (const LscTracedOptions *options)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, &error);
  Main self = { .loop = loop };

  if (bus != NULL)
    {
      /* Sessions go on without it. */
      g_dbus_connection_set_exit_on_close (bus, FALSE);
      self.door = lsc_traced_door_new (bus, options, closed_cb, &self, &error);
    }
  if (self.door == NULL)
    {
      g_printerr ("lanescope-traced: the system bus does not serve it: %s\n", error->message);
      return 1;
    }
  g_unix_signal_add (SIGTERM, signal_cb, &self);
  g_unix_signal_add (SIGINT, signal_cb, &self);
  g_main_loop_run (loop);
  /* Answers may still be on their way out. */
  g_dbus_connection_flush_sync (bus, NULL, NULL);
  lsc_traced_door_free (self.door);
  return self.well ? 0 : 1;
}

int
main (int argc, char **argv)
{
  g_autofree char *tracer = find_tracer ();
  LscTracedOptions options = { .tracer = tracer,
                               .idle_s = 30,
                               .deadline_s = 10,
                               .interactive_deadline_s = 120,
                               .opens_per_minute = LSC_DOOR_LIMITS_OPENS_PER_MINUTE };

  if (!parse_arguments (&options, &argc, &argv))
    return 2;
  if (!prepare ())
    {
      g_printerr ("lanescope-traced: its surroundings could not be prepared\n");
      return 1;
    }
  return serve (&options);
}
