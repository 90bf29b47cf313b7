/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/sentence.h"

#include "lsc-config.h"

#include "lib/explain/duration.h"
#include "lib/explain/meanwhile.h"
#include "lib/explain/push.h"
#include "lib/explain/syscall-name.h"
#include "lib/explain/waker.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* One span being explained, with its neighbours. */
typedef struct
{
  const LscTrace *trace;
  const LscThread *thread;
  LscWords words;
  LscSpan span;
  bool has_before;
  LscSpan before;
  bool has_after;
  LscSpan after;
  bool has_later; /* the one after `after` */
  LscSpan later;
  GString *text;
  GArray *links; /* LscSentenceLink; NULL: names are not marked */
} Telling;

static void G_GNUC_PRINTF (2, 3) say (Telling *self, const char *format, ...)
{
  va_list arguments;

  if (self->text->len > 0)
    g_string_append_c (self->text, ' ');
  va_start (arguments, format);
  g_string_append_vprintf (self->text, format, arguments);
  va_end (arguments);
}

static char *
length_of (const Telling *self, const LscSpan *span)
{
  uint64_t ns = span->end_ns - span->start_ns;

  return self->words == LSC_WORDS_KERNEL ? lsc_duration_format_exact (ns)
                                         : lsc_duration_format (ns);
}

/* With its number where the name alone would not tell it from the thread the story is about. */
static char *
name_of (Telling *self, uint32_t thread, uint64_t time_ns)
{
  g_autofree char *name = lsc_sentence_name_thread (self->trace, thread);
  const LscThread *found;

  if (!lsc_trace_has_thread (self->trace, thread))
    return g_steal_pointer (&name);
  found = lsc_trace_get_thread (self->trace, thread);
  if (self->words != LSC_WORDS_KERNEL && strcmp (found->name, self->thread->name) != 0)
    return lsc_sentence_link_mark (self->links, g_steal_pointer (&name), thread, time_ns);
  return lsc_sentence_link_mark (self->links, g_strdup_printf ("%s (%u)", name, found->tid), thread,
                                 time_ns);
}

static LscReason
reason_of (const Telling *self, const LscFacts *facts)
{
  LscAbi abi = lsc_reason_abi_of_machine (lsc_trace_get_header (self->trace)->machine);

  return lsc_reason_of_facts (facts, abi, self->thread->kernel_thread);
}

static char *
call_of (const Telling *self, const LscFacts *facts)
{
  return lsc_syscall_name (lsc_trace_get_header (self->trace)->machine, facts->syscall,
                           (facts->flags & LSC_FACT_COMPAT) != 0);
}

/* Whether the first argument of the call names what is waited for, and how. What waits in another
 * way than for a plain futex may be no lock. */
static bool
is_lock_address (const LscFacts *facts, LscReason reason, const char *call)
{
  return reason == LSC_REASON_LOCK && facts->arg != 0 && call != NULL
         && (facts->detail == LSC_DETAIL_NONE || facts->detail == LSC_DETAIL_FUTEX_WAIT)
         && (strcmp (call, "futex") == 0 || strcmp (call, "futex_wait") == 0);
}

static bool
is_futex_address (const LscFacts *facts, const char *call)
{
  return facts->detail >= LSC_DETAIL_FUTEX_WAIT && facts->arg != 0 && call != NULL;
}

static bool
is_descriptor (const LscFacts *facts, LscReason reason, const char *call)
{
  if (facts->detail >= LSC_DETAIL_PIPE && facts->detail <= LSC_DETAIL_BLOCK)
    return call != NULL;
  return (reason == LSC_REASON_PIPE || reason == LSC_REASON_NETWORK) && call != NULL
         && facts->arg <= INT32_MAX && !g_str_has_prefix (call, "msg");
}

/* "in futex, waiting for the lock at 0x7f40" and the like, as whole sentences. */
static void
say_wait (Telling *self)
{
  const LscFacts *facts = &self->span.facts;
  LscReason reason = reason_of (self, facts);
  g_autofree char *length = length_of (self, &self->span);
  g_autofree char *call = call_of (self, facts);
  const char *phrase = lsc_words_wait_phrase (facts, reason, call);

  if (call != NULL && self->span.end_ns == self->span.start_ns)
    /* Translators: a system call; "waiting for a lock". It was woken before it slept. */
    say (self, _ ("Was about to sleep in %s, %s."), call, phrase);
  else if (is_lock_address (facts, reason, call))
    say (self, _ ("Slept %s in %s, waiting for the lock at 0x%lx."), length, call,
         (unsigned long) facts->arg);
  else if (is_futex_address (facts, call))
    /* Translators: a time, a system call, what it waits for, an address. */
    say (self, _ ("Slept %s in %s, %s (futex at 0x%lx)."), length, call, phrase,
         (unsigned long) facts->arg);
  else if (is_descriptor (facts, reason, call))
    /* Translators: a time, a system call, what it waits for, a number. */
    say (self, _ ("Slept %s in %s, %s (descriptor %u)."), length, call, phrase,
         (unsigned) facts->arg);
  else if (call != NULL)
    /* Translators: a time, a system call, "waiting for a lock". */
    say (self, _ ("Slept %s in %s, %s."), length, call, phrase);
  else
    /* Translators: a time, "waiting for memory that was not there yet". */
    say (self, _ ("Slept %s, %s."), length, phrase);
}

