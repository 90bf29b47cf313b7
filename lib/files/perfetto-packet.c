/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/perfetto-parts.h"

#define PACKET_TAG 0x0a /* field 1 of Trace */

void
lsc_perfetto_put (LscExportOut *out, const LscPb__TracePacket *packet)
{
  size_t n = lsc_pb__trace_packet__get_packed_size (packet), left = n;
  uint8_t head[11] = { PACKET_TAG }; /* and its length as a varint */
  size_t n_head = 1;
  gsize at;

  for (; left >= 0x80; left >>= 7)
    head[n_head++] = (uint8_t) (left | 0x80);
  head[n_head++] = (uint8_t) left;
  g_string_append_len (out->text, (const char *) head, (gssize) n_head);
  at = out->text->len;
  g_string_set_size (out->text, at + n);
  (void) lsc_pb__trace_packet__pack (packet, (uint8_t *) out->text->str + at);
}

void
lsc_perfetto_put_small (LscExportOut *out, const LscPb__TracePacket *packet)
{
  gsize at = out->text->len;
  uint8_t *head;
  size_t n;

  g_string_set_size (out->text, at + 3 + LSC_PERFETTO_SMALL);
  head = (uint8_t *) out->text->str + at;
  n = lsc_pb__trace_packet__pack (packet, head + 3);
  /* A length of always two bytes, so that the packet need not be measured before. */
  head[0] = PACKET_TAG;
  head[1] = (uint8_t) (n | 0x80);
  head[2] = (uint8_t) (n >> 7);
  g_string_set_size (out->text, at + 3 + n);
}
