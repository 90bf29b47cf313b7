/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The packets of a Perfetto trace, one after another or each at its place. Packets that were packed
 * together are unpacked on the way.
 */
#pragma once

#include "lib/files/event-reader.h"

#include "perfetto.pb-c.h"

#define LSC_IMPORT_PACKET_MAX (16u << 20) /* bytes of one packet; a larger one is left out */

/* Where a packet is in the file: itself, or inside a packed one. */
typedef struct
{
  uint64_t at;
  uint32_t n_bytes;
  uint32_t inner_at; /* in what was unpacked */
  uint32_t n_inner;  /* 0: it is not packed */
} LscImportPlace;

/* Memory for messages: given out piece by piece, taken back at once. */
typedef struct _LscImportArena LscImportArena;

typedef struct _LscImportPackets LscImportPackets;

/* Never NULL. `file` must outlive it. */
LscImportPackets *lsc_import_packets_new (const LscEventFile *file);
void lsc_import_packets_free (LscImportPackets *self);

LscImportArena *lsc_import_packets_new_arena (LscImportPackets *self);
void lsc_import_packets_free_arena (LscImportPackets *self, LscImportArena *arena);

/* The next packet that can be understood, or NULL at the end; valid until the next call. FALSE with
 * a sentence. */
gboolean lsc_import_packets_next (LscImportPackets *self,
                                  LscPb__TracePacket **out_packet,
                                  LscImportPlace *out_place,
                                  GError **error);

/* FALSE with a sentence when the file could not be read, whatever packets were made of it. */
gboolean lsc_import_packets_check (const LscImportPackets *self, GError **error);

/* The packet at `place` again, in `arena`, whose other messages are gone then; NULL when it cannot
 * be read any more. */
LscPb__TracePacket *lsc_import_packets_load (LscImportPackets *self,
                                             LscImportArena *arena,
                                             const LscImportPlace *place);

/* Whether a file that begins so is a Perfetto trace. */
gboolean lsc_import_packets_recognise (const uint8_t *head, size_t n_head);
