/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/duration.h"

#include "lsc-config.h"

#include <glib.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define NS_PER_S 1000000000u

typedef struct
{
  const char *name; /* as it is read */
  uint64_t ns;
} Unit;

static const Unit units[] = {
  { "ns", 1 },
  { "us", 1000 },
  { "\302\265s", 1000 }, /* micro sign */
  { "\316\274s", 1000 }, /* Greek mu */
  { "ms", 1000000 },
  { "s", NS_PER_S },
  { "min", UINT64_C (60) * NS_PER_S },
  { "h", UINT64_C (3600) * NS_PER_S },
};

/* The unit `ns` is written in, and how many of them make one of the next. */
static uint64_t
unit_for (uint64_t ns, const char **out_name)
{
  static const char *const names[] = { N_ ("ns"), N_ ("\302\265s"), N_ ("ms"), N_ ("s") };
  static const uint64_t sizes[] = { 1, 1000, 1000000, NS_PER_S };
  size_t i = 0;

  while (i + 1 < G_N_ELEMENTS (sizes) && ns >= sizes[i + 1])
    i++;
  *out_name = _ (names[i]);
  return sizes[i];
}

static char *
format_minutes (uint64_t ns)
{
  unsigned long s = (unsigned long) (ns / NS_PER_S + (ns % NS_PER_S >= NS_PER_S / 2));

  if (s < 3600)
    /* Translators: minutes and seconds. */
    return g_strdup_printf (_ ("%lu min %lu s"), s / 60, s % 60);
  /* Translators: hours and minutes. */
  return g_strdup_printf (_ ("%lu h %lu min"), s / 3600, s % 3600 / 60);
}

/* `ns` rounded half up to three digits that count, unless that is less than one of its unit. */
static uint64_t
round_to_three_digits (uint64_t ns)
{
  uint64_t step = 1;

  while (ns / step >= 1000)
    step *= 10;
  return ns > UINT64_MAX - step ? ns : (ns + step / 2) / step * step;
}

/* "3.2", "850": value / size with the zeros at the end of the decimals left out. */
static char *
format_decimals (uint64_t value, uint64_t size)
{
  char decimals[16];
  size_t n;

  if (value % size == 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT, value / size);
  /* 1 followed by the decimals, so that zeros in front stay. */
  n = (size_t) g_snprintf (decimals, sizeof decimals, "%" G_GUINT64_FORMAT, size + value % size);
  while (n > 0 && decimals[n - 1] == '0')
    decimals[--n] = '\0';
  return g_strdup_printf ("%" G_GUINT64_FORMAT ".%s", value / size, decimals + 1);
}

static char *
format_in (uint64_t value, uint64_t size, const char *unit)
{
  g_autofree char *number = format_decimals (value, size);

  /* A no-break space keeps the number with its unit. */
  return g_strdup_printf ("%s\302\240%s", number, unit);
}

char *
lsc_duration_format (uint64_t ns)
{
  uint64_t rounded = round_to_three_digits (ns);
  const char *unit;
  uint64_t size;

  if (ns >= UINT64_C (60) * NS_PER_S)
    return format_minutes (ns);
  size = unit_for (rounded, &unit);
  return format_in (rounded, size, unit);
}

char *
lsc_duration_format_exact (uint64_t ns)
{
  const char *unit;
  uint64_t size = unit_for (ns, &unit);

  return format_in (ns, size, unit);
}

char *
lsc_duration_format_place (uint64_t ns)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT ".%09" G_GUINT64_FORMAT "\302\240%s", ns / NS_PER_S,
                          ns % NS_PER_S, _ ("s"));
}

/* Digits before and after the point, as whole units and billionths of one. */
static bool
parse_number (const char **text, uint64_t *out_whole, uint64_t *out_billionths)
{
  const char *p = *text;
  uint64_t whole = 0, billionths = 0, weight = NS_PER_S / 10;
  size_t n_digits = 0;

  for (; g_ascii_isdigit (*p); p++, n_digits++)
    {
      if (whole > (INT64_MAX - 9) / 10)
        return false;
      whole = whole * 10 + (uint64_t) (*p - '0');
    }
  if (*p == '.')
    for (p++; g_ascii_isdigit (*p); p++, n_digits++, weight /= 10)
      billionths += (uint64_t) (*p - '0') * weight;
  if (n_digits == 0)
    return false;
  *text = p;
  *out_whole = whole;
  *out_billionths = billionths;
  return true;
}

static uint64_t
parse_unit (const char *text)
{
  if (*text == '\0')
    return NS_PER_S;
  for (size_t i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_str_equal (text, units[i].name))
      return units[i].ns;
  return 0;
}

bool
lsc_duration_parse (const char *text, uint64_t *out_ns)
{
  g_autofree char *copy = g_strstrip (g_strdup (text));
  const char *p = copy;
  uint64_t whole, billionths, unit;

  if (!parse_number (&p, &whole, &billionths))
    return false;
  while (g_ascii_isspace (*p))
    p++;
  if (g_str_has_prefix (p, "\302\240"))
    p += strlen ("\302\240");
  unit = parse_unit (p);
  if (unit == 0 || (whole > 0 && unit > INT64_MAX / (whole + 1)))
    return false;
  /* unit <= 3600e9 and billionths < 1e9: the product stays below 2^63. */
  *out_ns =
      whole * unit
      + (unit % NS_PER_S == 0 ? billionths * (unit / NS_PER_S) : billionths * unit / NS_PER_S);
  return true;
}
