/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/files/import-line.h"

#include <stdlib.h>
#include <string.h>

/* The line's parts. */
typedef struct
{
  char *who;   /* name and ids of the one it happened to */
  char *flags; /* "d.h2.", or NULL */
  char *event; /* its name, without the system's */
  char *what;  /* what follows it */
  uint64_t time_ns;
  uint32_t cpu;
  int32_t tid, tgid; /* of `who`; -1: not told */
} Line;

static char *
skip_blanks (char *p)
{
  while (*p == ' ' || *p == '\t')
    p++;
  return p;
}

/* "81.203114:", in seconds; "8120311:", in whatever the trace's clock counts. */
static char *
parse_time (char *p, uint64_t *out_ns)
{
  uint64_t ns;
  char *end;

  if (!g_ascii_isdigit (*p))
    return NULL;
  ns = strtoull (p, &end, 10);
  if (*end == '.')
    {
      ns = MIN (ns, UINT64_MAX / 2 / G_USEC_PER_SEC / 1000) * G_USEC_PER_SEC * 1000;
      end++;
      for (uint64_t unit = G_USEC_PER_SEC * 100; g_ascii_isdigit (*end); end++, unit /= 10)
        ns += (uint64_t) (*end - '0') * unit;
    }
  if (*end != ':')
    return NULL;
  *out_ns = ns;
  return end + 1;
}

/* " [001] d..2. 81.203114: " from the bracket on; NULL when this is no such place. */
static char *
parse_place (char *bracket, Line *line)
{
  char *end, *p;
  unsigned long cpu = strtoul (bracket + 1, &end, 10);

  if (!g_ascii_isdigit (bracket[1]) || *end != ']' || cpu >= LSC_IMPORT_LINE_CPUS)
    return NULL;
  line->cpu = (uint32_t) cpu;
  line->flags = NULL;
  p = skip_blanks (end + 1);
  end = parse_time (p, &line->time_ns);
  if (end == NULL)
    {
      line->flags = p;
      p += strcspn (p, " \t");
      p = skip_blanks (p);
      end = parse_time (p, &line->time_ns);
    }
  return end;
}

/* "sched:sched_switch: prev_comm=..." */
static bool
parse_event (char *p, Line *line)
{
  char *end;

  p = skip_blanks (p);
  end = p + strcspn (p, " \t");
  if (end == p || end[-1] != ':')
    return false;
  end[-1] = '\0';
  line->event = strrchr (p, ':') != NULL ? strrchr (p, ':') + 1 : p;
  line->what = skip_blanks (*end == '\0' ? end : end + 1);
  return true;
}

/* "name-123", "name-123 (120)", "name 123", "name 120/123": the ids stand at the end. */
static void
parse_who (char *who, Line *line)
{
  char *p, *end;

  line->tid = line->tgid = -1;
  g_strchomp (who);
  p = strrchr (who, '(');
  if (p != NULL && who[strlen (who) - 1] == ')')
    {
      line->tgid = (int32_t) strtol (skip_blanks (p + 1), &end, 10);
      *p = '\0';
      g_strchomp (who);
    }
  p = who + strlen (who);
  while (p > who && (g_ascii_isdigit (p[-1]) || p[-1] == '/'))
    p--;
  if (p == who || (p[-1] != '-' && p[-1] != ' ' && p[-1] != '\t'))
    return;
  line->tid = (int32_t) strtol (p, &end, 10);
  if (*end == '/')
    {
      line->tgid = line->tid;
      line->tid = (int32_t) strtol (end + 1, NULL, 10);
    }
}

static bool
parse (char *text, Line *line)
{
  for (char *p = strchr (text, '['); p != NULL; p = strchr (p + 1, '['))
    {
      char *rest = p > text && (p[-1] == ' ' || p[-1] == '\t') ? parse_place (p, line) : NULL;

      if (rest == NULL)
        continue;
      if (!parse_event (rest, line))
        return false;
      *p = '\0';
      line->who = skip_blanks (text);
      parse_who (line->who, line);
      return true;
    }
  return false;
}

/* What follows "key=", a number. */
static bool
get_number (const char *what, const char *key, int base, int64_t *out)
{
  const char *p = strstr (what, key);
  char *end;

  if (p == NULL || (p != what && p[-1] != ' '))
    return false;
  p += strlen (key);
  *out = strtoll (p, &end, base);
  return end != p;
}

static int32_t
get_id (const char *what, const char *key)
{
  int64_t value;

  return get_number (what, key, 10, &value) && value >= 0 && value <= INT32_MAX ? (int32_t) value
                                                                                : -1;
}

/* The text between "key=" and what comes after it; names may hold blanks. */
static bool
get_text (const char *what, const char *key, const char *after, char out[static LSC_NAME_SIZE])
{
  const char *p = strstr (what, key), *end = p == NULL ? NULL : strstr (p, after);

  memset (out, 0, LSC_NAME_SIZE);
  if (end == NULL)
    return false;
  p += strlen (key);
  if (end < p)
    return false;
  memcpy (out, p, MIN ((size_t) (end - p), LSC_NAME_SIZE - 1));
  return true;
}

