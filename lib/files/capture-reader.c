/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/capture-reader.h"

#include "lsc-config.h"

#include "lib/files/frame.h"
#include "lib/files/regular-file.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

/* Several frames, so that what is left of them is seldom moved to the front. */
#define BUFFER_SIZE (4 * lsc_frame_get_bound ())

struct _LscCaptureReader
{
  char *path;
  int fd;
  LscFrame *frame;
  uint8_t *buffer;
  uint8_t *window; /* in the buffer: bytes of the file from `at` on */
  size_t n_window;
  uint64_t at;
  gboolean at_end; /* the window reaches the end of the file */
  gboolean growing;
  LscRecordHeader header;
  LscCaptureCondition condition;
  gboolean ended;   /* LSC_RECORD_END was there */
  uint64_t last_ns; /* latest time in what was handed out */
  LscRecordGap gap; /* stands for frames left out; head.size 0: none waits */
  LscRecordGap gap_out;
  const void *later; /* a frame that waits behind the gap */
  size_t n_later;
  LscAnnotations *annotations; /* of whoever wants them; may be NULL */
};

/* Reads until the window holds any frame that may begin there, or the file ends. */
static gboolean
fill (LscCaptureReader *self, GError **error)
{
  size_t n;

  if (self->n_window >= lsc_frame_get_bound () || self->at_end)
    return TRUE;
  memmove (self->buffer, self->window, self->n_window);
  self->window = self->buffer;
  n = BUFFER_SIZE - self->n_window;
  if (!lsc_regular_file_read (self->fd, self->path, self->at + self->n_window,
                              self->window + self->n_window, &n, error))
    return FALSE;
  self->n_window += n;
  self->at_end = self->n_window < BUFFER_SIZE;
  return TRUE;
}

/* Goes on `n` bytes further in the file. */
static void
advance (LscCaptureReader *self, uint64_t n)
{
  size_t n_inside = (size_t) MIN (n, self->n_window);

  self->window += n_inside;
  self->n_window -= n_inside;
  self->at += n;
}

/* What is in a frame beside events. */
typedef struct
{
  uint64_t last_ns;
  gboolean ended;
  gboolean annotated;
} Contents;

/* Nearly all records: nothing is to be looked at but the head. */
static inline gboolean
is_plain (const LscRecordHead *head, size_t n_bytes)
{
  return n_bytes >= sizeof (LscRecordSwitch)
         && ((head->kind == LSC_RECORD_SWITCH && head->size == sizeof (LscRecordSwitch))
             || (head->kind == LSC_RECORD_WAKING && head->size == sizeof (LscRecordWaking)));
}

/* Looks at the records of a frame: FALSE when they are not what a writer writes. */
static gboolean
check_records (const uint8_t *bytes, size_t n_bytes, Contents *out_contents)
{
  uint64_t last_ns = out_contents->last_ns;
  size_t n = 0;

  while (n < n_bytes)
    {
      const LscRecordHead *head = (const LscRecordHead *) (const void *) (bytes + n);
      int size;

      if (is_plain (head, n_bytes - n))
        {
          last_ns = MAX (last_ns, head->time_ns);
          n += head->size;
          continue;
        }
      size = lsc_record_check (head, n_bytes - n);
      if (size <= 0)
        return FALSE;
      last_ns = MAX (last_ns, head->time_ns);
      out_contents->ended |= head->kind == LSC_RECORD_END;
      out_contents->annotated |= head->kind >= LSC_RECORD_NOTE;
      n += (size_t) size;
    }
  out_contents->last_ns = last_ns;
  return TRUE;
}

static uint64_t
get_first_time (const void *bytes)
{
  return ((const LscRecordHead *) bytes)->time_ns;
}

/* Notes that something of the file cannot be read; `n_bytes` is how far to go on, 0: look for the
 * next frame. */
static void
leave_out (LscCaptureReader *self, uint64_t n_bytes)
{
  if (self->condition.n_damaged++ == 0)
    self->condition.first_damaged = self->at;
  if (n_bytes == 0)
    n_bytes = 1 + lsc_frame_find (self->window + 1, self->n_window - 1);
  advance (self, n_bytes);
  if (self->gap.head.size == 0)
    self->gap = (LscRecordGap){
      .head = { .size = sizeof self->gap, .kind = LSC_RECORD_GAP, .cpu = LSC_CPU_NONE },
      .first_ns = self->last_ns,
      .cause = LSC_GAP_TRUNCATED,
    };
  /* How many events it was is not known; a lost frame is at least one. */
  self->gap.count++;
}

static gboolean
fail_limit (LscCaptureReader *self, GError **error)
{
  g_autofree char *name = lsc_files_error_name (self->path);

  g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_LIMIT,
               _ ("\342\200\234%s\342\200\235 was refused: a frame at byte %lu would unpack to "
                  "more than the 1 MiB "
                  "a capture's frame may hold. It was not written by Lanescope."),
               name, (unsigned long) self->at);
  return FALSE;
}

