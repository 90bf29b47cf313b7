/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/paint/palette.h"

#include <math.h>

#define LOOK(line_color, text_color, style)                                                        \
  {                                                                                                \
    0xff000000u | (line_color), 0xff000000u | (text_color), style                                  \
  }

static const LscPalette light = {
  .theme = LSC_THEME_LIGHT,
  .background = 0xfffafafa,
  .outside = 0xfff1f1f1,
  .header = 0xffebebeb,
  .well = 0xffffffff,
  .border = 0xffdedede,
  .text = 0xff2e2e2e,
  .dim_text = 0xff6a696e,
  .link = 0xff1c71d8,
  .selected_row = 0xffe3ecf8,
  .hovered = 0xff1c71d8,
  .selection = 0x333584e4,
  .viewport = 0x403584e4,
  .viewport_edge = 0xff3584e4,
  .arrow = 0xff2e2e2e,
  .marker_a = 0xffc01c28,
  .marker_b = 0xff613583,
  .running = 0xff26a269,
  .running_text = 0xffffffff,
  .runnable = 0xffe5a50a,
  .runnable_fill = 0xfffdf6e3,
  .preempted = 0xffe66100,
  .preempted_fill = 0xfffdf0e6,
  .hatch = 0xff8d8c91,
  .hatch_fill = 0xffdeddda,
  .hatch_text = 0xff2e2e2e,
  .unborn = 0xffdad9d6,
  .exit_mark = 0xff2e2e2e,
  .other = 0xffe3e2df,
  .reasons = {
    [LSC_REASON_NONE] = LOOK (0xc0bfbc, 0x77767b, LSC_LINE_THIN),
    [LSC_REASON_UNKNOWN] = LOOK (0x9a9996, 0x6a696e, LSC_LINE_DASHED),
    [LSC_REASON_QUEUE] = LOOK (0xe5a50a, 0x7d5a05, LSC_LINE_SOLID),
    [LSC_REASON_PREEMPTED] = LOOK (0xe66100, 0xa34500, LSC_LINE_SOLID),
    [LSC_REASON_YIELDED] = LOOK (0xe66100, 0xa34500, LSC_LINE_SOLID),
    [LSC_REASON_LOCK] = LOOK (0x9141ac, 0x813d9c, LSC_LINE_SOLID),
    [LSC_REASON_DISK] = LOOK (0x865e3c, 0x734f30, LSC_LINE_SOLID),
    [LSC_REASON_FILE] = LOOK (0xb5835a, 0x865e3c, LSC_LINE_DASHED),
    [LSC_REASON_PIPE] = LOOK (0x1c71d8, 0x1a5fb4, LSC_LINE_SOLID),
    [LSC_REASON_TERMINAL] = LOOK (0x1c71d8, 0x1a5fb4, LSC_LINE_DOUBLE),
    [LSC_REASON_NETWORK] = LOOK (0x1c71d8, 0x1a5fb4, LSC_LINE_DASHED),
    [LSC_REASON_TIMER] = LOOK (0x9a9996, 0x6a696e, LSC_LINE_DOTTED),
    [LSC_REASON_EVENTS] = LOOK (0xb0afac, 0x6a696e, LSC_LINE_THIN),
    [LSC_REASON_CHILD] = LOOK (0x1f8a8a, 0x14696b, LSC_LINE_DOUBLE),
    [LSC_REASON_SIGNAL] = LOOK (0x1f8a8a, 0x14696b, LSC_LINE_DOTTED),
    [LSC_REASON_PAGE_FAULT] = LOOK (0xa51d2d, 0xa51d2d, LSC_LINE_SOLID),
    [LSC_REASON_STOPPED] = LOOK (0x3d3846, 0x3d3846, LSC_LINE_DOUBLE),
    [LSC_REASON_EXITING] = LOOK (0x5e5c64, 0x5e5c64, LSC_LINE_THIN),
    [LSC_REASON_KERNEL] = LOOK (0x77767b, 0x5e5c64, LSC_LINE_THIN),
  },
};

