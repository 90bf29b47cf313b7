/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/open-capture.h"
#include "cli/render-notes.h"
#include "cli/subcommands.h"
#include "lib/explain/caption.h"
#include "lib/explain/words.h"
#include "lib/files/safe-file.h"
#include "lib/paint/picture-file.h"

#include <glib/gi18n.h>
#include <math.h>

#define WIDTH 1600
#define WIDTH_MIN 320
#define HEIGHT_MIN 120
#define THUMBNAIL_MAX 2048

static int run (int argc, char **argv);

const LscSubcommand lsc_render_subcommand = {
  .name = "render",
  .arguments = "FILE",
  .summary = N_ ("Draw the lanes of a capture as the window does"),
  .details = N_ ("The ending of PICTURE says its kind: .png, .svg or .pdf. TIME is seconds from "
                 "the capture's\n"
                 "start, or has a unit: 1.5ms. Without --height every lane is drawn."),
  .run = run,
};

typedef struct
{
  char *output, *format, *from, *to, *theme;
  int width, height, thumbnail;
  gboolean redact, quiet;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->output);
  g_free (self->format);
  g_free (self->from);
  g_free (self->to);
  g_free (self->theme);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static bool
find_format (const Options *options, LscPictureFormat *format)
{
  static const char *const endings[] = {
    [LSC_PICTURE_PNG] = ".png", [LSC_PICTURE_SVG] = ".svg", [LSC_PICTURE_PDF] = ".pdf"
  };
  g_autofree char *lower = options->format != NULL ? g_strdup_printf (".%s", options->format)
                                                   : g_ascii_strdown (options->output, -1);

  for (size_t i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i]))
      {
        *format = (LscPictureFormat) i;
        return true;
      }
  return false;
}

static bool
find_theme (const char *name, LscTheme *theme)
{
  static const struct
  {
    const char *name;
    LscTheme theme;
  } themes[] = { { "light", LSC_THEME_LIGHT },
                 { "dark", LSC_THEME_DARK },
                 { "print", LSC_THEME_PRINT } };

  for (size_t i = 0; i < G_N_ELEMENTS (themes); i++)
    if (name != NULL && g_str_equal (name, themes[i].name))
      {
        *theme = themes[i].theme;
        return true;
      }
  return name == NULL;
}

static bool
check_options (const Options *options, LscPictureFormat *format, LscTheme *theme)
{
  const LscSubcommand *self = &lsc_render_subcommand;
  uint64_t ignored;

  if (options->output == NULL)
    lsc_usage_wrong (self, "%s",
                     _ ("Say where the picture goes: --output PICTURE.png (or .svg, .pdf)."));
  else if (!find_format (options, format))
    lsc_usage_wrong (
        self,
        options->format != NULL
            ? _ ("There is no kind of picture \342\200\234%s\342\200\235: it is png, svg or pdf.")
            : _ ("\342\200\234%s\342\200\235 ends in none of .png, .svg, .pdf. Name the kind with "
                 "--format."),
        options->format != NULL ? options->format : options->output);
  else if (!find_theme (options->theme, theme))
    lsc_usage_wrong (
        self, _ ("There is no theme \342\200\234%s\342\200\235: it is light, dark or print."),
        options->theme);
  else if (options->thumbnail < 0 || options->thumbnail > THUMBNAIL_MAX)
    lsc_usage_wrong (self, _ ("A thumbnail is at most %d pixels wide."), THUMBNAIL_MAX);
  else if (options->width < WIDTH_MIN || options->width > LSC_PICTURE_SIZE_MAX)
    lsc_usage_wrong (self, _ ("A picture is %d to %d pixels wide."), WIDTH_MIN,
                     LSC_PICTURE_SIZE_MAX);
  else if (options->height != 0
           && (options->height < HEIGHT_MIN || options->height > LSC_PICTURE_SIZE_MAX))
    lsc_usage_wrong (self, _ ("A picture is %d to %d pixels high."), HEIGHT_MIN,
                     LSC_PICTURE_SIZE_MAX);
  else
    return lsc_usage_parse_time (self, "--from", options->from, &ignored)
           && lsc_usage_parse_time (self, "--to", options->to, &ignored);
  return false;
}

static void
fill_words (LscPaintWords *words)
{
  lsc_paint_words_init (words);
  for (int i = 0; i < LSC_N_STATES; i++)
    words->state[i] = lsc_words_state ((LscState) i, LSC_WORDS_PLAIN);
  for (int i = 0; i < LSC_N_REASONS; i++)
    words->reason[i] = lsc_words_reason ((LscReason) i);
  words->preempted = _ ("preempted");
  words->cpu = _ ("CPU %s");
  words->lost = _ ("lost %s events");
  words->unknown = _ ("unknown");
  words->idle = _ ("idle");
  words->not_traced = _ ("Not traced");
  words->idle_hidden = _ ("%s idle threads hidden");
  words->whole_capture = _ ("Whole capture");
  words->running_at_once = _ ("Running at once");
  words->difference = _ ("B \342\210\222 A = %s");
  words->mean_of_cpus = _ ("mean %s of %s CPUs");
}

/* The picture's size; taller ones than cairo can hold show their first lanes. */
static void
choose_size (const LscPicture *picture, LscScene *scene, const Options *options, double size[2])
{
  LscPictureLayout layout;

  size[0] = options->thumbnail > 0 ? options->thumbnail : options->width;
  lsc_picture_layout (picture, size[0], HEIGHT_MIN, &layout);
  lsc_viewport_resize (&scene->viewport, MAX (layout.lanes.width, 1));
  size[1] =
      options->height > 0 ? options->height : ceil (lsc_picture_natural_height (picture, scene));
  if (size[1] <= LSC_PICTURE_SIZE_MAX)
    return;
  size[1] = LSC_PICTURE_SIZE_MAX;
  if (!options->quiet)
    g_printerr ("%s\n",
                _ ("There are more lanes than a picture can hold; it shows the first ones."));
}