static void
say_wait_in_kernel_words (Telling *self)
{
  const LscFacts *facts = &self->span.facts;
  g_autofree char *length = length_of (self, &self->span);
  g_autofree char *call = call_of (self, facts);
  const char *letter = lsc_words_letter (facts);
  const char *io = facts->flags & LSC_FACT_IO_WAIT ? " (in_iowait)" : "";

  if (call != NULL)
    /* Translators: a state's letter, a time, a system call, its argument, a remark. */
    say (self, _ ("%s for %s in %s (0x%lx, ...)%s."), letter, length, call,
         (unsigned long) facts->arg, io);
  else
    say (self, _ ("%s for %s, in no system call%s."), letter, length, io);
}

/* Who had the CPU when an interrupt came; NULL: nobody of the capture. What a thread sends to
 * another one of its machine arrives that way. */
static char *
name_disturbed (Telling *self, const LscFacts *wait, const LscSpan *ready)
{
  LscMeanwhile who;

  if (reason_of (self, wait) != LSC_REASON_NETWORK)
    return NULL;
  who = lsc_meanwhile_on_cpu (self->trace, ready->facts.cpu, ready->start_ns, ready->start_ns + 1,
                              self->thread->index, LSC_SENTENCE_LOOK_MAX);
  return who.thread != LSC_THREAD_NONE ? name_of (self, who.thread, ready->start_ns) : NULL;
}

static void
say_interrupt (Telling *self, const LscFacts *wait, const LscSpan *ready, bool timer)
{
  uint32_t cpu = ready->facts.cpu;
  g_autofree char *disturbed = cpu != LSC_CPU_NONE ? name_disturbed (self, wait, ready) : NULL;

  if (cpu == LSC_CPU_NONE)
    say (self, "%s", timer ? _ ("Woken by a timer.") : _ ("Woken by an interrupt."));
  else if (timer)
    say (self, _ ("Woken by a timer on CPU %u."), cpu);
  else if (disturbed != NULL)
    say (self, _ ("Woken by an interrupt on CPU %u while %s ran there."), cpu, disturbed);
  else
    say (self, _ ("Woken by an interrupt on CPU %u."), cpu);
}

/* `ready` follows on `wait`, as its waker ended that. */
static void
say_waker (Telling *self, const LscFacts *wait, const LscSpan *ready)
{
  LscWakerKind kind =
      lsc_waker_find_kind (self->trace, self->thread, wait, &ready->facts, ready->start_ns);
  g_autofree char *name = NULL;

  if (kind == LSC_WAKER_UNKNOWN)
    return;
  if (kind == LSC_WAKER_TIMER || kind == LSC_WAKER_INTERRUPT)
    {
      say_interrupt (self, wait, ready, kind == LSC_WAKER_TIMER);
      return;
    }
  name = name_of (self, ready->facts.thread, ready->start_ns);
  if (kind == LSC_WAKER_MAKER)
    say (self, _ ("Started by %s."), name);
  else if (kind == LSC_WAKER_LEAVING)
    /* Translators: a thread. */
    say (self, _ ("Woken by the end of %s: probably a join."), name);
  else if (ready->facts.cpu != LSC_CPU_NONE)
    say (self, _ ("Woken by %s on CPU %u."), name, ready->facts.cpu);
  else
    say (self, _ ("Woken by %s."), name);
}

