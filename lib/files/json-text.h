/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * JSON, written piece by piece. Knows where commas go; strings become valid UTF-8 whatever they
 * were.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define LSC_JSON_DEPTH_MAX 16

typedef struct
{
  GString *text;
  unsigned depth;
  bool started[LSC_JSON_DEPTH_MAX]; /* something stands at this depth already */
  bool after_key;
  bool pretty; /* a member a line, indented; arrays and objects opened _compact stay on one */
  unsigned compact_from; /* depth from which on everything is on one line */
} LscJsonText;

void lsc_json_text_init (LscJsonText *self, bool pretty);
/* What was written, NUL-terminated, the caller's. `self` is empty afterwards. */
char *lsc_json_text_steal (LscJsonText *self);

void lsc_json_text_begin_object (LscJsonText *self);
void lsc_json_text_end_object (LscJsonText *self);
void lsc_json_text_begin_array (LscJsonText *self);
void lsc_json_text_end_array (LscJsonText *self);
/* What is opened next stands on one line. */
void lsc_json_text_set_compact (LscJsonText *self);

void lsc_json_text_key (LscJsonText *self, const char *key);
void lsc_json_text_uint (LscJsonText *self, uint64_t value);
void lsc_json_text_int (LscJsonText *self, int64_t value);
/* Six digits; never in another language's writing of numbers. `value` is finite. */
void lsc_json_text_double (LscJsonText *self, double value);
void lsc_json_text_bool (LscJsonText *self, bool value);
/* NULL becomes null. */
void lsc_json_text_string (LscJsonText *self, const char *value);

/* A key and its value. */
void lsc_json_text_member_uint (LscJsonText *self, const char *key, uint64_t value);
void lsc_json_text_member_string (LscJsonText *self, const char *key, const char *value);
