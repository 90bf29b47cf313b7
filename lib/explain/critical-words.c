/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lsc-config.h"

#include "lib/explain/critical-path.h"

#include <glib/gi18n-lib.h>

static const struct
{
  const char *id;
  const char *name;
} kinds[LSC_N_CRITICAL_KINDS] = {
  [LSC_CRITICAL_RUNNING] = { "running", N_ ("Running") },
  [LSC_CRITICAL_QUEUED] = { "queued", N_ ("Ready, waiting for a CPU") },
  [LSC_CRITICAL_WAITING] = { "waiting", N_ ("Waiting for no thread") },
  [LSC_CRITICAL_BLOCKED] = { "blocked", N_ ("Waiting for others") },
  [LSC_CRITICAL_UNKNOWN] = { "unknown", N_ ("Unknown") },
  [LSC_CRITICAL_ABSENT] = { "absent", N_ ("Not alive") },
};

const char *
lsc_critical_kind_id (LscCriticalKind kind)
{
  return kinds[kind].id;
}

const char *
lsc_critical_kind_name (LscCriticalKind kind)
{
  return _ (kinds[kind].name);
}

uint64_t
lsc_critical_share_get_ns (const LscCriticalShare *self)
{
  uint64_t sum = 0;

  for (int kind = 0; kind < LSC_N_CRITICAL_KINDS; kind++)
    sum += self->ns[kind];
  return sum;
}