/* `ready` is the wait in the queue, `run` the run after it or NULL. */
static void
say_queue (Telling *self, const LscSpan *ready, const LscSpan *run)
{
  g_autofree char *length = length_of (self, ready);
  g_autofree char *name = NULL;
  LscMeanwhile who;

  if (run == NULL || run->facts.state != LSC_STATE_RUNNING)
    {
      say (self, _ ("Then waited %s for a CPU."), length);
      return;
    }
  who = lsc_meanwhile_on_cpu (self->trace, run->facts.cpu, ready->start_ns, ready->end_ns,
                              self->thread->index, LSC_SENTENCE_LOOK_MAX);
  if (who.thread != LSC_THREAD_NONE)
    name = name_of (self, who.thread, ready->start_ns);
  if (name != NULL && who.n_others > 0)
    say (self,
         g_dngettext (
             GETTEXT_PACKAGE, "Then waited %s in the queue of CPU %u while %s and %u other ran.",
             "Then waited %s in the queue of CPU %u while %s and %u others ran.", who.n_others),
         length, run->facts.cpu, name, who.n_others);
  else if (name != NULL)
    say (self, _ ("Then waited %s in the queue of CPU %u while %s ran."), length, run->facts.cpu,
         name);
  else
    say (self, _ ("Then waited %s in the queue of CPU %u."), length, run->facts.cpu);
}

/* What was not seen to end: a capture that runs, or was cut short, has more to come. */
static void
say_open_end (Telling *self)
{
  if (lsc_trace_get_end_record (self->trace) != NULL)
    say (self, _ ("It goes on where the capture ends."));
  else
    say (self, _ ("So far it has not ended."));
}

/* What a wait shows at its ends, when it was not seen to begin or to end. */
static void
say_ends (Telling *self)
{
  if (self->span.open_start)
    say (self, _ ("It had begun before the capture."));
  if (self->span.open_end)
    say_open_end (self);
}

/* The moments between being made and being let run. */
static bool
is_unborn (const Telling *self)
{
  return self->has_after && self->after.facts.state == LSC_STATE_RUNNABLE
         && self->after.facts.flags & LSC_FACT_NEW;
}

static void
tell_wait (Telling *self)
{
  g_autofree char *length = length_of (self, &self->span);

  if (is_unborn (self))
    say (self, _ ("Was being made for %s."), length);
  else if (self->words == LSC_WORDS_KERNEL)
    say_wait_in_kernel_words (self);
  else
    say_wait (self);
  say_ends (self);
  if (self->has_after && self->after.facts.state == LSC_STATE_RUNNABLE)
    {
      say_waker (self, &self->span.facts, &self->after);
      say_queue (self, &self->after, self->has_later ? &self->later : NULL);
    }
}

static void
tell_ready (Telling *self)
{
  say (self, "%s", self->words == LSC_WORDS_KERNEL ? _ ("R (runnable).") : _ ("Ready to run."));
  say_ends (self);
  say_waker (self, self->has_before ? &self->before.facts : &self->span.facts, &self->span);
  if (!self->span.open_end)
    say_queue (self, &self->span, self->has_after ? &self->after : NULL);
}

/* `pushed` follows on `run`, which may be NULL. */
static void
say_pushed (Telling *self, const LscSpan *pushed, const LscSpan *run)
{
  const LscFacts *facts = &pushed->facts;
  bool yielded = (facts->flags & LSC_FACT_YIELDED) != 0;
  uint64_t ran_ns =
      run != NULL && run->facts.state == LSC_STATE_RUNNING ? run->end_ns - run->start_ns : 0;
  g_autofree char *name = NULL, *text = NULL;

  if (facts->thread != LSC_THREAD_NONE)
    name = name_of (self, facts->thread, pushed->start_ns);
  if (name != NULL && facts->cpu != LSC_CPU_NONE && !yielded)
    text = lsc_push_describe (
        lsc_push_find_kind (self->trace, facts->thread, pushed->start_ns, ran_ns), facts->cpu,
        name);
  if (text != NULL)
    say (self, "%s", text);
  else if (name != NULL && facts->cpu != LSC_CPU_NONE)
    say (self, _ ("Gave CPU %u away; %s took it."), facts->cpu, name);
  else
    say (self, "%s", yielded ? _ ("Gave its CPU away.") : _ ("Pushed off its CPU."));
}

static void
tell_preempted (Telling *self)
{
  if (self->words == LSC_WORDS_KERNEL)
    say (self, "%s", _ ("R+ (preempted)."));
  say_pushed (self, &self->span, self->has_before ? &self->before : NULL);
  say_ends (self);
  say_queue (self, &self->span, self->has_after ? &self->after : NULL);
}