/* A frame that unpacked: TRUE when it is to be handed out. */
static gboolean
accept_frame (LscCaptureReader *self, const void *bytes, size_t n_bytes, uint64_t n_packed)
{
  Contents contents = { .last_ns = self->last_ns, .ended = self->ended };

  if (!check_records (bytes, n_bytes, &contents))
    {
      leave_out (self, n_packed);
      return FALSE;
    }
  advance (self, n_packed);
  self->condition.n_whole = self->at;
  if (n_bytes == 0)
    return FALSE;
  self->last_ns = contents.last_ns;
  self->ended = contents.ended;
  if (contents.annotated && self->annotations != NULL)
    lsc_annotations_take (self->annotations, bytes, n_bytes);
  self->condition.n_frames++;
  self->condition.n_record_bytes += n_bytes;
  return TRUE;
}

/* A frame that is longer than the window: the file ends inside it, or its length is damaged. */
static void
accept_short (LscCaptureReader *self)
{
  size_t n_next = 1 + lsc_frame_find (self->window + 1, self->n_window - 1);

  if (!self->at_end || n_next + 4 <= self->n_window)
    {
      leave_out (self, 0);
      return;
    }
  self->condition.cut_short = TRUE;
  advance (self, self->n_window);
}

/* Takes the next frame that can be read; `*out_n_bytes` is 0 at the end of the file. */
static gboolean
take_frame (LscCaptureReader *self, const void **out_bytes, size_t *out_n_bytes, GError **error)
{
  uint64_t n_packed;

  for (;;)
    {
      if (!fill (self, error))
        return FALSE;
      *out_n_bytes = 0;
      if (self->n_window == 0 && self->at_end)
        return TRUE;
      switch (lsc_frame_unpack (self->frame, self->window, self->n_window, out_bytes, out_n_bytes,
                                &n_packed))
        {
        case LSC_FRAME_WHOLE:
          if (accept_frame (self, *out_bytes, *out_n_bytes, n_packed))
            return TRUE;
          break;
        case LSC_FRAME_SKIP:
          self->at_end = FALSE;
          advance (self, n_packed);
          break;
        case LSC_FRAME_SHORT:
          if (self->growing && self->at_end)
            return TRUE;
          accept_short (self);
          break;
        case LSC_FRAME_DAMAGED:
        case LSC_FRAME_FOREIGN:
          leave_out (self, n_packed);
          break;
        case LSC_FRAME_TOO_LARGE:
        default:
          return fail_limit (self, error);
        }
    }
}

/* Before anything else: does the first frame hold a header, and one we can read? */
static gboolean
check_header (LscCaptureReader *self, const void *bytes, size_t n_bytes, GError **error)
{
  g_autofree char *name = lsc_files_error_name (self->path);
  const LscRecordHeader *header = bytes;

  if (n_bytes >= offsetof (LscRecordHeader, n_cpus) && header->head.kind == LSC_RECORD_HEADER
      && lsc_record_check_header (header) == -EPROTONOSUPPORT)
    {
      g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NEWER,
                   _ ("\342\200\234%s\342\200\235 was written by a newer Lanescope (format %u; "
                      "this one reads up to %u). "
                      "Update Lanescope to open it."),
                   name, header->version_major, (unsigned) LSC_RECORD_MAJOR);
      return FALSE;
    }
  if (n_bytes < sizeof *header || lsc_record_check (bytes, n_bytes) != sizeof *header
      || lsc_record_check_header (header) != 0)
    {
      g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NOT_A_CAPTURE,
                   _ ("\342\200\234%s\342\200\235 is not a Lanescope capture: it does not begin "
                      "with a capture's header. "
                      "Choose a file that Lanescope has saved."),
                   name);
      return FALSE;
    }
  self->header = *header;
  return TRUE;
}

static gboolean
fail_not_a_capture (LscCaptureReader *self, LscFrameResult result, GError **error)
{
  g_autofree char *name = lsc_files_error_name (self->path);

  if (result == LSC_FRAME_DAMAGED)
    g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_DAMAGED,
                 _ ("\342\200\234%s\342\200\235 is damaged at its start, where a capture says what "
                    "it is. Use a copy "
                    "of the file if there is one."),
                 name);
  else if (result == LSC_FRAME_SHORT && self->n_window >= 4)
    g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_DAMAGED,
                 _ ("\342\200\234%s\342\200\235 was cut short before its first part was whole; "
                    "there is nothing "
                    "in it to "
                    "show."),
                 name);
  else if (self->condition.n_bytes == 0)
    g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NOT_A_CAPTURE,
                 _ ("\342\200\234%s\342\200\235 is empty. Choose a file that Lanescope has saved."),
                 name);
  else
    g_set_error (error, LSC_FILES_ERROR, LSC_FILES_ERROR_NOT_A_CAPTURE,
                 _ ("\342\200\234%s\342\200\235 is not a Lanescope capture. Choose a file that "
                    "Lanescope has saved."),
                 name);
  return FALSE;
}

/* The first frame is the one that says what the file is: unpacked here, and handed out again by the
 * first _next(). */
