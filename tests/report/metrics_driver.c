/* metrics_driver.c - reads cases from standard input and prints our metrics of each as a line of JSON, for an outside program to compare.
 * A case, little endian: u32 rows, classes, has_weights, digits; f64 probability (rows, classes); u32 label (rows), predicted (rows); f64 weight (rows) if any. */

#include "seqrec/memory.h"
#include "seqrec/metrics.h"
#include "seqrec/number.h"
#include "seqrec/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	uint32_t rows, classes, has_weights, digits;
} case_head;

static void *read_array(size_t count, size_t size)
{
	void *array = xcalloc(count + 1, size);
	if (fread(array, size, count, stdin) != count)
		exit(EXIT_FAILURE);
	return array;
}

static void add_metric(text *t, const char *key, metric m)
{
	char number[NUMBER_TEXT];
	number_print(m.value, number);
	text_addf(t, "\"%s\":%s,", key, m.defined ? number : "null");
}

static void add_scores(text *t, const multiclass *m)
{
	binary one = { m->probability + 1, m->classes, m->label, 1, m->weight, m->rows };
	add_metric(t, "roc_auc", metric_roc_auc(&one));
	add_metric(t, "average_precision", metric_average_precision(&one));
	add_metric(t, "brier", metric_brier(&one));
	add_metric(t, "log_loss", metric_log_loss(m));
	add_metric(t, "brier_sum", metric_brier_sum(m));
	add_metric(t, "ece", metric_ece(&one, 10));
	add_metric(t, "roc_auc_macro", metric_roc_auc_macro(m));
	add_metric(t, "average_precision_macro", metric_average_precision_macro(m));
	add_metric(t, "threshold_f1", threshold_best_f1(&one));
	add_metric(t, "threshold_accuracy", threshold_best_accuracy(&one));
}

static void add_decisions(text *t, const classification *c, int digits)
{
	char names[64][8];
	const char *name[64];
	for (size_t k = 0; k < c->classes; k++) {
		snprintf(names[k], sizeof names[k], "c%zu", k);
		name[k] = names[k];
	}
	char *report = classification_text(c, name, digits), *json = classification_json(c, name);
	text_add(t, "\"text\":");
	text_add_json(t, report, strlen(report));
	text_addf(t, ",\"report\":%s,\"confusion\":[", json);
	for (size_t i = 0; i < c->classes * c->classes; i++)
		text_addf(t, "%s%llu", i ? "," : "", (unsigned long long)c->confusion[i]);
	text_add(t, "]");
	free(report);
	free(json);
}

static void case_answer(const case_head *head)
{
	double *probability = read_array((size_t)head->rows * head->classes, sizeof *probability);
	uint32_t *label = read_array(head->rows, sizeof *label), *predicted = read_array(head->rows, sizeof *predicted);
	double *weight = head->has_weights ? read_array(head->rows, sizeof *weight) : NULL;
	classification *c = classification_new(label, predicted, head->rows, head->classes);
	text t = { 0 };
	text_add(&t, "{");
	add_scores(&t, &(multiclass){ probability, label, weight, head->rows, head->classes });
	add_decisions(&t, c, (int)head->digits);
	text_add(&t, "}");
	puts(t.data);
	text_free(&t);
	classification_free(c);
	free(probability);
	free(label);
	free(predicted);
	free(weight);
}

int main(void)
{
	case_head head;
	while (fread(&head, sizeof head, 1, stdin) == 1) {
		if (head.classes < 2 || head.classes > 64)
			return EXIT_FAILURE;
		case_answer(&head);
		fflush(stdout);
	}
	return EXIT_SUCCESS;
}