/* "name:123 [120] rest": what libtraceevent makes of a switch or a wakeup. Returns the rest. */
static const char *
parse_short (const char *what, const char *end, char name[static LSC_NAME_SIZE], int32_t ids[2])
{
  const char *bracket = end, *colon;
  char *rest;

  while (bracket > what && *bracket != '[')
    bracket--;
  for (colon = bracket; colon > what && *colon != ':';)
    colon--;
  if (bracket == what || colon == what)
    return NULL;
  ids[0] = (int32_t) strtol (colon + 1, NULL, 10);
  ids[1] = (int32_t) strtol (bracket + 1, &rest, 10);
  memset (name, 0, LSC_NAME_SIZE);
  memcpy (name, what, MIN ((size_t) (colon - what), LSC_NAME_SIZE - 1));
  return *rest == ']' ? rest + 1 : NULL;
}

static bool
parse_switch_short (const char *what, LscImportSwitch *event, char names[2][LSC_NAME_SIZE])
{
  const char *arrow = strstr (what, " ==> "), *state;
  char letters[16] = { 0 };
  int32_t prev[2], next[2];

  if (arrow == NULL || arrow == what)
    return false;
  state = parse_short (what, arrow - 1, names[0], prev);
  if (state == NULL
      || parse_short (arrow + 5, arrow + 4 + strlen (arrow + 5), names[1], next) == NULL)
    return false;
  state += strspn (state, " ");
  memcpy (letters, state, state < arrow ? MIN ((size_t) (arrow - state), sizeof letters - 1) : 0);
  event->prev_tid = prev[0];
  event->prev_prio = prev[1];
  event->next_tid = next[0];
  event->next_prio = next[1];
  lsc_import_book_parse_state (letters, &event->prev_state, &event->preempted);
  return true;
}

static bool
parse_switch_long (const char *what, LscImportSwitch *event, char names[2][LSC_NAME_SIZE])
{
  char letters[LSC_NAME_SIZE];
  int64_t prev_prio = 120, next_prio = 120;

  if (!get_text (what, "prev_comm=", " prev_pid=", names[0])
      || !get_text (what, "prev_state=", " ==>", letters)
      || !get_text (what, "next_comm=", " next_pid=", names[1]))
    return false;
  event->prev_tid = get_id (what, "prev_pid=");
  event->next_tid = get_id (what, "next_pid=");
  (void) get_number (what, "prev_prio=", 10, &prev_prio);
  (void) get_number (what, "next_prio=", 10, &next_prio);
  event->prev_prio = (int32_t) CLAMP (prev_prio, -1, 255);
  event->next_prio = (int32_t) CLAMP (next_prio, -1, 255);
  lsc_import_book_parse_state (letters, &event->prev_state, &event->preempted);
  return true;
}

static bool
take_switch (LscImportLine *self, const Line *line)
{
  char names[2][LSC_NAME_SIZE];
  LscImportSwitch event = {
    .time_ns = line->time_ns, .cpu = line->cpu, .prev_name = names[0], .next_name = names[1]
  };

  if (!parse_switch_long (line->what, &event, names)
      && !parse_switch_short (line->what, &event, names))
    return false;
  lsc_import_book_switch (self->book, &event);
  return true;
}

/* The third letter of the flags: h, H, s, z, Z in an interrupt. */
static bool
is_interrupt (const Line *line)
{
  return line->flags != NULL && strcspn (line->flags, " \t") >= 3
         && strchr ("hHszZ", line->flags[2]) != NULL;
}

static bool
take_waking (LscImportLine *self, const Line *line, bool is_new)
{
  char name[LSC_NAME_SIZE];
  LscImportWaking event = { .time_ns = line->time_ns,
                            .cpu = line->cpu,
                            .wakee_name = name,
                            .waker_tid = line->tid,
                            .interrupt = is_interrupt (line),
                            .is_new = is_new };
  int32_t ids[2];

  if (get_text (line->what, "comm=", " pid=", name))
    event.wakee_tid = get_id (line->what, "pid=");
  else if (parse_short (line->what, strchr (line->what, ']') ?: line->what, name, ids) != NULL)
    event.wakee_tid = ids[0];
  else
    return false;
  lsc_import_book_waking (self->book, &event);
  return true;
}

static bool
take_newtask (LscImportLine *self, const Line *line)
{
  int32_t child = get_id (line->what, "pid=");
  int64_t flags;

  if (child < 0 || !get_number (line->what, "clone_flags=", 16, &flags))
    return false;
  lsc_import_book_newtask (self->book, line->tid, child, (uint64_t) flags);
  return true;
}

