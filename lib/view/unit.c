/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/view/unit.h"

#include <glib.h>
#include <inttypes.h>
#include <string.h>

#define S_NS UINT64_C (1000000000)

static const struct
{
  uint64_t ns;
  const char *symbol;
} units[LSC_N_UNITS] = {
  [LSC_UNIT_NS] = { 1, "ns" },           [LSC_UNIT_US] = { 1000, "\302\265s" },
  [LSC_UNIT_MS] = { 1000000, "ms" },     [LSC_UNIT_S] = { S_NS, "s" },
  [LSC_UNIT_MIN] = { 60 * S_NS, "min" }, [LSC_UNIT_H] = { 3600 * S_NS, "h" },
  [LSC_UNIT_D] = { 86400 * S_NS, "d" },  [LSC_UNIT_Y] = { 31557600 * S_NS, "a" },
};

uint64_t
lsc_unit_ns (LscUnit unit)
{
  return units[unit].ns;
}

LscUnit
lsc_unit_for (uint64_t time_ns)
{
  LscUnit unit = LSC_UNIT_Y;

  while (unit > LSC_UNIT_NS && time_ns < units[unit].ns)
    unit--;
  return unit;
}

/* Writes `digits` decimals of rest / whole, without trailing zeros; nothing for none. */
static void
format_decimals (uint64_t rest, uint64_t whole, unsigned digits, char *buffer)
{
  size_t length = 0;

  buffer[0] = '\0';
  for (unsigned i = 0; i < digits && rest > 0; i++)
    {
      /* rest < whole <= 3.2e16, so ten times it still fits */
      rest *= 10;
      if (i == 0)
        buffer[length++] = '.';
      buffer[length++] = (char) ('0' + rest / whole);
      rest %= whole;
    }
  while (length > 0 && buffer[length - 1] == '0')
    length--;
  if (length > 0 && buffer[length - 1] == '.')
    length--;
  buffer[length] = '\0';
}

char *
lsc_unit_format (uint64_t time_ns, LscUnit unit, char *buffer, size_t size)
{
  uint64_t whole = units[unit].ns;
  char decimals[16];

  format_decimals (time_ns % whole, whole, 9, decimals);
  g_snprintf (buffer, size, "%" PRIu64 "%s %s", time_ns / whole, decimals, units[unit].symbol);
  return buffer;
}

/* "4 min 10 s", "2 h 5 min": nobody counts these in tens. */
static char *
format_clock (uint64_t time_ns, LscUnit unit, char *buffer, size_t size)
{
  uint64_t small = units[unit - 1].ns, parts = units[unit].ns / small;
  uint64_t count = (time_ns + small / 2) / small;

  if (count % parts == 0)
    g_snprintf (buffer, size, "%" PRIu64 " %s", count / parts, units[unit].symbol);
  else
    g_snprintf (buffer, size, "%" PRIu64 " %s %" PRIu64 " %s", count / parts, units[unit].symbol,
                count % parts, units[unit - 1].symbol);
  return buffer;
}

char *
lsc_unit_format_short (uint64_t time_ns, char *buffer, size_t size)
{
  LscUnit unit = lsc_unit_for (time_ns);
  uint64_t count = time_ns / units[unit].ns;
  uint64_t step = units[unit].ns / (count < 10 ? 100 : count < 100 ? 10 : 1);

  if (unit == LSC_UNIT_MIN || unit == LSC_UNIT_H)
    return format_clock (time_ns, unit, buffer, size);
  if (step > 1)
    time_ns = (time_ns + step / 2) / step * step;
  return lsc_unit_format (time_ns, lsc_unit_for (time_ns), buffer, size);
}