static const LscPalette dark = {
  .theme = LSC_THEME_DARK,
  .background = 0xff242424,
  .outside = 0xff1e1e1e,
  .header = 0xff303030,
  .well = 0xff1e1e1e,
  .border = 0xff3a3a3a,
  .text = 0xfff0f0f0,
  .dim_text = 0xffa8a8a8,
  .link = 0xff78aeed,
  .selected_row = 0xff2b323b,
  .hovered = 0xff99c1f1,
  .selection = 0x3378aeed,
  .viewport = 0x4078aeed,
  .viewport_edge = 0xff78aeed,
  .arrow = 0xfff0f0f0,
  .marker_a = 0xffff7b63,
  .marker_b = 0xffc9a3f5,
  .running = 0xff57e389,
  .running_text = 0xff16301f,
  .runnable = 0xfff8e45c,
  .runnable_fill = 0xff3b3823,
  .preempted = 0xffffa348,
  .preempted_fill = 0xff3b2f22,
  .hatch = 0xff77767b,
  .hatch_fill = 0xff3d3846,
  .hatch_text = 0xfff0f0f0,
  .unborn = 0xff454545,
  .exit_mark = 0xfff0f0f0,
  .other = 0xff3c3c3c,
  .reasons = {
    [LSC_REASON_NONE] = LOOK (0x5e5c64, 0x9a9996, LSC_LINE_THIN),
    [LSC_REASON_UNKNOWN] = LOOK (0x77767b, 0xa8a8a8, LSC_LINE_DASHED),
    [LSC_REASON_QUEUE] = LOOK (0xf8e45c, 0xf8e45c, LSC_LINE_SOLID),
    [LSC_REASON_PREEMPTED] = LOOK (0xffa348, 0xffa348, LSC_LINE_SOLID),
    [LSC_REASON_YIELDED] = LOOK (0xffa348, 0xffa348, LSC_LINE_SOLID),
    [LSC_REASON_LOCK] = LOOK (0xc061cb, 0xdc8add, LSC_LINE_SOLID),
    [LSC_REASON_DISK] = LOOK (0xcdab8f, 0xcdab8f, LSC_LINE_SOLID),
    [LSC_REASON_FILE] = LOOK (0xb5835a, 0xcdab8f, LSC_LINE_DASHED),
    [LSC_REASON_PIPE] = LOOK (0x99c1f1, 0x99c1f1, LSC_LINE_SOLID),
    [LSC_REASON_TERMINAL] = LOOK (0x99c1f1, 0x99c1f1, LSC_LINE_DOUBLE),
    [LSC_REASON_NETWORK] = LOOK (0x99c1f1, 0x99c1f1, LSC_LINE_DASHED),
    [LSC_REASON_TIMER] = LOOK (0x8a898e, 0xa8a8a8, LSC_LINE_DOTTED),
    [LSC_REASON_EVENTS] = LOOK (0x6e6d72, 0xa8a8a8, LSC_LINE_THIN),
    [LSC_REASON_CHILD] = LOOK (0x5bc8af, 0x7fd8c4, LSC_LINE_DOUBLE),
    [LSC_REASON_SIGNAL] = LOOK (0x5bc8af, 0x7fd8c4, LSC_LINE_DOTTED),
    [LSC_REASON_PAGE_FAULT] = LOOK (0xf66151, 0xff8c80, LSC_LINE_SOLID),
    [LSC_REASON_STOPPED] = LOOK (0xdeddda, 0xdeddda, LSC_LINE_DOUBLE),
    [LSC_REASON_EXITING] = LOOK (0xa8a8a8, 0xa8a8a8, LSC_LINE_THIN),
    [LSC_REASON_KERNEL] = LOOK (0x8a898e, 0xa8a8a8, LSC_LINE_THIN),
  },
};

