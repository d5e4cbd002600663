/* svg.c - charts as inline SVG, readable as a picture with a caption, and on paper. */

#include "report/svg.h"

#include "report/html.h"
#include "report/print.h"

#include "seqrec/number.h"

#include <math.h>

enum { LEFT = 50, RIGHT = 14, TOP = 10, BOTTOM = 42, HEIGHT = 250, NARROW = 380, WIDE = 780, TICKS = 5 };

static double width_of(const chart *c)
{
	return c->wide ? WIDE : NARROW;
}

static double place_x(const chart *c, double x)
{
	double span = c->x_high > c->x_low ? c->x_high - c->x_low : 1;
	return LEFT + (x - c->x_low) / span * (width_of(c) - LEFT - RIGHT);
}

static double place_y(const chart *c, double y)
{
	double span = c->y_high > c->y_low ? c->y_high - c->y_low : 1;
	return TOP + (1 - (y - c->y_low) / span) * (HEIGHT - TOP - BOTTOM);
}

static void add_place(text *t, double value)
{
	char number[PRINT_TEXT];
	print_fixed(value, 1, number);
	text_add(t, number);
}

static void add_attribute(text *t, const char *name, double value)
{
	text_addf(t, " %s=\"", name);
	add_place(t, value);
	text_add(t, "\"");
}

