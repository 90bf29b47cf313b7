/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/wire/record.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

static LscRecordSwitch
make_switch (void)
{
  LscRecordSwitch record = { .head = { .size = sizeof record, .kind = LSC_RECORD_SWITCH } };

  return record;
}

static void
test_whole_record_gives_its_size (void)
{
  LscRecordSwitch record = make_switch ();

  g_assert_cmpint (lsc_record_check (&record, sizeof record), ==, 40);
}

static void
test_part_of_a_record_asks_for_more (void)
{
  LscRecordSwitch record = make_switch ();

  for (size_t n = 0; n < sizeof record; n++)
    g_assert_cmpint (lsc_record_check (&record, n), ==, 0);
}

static void
test_dishonest_sizes_are_refused (void)
{
  static const uint16_t sizes[] = { 0, 8, 15, 17, 39, 41, 48, 4104, UINT16_MAX };

  for (size_t i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      LscRecordSwitch record = make_switch ();

      record.head.size = sizes[i];
      g_assert_cmpint (lsc_record_check (&record, sizeof record), ==, -EBADMSG);
    }
}

static void
test_unterminated_name_is_refused (void)
{
  LscRecordRename record = { .head = { .size = sizeof record, .kind = LSC_RECORD_RENAME } };

  memset (record.name, 'x', sizeof record.name);
  g_assert_cmpint (lsc_record_check (&record, sizeof record), ==, -EBADMSG);
}

static void
test_unterminated_note_and_setting_are_refused (void)
{
  LscRecordNote note = { .head = { .size = sizeof note, .kind = LSC_RECORD_NOTE } };
  LscRecordSetting setting = { .head = { .size = sizeof setting, .kind = LSC_RECORD_SETTING } };

  g_assert_cmpint (lsc_record_check (&note, sizeof note), ==, sizeof note);
  g_assert_cmpint (lsc_record_check (&setting, sizeof setting), ==, sizeof setting);
  memset (note.text, 'x', sizeof note.text);
  memset (setting.key, 'x', sizeof setting.key);
  g_assert_cmpint (lsc_record_check (&note, sizeof note), ==, -EBADMSG);
  g_assert_cmpint (lsc_record_check (&setting, sizeof setting), ==, -EBADMSG);
  setting.key[0] = '\0';
  memset (setting.value, 'x', sizeof setting.value);
  g_assert_cmpint (lsc_record_check (&setting, sizeof setting), ==, -EBADMSG);
}

static void
test_unknown_kind_passes_whole (void)
{
  LscRecordHead record[3] = { { .size = sizeof record, .kind = 200 } };

  g_assert_cmpint (lsc_record_check (record, sizeof record), ==, 48);
  g_assert_cmpint (lsc_record_check (record, 40), ==, 0);
}

static void
test_header_of_a_newer_major_is_refused (void)
{
  LscRecordHeader header = { .head = { .size = sizeof header, .kind = LSC_RECORD_HEADER } };

  g_assert_cmpint (lsc_record_check_header (&header), ==, -EBADMSG);
  memcpy (header.magic, LSC_RECORD_MAGIC, sizeof header.magic);
  header.version_major = LSC_RECORD_MAJOR;
  g_assert_cmpint (lsc_record_check_header (&header), ==, 0);
  header.version_major++;
  g_assert_cmpint (lsc_record_check_header (&header), ==, -EPROTONOSUPPORT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/record/whole", test_whole_record_gives_its_size);
  g_test_add_func ("/record/part", test_part_of_a_record_asks_for_more);
  g_test_add_func ("/record/dishonest-sizes", test_dishonest_sizes_are_refused);
  g_test_add_func ("/record/unterminated-name", test_unterminated_name_is_refused);
  g_test_add_func ("/record/unterminated-note", test_unterminated_note_and_setting_are_refused);
  g_test_add_func ("/record/unknown-kind", test_unknown_kind_passes_whole);
  g_test_add_func ("/record/newer-major", test_header_of_a_newer_major_is_refused);
  return g_test_run ();
}