static const LscPalette high_contrast = {
  .theme = LSC_THEME_HIGH_CONTRAST,
  .background = 0xffffffff,
  .outside = 0xffe8e8e8,
  .header = 0xffe0e0e0,
  .well = 0xffffffff,
  .border = 0xff707070,
  .text = 0xff000000,
  .dim_text = 0xff2a2a2a,
  .link = 0xff003d99,
  .selected_row = 0xffcfe3ff,
  .hovered = 0xff003d99,
  .selection = 0x66003d99,
  .viewport = 0x50003d99,
  .viewport_edge = 0xff003d99,
  .arrow = 0xff000000,
  .marker_a = 0xffa00010,
  .marker_b = 0xff3f1266,
  .running = 0xff005c38,
  .running_text = 0xffffffff,
  .runnable = 0xff8a5a00,
  .runnable_fill = 0xfffff3c4,
  .preempted = 0xffb03a00,
  .preempted_fill = 0xffffe3d0,
  .hatch = 0xff404040,
  .hatch_fill = 0xffd0d0d0,
  .hatch_text = 0xff000000,
  .unborn = 0xff909090,
  .exit_mark = 0xff000000,
  .other = 0xffb0b0b0,
  .reasons = {
    [LSC_REASON_NONE] = LOOK (0x606060, 0x202020, LSC_LINE_THIN),
    [LSC_REASON_UNKNOWN] = LOOK (0x404040, 0x202020, LSC_LINE_DASHED),
    [LSC_REASON_QUEUE] = LOOK (0x8a5a00, 0x5e3d00, LSC_LINE_SOLID),
    [LSC_REASON_PREEMPTED] = LOOK (0xb03a00, 0x802a00, LSC_LINE_SOLID),
    [LSC_REASON_YIELDED] = LOOK (0xb03a00, 0x802a00, LSC_LINE_SOLID),
    [LSC_REASON_LOCK] = LOOK (0x6b1f87, 0x4f1266, LSC_LINE_SOLID),
    [LSC_REASON_DISK] = LOOK (0x5c3c1f, 0x4a2f17, LSC_LINE_SOLID),
    [LSC_REASON_FILE] = LOOK (0x5c3c1f, 0x4a2f17, LSC_LINE_DASHED),
    [LSC_REASON_PIPE] = LOOK (0x0b4bb3, 0x003d99, LSC_LINE_SOLID),
    [LSC_REASON_TERMINAL] = LOOK (0x0b4bb3, 0x003d99, LSC_LINE_DOUBLE),
    [LSC_REASON_NETWORK] = LOOK (0x0b4bb3, 0x003d99, LSC_LINE_DASHED),
    [LSC_REASON_TIMER] = LOOK (0x404040, 0x202020, LSC_LINE_DOTTED),
    [LSC_REASON_EVENTS] = LOOK (0x505050, 0x202020, LSC_LINE_THIN),
    [LSC_REASON_CHILD] = LOOK (0x005f61, 0x004d4f, LSC_LINE_DOUBLE),
    [LSC_REASON_SIGNAL] = LOOK (0x005f61, 0x004d4f, LSC_LINE_DOTTED),
    [LSC_REASON_PAGE_FAULT] = LOOK (0x8f0010, 0x7a000e, LSC_LINE_SOLID),
    [LSC_REASON_STOPPED] = LOOK (0x000000, 0x000000, LSC_LINE_DOUBLE),
    [LSC_REASON_EXITING] = LOOK (0x303030, 0x202020, LSC_LINE_THIN),
    [LSC_REASON_KERNEL] = LOOK (0x303030, 0x202020, LSC_LINE_THIN),
  },
};