static gboolean
read_first_frame (LscCaptureReader *self, GError **error)
{
  LscFrameResult result;
  const void *bytes;
  size_t n_bytes;
  uint64_t n_packed;

  if (!fill (self, error))
    return FALSE;
  result =
      lsc_frame_unpack (self->frame, self->window, self->n_window, &bytes, &n_bytes, &n_packed);
  if (result == LSC_FRAME_WHOLE)
    return check_header (self, bytes, n_bytes, error);
  return result == LSC_FRAME_TOO_LARGE ? fail_limit (self, error)
                                       : fail_not_a_capture (self, result, error);
}

LscCaptureReader *
lsc_capture_reader_new (const char *path, GError **error)
{
  uint64_t n_bytes = 0;
  int fd = lsc_regular_file_open (path, &n_bytes, error);
  LscCaptureReader *self;

  if (fd < 0)
    return NULL;
  self = g_new0 (LscCaptureReader, 1);
  self->fd = fd;
  self->path = g_strdup (path);
  self->condition.n_bytes = n_bytes;
  self->frame = lsc_frame_new ();
  self->buffer = self->window = g_malloc (BUFFER_SIZE);
  if (read_first_frame (self, error))
    return self;
  lsc_capture_reader_free (self);
  return NULL;
}

void
lsc_capture_reader_free (LscCaptureReader *self)
{
  if (self == NULL)
    return;
  (void) close (self->fd);
  lsc_frame_free (self->frame);
  g_free (self->buffer);
  g_free (self->path);
  g_free (self);
}

void
lsc_capture_reader_set_annotations (LscCaptureReader *self, LscAnnotations *annotations)
{
  self->annotations = annotations;
}

const LscRecordHeader *
lsc_capture_reader_get_header (const LscCaptureReader *self)
{
  return &self->header;
}

void
lsc_capture_reader_set_growing (LscCaptureReader *self, gboolean growing)
{
  self->growing = growing;
  self->at_end = FALSE;
}

gboolean
lsc_capture_reader_has_ended (const LscCaptureReader *self)
{
  return self->ended;
}

gboolean
lsc_capture_reader_is_held (const LscCaptureReader *self)
{
  return lsc_regular_file_is_held (self->fd);
}

/* Without its end record it was cut short, or is not over. */
static void
end (LscCaptureReader *self)
{
  self->condition.cut_short |= !self->ended;
  self->condition.growing = self->condition.cut_short && lsc_capture_reader_is_held (self);
  self->condition.cut_short &= !self->condition.growing;
}

gboolean
lsc_capture_reader_next (LscCaptureReader *self,
                         const void **out_records,
                         size_t *out_n_bytes,
                         GError **error)
{
  if (self->n_later > 0)
    {
      *out_records = self->later;
      *out_n_bytes = self->n_later;
      self->n_later = 0;
      return TRUE;
    }
  if (self->growing)
    self->at_end = FALSE;
  if (!take_frame (self, out_records, out_n_bytes, error))
    return FALSE;
  if (*out_n_bytes == 0 && !self->growing)
    end (self);
  if (self->gap.head.size == 0)
    return TRUE;
  self->later = *out_records;
  self->n_later = *out_n_bytes;
  self->gap.last_ns = self->n_later > 0 ? MAX (get_first_time (self->later), self->gap.first_ns)
                                        : self->gap.first_ns;
  self->gap.head.time_ns = self->gap.last_ns;
  self->gap_out = self->gap;
  self->gap.head.size = 0;
  *out_records = &self->gap_out;
  *out_n_bytes = sizeof self->gap_out;
  return TRUE;
}

double
lsc_capture_reader_get_progress (const LscCaptureReader *self)
{
  if (self->condition.n_bytes == 0 || self->at >= self->condition.n_bytes)
    return 1.0;
  return (double) self->at / (double) self->condition.n_bytes;
}

const LscCaptureCondition *
lsc_capture_reader_get_condition (const LscCaptureReader *self)
{
  return &self->condition;
}

char *
lsc_capture_condition_describe (const LscCaptureCondition *self)
{
  GString *text = g_string_new (NULL);

  if (self->growing)
    g_string_append (text,
                     _ ("The capture is still being recorded: this is what there is by now."));
  if (self->cut_short)
    g_string_append (text,
                     _ ("The capture was cut short: its writer did not end in order. Everything "
                        "up to that moment is here."));
  if (self->n_unread > 0)
    {
      if (text->len > 0)
        g_string_append_c (text, ' ');
      g_string_append_printf (
          text,
          g_dngettext (GETTEXT_PACKAGE, "%lu line or packet was not understood and was left out.",
                       "%lu lines or packets were not understood and were left "
                       "out.",
                       self->n_unread),
          (unsigned long) self->n_unread);
    }
  if (self->n_damaged > 0)
    {
      if (text->len > 0)
        g_string_append_c (text, ' ');
      g_string_append_printf (
          text,
          g_dngettext (
              GETTEXT_PACKAGE, "%lu part of the file is damaged (at byte %lu) and was left out.",
              "%lu parts of the file are damaged (the first at byte %lu) and were left out.",
              (unsigned long) self->n_damaged),
          (unsigned long) self->n_damaged, (unsigned long) self->first_damaged);
    }
  return g_string_free (text, text->len == 0);
}
