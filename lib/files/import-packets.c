/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/import-packets.h"

#include "lib/files/regular-file.h"
#include "lib/files/unpack.h"

#include <string.h>

#define WINDOW_SIZE (1u << 20)
#define UNPACKED_MAX (16u << 20) /* bytes of packets packed together */
#define HEADER_MAX 20            /* bytes of a field's number and length */
#define ARENA_CHUNK (64u << 10)
#define ARENAS_MAX (256u << 20) /* bytes of all messages at one time */
#define N_FIELDS_MAX 10000u     /* of a packet: the schema's numbers end before */

/* Wire types of protocol buffers. */
enum
{
  VARINT = 0,
  FIXED_64 = 1,
  BYTES = 2,
  FIXED_32 = 5,
};

struct _LscImportArena
{
  ProtobufCAllocator allocator;
  LscImportPackets *packets;
  GPtrArray *chunks; /* the last one is in use */
  size_t n_used, n_last;
  size_t n_all;
};

/* What was unpacked, and from where. */
typedef struct
{
  uint8_t *bytes;
  size_t n_bytes;
  uint64_t at;
} Blob;

struct _LscImportPackets
{
  const LscEventFile *file;
  GError *trouble;       /* the first, in reading */
  LscImportArena *arena; /* of lsc_import_packets_next() */
  uint8_t *window;       /* bytes of the file from window_at on */
  uint64_t window_at;
  size_t n_window;
  uint64_t at; /* next field in the file */
  Blob blob;   /* packets inside it come next, from blob_next on */
  size_t blob_next;
  uint32_t blob_packed; /* bytes of it in the file */
  size_t n_arenas;      /* bytes */
};

static void *
arena_alloc (void *data, size_t size)
{
  LscImportArena *self = data;
  size_t n = (size + 15) & ~(size_t) 15;
  void *memory;

  if (size > ARENAS_MAX)
    return NULL;
  if (self->chunks->len == 0 || self->n_used + n > self->n_last)
    {
      size_t n_chunk = MAX (n, ARENA_CHUNK);

      if (self->packets->n_arenas + n_chunk > ARENAS_MAX)
        return NULL;
      self->packets->n_arenas += n_chunk;
      self->n_all += n_chunk;
      g_ptr_array_add (self->chunks, g_malloc (n_chunk));
      self->n_used = 0;
      self->n_last = n_chunk;
    }
  memory = (uint8_t *) g_ptr_array_index (self->chunks, self->chunks->len - 1) + self->n_used;
  self->n_used += n;
  return memory;
}

static void
arena_free (void *data, void *memory)
{
}

/* Takes everything back; one chunk is kept for the next message. */
static void
arena_reset (LscImportArena *self)
{
  if (self->chunks->len > 1 || self->n_last > ARENA_CHUNK)
    {
      g_ptr_array_set_size (self->chunks, 0);
      self->packets->n_arenas -= self->n_all;
      self->n_all = self->n_last = 0;
    }
  self->n_used = 0;
}

LscImportArena *
lsc_import_packets_new_arena (LscImportPackets *self)
{
  LscImportArena *arena = g_new0 (LscImportArena, 1);

  arena->packets = self;
  arena->chunks = g_ptr_array_new_with_free_func (g_free);
  arena->allocator = (ProtobufCAllocator){ arena_alloc, arena_free, arena };
  return arena;
}

void
lsc_import_packets_free_arena (LscImportPackets *self, LscImportArena *arena)
{
  if (arena == NULL)
    return;
  self->n_arenas -= arena->n_all;
  g_ptr_array_unref (arena->chunks);
  g_free (arena);
}

LscImportPackets *
lsc_import_packets_new (const LscEventFile *file)
{
  LscImportPackets *self = g_new0 (LscImportPackets, 1);

  self->file = file;
  self->arena = lsc_import_packets_new_arena (self);
  return self;
}

void
lsc_import_packets_free (LscImportPackets *self)
{
  if (self == NULL)
    return;
  lsc_import_packets_free_arena (self, self->arena);
  g_clear_error (&self->trouble);
  g_free (self->window);
  g_free (self->blob.bytes);
  g_free (self);
}

