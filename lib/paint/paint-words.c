/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/paint-words.h"

void
lsc_paint_words_init (LscPaintWords *self)
{
  *self = (LscPaintWords){
    .state = {
      [LSC_STATE_UNKNOWN] = "Unknown",
      [LSC_STATE_RUNNING] = "Running",
      [LSC_STATE_RUNNABLE] = "Waiting for a CPU",
      [LSC_STATE_PREEMPTED] = "Pushed off the CPU",
    },
    .reason = {
      [LSC_REASON_LOCK] = "Lock",
      [LSC_REASON_DISK] = "Disk",
      [LSC_REASON_FILE] = "File",
      [LSC_REASON_PIPE] = "Pipe",
      [LSC_REASON_TERMINAL] = "Terminal",
      [LSC_REASON_NETWORK] = "Network",
      [LSC_REASON_TIMER] = "Sleep",
      [LSC_REASON_EVENTS] = "Waiting for events",
      [LSC_REASON_CHILD] = "Child",
      [LSC_REASON_SIGNAL] = "Signal",
      [LSC_REASON_PAGE_FAULT] = "Page fault",
      [LSC_REASON_STOPPED] = "Stopped",
      [LSC_REASON_EXITING] = "Exiting",
      [LSC_REASON_KERNEL] = "Kernel",
    },
    .other_thread = "Other thread",
    .preempted = "preempted",
    .cpu = "CPU %s",
    .lost = "lost %s events",
    .unknown = "unknown",
    .idle = "idle",
    .not_traced = "Not traced",
    .idle_hidden = "%s idle threads hidden",
    .ended_hidden = "%s ended threads hidden",
    .earlier = "Earlier events are in the file",
    .whole_capture = "Whole capture",
    .running_at_once = "Running at once",
    .mean_of_cpus = "mean %s of %s CPUs",
    .difference = "B \342\210\222 A = %s",
  };
}
