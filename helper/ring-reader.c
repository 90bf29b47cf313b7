/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helper/ring-reader.h"

#include "lib/wire/record.h"

#include <string.h>

/* Looks at a CPU whose program is running; a few dozen microseconds in all. */
#define LOOKS_MAX 2000

void
lsc_ring_reader_init (LscRingReader *self, const LscRings *rings)
{
  memset (self, 0, sizeof *self);
  self->rings = *rings;
}

static const uint8_t *
bytes_at (const LscRingReader *self, uint32_t cpu, uint64_t position)
{
  return self->rings.bytes + cpu * self->rings.stride + (position & (self->rings.ring_bytes - 1));
}

/* Where the whole records of a CPU end, as LscKernelCpu says it. */
static bool
find_end (const LscKernelCpu *cpu, uint64_t *out_end)
{
  for (int i = 0; i < LOOKS_MAX; i++)
    {
      *out_end = __atomic_load_n (&cpu->ring_end, __ATOMIC_ACQUIRE);
      if (__atomic_load_n (&cpu->busy, __ATOMIC_ACQUIRE) == 0)
        return true;
    }
  return false;
}

/* Looks at the head of a CPU's next record. False when it is no record. */
static bool
look_at_next (LscRingReader *self, uint32_t cpu)
{
  LscRingState *state = &self->states[cpu];
  LscRecordHead head;

  if (state->begin == state->end)
    return true;
  memcpy (&head, bytes_at (self, cpu, state->begin), sizeof head);
  if (head.size < sizeof head || head.size > LSC_KERNEL_RING_SLACK || head.size % 8 != 0
      || head.size > state->end - state->begin)
    return false;
  if (head.time_ns > state->time_ns)
    state->time_ns = head.time_ns;
  return true;
}

static LscRingOutcome
begin_round (LscRingReader *self)
{
  self->n_waiting = 0;
  for (uint32_t i = 0; i < self->rings.n_cpus; i++)
    {
      LscRingState *state = &self->states[i];

      if (!find_end (&self->rings.cpus[i], &state->end))
        return LSC_RING_BUSY;
      if (state->begin == state->end)
        continue;
      if (state->end - state->begin > self->rings.ring_bytes || !look_at_next (self, i))
        return LSC_RING_BROKEN;
      self->waiting[self->n_waiting++] = i;
    }
  return LSC_RING_EMPTIED;
}

/* Where in `waiting` the CPU with the earliest record stands, and when the next one's turn comes.
 */
static uint32_t
find_earliest (const LscRingReader *self, uint64_t *out_until_ns)
{
  uint64_t first_ns = UINT64_MAX, second_ns = UINT64_MAX;
  uint32_t first = 0;

  for (uint32_t i = 0; i < self->n_waiting; i++)
    {
      uint64_t time_ns = self->states[self->waiting[i]].time_ns;

      if (time_ns < first_ns)
        {
          second_ns = first_ns;
          first_ns = time_ns;
          first = i;
        }
      else if (time_ns < second_ns)
        second_ns = time_ns;
    }
  *out_until_ns = second_ns;
  return first;
}

/* Hands out a CPU's records as long as they are not later than until_ns. */
static LscRingOutcome
hand_out (LscRingReader *self, uint32_t cpu, uint64_t until_ns, LscRingSink sink, void *data)
{
  LscRingState *state = &self->states[cpu];

  while (state->begin != state->end && state->time_ns <= until_ns)
    {
      const uint8_t *record = bytes_at (self, cpu, state->begin);
      uint16_t size = ((const LscRecordHead *) record)->size;
      bool stop = sink (data, record, size) < 0;

      state->begin += size;
      if (!look_at_next (self, cpu))
        return LSC_RING_BROKEN;
      if (stop)
        return LSC_RING_STOPPED;
    }
  return LSC_RING_EMPTIED;
}

static LscRingOutcome
merge (LscRingReader *self, uint64_t now_ns, LscRingSink sink, void *data)
{
  LscRingOutcome outcome = LSC_RING_EMPTIED;
  uint64_t before_ns = now_ns > LSC_RING_VISIBLE_NS ? now_ns - LSC_RING_VISIBLE_NS : 0;

  while (self->n_waiting > 0 && outcome == LSC_RING_EMPTIED)
    {
      uint64_t until_ns;
      uint32_t i = find_earliest (self, &until_ns);
      uint32_t cpu = self->waiting[i];

      if (self->states[cpu].time_ns >= before_ns)
        break;
      if (until_ns >= before_ns)
        until_ns = before_ns - 1;
      outcome = hand_out (self, cpu, until_ns, sink, data);
      if (self->states[cpu].begin == self->states[cpu].end)
        self->waiting[i] = self->waiting[--self->n_waiting];
    }
  return outcome;
}

LscRingOutcome
lsc_ring_reader_drain (LscRingReader *self, uint64_t now_ns, LscRingSink sink, void *data)
{
  LscRingOutcome outcome = begin_round (self);

  if (outcome != LSC_RING_EMPTIED)
    return outcome;
  outcome = merge (self, now_ns, sink, data);
  /* Given back once a round: the programs look at it with every record. */
  for (uint32_t i = 0; i < self->rings.n_cpus; i++)
    if (self->rings.cpus[i].ring_begin != self->states[i].begin)
      __atomic_store_n (&self->rings.cpus[i].ring_begin, self->states[i].begin, __ATOMIC_RELEASE);
  return outcome;
}
