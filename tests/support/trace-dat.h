/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A trace.dat written by hand, version 6 or 7, in either byte order: for tests that know the answer
 * beforehand.
 */
#pragma once

#include <glib.h>
#include <string.h>

#define PAGE_SIZE 4096u
#define ID_SWITCH 316u
#define ID_WAKING 317u

typedef struct
{
  GByteArray *bytes;
  gboolean big_endian;
} TraceDat;

static const char dat_switch_format[] =
    "name: sched_switch\nID: 316\nformat:\n"
    "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
    "\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
    "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
    "\tfield:char prev_comm[16];\toffset:8;\tsize:16;\tsigned:0;\n"
    "\tfield:pid_t prev_pid;\toffset:24;\tsize:4;\tsigned:1;\n"
    "\tfield:int prev_prio;\toffset:28;\tsize:4;\tsigned:1;\n"
    "\tfield:long prev_state;\toffset:32;\tsize:8;\tsigned:1;\n"
    "\tfield:char next_comm[16];\toffset:40;\tsize:16;\tsigned:0;\n"
    "\tfield:pid_t next_pid;\toffset:56;\tsize:4;\tsigned:1;\n"
    "\tfield:int next_prio;\toffset:60;\tsize:4;\tsigned:1;\n\n"
    "print fmt: \"...\", __print_flags(REC->prev_state, \"|\", { 0x00000001, \"S\" }, "
    "{ 0x00000002, \"D\" }, { 0x00000004, \"T\" }, { 0x00000008, \"t\" }, { 0x00000010, \"X\" }, "
    "{ 0x00000020, \"Z\" }, { 0x00000040, \"P\" }, { 0x00000080, \"I\" })\n";
static const char dat_waking_format[] =
    "name: sched_waking\nID: 317\nformat:\n"
    "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
    "\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
    "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
    "\tfield:char comm[16];\toffset:8;\tsize:16;\tsigned:0;\n"
    "\tfield:pid_t pid;\toffset:24;\tsize:4;\tsigned:1;\n";
static const char dat_header_page[] = "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
                                      "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
                                      "\tfield: char data;\toffset:16;\tsize:4080;\tsigned:0;\n";

static inline void
dat_put (TraceDat *self, const void *bytes, size_t n)
{
  g_byte_array_append (self->bytes, bytes, (guint) n);
}

/* The lowest `n` bytes of a number, in the file's byte order. */
static inline void
dat_number (TraceDat *self, uint64_t value, int n)
{
  for (int i = 0; i < n; i++)
    {
      int shift = 8 * (self->big_endian ? n - 1 - i : i);
      uint8_t byte = shift < 64 ? (uint8_t) (value >> shift) : 0;

      dat_put (self, &byte, 1);
    }
}

static inline void
dat_string (TraceDat *self, const char *text)
{
  dat_put (self, text, strlen (text) + 1);
}

static inline void
dat_text (TraceDat *self, const char *text)
{
  dat_number (self, strlen (text), 8);
  dat_put (self, text, strlen (text));
}

static inline void
dat_name (TraceDat *self, const char *name)
{
  char padded[16] = { 0 };

  g_strlcpy (padded, name, sizeof padded);
  dat_put (self, padded, sizeof padded);
}

static inline void
dat_begin (TraceDat *self, const char *version, gboolean big_endian)
{
  *self = (TraceDat){ g_byte_array_new (), big_endian };
  dat_put (self, "\x17\x08\x44tracing", 10);
  dat_string (self, version);
  dat_number (self, big_endian ? 1 : 0, 1);
  dat_number (self, 8, 1);
  dat_number (self, PAGE_SIZE, 4);
}

static inline void
dat_header_info (TraceDat *self)
{
  dat_string (self, "header_page");
  dat_text (self, dat_header_page);
  dat_string (self, "header_event");
  dat_text (self, "");
}

static inline void
dat_formats (TraceDat *self)
{
  dat_number (self, 1, 4);
  dat_string (self, "sched");
  dat_number (self, 2, 4);
  dat_text (self, dat_switch_format);
  dat_text (self, dat_waking_format);
}

/* Begins a page whose first event's time is counted from `time_ns`. */
static inline guint
dat_page (TraceDat *self, uint64_t time_ns)
{
  guint at = self->bytes->len;

  dat_number (self, time_ns, 8);
  dat_number (self, 0, 8);
  return at;
}

/* Ends it; `n_missed` events are missing before it, UINT32_MAX: nobody knows how many. */
static inline void
dat_page_end (TraceDat *self, guint at, uint32_t n_missed)
{
  uint64_t commit = self->bytes->len - at - 16;
  TraceDat word = { g_byte_array_new (), self->big_endian };

  if (n_missed != 0)
    commit |= n_missed == UINT32_MAX ? 1u << 31 : 3u << 30;
  dat_number (&word, commit, 8);
  memcpy (self->bytes->data + at + 8, word.bytes->data, 8);
  g_byte_array_unref (word.bytes);
  if (n_missed != 0 && n_missed != UINT32_MAX)
    dat_number (self, n_missed, 8);
  while ((self->bytes->len - at) % PAGE_SIZE != 0)
    dat_number (self, 0, 1);
}

/* The head of an event of `n` bytes, `delta` ns after the one before. */
static inline void
dat_event (TraceDat *self, uint32_t delta, uint32_t n)
{
  dat_number (self, self->big_endian ? (n / 4) << 27 | delta : delta << 5 | n / 4, 4);
}

static inline void
dat_switch (TraceDat *self, uint32_t delta, uint32_t prev, uint64_t state, uint32_t next)
{
  char name[16];

  dat_event (self, delta, 64);
  dat_number (self, ID_SWITCH, 2);
  dat_number (self, 0, 2);
  dat_number (self, prev, 4);
  g_snprintf (name, sizeof name, "t%u", prev);
  dat_name (self, name);
  dat_number (self, prev, 4);
  dat_number (self, 120, 4);
  dat_number (self, state, 8);
  g_snprintf (name, sizeof name, "t%u", next);
  dat_name (self, name);
  dat_number (self, next, 4);
  dat_number (self, 110, 4);
}

static inline void
dat_waking (TraceDat *self, uint32_t delta, uint8_t flags, uint32_t waker, uint32_t wakee)
{
  char name[16];

  dat_event (self, delta, 28);
  dat_number (self, ID_WAKING, 2);
  dat_number (self, flags, 1);
  dat_number (self, 0, 1);
  dat_number (self, waker, 4);
  g_snprintf (name, sizeof name, "t%u", wakee);
  dat_name (self, name);
  dat_number (self, wakee, 4);
}