static bool
take_fork (LscImportLine *self, const Line *line)
{
  char name[LSC_NAME_SIZE];
  int32_t parent = get_id (line->what, "pid="), child = get_id (line->what, "child_pid=");

  if (child < 0 || !get_text (line->what, "child_comm=", " child_pid=", name))
    return false;
  lsc_import_book_fork (self->book, line->time_ns, line->cpu, parent, child, name);
  return true;
}

static bool
take_exec (LscImportLine *self, const Line *line)
{
  const char *file = strstr (line->what, "filename="), *end;
  int32_t tid = get_id (line->what, "pid=");
  g_autofree char *path = NULL;

  end = file == NULL ? NULL : strstr (file, " pid=");
  if (end == NULL || tid < 0)
    return false;
  path = g_strndup (file + 9, (gsize) (end - file - 9));
  lsc_import_book_exec (self->book, line->time_ns, line->cpu, tid, get_id (line->what, "old_pid="),
                        path);
  return true;
}

static bool
take_rename (LscImportLine *self, const Line *line)
{
  char name[LSC_NAME_SIZE];
  int32_t tid = get_id (line->what, "pid=");

  if (tid < 0 || !get_text (line->what, "newcomm=", " oom_score_adj=", name))
    return false;
  lsc_import_book_rename (self->book, line->time_ns, line->cpu, tid, name);
  return true;
}

static bool
take_exit (LscImportLine *self, const Line *line)
{
  int32_t tid = get_id (line->what, "pid=");

  if (tid >= 0)
    lsc_import_book_exit (self->book, line->time_ns, line->cpu, tid);
  return tid >= 0;
}

/* "lost 17", of perf's own records. */
static bool
take_perf_lost (LscImportLine *self, const Line *line)
{
  const char *number = strstr (line->what, "lost ");
  uint64_t count = number != NULL ? strtoull (number + 5, NULL, 10) : 0;
  uint64_t seen_ns = self->seen_ns[line->cpu];

  lsc_import_book_gap (self->book, line->cpu, seen_ns != 0 ? seen_ns : line->time_ns, line->time_ns,
                       MIN (count, UINT32_MAX));
  return true;
}

static bool
take_event (LscImportLine *self, const Line *line, bool *out_known)
{
  const char *event = line->event;

  *out_known = true;
  if (strcmp (event, "sched_switch") == 0)
    return take_switch (self, line);
  if (strcmp (event, "sched_waking") == 0)
    {
      self->has_waking = true;
      return take_waking (self, line, false);
    }
  /* Says nothing new after sched_waking. */
  if (strcmp (event, "sched_wakeup") == 0)
    return self->has_waking || take_waking (self, line, false);
  if (strcmp (event, "sched_wakeup_new") == 0)
    return take_waking (self, line, true);
  if (strcmp (event, "task_newtask") == 0)
    return take_newtask (self, line);
  if (strcmp (event, "sched_process_fork") == 0)
    return take_fork (self, line);
  if (strcmp (event, "sched_process_exec") == 0)
    return take_exec (self, line);
  if (strcmp (event, "task_rename") == 0)
    return take_rename (self, line);
  if (strcmp (event, "sched_process_exit") == 0)
    return take_exit (self, line);
  if (g_str_has_prefix (event, "PERF_RECORD_LOST"))
    return take_perf_lost (self, line);
  *out_known = false;
  return true;
}

/* "CPU:1 [LOST 17 EVENTS]", "CPU:1 [EVENTS DROPPED]": what is missing lies before the next line. */
static bool
take_lost (LscImportLine *self, const char *text)
{
  char *end;
  unsigned long cpu;
  uint64_t count = 0;

  if (!g_str_has_prefix (text, "CPU:"))
    return false;
  cpu = strtoul (text + 4, &end, 10);
  if (g_str_has_prefix (end, " [LOST "))
    count = strtoull (end + 7, NULL, 10);
  else if (!g_str_has_prefix (end, " [EVENTS DROPPED"))
    return false;
  if (cpu < LSC_IMPORT_LINE_CPUS && self->book->last_ns != 0)
    lsc_import_book_gap (self->book, (uint32_t) cpu,
                         self->seen_ns[cpu] != 0 ? self->seen_ns[cpu] : self->book->first_ns,
                         self->book->last_ns, MIN (count, UINT32_MAX));
  return true;
}

LscImportLineResult
lsc_import_line_take (LscImportLine *self, char *text)
{
  Line line = { 0 };
  bool known;

  text = skip_blanks (text);
  if (*text == '\0' || *text == '#' || take_lost (self, text))
    return LSC_IMPORT_LINE_NEUTRAL;
  if (!parse (text, &line))
    return LSC_IMPORT_LINE_STRANGE;
  if (line.tid > 0 && line.tgid > 0)
    lsc_import_book_learn (self->book, line.tid, line.tgid, NULL);
  if (!take_event (self, &line, &known))
    return LSC_IMPORT_LINE_STRANGE;
  if (!known)
    return LSC_IMPORT_LINE_OTHER;
  self->seen_ns[line.cpu] = line.time_ns;
  return LSC_IMPORT_LINE_EVENT;
}
