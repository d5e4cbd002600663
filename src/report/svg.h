#ifndef REPORT_SVG_H
#define REPORT_SVG_H
/* svg.h - charts drawn as inline SVG: a frame with ticks, lines, bars and dots with error bars. Colours are classes of the style sheet, so that they follow light and dark. */

#include "seqrec/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CHART_COLOURS = 7 };

typedef struct {
	double x_low, x_high, y_low, y_high; /* what the axes span */
	const char *x_title, *y_title;       /* plain text */
	const char *const *x_label;          /* (x_labels) spread over the axis instead of numbers, or NULL */
	size_t x_labels;
	bool labels_at_ends;                 /* the labels stand at the axis's ends and between (times), not in the middles of bars */
	bool wide;                           /* twice as wide as high */
} chart;

double chart_nice(double most);  /* a round number not below `most`, for the top of an axis */

void chart_begin(text *t, const chart *c, const char *title /* plain: the caption, and what a screen reader says */);
void chart_line(text *t, const chart *c, const double *x, const double *y, size_t count, size_t stride /* of doubles */, size_t colour);
void chart_diagonal(text *t, const chart *c, double y_from, double y_to); /* a dashed line from the left to the right edge */
void chart_bar(text *t, const chart *c, double from, double to, double bottom, double top, size_t colour, const char *tip /* plain */);
void chart_dot(text *t, const chart *c, double x, double y, double low, double high, size_t colour, const char *tip);
void chart_mark(text *t, const chart *c, double x, const char *name); /* a vertical line with its name */
void chart_end(text *t, const char *const *name /* legend, (names) */, size_t names);
#endif
