/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/print-cell.h"

#include "lib/explain/duration.h"

#include <glib.h>
#include <stdio.h>

void
lsc_print_cell (const char *text, int width)
{
  int missing = ABS (width) - (int) g_utf8_strlen (text, -1);

  if (width > 0)
    printf ("%*s%s", MAX (missing, 0), "", text);
  else
    printf ("%s%*s", text, MAX (missing, 0), "");
}

void
lsc_print_cell_duration (uint64_t ns)
{
  g_autofree char *text = lsc_duration_format (ns);

  printf ("  ");
  lsc_print_cell (text, 9);
}