typedef struct
{
  LscSafeFile file;
  GError *error;
} Place;

static bool
take_bytes (void *data, const void *bytes, size_t n_bytes)
{
  Place *place = data;

  return lsc_safe_file_write (&place->file, bytes, n_bytes, &place->error);
}

static int
write_picture (LscPicture *picture,
               const LscScene *scene,
               const double size[2],
               LscPictureFormat format,
               const char *output)
{
  g_autoptr (LscPictureFile) painted = NULL;
  g_autoptr (GError) error = NULL;
  Place place = { .error = NULL };
  const char *trouble;

  if (!lsc_safe_file_open (&place.file, output, LSC_SAFE_FILE_BESIDE, &error))
    return lsc_usage_failed (error);
  painted = lsc_picture_file_new (picture, scene, size, format);
  trouble = lsc_picture_file_write (painted, take_bytes, &place);
  error = place.error;
  if (trouble != NULL && error == NULL) /* cairo's own */
    g_printerr (_ ("lanescope-cli: \342\200\234%s\342\200\235 could not be written: %s.\n"), output,
                trouble);
  else if (error != NULL || !lsc_safe_file_commit (&place.file, &error))
    lsc_usage_failed (error);
  lsc_safe_file_clear (&place.file);
  return trouble != NULL || error != NULL ? LSC_EXIT_FAILURE : LSC_EXIT_WELL;
}

static int
render (const LscTrace *trace,
        const LscAnnotations *annotations,
        const Options *options,
        const uint64_t range_ns[2],
        LscPictureFormat format,
        LscTheme theme)
{
  g_autoptr (LscRowList) rows = lsc_row_list_new ();
  g_autoptr (LscPicture) picture = lsc_picture_new ();
  g_autoptr (GArray) markers = NULL;
  g_autofree char *caption = lsc_caption_of_range (trace, range_ns[0], range_ns[1]);
  LscPictureParts parts;
  LscPaintWords words;
  LscScene scene;
  double size[2];

  fill_words (&words);
  lsc_picture_parts_init (&parts);
  parts.caption = caption;
  if (options->thumbnail > 0) /* nobody could read it */
    parts = (LscPictureParts){ .text = false };
  lsc_picture_set_words (picture, &words);
  lsc_picture_set_theme (picture, theme);
  lsc_picture_set_parts (picture, &parts);
  lsc_row_list_set_hide_idle (rows, true);
  lsc_row_list_update (rows, trace);
  lsc_row_list_sort (rows, range_ns[0], range_ns[1]);
  lsc_row_list_update (rows, trace);
  lsc_scene_init (&scene, trace, rows, options->width);
  choose_size (picture, &scene, options, size);
  if (options->thumbnail == 0)
    markers = lsc_render_notes_put (&scene, annotations);
  else
    size[1] = CLAMP (size[1], size[0] / 4, size[0]);
  lsc_viewport_fit (&scene.viewport, range_ns[0], range_ns[1], 0);
  return write_picture (picture, &scene, size, format, options->output);
}

static int
run (int argc, char **argv)
{
  g_auto (Options) options = { .width = WIDTH };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, N_ ("Write the picture here"),
      "PICTURE" },
    { "format", 'f', 0, G_OPTION_ARG_STRING, &options.format,
      N_ ("Kind of picture, whatever the ending: png, svg or pdf"), "KIND" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &options.from, N_ ("Draw from here on"), "TIME" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &options.to, N_ ("Draw up to here"), "TIME" },
    { "width", 0, 0, G_OPTION_ARG_INT, &options.width, N_ ("Width in pixels"), "N" },
    { "height", 0, 0, G_OPTION_ARG_INT, &options.height, N_ ("Height in pixels"), "N" },
    { "thumbnail", 0, 0, G_OPTION_ARG_INT, &options.thumbnail,
      N_ ("Only lanes, N pixels wide and at most as high: for file managers"), "N" },
    { "theme", 0, 0, G_OPTION_ARG_STRING, &options.theme, N_ ("Colours: light, dark or print"),
      "THEME" },
    { "redact", 0, 0, G_OPTION_ARG_NONE, &options.redact,
      N_ ("Number processes and threads in place of naming them"), NULL },
    LSC_USAGE_QUIET (&options.quiet),
    { NULL },
  };
  LscPictureFormat format = LSC_PICTURE_PNG;
  LscTheme theme = LSC_THEME_LIGHT;
  g_autoptr (LscAnnotations) annotations = lsc_annotations_new ();
  g_autoptr (LscTrace) trace = NULL;
  LscCaptureCondition condition;
  uint64_t range_ns[2];
  const char *path;

  if (!lsc_usage_parse (&lsc_render_subcommand, entries, &argc, &argv)
      || !check_options (&options, &format, &theme)
      || (path = lsc_usage_get_file (&lsc_render_subcommand, argc, argv)) == NULL)
    return LSC_EXIT_USAGE;
  trace = lsc_open_annotated (path, options.quiet, annotations, &condition);
  if (trace == NULL)
    return LSC_EXIT_FAILURE;
  if (!lsc_open_range (&lsc_render_subcommand, trace, options.from, options.to, range_ns))
    return LSC_EXIT_USAGE;
  if (options.redact)
    lsc_trace_redact (trace);
  return render (trace, annotations, &options, range_ns, format, theme);
}
