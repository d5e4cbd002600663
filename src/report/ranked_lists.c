/* ranked_lists.c - coverage, Gini index and novelty of recommended lists (Castells, Hurley, Vargas 2015; the Gini index after Adomavicius & Kwon 2012). */

#include "report/ranked.h"
#include "report/write.h"

#include "seqrec/memory.h"
#include "seqrec/order.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Over all items, those never recommended too; values ascending: sum of (2 i - n - 1) x_i / (n sum x). */
static metric gini_of(uint32_t *count, size_t items)
{
	double sum = 0, weighted = 0;
	qsort(count, items, sizeof *count, order_u32);
	for (size_t i = 0; i < items; i++) {
		sum += count[i];
		weighted += (2 * (double)(i + 1) - (double)items - 1) * count[i];
	}
	return sum > 0 ? metric_is(weighted / ((double)items * sum)) : metric_undefined("nothing is recommended");
}

list_metrics ranked_lists(const ranked_report *r)
{
	metric none = metric_undefined("no recommended lists");
	if (!r->list || !r->items || strcmp(r->split[ranked_test(r)].name, "test") != 0)
		return (list_metrics){ none, none, none };
	size_t rows = r->split[ranked_test(r)].rows, most = r->list_most < LIST_LENGTH ? r->list_most : LIST_LENGTH, shown = 0, different = 0;
	uint32_t *count = xcalloc(r->items + 1, sizeof *count);
	double events = 0, bits = 0;
	for (size_t i = 0; r->sold && i < r->items; i++)
		events += r->sold[r->list_first + i];
	for (size_t i = 0; i < rows; i++)
		for (size_t k = 0; k < most; k++) {
			uint32_t item = r->list[i * r->list_most + k];
			if (item < r->list_first || item - r->list_first >= r->items)
				continue;
			count[item - r->list_first]++;
			shown++;
			if (r->sold) /* an item that training has not counts as one event, so that its surprise is finite */
				bits -= log2((r->sold[item] ? r->sold[item] : 1) / (events > 0 ? events : 1));
		}
	for (size_t i = 0; i < r->items; i++)
		different += count[i] > 0;
	list_metrics found = { metric_is((double)different / (double)r->items), gini_of(count, r->items), shown && r->sold ? metric_is(bits / (double)shown) : none };
	free(count);
	return found;
}

static void add_at_k(const ranked_report *r, size_t split, bool ndcg, text *t)
{
	text_addf(t, "\"%s\":{", ndcg ? "ndcg_at_k" : "hr_at_k");
	for (size_t e = 0; e < r->entry_count; e++) {
		text_add(t, e ? "," : "");
		text_add_json(t, r->entry[e].name, strlen(r->entry[e].name));
		text_add(t, ":[");
		for (uint32_t k = 1; k <= 50; k++) {
			metric value = ranked_at(r, e, split, ndcg, k);
			text_add(t, k > 1 ? "," : "");
			write_number(t, value.defined ? value.value : (double)NAN);
		}
		text_add(t, "]");
	}
	text_add(t, "}");
}

void ranked_json_more(const ranked_report *r, text *t)
{
	list_metrics lists = ranked_lists(r);
	slices groups = ranked_slices(r);
	text_addf(t, ",\n\"lists\":{\"length\":%d,", LIST_LENGTH);
	write_metric(t, "coverage", &lists.coverage);
	text_add(t, ",");
	write_metric(t, "gini", &lists.gini);
	text_add(t, ",");
	write_metric(t, "novelty", &lists.novelty);
	text_add(t, "},\n\"curves\":{\"split\":");
	text_add_json(t, r->split[ranked_test(r)].name, strlen(r->split[ranked_test(r)].name));
	text_add(t, ",");
	add_at_k(r, ranked_test(r), false, t);
	text_add(t, ",");
	add_at_k(r, ranked_test(r), true, t);
	text_add(t, "},\n");
	slices_json(&groups, t);
	if (r->page)
		write_page(t, r->page);
	slices_free(&groups);
}
