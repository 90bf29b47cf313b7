/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A palette: every colour and measure of a look. A new look is a new palette and nothing else.
 *
 * The hues are those of the GNOME palette, chosen so that states that can stand side by side differ
 * in lightness too, for eyes that tell no red from green; in PRINT nothing needs colour at all.
 */
#pragma once

#include "lib/trace/reason.h"

typedef enum
{
  LSC_THEME_LIGHT,
  LSC_THEME_DARK,
  LSC_THEME_HIGH_CONTRAST,
  LSC_THEME_PRINT, /* black on white, states told apart by patterns */
  LSC_N_THEMES
} LscTheme;

/* 0xAARRGGBB, not premultiplied. */
typedef uint32_t LscColor;

/* How the thin line of a sleep is drawn: never colour alone. */
typedef enum
{
  LSC_LINE_SOLID,
  LSC_LINE_DOTTED, /* short dashes */
  LSC_LINE_DASHED, /* long dashes */
  LSC_LINE_DOUBLE,
  LSC_LINE_THIN,
  /* for paper, where colors do not tell them apart */
  LSC_LINE_THIN_DASHED,
  LSC_LINE_THIN_DOTTED,
  LSC_LINE_SPARSE,
  LSC_LINE_BLOCKS,
  LSC_LINE_FENCE,
  LSC_LINE_BROAD,
  LSC_LINE_BROAD_DASHED,
  LSC_LINE_RAIL, /* two thin lines far apart */
} LscLine;

typedef struct
{
  LscColor color; /* of the line */
  LscColor text;  /* of its label: readable on the row's background */
  LscLine line;
} LscReasonLook;

typedef struct
{
  LscTheme theme;
  LscColor background;   /* of the lanes */
  LscColor outside;      /* the same, before and after the capture */
  LscColor header;       /* of process rows, ruler, legend */
  LscColor well;         /* behind the minimap */
  LscColor border;       /* between rows, around wells */
  LscColor text;         /* names */
  LscColor dim_text;     /* numbers, ticks */
  LscColor link;         /* what can be clicked */
  LscColor selected_row; /* tint of the selected lane */
  LscColor hovered;      /* outline of the bar under the pointer */
  LscColor selection;    /* range of time; translucent */
  LscColor viewport;     /* viewport on the minimap; translucent */
  LscColor viewport_edge;
  LscColor arrow;
  LscColor marker_a, marker_b;
  LscColor running, running_text;
  LscColor runnable, runnable_fill; /* outline and inside */
  LscColor preempted, preempted_fill;
  LscColor hatch, hatch_fill, hatch_text; /* unknown, lost */
  LscColor unborn;                        /* the line before birth */
  LscColor exit_mark;
  LscColor other; /* CPU lane: somebody who is not traced */
  LscReasonLook reasons[LSC_N_REASONS];
} LscPalette;

const LscPalette *lsc_palette_get (LscTheme theme);

/* The colour of a thread's blocks on CPU lanes: the same for the same tid in every capture, and one
 * its name can be read on (`out_text`). */
LscColor lsc_palette_thread (const LscPalette *self, uint32_t tid, LscColor *out_text);

/* What is seen of an opaque colour through one with alpha. */
static inline LscColor
lsc_palette_blend (LscColor under, LscColor over)
{
  uint32_t a = over >> 24, b = 255 - a;
  uint32_t red_blue = (under & 0xff00ff) * b + (over & 0xff00ff) * a + 0x800080;
  uint32_t green = (under & 0x00ff00) * b + (over & 0x00ff00) * a + 0x008000;

  return 0xff000000u | (red_blue >> 8 & 0xff00ff) | (green >> 8 & 0x00ff00);
}