static gboolean
get_varint (const uint8_t *bytes, size_t n_bytes, size_t *inout_at, uint64_t *out_value)
{
  *out_value = 0;
  for (int shift = 0; shift < 64 && *inout_at < n_bytes; shift += 7)
    {
      uint8_t byte = bytes[(*inout_at)++];

      *out_value |= (uint64_t) (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        return TRUE;
    }
  return FALSE;
}

/* A field's number and where its content begins; how long that is. FALSE: it is no field, or not
 * all of its beginning is here. */
static gboolean
get_field (const uint8_t *bytes,
           size_t n_bytes,
           size_t *inout_at,
           uint64_t *out_number,
           uint64_t *out_n_content)
{
  uint64_t tag, ignored;
  size_t before;

  if (!get_varint (bytes, n_bytes, inout_at, &tag))
    return FALSE;
  *out_number = tag >> 3;
  switch (tag & 7)
    {
    case VARINT:
      before = *inout_at;
      if (!get_varint (bytes, n_bytes, inout_at, &ignored))
        return FALSE;
      *out_n_content = *inout_at - before;
      *inout_at = before;
      return *out_number != 0;
    case FIXED_64:
      *out_n_content = 8;
      return *out_number != 0;
    case FIXED_32:
      *out_n_content = 4;
      return *out_number != 0;
    case BYTES:
      return get_varint (bytes, n_bytes, inout_at, out_n_content) && *out_number != 0;
    default:
      return FALSE;
    }
}

/* Bytes of the file, at least `n_bytes` where there are so many; `*out_n` are there. */
static const uint8_t *
look (LscImportPackets *self, uint64_t at, size_t n_bytes, size_t *out_n)
{
  size_t n = MAX (n_bytes, WINDOW_SIZE);

  if (self->window == NULL || at < self->window_at
      || at + n_bytes > self->window_at + self->n_window)
    {
      self->window = g_realloc (self->window, n);
      self->window_at = at;
      self->n_window = 0;
      if (lsc_regular_file_read (self->file->fd, self->file->path, at, self->window, &n,
                                 self->trouble == NULL ? &self->trouble : NULL))
        self->n_window = n;
    }
  *out_n =
      at > self->window_at + self->n_window ? 0 : self->n_window - (size_t) (at - self->window_at);
  return self->window + (at - self->window_at);
}

static LscPb__TracePacket *
unpack_message (LscImportArena *arena, const uint8_t *bytes, size_t n_bytes)
{
  arena_reset (arena);
  return lsc_pb__trace_packet__unpack (&arena->allocator, n_bytes, bytes);
}

static gboolean
unpack_blob (LscImportPackets *self, const LscPb__TracePacket *packet, uint64_t at)
{
  gboolean zlib = packet->has_compressed_packets;
  const ProtobufCBinaryData *data =
      zlib ? &packet->compressed_packets : &packet->zstd_compressed_packets;
  gssize n;

  if (self->blob.bytes == NULL)
    self->blob.bytes = g_malloc (UNPACKED_MAX);
  n = lsc_unpack (zlib ? LSC_UNPACK_ZLIB : LSC_UNPACK_ZSTD, data->data, data->len, self->blob.bytes,
                  UNPACKED_MAX);
  self->blob.at = at;
  self->blob.n_bytes = n < 0 ? 0 : (size_t) n;
  return n >= 0;
}

static gboolean
is_packed (const LscPb__TracePacket *packet)
{
  return packet->has_compressed_packets || packet->has_zstd_compressed_packets;
}

/* The next packet inside what was unpacked last. */
static LscPb__TracePacket *
next_inner (LscImportPackets *self, LscImportPlace *out_place)
{
  while (self->blob_next < self->blob.n_bytes)
    {
      size_t at = self->blob_next;
      uint64_t number, n_content;
      LscPb__TracePacket *packet;

      if (!get_field (self->blob.bytes, self->blob.n_bytes, &at, &number, &n_content)
          || n_content > self->blob.n_bytes - at)
        break;
      self->blob_next = at + n_content;
      if (number != 1)
        continue;
      packet = unpack_message (self->arena, self->blob.bytes + at, n_content);
      if (packet != NULL && !is_packed (packet))
        {
          *out_place = (LscImportPlace){ .at = self->blob.at,
                                         .n_bytes = self->blob_packed,
                                         .inner_at = (uint32_t) at,
                                         .n_inner = (uint32_t) n_content };
          return packet;
        }
      self->file->condition->n_unread++;
    }
  self->blob_next = self->blob.n_bytes;
  return NULL;
}

/* The next field of the file: a packet at `*out_place`. FALSE at the end. */
static gboolean
next_outer (LscImportPackets *self, LscImportPlace *out_place)
{
  LscCaptureCondition *condition = self->file->condition;

  while (self->at < self->file->n_bytes)
    {
      size_t n_head, at = 0;
      const uint8_t *head = look (self, self->at, HEADER_MAX, &n_head);
      uint64_t number, n_content, left;

      if (!get_field (head, n_head, &at, &number, &n_content))
        {
          condition->cut_short |= n_head < HEADER_MAX;
          condition->n_damaged += n_head >= HEADER_MAX;
          condition->first_damaged = self->at;
          return FALSE;
        }
      left = self->file->n_bytes - MIN (self->file->n_bytes, self->at + at);
      if (n_content > left)
        {
          condition->cut_short = TRUE;
          return FALSE;
        }
      *out_place = (LscImportPlace){ .at = self->at + at, .n_bytes = (uint32_t) n_content };
      self->at += at + n_content;
      if (number == 1 && n_content <= LSC_IMPORT_PACKET_MAX)
        return TRUE;
      condition->n_unread += number == 1;
    }
  return FALSE;
}

gboolean
lsc_import_packets_check (const LscImportPackets *self, GError **error)
{
  if (self->trouble != NULL && error != NULL)
    *error = g_error_copy (self->trouble);
  return self->trouble == NULL;
}

gboolean
lsc_import_packets_next (LscImportPackets *self,
                         LscPb__TracePacket **out_packet,
                         LscImportPlace *out_place,
                         GError **error)
{
  for (;;)
    {
      const uint8_t *bytes;
      size_t n;

      if (g_cancellable_set_error_if_cancelled (self->file->cancellable, error))
        return FALSE;
      *out_packet = next_inner (self, out_place);
      if (*out_packet != NULL || !next_outer (self, out_place))
        return lsc_import_packets_check (self, error);
      bytes = look (self, out_place->at, out_place->n_bytes, &n);
      if (n >= out_place->n_bytes)
        *out_packet = unpack_message (self->arena, bytes, out_place->n_bytes);
      if (*out_packet == NULL)
        self->file->condition->n_unread++;
      else if (!is_packed (*out_packet))
        return TRUE;
      else if (unpack_blob (self, *out_packet, out_place->at))
        {
          self->blob_next = 0;
          self->blob_packed = out_place->n_bytes;
        }
      else
        self->file->condition->n_unread++;
    }
}

LscPb__TracePacket *
lsc_import_packets_load (LscImportPackets *self, LscImportArena *arena, const LscImportPlace *place)
{
  const uint8_t *bytes;
  LscPb__TracePacket *outer;
  size_t n;

  if (place->n_inner == 0 || self->blob.at != place->at)
    {
      bytes = look (self, place->at, place->n_bytes, &n);
      if (n < place->n_bytes)
        return NULL;
      outer = unpack_message (arena, bytes, place->n_bytes);
      if (place->n_inner == 0 || outer == NULL)
        return outer;
      if (!is_packed (outer) || !unpack_blob (self, outer, place->at))
        return NULL;
    }
  if (place->inner_at + (uint64_t) place->n_inner > self->blob.n_bytes)
    return NULL;
  return unpack_message (arena, self->blob.bytes + place->inner_at, place->n_inner);
}

gboolean
lsc_import_packets_recognise (const uint8_t *head, size_t n_head)
{
  size_t at = 0, end;
  uint64_t number, n_content;
  gboolean any = FALSE;

  if (!get_field (head, n_head, &at, &number, &n_content) || head[0] != 0x0a || n_content == 0)
    return FALSE;
  end = at + (size_t) MIN (n_content, n_head - at);
  while (at < end)
    {
      if (!get_field (head, end, &at, &number, &n_content) || number > N_FIELDS_MAX)
        return any && end - at < HEADER_MAX && end == n_head;
      any = TRUE;
      if (n_content > end - at)
        return end == n_head;
      at += n_content;
    }
  return any;
}