/* 1, 2 or 5 times a power of ten. */
static double step_of(double span)
{
	double rough = span / TICKS, power = pow(10, floor(log10(rough))), lead = rough / power;
	return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

double chart_nice(double most)
{
	if (!(most > 0))
		return 1;
	double step = step_of(most);
	return step * ceil(most / step - 1e-9);
}

/* 12,000 as 12k: five digits do not fit beside an axis. */
static void add_tick(text *t, double value, double step)
{
	double size = fabs(value) > step ? fabs(value) : step;
	double unit = size >= 1e9 ? 1e9 : size >= 1e6 ? 1e6 : size >= 1e4 ? 1e3 : 1;
	int digits = (int)ceil(-log10(step / unit) - 1e-9);
	html_fixed(t, fabs(value) < step / 2 ? 0 : value / unit, digits < 0 ? 0 : digits > 6 ? 6 : digits);
	text_add(t, fabs(value) < step / 2 ? "" : unit == 1e9 ? "G" : unit == 1e6 ? "M" : unit == 1e3 ? "k" : "");
}

static void add_text(text *t, double x, double y, const char *anchor, const char *class)
{
	text_add(t, "<text");
	add_attribute(t, "x", x);
	add_attribute(t, "y", y);
	text_addf(t, " text-anchor=%s class=%s>", anchor, class);
}

static void add_segment(text *t, double x1, double y1, double x2, double y2, const char *class)
{
	text_addf(t, "<line class=\"%s\"", class);
	add_attribute(t, "x1", x1);
	add_attribute(t, "y1", y1);
	add_attribute(t, "x2", x2);
	add_attribute(t, "y2", y2);
	text_add(t, "/>");
}

static void add_labels(text *t, const chart *c)
{
	double width = (width_of(c) - LEFT - RIGHT) / (double)(c->labels_at_ends && c->x_labels > 1 ? c->x_labels - 1 : c->x_labels);
	for (size_t i = 0; i < c->x_labels; i++) {
		double x = LEFT + width * ((double)i + (c->labels_at_ends ? 0 : .5));
		add_text(t, x, HEIGHT - BOTTOM + 16, !c->labels_at_ends ? "middle" : i == 0 ? "start" : i + 1 == c->x_labels ? "end" : "middle", "tick");
		html_text(t, c->x_label[i]);
		text_add(t, "</text>");
	}
}

static void add_axes(text *t, const chart *c)
{
	double step = step_of(c->y_high - c->y_low);
	for (double y = step * ceil(c->y_low / step - 1e-9); y <= c->y_high + step / 1e6; y += step) {
		add_segment(t, LEFT, place_y(c, y), width_of(c) - RIGHT, place_y(c, y), fabs(y - c->y_low) < step / 1e6 ? "axis" : "grid");
		add_text(t, LEFT - 6, place_y(c, y) + 4, "end", "tick");
		add_tick(t, y, step);
		text_add(t, "</text>");
	}
	step = step_of(c->x_high - c->x_low);
	if (c->x_label)
		add_labels(t, c);
	for (double x = step * ceil(c->x_low / step - 1e-9); !c->x_label && x <= c->x_high + step / 1e6; x += step) {
		add_text(t, place_x(c, x), HEIGHT - BOTTOM + 16, "middle", "tick");
		add_tick(t, x, step);
		text_add(t, "</text>");
	}
	add_text(t, (LEFT + width_of(c) - RIGHT) / 2, HEIGHT - 6, "middle", "title");
	html_text(t, c->x_title);
	text_add(t, "</text>");
	text_addf(t, "<text class=title text-anchor=middle transform=\"translate(12 %d) rotate(-90)\">", (TOP + HEIGHT - BOTTOM) / 2);
	html_text(t, c->y_title);
	text_add(t, "</text>");
}

void chart_begin(text *t, const chart *c, const char *title)
{
	text_addf(t, "<figure%s><figcaption>", c->wide ? " class=wide" : "");
	html_text(t, title);
	text_addf(t, "</figcaption><svg viewBox=\"0 0 %d %d\" role=img aria-label=\"", c->wide ? WIDE : NARROW, HEIGHT);
	html_text(t, title);
	text_add(t, "\">");
	add_axes(t, c);
}

static double clip(double value, double low, double high)
{
	return value < low ? low : value > high ? high : value;
}

void chart_line(text *t, const chart *c, const double *x, const double *y, size_t count, size_t stride, size_t colour)
{
	text_addf(t, "<polyline class=\"line c%zu\" points=\"", colour % CHART_COLOURS);
	for (size_t i = 0; i < count; i++) {
		add_place(t, place_x(c, clip(x[i * stride], c->x_low, c->x_high)));
		text_add(t, ",");
		add_place(t, place_y(c, clip(y[i * stride], c->y_low, c->y_high)));
		text_add(t, " ");
	}
	text_add(t, "\"/>");
}

void chart_diagonal(text *t, const chart *c, double y_from, double y_to)
{
	add_segment(t, LEFT, place_y(c, y_from), width_of(c) - RIGHT, place_y(c, y_to), "chance");
}

static void add_tip(text *t, const char *tip)
{
	text_add(t, "<title>");
	html_text(t, tip);
	text_add(t, "</title>");
}

void chart_bar(text *t, const chart *c, double from, double to, double bottom, double top, size_t colour, const char *tip)
{
	double gap = place_x(c, to) - place_x(c, from) > 6 ? 1 : .3;
	text_addf(t, "<rect class=\"bar c%zu\"", colour % CHART_COLOURS);
	add_attribute(t, "x", place_x(c, from) + gap / 2);
	add_attribute(t, "y", place_y(c, top));
	add_attribute(t, "width", fmax(place_x(c, to) - place_x(c, from) - gap, .5));
	add_attribute(t, "height", fmax(place_y(c, bottom) - place_y(c, top), 0));
	text_add(t, ">");
	add_tip(t, tip);
	text_add(t, "</rect>");
}

void chart_dot(text *t, const chart *c, double x, double y, double low, double high, size_t colour, const char *tip)
{
	text_addf(t, "<g class=\"dot c%zu\">", colour % CHART_COLOURS);
	if (high > low)
		add_segment(t, place_x(c, x), place_y(c, clip(low, c->y_low, c->y_high)), place_x(c, x), place_y(c, clip(high, c->y_low, c->y_high)), "whisker");
	text_add(t, "<circle r=3.5");
	add_attribute(t, "cx", place_x(c, x));
	add_attribute(t, "cy", place_y(c, clip(y, c->y_low, c->y_high)));
	text_add(t, ">");
	add_tip(t, tip);
	text_add(t, "</circle></g>");
}

void chart_mark(text *t, const chart *c, double x, const char *name)
{
	bool right = place_x(c, x) > width_of(c) * .7;
	add_segment(t, place_x(c, x), TOP, place_x(c, x), HEIGHT - BOTTOM, "mark");
	add_text(t, place_x(c, x) + (right ? -5 : 5), TOP + 11, right ? "end" : "start", "tick");
	html_text(t, name);
	text_add(t, "</text>");
}

void chart_end(text *t, const char *const *name, size_t names)
{
	text_add(t, "</svg>");
	if (names)
		text_add(t, "<ul class=legend>");
	for (size_t i = 0; i < names; i++) {
		text_addf(t, "<li class=c%zu><i></i>", i % CHART_COLOURS);
		html_text(t, name[i]);
		text_add(t, "</li>");
	}
	text_add(t, names ? "</ul></figure>\n" : "</figure>\n");
}
