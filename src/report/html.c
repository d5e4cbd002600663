/* html.c - escaping, numbers and the frame of report.html. */

#include "report/html.h"

#include "report/print.h"

#include "seqrec/number.h"

#include <string.h>

void html_text(text *t, const char *plain)
{
	size_t length = strlen(plain);
	bool valid = text_is_utf8(plain, length);
	for (const char *c = plain; *c; c++) {
		unsigned char byte = (unsigned char)*c;
		switch (byte) {
		case '<': text_add(t, "&lt;"); break;
		case '>': text_add(t, "&gt;"); break;
		case '&': text_add(t, "&amp;"); break;
		case '"': text_add(t, "&quot;"); break;
		case '\'': text_add(t, "&#39;"); break;
		default:
			if ((byte < ' ' && byte != '\n' && byte != '\t') || byte == 127 || (byte > 127 && !valid))
				text_add(t, "\xEF\xBF\xBD"); /* U+FFFD */
			else
				text_add_bytes(t, c, 1);
		}
	}
}

void html_fixed(text *t, double value, int digits)
{
	char number[PRINT_TEXT];
	print_fixed(value, digits, number);
	text_addf(t, "%s%s", *number == '-' ? "&minus;" : "", number + (*number == '-'));
}

void html_count(text *t, uint64_t value)
{
	char number[NUMBER_TEXT];
	number_print_grouped(value, number);
	text_add(t, number);
}

void html_share(text *t, double part, double whole)
{
	html_fixed(t, whole > 0 ? 100 * part / whole : 0, 1);
	text_add(t, "&nbsp;%");
}

void html_metric(text *t, const metric *m, int digits)
{
	if (m->defined) {
		html_fixed(t, m->value, digits);
		return;
	}
	text_add(t, "<span class=dim title=\"");
	html_text(t, m->reason ? m->reason : "");
	text_add(t, "\">&ndash;</span>");
}

void html_interval(text *t, const interval *i, const char *unit)
{
	if (!i->defined) {
		html_text(t, i->reason ? i->reason : "");
		return;
	}
	text_add(t, "95&nbsp;% interval ");
	html_fixed(t, i->low, 4);
	text_add(t, " to ");
	html_fixed(t, i->high, 4);
	text_addf(t, "<span class=how>%s %s</span>", i->resamples ? "resampled by" : "infinitesimal jackknife over", unit);
}

void html_cell_text(text *t, const char *plain)
{
	text_add(t, "<td>");
	html_text(t, plain);
	text_add(t, "</td>");
}

void html_cell_fixed(text *t, double value, int digits)
{
	text_add(t, "<td class=n>");
	html_fixed(t, value, digits);
	text_add(t, "</td>");
}

void html_cell_count(text *t, uint64_t value)
{
	text_add(t, "<td class=n>");
	html_count(t, value);
	text_add(t, "</td>");
}

void html_cell_share(text *t, uint64_t value, double whole)
{
	text_add(t, "<td class=n>");
	html_count(t, value);
	text_add(t, " <span class=ci>");
	html_share(t, (double)value, whole);
	text_add(t, "</span></td>");
}

void html_cell_metric(text *t, const metric *m)
{
	text_add(t, "<td class=n>");
	html_metric(t, m, 4);
	text_add(t, "</td>");
}

void html_verdict(text *t, const char *mark, const text *sentence)
{
	text_addf(t, "<li class=%s>", mark);
	html_text(t, sentence->data);
	text_add(t, "</li>");
}

void html_begin(text *t, const char *title, const char *task)
{
	text_add(t, "<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
	            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
	            "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n<meta name=color-scheme content=\"light dark\">\n<meta name=referrer content=no-referrer>\n"
	            "<link rel=icon href=\"data:,\">\n<title>");
	html_text(t, title);
	text_add(t, "</title>\n<style>\n");
	for (size_t i = 0; html_style[i]; i++)
		text_add(t, html_style[i]);
	text_add(t, "</style>\n</head>\n<body>\n<header>\n<p class=kind>seqrec report</p>\n<h1>");
	html_text(t, title);
	text_add(t, "</h1>\n<p class=task>");
	html_text(t, task);
	text_add(t, "</p>\n</header>\n<main>\n");
}

void html_end(text *t)
{
	text_add(t, "</main>\n</body>\n</html>\n");
}

void html_section(text *t, const char *id, const char *title, const char *lead)
{
	text_addf(t, "<section id=%s>\n<h2>%s</h2>\n", id, title);
	if (lead)
		text_addf(t, "<p class=lead>%s</p>\n", lead);
}

void html_section_end(text *t)
{
	text_add(t, "\n</section>\n");
}

void html_groups(text *t, const char *title, const char *lead, const slices *groups)
{
	if (!groups->count)
		return;
	html_section(t, "slices", title, lead);
	slices_html(groups, t);
	html_section_end(t);
}

void html_notes(text *t, const char *const *note, size_t count)
{
	if (!count)
		return;
	html_section(t, "notes", "Notes", NULL);
	text_add(t, "<ul>");
	for (size_t i = 0; i < count; i++) {
		text_add(t, "<li>");
		html_text(t, note[i]);
		text_add(t, "</li>");
	}
	text_add(t, "</ul>");
	html_section_end(t);
}
