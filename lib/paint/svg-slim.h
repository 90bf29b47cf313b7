/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Makes cairo's SVG smaller and its texts texts: cairo writes every rectangle with all four corners
 * in full and turns letters into shapes.
 *
 * Labels that are put on a surface which carries a LscSvgTexts are noted there, not drawn; they are
 * written as <text> on top of everything when the file is done.
 */
#pragma once

#include <cairo.h>
#include <glib.h>

/* Notes texts for `surface` from now on. Freed with the surface. */
void lsc_svg_slim_begin (cairo_surface_t *surface);

/* Where texts for what `cr` draws on are to be noted, as elements of SVG; NULL: draw them. */
GString *lsc_svg_slim_get_texts (cairo_t *cr);

/* Takes a whole SVG as cairo writes it, and `texts` (may be NULL); returns it smaller and with the
 * texts. Owned by the caller. */
GString *lsc_svg_slim_finish (const char *svg, const GString *texts);
