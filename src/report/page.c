/* page.c - releases what a report's page owns. */

#include "seqrec/report_page.h"

#include <stdlib.h>

static void counts_free(page_counts *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->item[i].name);
	free(c->item);
}

static void times_free(page_times *t)
{
	for (size_t i = 0; i < t->kinds; i++)
		free(t->kind[i]);
	free(t->kind);
	free(t->count);
}

static void slicing_free(page_slicing *s)
{
	for (size_t i = 0; i < s->values; i++)
		free(s->value[i]);
	free(s->value);
	free(s->name);
	free(s->of);
}

void report_page_free(report_page *page)
{
	for (size_t i = 0; i < page->sources; i++) {
		free(page->source[i].what);
		counts_free(&page->source[i].reason);
	}
	for (size_t i = 0; i < page->fields; i++)
		free(page->field[i].name);
	for (size_t i = 0; i < page->learnings; i++) {
		free(page->learning[i].name);
		free(page->learning[i].x);
		free(page->learning[i].y);
	}
	for (size_t i = 0; i < page->slicings; i++)
		slicing_free(&page->slicing[i]);
	free(page->source);
	free(page->field);
	free(page->learning);
	free(page->slicing);
	counts_free(&page->lengths);
	times_free(&page->events);
	times_free(&page->labels);
	free(page->config);
	free(page->commands);
	*page = (report_page){ 0 };
}
