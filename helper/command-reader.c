/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helper/command-reader.h"

#include <string.h>

#define TGID_MAX (1u << 30) /* the kernel's PID_MAX_LIMIT is 2^22 */

void
lsc_command_reader_init (LscCommandReader *self)
{
  memset (self, 0, sizeof *self);
}

/* The size a command with this head has, or 0 when there is none such. */
static size_t
size_of (const LscCommandReader *self)
{
  size_t size = 0;

  if (self->head.version != LSC_COMMAND_VERSION)
    return 0;
  if (self->head.kind == LSC_COMMAND_START && !self->started)
    size = sizeof (LscCommandStart);
  else if (self->head.kind == LSC_COMMAND_STOP)
    size = sizeof (LscCommandHead);
  return self->head.size == size ? size : 0;
}

static bool
is_target_sound (const LscCommandTarget *target)
{
  return target->tgid != 0 && target->tgid <= TGID_MAX && target->reserved == 0;
}

static bool
is_start_sound (const LscCommandStart *start)
{
  bool whole = start->flags & LSC_START_WHOLE_MACHINE;

  if (start->flags & ~(LSC_START_WHOLE_MACHINE | LSC_START_CHILDREN) || start->reserved != 0
      || start->exclude_tgid > TGID_MAX || start->n_targets > LSC_COMMAND_TARGETS_MAX
      || whole != (start->n_targets == 0))
    return false;
  for (uint32_t i = 0; i < start->n_targets; i++)
    if (!is_target_sound (&start->targets[i]))
      return false;
  return true;
}

static LscCommandReaderResult
finish (LscCommandReader *self)
{
  self->n_bytes = 0;
  if (self->head.kind == LSC_COMMAND_STOP)
    return LSC_COMMAND_READER_STOP;
  self->started = true;
  return is_start_sound (&self->start) ? LSC_COMMAND_READER_START : LSC_COMMAND_READER_BAD;
}

/* Moves up to `want` bytes in all into the buffer. */
static void
fill (LscCommandReader *self, size_t want, const uint8_t *bytes, size_t n_bytes, size_t *used)
{
  size_t n = want - self->n_bytes;

  if (n > n_bytes - *used)
    n = n_bytes - *used;
  memcpy (self->bytes + self->n_bytes, bytes + *used, n);
  self->n_bytes += n;
  *used += n;
}

LscCommandReaderResult
lsc_command_reader_take (LscCommandReader *self,
                         const uint8_t *bytes,
                         size_t n_bytes,
                         size_t *out_used)
{
  size_t size, used = 0;

  if (self->n_bytes < sizeof (LscCommandHead))
    fill (self, sizeof (LscCommandHead), bytes, n_bytes, &used);
  *out_used = used;
  if (self->n_bytes < sizeof (LscCommandHead))
    return LSC_COMMAND_READER_MORE;
  size = size_of (self);
  if (size == 0)
    return LSC_COMMAND_READER_BAD;
  fill (self, size, bytes, n_bytes, &used);
  *out_used = used;
  return self->n_bytes == size ? finish (self) : LSC_COMMAND_READER_MORE;
}
