/* report_driver.c - ROWS FOLDER: the time to write a report of so many scored rows, model and one floor, with intervals and six ways to slice; its page must stay below 1 MB. */

#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/random.h"
#include "seqrec/report.h"
#include "seqrec/text.h"
#include "seqrec/thread.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SLICINGS = 6, VALUES = 13 };

/* A dozen groups of falling size for each attribute, and a rare one. */
static void slice_rows(report_page *page, uint32_t rows)
{
	page->slicing = xcalloc(SLICINGS, sizeof *page->slicing);
	page->slicings = SLICINGS;
	for (uint32_t k = 0; k < SLICINGS; k++) {
		page_slicing *s = &page->slicing[k];
		*s = (page_slicing){ text_format("attribute %u", k), xcalloc(VALUES, sizeof *s->value), VALUES, xcalloc(rows, sizeof *s->of) };
		for (uint32_t v = 0; v < VALUES; v++)
			s->value[v] = text_format("value %u", v);
		for (uint32_t i = 0; i < rows; i++)
			s->of[i] = i % 10007 == k ? VALUES - 1 : (uint32_t)((VALUES - 1) * pow(random_uniform(1, 3, k, i), 2));
	}
}

int main(int count, char **words)
{
	int64_t rows = 0;
	if (count != 3 || !number_parse_int(words[1], strlen(words[1]), &rows) || rows < 1)
		return 2;
	double *score = xcalloc((size_t)rows * 2, sizeof *score), *floor = xcalloc((size_t)rows * 2, sizeof *floor);
	uint32_t *label = xcalloc((size_t)rows, sizeof *label), *group = xcalloc((size_t)rows, sizeof *group);
	for (uint32_t i = 0; i < (uint32_t)rows; i++) {
		label[i] = random_uniform(1, 1, 0, i) < .1;
		group[i] = i / 2 + 1;
		double noise = random_normal(1, 2, 0, i);
		score[2 * i + 1] = 1 / (1 + exp(2.5 - 2 * label[i] - noise));
		floor[2 * i + 1] = 1 / (1 + exp(2.3 - 1 * label[i] - noise));
		score[2 * i] = 1 - score[2 * i + 1];
		floor[2 * i] = 1 - floor[2 * i + 1];
	}
	scored of_model = { "test", (size_t)rows, 2, score, label, group }, of_floor = { "test", (size_t)rows, 2, floor, label, group };
	report_entry entry[] = { { "model", &of_model, 1, .3 }, { "logistic", &of_floor, 1, .3 } };
	const char *const names[] = { "ignore", "buy" };
	report_page page = { 0 };
	slice_rows(&page, (uint32_t)rows);
	report r = { .page = &page, .title = "a million rows", .task = "who buys?", .class_name = names, .classes = 2, .entry = entry, .entry_count = 2, .digits = 4, .resamples = 2000, .seed = 1, .pool = thread_pool_new(thread_available()) };
	sr_error err = { 0 };
	double start = clock_seconds();
	bool done = report_write(&r, words[2], &err);
	double seconds = clock_seconds() - start;
	char *html = report_html(&r);
	size_t size = strlen(html);
	printf("%.2f s for %s rows, page of %zu bytes\n%s", seconds, words[1], size, err.text);
	return !done || size >= 1000000;
}
