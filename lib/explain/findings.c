/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/findings.h"

LscFindings *
lsc_findings_new (const LscTrace *trace, uint64_t from_ns, uint64_t to_ns)
{
  LscFindings *self = g_new0 (LscFindings, 1);

  self->survey = lsc_survey_new (trace, from_ns, to_ns, LSC_SURVEY_ALL, LSC_SURVEY_ALL);
  self->parallelism = lsc_parallelism_new (self->survey, LSC_SURVEY_ALL);
  self->cpus = lsc_cpu_use_new (self->survey);
  self->locks = lsc_lock_table_new (self->survey);
  self->patterns = lsc_pattern_scan_new (self->survey);
  return self;
}

void
lsc_findings_free (LscFindings *self)
{
  if (self == NULL)
    return;
  lsc_survey_free (self->survey);
  lsc_parallelism_free (self->parallelism);
  lsc_cpu_use_free (self->cpus);
  lsc_lock_table_free (self->locks);
  lsc_pattern_scan_free (self->patterns);
  g_free (self);
}