static const LscPalette print = {
  .theme = LSC_THEME_PRINT,
  .background = 0xffffffff,
  .outside = 0xffffffff,
  .header = 0xfff0f0f0,
  .well = 0xffffffff,
  .border = 0xffc8c8c8,
  .text = 0xff000000,
  .dim_text = 0xff303030,
  .link = 0xff000000,
  .selected_row = 0xfff4f4f4,
  .hovered = 0xff000000,
  .selection = 0x30000000,
  .viewport = 0x28000000,
  .viewport_edge = 0xff000000,
  .arrow = 0xff000000,
  .marker_a = 0xff000000,
  .marker_b = 0xff505050,
  .running = 0xff181818,
  .running_text = 0xffffffff,
  .runnable = 0xff707070,
  .runnable_fill = 0xffffffff,
  .preempted = 0xff404040,
  .preempted_fill = 0xffffffff,
  .hatch = 0xff808080,
  .hatch_fill = 0xffffffff,
  .hatch_text = 0xff000000,
  .unborn = 0xffc8c8c8,
  .exit_mark = 0xff000000,
  .other = 0xffe4e4e4,
  .reasons = {
    [LSC_REASON_NONE] = LOOK (0xa0a0a0, 0x303030, LSC_LINE_THIN),
    [LSC_REASON_UNKNOWN] = LOOK (0x909090, 0x303030, LSC_LINE_DASHED),
    [LSC_REASON_QUEUE] = LOOK (0x707070, 0x303030, LSC_LINE_SOLID),
    [LSC_REASON_PREEMPTED] = LOOK (0x404040, 0x303030, LSC_LINE_SOLID),
    [LSC_REASON_YIELDED] = LOOK (0x404040, 0x303030, LSC_LINE_SOLID),
    [LSC_REASON_LOCK] = LOOK (0x202020, 0x000000, LSC_LINE_SOLID),
    [LSC_REASON_DISK] = LOOK (0x202020, 0x000000, LSC_LINE_DOUBLE),
    [LSC_REASON_FILE] = LOOK (0x606060, 0x202020, LSC_LINE_SPARSE),
    [LSC_REASON_PIPE] = LOOK (0x202020, 0x000000, LSC_LINE_DASHED),
    [LSC_REASON_TERMINAL] = LOOK (0x202020, 0x000000, LSC_LINE_BLOCKS),
    [LSC_REASON_NETWORK] = LOOK (0x606060, 0x202020, LSC_LINE_THIN_DASHED),
    [LSC_REASON_TIMER] = LOOK (0x707070, 0x202020, LSC_LINE_DOTTED),
    [LSC_REASON_EVENTS] = LOOK (0x909090, 0x303030, LSC_LINE_THIN),
    [LSC_REASON_CHILD] = LOOK (0x909090, 0x303030, LSC_LINE_FENCE),
    [LSC_REASON_SIGNAL] = LOOK (0x202020, 0x303030, LSC_LINE_THIN_DOTTED),
    [LSC_REASON_PAGE_FAULT] = LOOK (0x707070, 0x202020, LSC_LINE_BROAD),
    [LSC_REASON_STOPPED] = LOOK (0x000000, 0x000000, LSC_LINE_BROAD_DASHED),
    [LSC_REASON_EXITING] = LOOK (0x303030, 0x202020, LSC_LINE_THIN),
    [LSC_REASON_KERNEL] = LOOK (0x303030, 0x202020, LSC_LINE_RAIL),
  },
};

const LscPalette *
lsc_palette_get (LscTheme theme)
{
  static const LscPalette *const palettes[LSC_N_THEMES] = {
    [LSC_THEME_LIGHT] = &light,
    [LSC_THEME_DARK] = &dark,
    [LSC_THEME_HIGH_CONTRAST] = &high_contrast,
    [LSC_THEME_PRINT] = &print,
  };

  return palettes[(unsigned) theme < LSC_N_THEMES ? theme : LSC_THEME_LIGHT];
}

/* One channel of a hue (0 .. 6) with the given lightness and strength, 0 .. 255. */
static uint32_t
channel (double hue, double shift, double lightness, double strength)
{
  double place = fmod (hue + shift, 6);
  double level = place < 1 ? place : place < 3 ? 1 : place < 4 ? 4 - place : 0;

  return (uint32_t) lround (255 * (lightness + strength * (level - 0.5)));
}

LscColor
lsc_palette_thread (const LscPalette *self, uint32_t tid, LscColor *out_text)
{
  /* Neighbouring tids are far apart on the wheel: multiples of the golden angle. */
  double hue = 6 * fmod (tid * 0.6180339887498949, 1);
  double shade = fmod (tid * 0.7548776662466927, 1);
  bool is_dark = self->theme == LSC_THEME_DARK;
  double lightness = is_dark ? 0.62 + 0.12 * shade : 0.40 + 0.10 * shade;
  double strength = is_dark ? 0.42 : 0.46;

  if (self->theme == LSC_THEME_PRINT)
    {
      strength = 0;
      lightness = 0.70 + 0.22 * shade;
    }
  if (self->theme == LSC_THEME_HIGH_CONTRAST)
    lightness = 0.32;
  *out_text = lightness > 0.55 ? 0xff161616 : 0xffffffff;
  return 0xff000000u | channel (hue, 2, lightness, strength) << 16
         | channel (hue, 0, lightness, strength) << 8 | channel (hue, 4, lightness, strength);
}
