/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/wire/record.h"

#include <errno.h>
#include <string.h>

uint16_t
lsc_record_size_of (uint8_t kind)
{
  static const uint16_t sizes[] = {
    [LSC_RECORD_HEADER] = sizeof (LscRecordHeader),
    [LSC_RECORD_SWITCH] = sizeof (LscRecordSwitch),
    [LSC_RECORD_WAKING] = sizeof (LscRecordWaking),
    [LSC_RECORD_TASK] = sizeof (LscRecordTask),
    [LSC_RECORD_FORK] = sizeof (LscRecordFork),
    [LSC_RECORD_EXEC] = sizeof (LscRecordExec),
    [LSC_RECORD_RENAME] = sizeof (LscRecordRename),
    [LSC_RECORD_EXIT] = sizeof (LscRecordExit),
    [LSC_RECORD_GAP] = sizeof (LscRecordGap),
    [LSC_RECORD_END] = sizeof (LscRecordEnd),
    [LSC_RECORD_STATUS] = sizeof (LscRecordStatus),
    [LSC_RECORD_READY] = sizeof (LscRecordReady),
    [LSC_RECORD_NOTE] = sizeof (LscRecordNote),
    [LSC_RECORD_SETTING] = sizeof (LscRecordSetting),
  };

  return kind < sizeof sizes / sizeof sizes[0] ? sizes[kind] : 0;
}

static int
is_terminated (const char *text, size_t size)
{
  return memchr (text, '\0', size) != NULL;
}

static int
texts_are_terminated (const LscRecordHead *head)
{
  switch (head->kind)
    {
    case LSC_RECORD_TASK:
      return is_terminated (((const LscRecordTask *) head)->name, LSC_NAME_SIZE);
    case LSC_RECORD_EXEC:
      return is_terminated (((const LscRecordExec *) head)->name, LSC_NAME_SIZE);
    case LSC_RECORD_RENAME:
      return is_terminated (((const LscRecordRename *) head)->name, LSC_NAME_SIZE);
    case LSC_RECORD_NOTE:
      return is_terminated (((const LscRecordNote *) head)->text, LSC_NOTE_TEXT_SIZE);
    case LSC_RECORD_SETTING:
      return is_terminated (((const LscRecordSetting *) head)->key, LSC_SETTING_KEY_SIZE)
             && is_terminated (((const LscRecordSetting *) head)->value, LSC_SETTING_VALUE_SIZE);
    case LSC_RECORD_HEADER:
      {
        const LscRecordHeader *header = (const LscRecordHeader *) head;

        return is_terminated (header->release, sizeof header->release)
               && is_terminated (header->machine, sizeof header->machine)
               && is_terminated (header->host, sizeof header->host)
               && is_terminated (header->command, sizeof header->command);
      }
    default:
      return 1;
    }
}

int
lsc_record_check (const void *bytes, size_t n_bytes)
{
  const LscRecordHead *head = bytes;
  uint16_t known;

  if (n_bytes < sizeof *head)
    return 0;
  if (head->size < sizeof *head || head->size % 8 != 0 || head->size > LSC_RECORD_SIZE_MAX)
    return -EBADMSG;
  known = lsc_record_size_of (head->kind);
  if (known != 0 && known != head->size)
    return -EBADMSG;
  if (n_bytes < head->size)
    return 0;
  if (head->kind == LSC_RECORD_SWITCH || head->kind == LSC_RECORD_WAKING)
    return head->size; /* nearly all of them: no text inside */
  return texts_are_terminated (head) ? head->size : -EBADMSG;
}

int
lsc_record_check_header (const LscRecordHeader *header)
{
  if (header->head.kind != LSC_RECORD_HEADER
      || memcmp (header->magic, LSC_RECORD_MAGIC, sizeof header->magic) != 0)
    return -EBADMSG;
  return header->version_major > LSC_RECORD_MAJOR ? -EPROTONOSUPPORT : 0;
}