/* Why a run ended. */
static void
say_end_of_run (Telling *self)
{
  g_autofree char *call = NULL;

  if (self->span.open_end)
    {
      say_open_end (self);
      return;
    }
  if (!self->has_after || self->after.facts.state == LSC_STATE_ABSENT)
    {
      say (self, _ ("Then it ended."));
      return;
    }
  switch ((LscState) self->after.facts.state)
    {
    case LSC_STATE_PREEMPTED:
      say_pushed (self, &self->after, &self->span);
      break;
    case LSC_STATE_STOPPED:
      say (self, _ ("Then it was stopped."));
      break;
    case LSC_STATE_UNKNOWN:
      say (self, _ ("What came then is not known: events were lost."));
      break;
    case LSC_STATE_SLEEPING:
    case LSC_STATE_UNINTERRUPTIBLE:
      call = call_of (self, &self->after.facts);
      if (call != NULL)
        /* Translators: a system call; "waiting for a lock". */
        say (
            self, _ ("It stopped in %s, %s."), call,
            lsc_words_wait_phrase (&self->after.facts, reason_of (self, &self->after.facts), call));
      else
        say (self, _ ("It stopped, %s."),
             lsc_words_reason_phrase (reason_of (self, &self->after.facts)));
      break;
    case LSC_STATE_RUNNING:
    case LSC_STATE_RUNNABLE:
    case LSC_STATE_ABSENT:
    case LSC_N_STATES:
    default:
      break;
    }
}

static void
tell_run (Telling *self)
{
  g_autofree char *length = length_of (self, &self->span);

  if (self->words == LSC_WORDS_KERNEL)
    say (self, _ ("R (running) for %s on CPU %u."), length, self->span.facts.cpu);
  else
    say (self, _ ("Ran %s on CPU %u."), length, self->span.facts.cpu);
  if (self->span.open_start)
    say (self, _ ("It had begun before the capture."));
  say_end_of_run (self);
}

static void
tell_stopped (Telling *self)
{
  g_autofree char *length = length_of (self, &self->span);

  if (strcmp (lsc_words_letter (&self->span.facts), "t") == 0)
    say (self, _ ("Held for %s by a debugger or tracer."), length);
  else
    say (self, _ ("Stopped for %s by a signal."), length);
  say_ends (self);
}

static void
tell (Telling *self)
{
  g_autofree char *length = length_of (self, &self->span);

  switch ((LscState) self->span.facts.state)
    {
    case LSC_STATE_RUNNING:
      tell_run (self);
      break;
    case LSC_STATE_RUNNABLE:
      tell_ready (self);
      break;
    case LSC_STATE_PREEMPTED:
      tell_preempted (self);
      break;
    case LSC_STATE_SLEEPING:
    case LSC_STATE_UNINTERRUPTIBLE:
      tell_wait (self);
      break;
    case LSC_STATE_STOPPED:
      tell_stopped (self);
      break;
    case LSC_STATE_ABSENT:
      say (self, _ ("Not alive for %s."), length);
      break;
    case LSC_STATE_UNKNOWN:
    case LSC_N_STATES:
    default:
      say (self, _ ("Nothing is known about these %s: its events are not in the capture."), length);
      break;
    }
}

/* Reads the neighbours of span `number`. */
static void
look_around (Telling *self, const LscLane *lane, uint64_t number)
{
  lsc_lane_get (lane, number, &self->span);
  self->has_before = number > lsc_lane_get_first (lane);
  if (self->has_before)
    lsc_lane_get (lane, number - 1, &self->before);
  self->has_after = number + 1 < lsc_lane_get_end (lane);
  if (self->has_after)
    lsc_lane_get (lane, number + 1, &self->after);
  self->has_later = number + 2 < lsc_lane_get_end (lane);
  if (self->has_later)
    lsc_lane_get (lane, number + 2, &self->later);
}

static bool
holds (const LscLane *lane, uint64_t number)
{
  return lane != NULL && number >= lsc_lane_get_first (lane) && number < lsc_lane_get_end (lane);
}

/* The explanation, with marked names when there are `links`; NULL: there is no such span. */
static GString *
explain (const LscTrace *trace, uint32_t thread, uint64_t number, LscWords words, GArray *links)
{
  Telling telling = { .trace = trace, .words = words, .links = links };

  if (thread >= lsc_trace_get_n_threads (trace))
    return NULL;
  telling.thread = lsc_trace_get_thread (trace, thread);
  if (!holds (telling.thread->lane, number))
    return NULL;
  look_around (&telling, telling.thread->lane, number);
  telling.text = g_string_new (NULL);
  tell (&telling);
  return telling.text;
}

char *
lsc_sentence_of_span (const LscTrace *trace, uint32_t thread, uint64_t number, LscWords words)
{
  GString *text = explain (trace, thread, number, words, NULL);

  return text == NULL ? NULL : g_string_free (text, FALSE);
}

char *
lsc_sentence_of_span_linked (
    const LscTrace *trace, uint32_t thread, uint64_t number, LscWords words, GArray **out_links)
{
  GArray *links = g_array_new (FALSE, TRUE, sizeof (LscSentenceLink));
  GString *text = explain (trace, thread, number, words, links);

  *out_links = links;
  return text == NULL ? NULL : lsc_sentence_link_unmark (text, links);
}
