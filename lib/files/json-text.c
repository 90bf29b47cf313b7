/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/json-text.h"

#define NEVER G_MAXUINT

void
lsc_json_text_init (LscJsonText *self, bool pretty)
{
  *self = (LscJsonText){ .text = g_string_new (NULL), .pretty = pretty, .compact_from = NEVER };
}

char *
lsc_json_text_steal (LscJsonText *self)
{
  return g_string_free (g_steal_pointer (&self->text), FALSE);
}

static void
break_line (LscJsonText *self)
{
  if (!self->pretty || self->depth == 0)
    return;
  if (self->depth >= self->compact_from)
    {
      g_string_append_c (self->text, ' ');
      return;
    }
  g_string_append_c (self->text, '\n');
  for (unsigned i = 0; i < self->depth; i++)
    g_string_append (self->text, "  ");
}

/* What stands before a value: a comma, a new line; nothing after a key. */
static void
begin_value (LscJsonText *self)
{
  if (self->after_key)
    {
      self->after_key = false;
      return;
    }
  if (self->started[self->depth])
    g_string_append_c (self->text, ',');
  self->started[self->depth] = true;
  break_line (self);
}

static void
begin (LscJsonText *self, char bracket)
{
  begin_value (self);
  g_string_append_c (self->text, bracket);
  g_assert (self->depth + 1 < LSC_JSON_DEPTH_MAX);
  self->started[++self->depth] = false;
}

static void
end (LscJsonText *self, char bracket)
{
  bool compact = self->depth >= self->compact_from;
  bool any = self->started[self->depth--];

  if (any && compact && self->pretty)
    g_string_append_c (self->text, ' ');
  else if (any && self->depth > 0)
    break_line (self);
  else if (any && self->pretty)
    g_string_append_c (self->text, '\n');
  g_string_append_c (self->text, bracket);
  if (self->depth < self->compact_from && compact)
    self->compact_from = NEVER;
}

void
lsc_json_text_begin_object (LscJsonText *self)
{
  begin (self, '{');
}

void
lsc_json_text_end_object (LscJsonText *self)
{
  end (self, '}');
}

void
lsc_json_text_begin_array (LscJsonText *self)
{
  begin (self, '[');
}

void
lsc_json_text_end_array (LscJsonText *self)
{
  end (self, ']');
}

void
lsc_json_text_set_compact (LscJsonText *self)
{
  if (self->compact_from == NEVER)
    self->compact_from = self->depth + 1;
}

static void
append_quoted (LscJsonText *self, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  g_string_append_c (self->text, '"');
  for (const char *p = valid; *p != '\0'; p++)
    if (*p == '"' || *p == '\\')
      g_string_append_printf (self->text, "\\%c", *p);
    else if ((unsigned char) *p < 0x20 || *p == 0x7f)
      g_string_append_printf (self->text, "\\u%04x", (unsigned) *p);
    else
      g_string_append_c (self->text, *p);
  g_string_append_c (self->text, '"');
}

void
lsc_json_text_key (LscJsonText *self, const char *key)
{
  begin_value (self);
  append_quoted (self, key);
  g_string_append (self->text, self->pretty ? ": " : ":");
  self->after_key = true;
}

void
lsc_json_text_uint (LscJsonText *self, uint64_t value)
{
  begin_value (self);
  g_string_append_printf (self->text, "%" G_GUINT64_FORMAT, value);
}

void
lsc_json_text_int (LscJsonText *self, int64_t value)
{
  begin_value (self);
  g_string_append_printf (self->text, "%" G_GINT64_FORMAT, value);
}

void
lsc_json_text_double (LscJsonText *self, double value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  begin_value (self);
  g_string_append (self->text, g_ascii_formatd (digits, sizeof digits, "%.6g", value));
}

void
lsc_json_text_bool (LscJsonText *self, bool value)
{
  begin_value (self);
  g_string_append (self->text, value ? "true" : "false");
}

void
lsc_json_text_string (LscJsonText *self, const char *value)
{
  begin_value (self);
  if (value == NULL)
    g_string_append (self->text, "null");
  else
    append_quoted (self, value);
}

void
lsc_json_text_member_uint (LscJsonText *self, const char *key, uint64_t value)
{
  lsc_json_text_key (self, key);
  lsc_json_text_uint (self, value);
}

void
lsc_json_text_member_string (LscJsonText *self, const char *key, const char *value)
{
  lsc_json_text_key (self, key);
  lsc_json_text_string (self, value);
}
