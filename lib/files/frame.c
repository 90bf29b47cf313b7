/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/frame.h"

#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

#define SKIPPABLE_MAGIC 0x184d2a50u /* .. 0x184d2a5f, RFC 8878 section 3.1.2 */

struct _LscFrame
{
  ZSTD_CCtx *packer;
  ZSTD_DCtx *unpacker;
  uint8_t *packed;
  uint8_t *bytes;
};

LscFrame *
lsc_frame_new (void)
{
  return g_new0 (LscFrame, 1);
}

void
lsc_frame_free (LscFrame *self)
{
  if (self == NULL)
    return;
  ZSTD_freeCCtx (self->packer);
  ZSTD_freeDCtx (self->unpacker);
  g_free (self->packed);
  g_free (self->bytes);
  g_free (self);
}

size_t
lsc_frame_get_bound (void)
{
  /* The bound of one call plus room for the checksum. */
  return ZSTD_compressBound (LSC_FRAME_MAX) + 64;
}

/* Records are 24 or 40 bytes of which few differ from the one before, so matches shorter than 6
 * only get in the way, and a search among 8 candidates finds what the double hash of level 3
 * misses. The tables of level 7 would be five times as large as those of the other efforts, for
 * half a per cent: a capture whose rate changes would need that much more memory all of a sudden.
 */
static void
set_effort (ZSTD_CCtx *packer, LscFrameEffort effort)
{
  static const struct
  {
    int level, strategy, min_match, search_log, table_log; /* 0: what the level says */
  } efforts[] = {
    [LSC_FRAME_QUICK] = { 3, ZSTD_dfast, 7, 0, 0 },
    [LSC_FRAME_CLOSE] = { 3, ZSTD_greedy, 6, 3, 0 },
    [LSC_FRAME_TIGHT] = { 7, 0, 0, 0, 17 },
  };

  (void) ZSTD_CCtx_reset (packer, ZSTD_reset_session_and_parameters);
  (void) ZSTD_CCtx_setParameter (packer, ZSTD_c_checksumFlag, 1);
  (void) ZSTD_CCtx_setParameter (packer, ZSTD_c_compressionLevel, efforts[effort].level);
  (void) ZSTD_CCtx_setParameter (packer, ZSTD_c_strategy, efforts[effort].strategy);
  (void) ZSTD_CCtx_setParameter (packer, ZSTD_c_minMatch, efforts[effort].min_match);
  (void) ZSTD_CCtx_setParameter (packer, ZSTD_c_searchLog, efforts[effort].search_log);
  (void) ZSTD_CCtx_setParameter (packer, ZSTD_c_hashLog, efforts[effort].table_log);
  (void) ZSTD_CCtx_setParameter (packer, ZSTD_c_chainLog, efforts[effort].table_log);
}

const void *
lsc_frame_pack (
    LscFrame *self, const void *bytes, size_t n_bytes, LscFrameEffort effort, size_t *out_n_packed)
{
  size_t n;

  g_assert (n_bytes <= LSC_FRAME_MAX);
  if (self->packer == NULL)
    {
      self->packer = ZSTD_createCCtx ();
      self->packed = g_malloc (lsc_frame_get_bound ());
      g_assert (self->packer != NULL);
    }
  set_effort (self->packer, effort);
  n = ZSTD_compress2 (self->packer, self->packed, lsc_frame_get_bound (), bytes, n_bytes);
  /* It cannot fail with room for the bound, but for want of memory, which ends the program. */
  if (ZSTD_isError (n))
    g_error ("zstd: %s", ZSTD_getErrorName (n));
  *out_n_packed = n;
  return self->packed;
}

static uint32_t
read_u32 (const uint8_t *bytes)
{
  return (uint32_t) bytes[0] | (uint32_t) bytes[1] << 8 | (uint32_t) bytes[2] << 16
         | (uint32_t) bytes[3] << 24;
}

static gboolean
is_skippable (uint32_t magic)
{
  return (magic & ~0xfu) == SKIPPABLE_MAGIC;
}

static LscFrameResult
unpack_content (LscFrame *self, const void *packed, size_t n_packed, size_t *out_n_bytes)
{
  unsigned long long claimed = ZSTD_getFrameContentSize (packed, n_packed);
  size_t n;

  if (claimed == ZSTD_CONTENTSIZE_ERROR)
    return LSC_FRAME_DAMAGED;
  if (claimed != ZSTD_CONTENTSIZE_UNKNOWN && claimed > LSC_FRAME_MAX)
    return LSC_FRAME_TOO_LARGE;
  n = ZSTD_decompressDCtx (self->unpacker, self->bytes, LSC_FRAME_MAX, packed, n_packed);
  if (!ZSTD_isError (n))
    {
      *out_n_bytes = n;
      return LSC_FRAME_WHOLE;
    }
  switch ((int) ZSTD_getErrorCode (n))
    {
    case ZSTD_error_dstSize_tooSmall:
    case ZSTD_error_frameParameter_windowTooLarge:
      return LSC_FRAME_TOO_LARGE;
    default:
      return LSC_FRAME_DAMAGED;
    }
}

uint64_t
lsc_frame_measure (const void *packed, size_t n_packed, LscFrameResult *out_result)
{
  uint32_t magic;
  size_t n;

  *out_result = LSC_FRAME_SHORT;
  if (n_packed < 4)
    return 0;
  magic = read_u32 (packed);
  if (is_skippable (magic))
    {
      if (n_packed < 8)
        return 0;
      *out_result = LSC_FRAME_SKIP;
      return 8 + (uint64_t) read_u32 ((const uint8_t *) packed + 4);
    }
  *out_result = LSC_FRAME_FOREIGN;
  if (magic != ZSTD_MAGICNUMBER)
    return 0;
  n = ZSTD_findFrameCompressedSize (packed, n_packed);
  *out_result = LSC_FRAME_WHOLE;
  if (!ZSTD_isError (n))
    return n;
  *out_result =
      ZSTD_getErrorCode (n) == ZSTD_error_srcSize_wrong ? LSC_FRAME_SHORT : LSC_FRAME_DAMAGED;
  return 0;
}

LscFrameResult
lsc_frame_unpack (LscFrame *self,
                  const void *packed,
                  size_t n_packed,
                  const void **out_bytes,
                  size_t *out_n_bytes,
                  uint64_t *out_n_packed)
{
  LscFrameResult result;

  *out_n_packed = lsc_frame_measure (packed, n_packed, &result);
  if (result != LSC_FRAME_WHOLE)
    return result;
  if (self->unpacker == NULL)
    {
      self->unpacker = ZSTD_createDCtx ();
      self->bytes = g_malloc (LSC_FRAME_MAX);
      g_assert (self->unpacker != NULL);
    }
  *out_bytes = self->bytes;
  return unpack_content (self, packed, (size_t) *out_n_packed, out_n_bytes);
}

size_t
lsc_frame_find (const void *bytes, size_t n_bytes)
{
  const uint8_t *p = bytes;

  for (size_t i = 0; i + 4 <= n_bytes; i++)
    {
      uint32_t magic = read_u32 (p + i);

      if (magic == ZSTD_MAGICNUMBER || is_skippable (magic))
        return i;
    }
  return n_bytes < 4 ? 0 : n_bytes - 3;
}
