/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The stream reader: a thread that reads one stream, checks every record and hands blocks on.
 *
 * The other end is not trusted: every record passes lsc_record_check(), the first one must be a
 * header this version can read (or an end, when the helper could not start), there is one header,
 * and nothing after the end counts. What the owner needs to know is said through one eventfd and
 * atomics; no main loop is involved here.
 */
#pragma once

#include "lib/client/block-queue.h"
#include "lib/client/session.h"

typedef struct _LscStreamReader LscStreamReader;

/* What has happened; lsc_stream_reader_take_news(). */
#define LSC_NEWS_HEADER 1u
#define LSC_NEWS_READY 2u
#define LSC_NEWS_BLOCKS 4u
#define LSC_NEWS_FINISHED 8u

/* How it finished. */
typedef enum
{
  LSC_OUTCOME_NONE,  /* it goes on */
  LSC_OUTCOME_END,   /* an end record */
  LSC_OUTCOME_CUT,   /* end of file, or silence after a stop, without one */
  LSC_OUTCOME_BAD,   /* something that is no record, or a record where it cannot be */
  LSC_OUTCOME_NEWER, /* a header of a newer version */
  LSC_OUTCOME_SINK,  /* the sink refused */
  LSC_OUTCOME_NO_MEMORY,
  LSC_OUTCOME_CANCELLED, /* lsc_stream_reader_cancel() */
} LscOutcome;

typedef struct
{
  int fd;               /* borrowed; it must stay open until the reader is freed */
  LscBlockQueue *queue; /* borrowed; NULL: nobody takes blocks */
  const char *command;  /* for the header; copied */
  uint8_t header_flags; /* LSC_HEADER_*: added to the header's */
  LscSessionSink sink;  /* or NULL */
  gpointer sink_data;
} LscStreamReaderOptions;

/* Starts the thread. NULL: no memory or descriptors, errno says which. */
LscStreamReader *lsc_stream_reader_new (const LscStreamReaderOptions *options);
/* Cancels, waits for the thread (for the sink, if it is in there) and frees. */
void lsc_stream_reader_free (LscStreamReader *self);

/* The thread finishes as soon as it can: LSC_OUTCOME_CANCELLED. */
void lsc_stream_reader_cancel (LscStreamReader *self);
/* The helper was asked to stop: from now on 5 s of silence mean that it is lost. */
void lsc_stream_reader_expect_end (LscStreamReader *self);

/* Readable when there are news. */
int lsc_stream_reader_get_fd (const LscStreamReader *self);
/* LSC_NEWS_* since the last call. */
unsigned lsc_stream_reader_take_news (LscStreamReader *self);

/* Any thread: NULL until it has come. */
const LscRecordHeader *lsc_stream_reader_get_header (const LscStreamReader *self);
const LscRecordEnd *lsc_stream_reader_get_end (const LscStreamReader *self);
LscOutcome lsc_stream_reader_get_outcome (const LscStreamReader *self);
/* LSC_OUTCOME_SINK: what the sink said. */
const GError *lsc_stream_reader_get_sink_error (const LscStreamReader *self);
guint64 lsc_stream_reader_get_n_bytes (const LscStreamReader *self);
guint64 lsc_stream_reader_get_n_records (const LscStreamReader *self);
