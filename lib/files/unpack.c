/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/unpack.h"

#include <gio/gio.h>
#include <string.h>
#include <zstd.h>

LscUnpackMethod
lsc_unpack_method_of_name (const char *name)
{
  if (strcmp (name, "none") == 0)
    return LSC_UNPACK_NONE;
  if (strcmp (name, "zlib") == 0)
    return LSC_UNPACK_ZLIB;
  return strcmp (name, "zstd") == 0 ? LSC_UNPACK_ZSTD : LSC_UNPACK_UNKNOWN;
}

static gssize
unpack_zlib (const void *packed, size_t n_packed, void *out, size_t n_out)
{
  g_autoptr (GZlibDecompressor) unpacker = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  size_t n_in = 0, n_done = 0;

  for (;;)
    {
      gsize n_read = 0, n_written = 0;
      GConverterResult result =
          g_converter_convert (G_CONVERTER (unpacker), (const char *) packed + n_in,
                               n_packed - n_in, (char *) out + n_done, n_out - n_done,
                               G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL);

      n_in += n_read;
      n_done += n_written;
      if (result == G_CONVERTER_FINISHED)
        return (gssize) n_done;
      if (result == G_CONVERTER_ERROR || n_done == n_out)
        return -1;
    }
}

gssize
lsc_unpack (LscUnpackMethod method, const void *packed, size_t n_packed, void *out, size_t n_out)
{
  size_t n;

  switch (method)
    {
    case LSC_UNPACK_NONE:
      if (n_packed > n_out)
        return -1;
      if (n_packed > 0) /* nothing may be nowhere */
        memcpy (out, packed, n_packed);
      return (gssize) n_packed;
    case LSC_UNPACK_ZLIB:
      return n_out > 0 ? unpack_zlib (packed, n_packed, out, n_out) : -1;
    case LSC_UNPACK_ZSTD:
      n = ZSTD_decompress (out, n_out, packed, n_packed);
      return ZSTD_isError (n) ? -1 : (gssize) n;
    case LSC_UNPACK_UNKNOWN:
    default:
      return -1;
    }
}
