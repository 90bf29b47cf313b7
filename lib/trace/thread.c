/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/thread.h"

/* MAX_RT_PRIO and DEFAULT_PRIO, include/linux/sched/prio.h */
#define FIRST_NORMAL_PRIO 100
#define DEFAULT_PRIO 120
#define LAST_NORMAL_PRIO 139

int
lsc_thread_get_nice (const LscThread *self)
{
  if (self->prio < FIRST_NORMAL_PRIO || self->prio > LAST_NORMAL_PRIO)
    return 0;
  return self->prio - DEFAULT_PRIO;
}
