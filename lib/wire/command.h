/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a client says to the tracer, over the same socket, after the tracer has dropped its
 * privileges.
 *
 * Commands only ever narrow what the session may see: the scope was fixed before, and is frozen in
 * the kernel. Fixed sizes, host byte order, no strings, no paths. Anything else ends the session
 * with LSC_END_PROTOCOL.
 */
#pragma once

#include <stdint.h>

#define LSC_COMMAND_TARGETS_MAX 64u
#define LSC_COMMAND_VERSION 1u

typedef enum
{
  LSC_COMMAND_START = 1, /* LscCommandStart, once */
  LSC_COMMAND_STOP = 2,  /* LscCommandHead alone: drain, say the end, leave */
} LscCommandKind;

typedef struct
{
  uint32_t size; /* of the whole command */
  uint16_t kind; /* LscCommandKind */
  uint16_t version;
} LscCommandHead;

/* A process, by its id and when it started, so that a reused id is not mistaken for it. */
typedef struct
{
  uint32_t tgid;     /* initial pid namespace */
  uint32_t reserved; /* 0 */
  uint64_t
      start_ticks; /* field 22 of /proc/PID/stat, in clock ticks since boot; 0 = do not compare */
} LscCommandTarget;

#define LSC_START_WHOLE_MACHINE 1u /* no targets: everything the scope allows */
#define LSC_START_CHILDREN                                                                         \
  2u /* and all descendants of the targets, those that exist and those to come */

typedef struct
{
  LscCommandHead head;
  uint32_t flags;        /* LSC_START_* */
  uint32_t n_targets;    /* 1 .. LSC_COMMAND_TARGETS_MAX, or 0 with LSC_START_WHOLE_MACHINE */
  uint32_t exclude_tgid; /* the client itself, left out as the tracer is; 0 = nobody */
  uint32_t reserved;     /* 0 */
  LscCommandTarget targets[LSC_COMMAND_TARGETS_MAX];
} LscCommandStart;

_Static_assert(sizeof (LscCommandHead) == 8, "fixed size");
_Static_assert(sizeof (LscCommandTarget) == 16, "fixed size");
_Static_assert(sizeof (LscCommandStart) == 24 + 64 * 16, "fixed size");
