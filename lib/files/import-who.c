/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/import-who.h"

#define CLOCK_ID_REALTIME 1
#define CLOCK_ID_BOOTTIME 6

static void
take_process_tree (LscImportBook *book, const LscPb__ProcessTree *tree)
{
  for (size_t i = 0; i < tree->n_processes; i++)
    {
      const LscPb__ProcessTree__Process *process = tree->processes[i];
      g_autofree char *name =
          process->n_cmdline > 0 ? g_path_get_basename (process->cmdline[0]) : NULL;

      lsc_import_book_learn_process (book, process->pid, process->ppid, (uint32_t) process->uid);
      lsc_import_book_learn (book, process->pid, process->pid, name);
    }
  for (size_t i = 0; i < tree->n_threads; i++)
    lsc_import_book_learn (book, tree->threads[i]->tid, tree->threads[i]->tgid,
                           tree->threads[i]->name);
}

static void
take_track (LscImportBook *book, const LscPb__TrackDescriptor *track)
{
  if (track->process != NULL)
    lsc_import_book_learn (book, track->process->pid, track->process->pid,
                           track->process->process_name);
  if (track->thread != NULL)
    lsc_import_book_learn (book, track->thread->tid, track->thread->pid,
                           track->thread->thread_name);
}

static void
take_system (LscRecordHeader *header, const LscPb__Utsname *name)
{
  if (name->release != NULL)
    g_strlcpy (header->release, name->release, sizeof header->release);
  if (name->machine != NULL)
    g_strlcpy (header->machine, name->machine, sizeof header->machine);
}

/* The wall's time, from the first reading of both clocks. */
static void
take_clocks (LscRecordHeader *header, const LscPb__ClockSnapshot *snapshot)
{
  uint64_t real_ns = 0, boot_ns = 0;

  for (size_t i = 0; i < snapshot->n_clocks; i++)
    if (snapshot->clocks[i]->clock_id == CLOCK_ID_REALTIME)
      real_ns = snapshot->clocks[i]->timestamp;
    else if (snapshot->clocks[i]->clock_id == CLOCK_ID_BOOTTIME)
      boot_ns = snapshot->clocks[i]->timestamp;
  if (header->realtime_offset_ns == 0 && real_ns != 0 && boot_ns != 0)
    header->realtime_offset_ns = (int64_t) (real_ns - boot_ns);
}

void
lsc_import_who_take (LscImportBook *book, LscRecordHeader *header, const LscPb__TracePacket *packet)
{
  if (packet->process_tree != NULL)
    take_process_tree (book, packet->process_tree);
  if (packet->track_descriptor != NULL)
    take_track (book, packet->track_descriptor);
  if (packet->clock_snapshot != NULL)
    take_clocks (header, packet->clock_snapshot);
  if (packet->system_info != NULL && packet->system_info->utsname != NULL)
    take_system (header, packet->system_info->utsname);
}
