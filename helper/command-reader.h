/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads the client's commands from bytes that come in any portions. Pure: no descriptors.
 */
#pragma once

#include "lib/wire/command.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum
{
  LSC_COMMAND_READER_MORE, /* nothing whole yet */
  LSC_COMMAND_READER_START,
  LSC_COMMAND_READER_STOP,
  LSC_COMMAND_READER_BAD, /* no honest client says this; for ever after */
} LscCommandReaderResult;

typedef struct
{
  union
  {
    LscCommandHead head;
    LscCommandStart start; /* valid after LSC_COMMAND_READER_START, until the next call */
    uint8_t bytes[sizeof (LscCommandStart)];
  };
  size_t n_bytes;
  bool started;
} LscCommandReader;

void lsc_command_reader_init (LscCommandReader *self);

/* Takes as many of the `n_bytes` as make one command, at most; `out_used` says how many. Call again
 * with the rest until they are used up. */
LscCommandReaderResult lsc_command_reader_take (LscCommandReader *self,
                                                const uint8_t *bytes,
                                                size_t n_bytes,
                                                size_t *out_used);
