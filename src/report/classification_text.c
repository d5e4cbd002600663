/* classification_text.c - scikit-learn's classification_report, byte for byte, and its output_dict as JSON. */

#include "seqrec/metrics.h"

#include "report/print.h"

#include "seqrec/number.h"
#include "seqrec/text.h"

#include <stdio.h>
#include <string.h>

/* Right-aligned to `width` code points: scikit-learn counts characters, printf counts bytes. */
static void add_name(text *t, const char *name, size_t width)
{
	size_t points = text_code_points(name, strlen(name));
	for (size_t i = points; i < width; i++)
		text_add(t, " ");
	text_add(t, name);
	text_add(t, " ");
}

static void add_fixed(text *t, double value, int digits)
{
	char number[PRINT_TEXT];
	print_fixed(value, digits, number);
	text_addf(t, " %9s", number);
}

/* scikit-learn counts in floating point when not one row is right, and shows it. */
static void add_support(text *t, const classification *c, uint64_t support)
{
	char number[PRINT_TEXT];
	snprintf(number, sizeof number, "%llu%s", (unsigned long long)support, c->accuracy > 0 ? "" : ".0");
	text_addf(t, " %9s\n", number);
}

static void add_row(text *t, const char *name, size_t width, const classification *c, const class_scores *s, int digits)
{
	add_name(t, name, width);
	add_fixed(t, s->precision, digits);
	add_fixed(t, s->recall, digits);
	add_fixed(t, s->f1, digits);
	add_support(t, c, s->support);
}

/* The text shows the micro-averaged F1, which may differ from the accuracy in its last bit. */
static double micro_f1(double accuracy)
{
	return accuracy > 0 ? 2 * accuracy * accuracy / (accuracy + accuracy) : 0;
}

static size_t name_width(const classification *c, const char *const *class_name, int digits)
{
	size_t width = strlen("weighted avg");
	for (size_t k = 0; k < c->classes; k++) {
		size_t points = text_code_points(class_name[k], strlen(class_name[k]));
		width = points > width ? points : width;
	}
	return (size_t)digits > width ? (size_t)digits : width;
}

char *classification_text(const classification *c, const char *const *class_name, int digits)
{
	text t = { 0 };
	size_t width = name_width(c, class_name, digits);
	add_name(&t, "", width);
	text_addf(&t, " %9s %9s %9s %9s\n\n", "precision", "recall", "f1-score", "support");
	for (size_t k = 0; k < c->classes; k++)
		add_row(&t, class_name[k], width, c, &c->of_class[k], digits);
	text_add(&t, "\n");
	add_name(&t, "accuracy", width);
	text_addf(&t, " %9s %9s", "", "");
	add_fixed(&t, micro_f1(c->accuracy), digits);
	add_support(&t, c, c->rows);
	add_row(&t, "macro avg", width, c, &c->macro, digits);
	add_row(&t, "weighted avg", width, c, &c->weighted, digits);
	return t.data;
}

static void add_json_number(text *t, const char *before, double value)
{
	char number[NUMBER_TEXT];
	number_print(value, number);
	text_addf(t, "%s%s", before, number);
}

static void add_json_row(text *t, const char *name, const class_scores *s)
{
	text_add_json(t, name, strlen(name));
	add_json_number(t, ":{\"precision\":", s->precision);
	add_json_number(t, ",\"recall\":", s->recall);
	add_json_number(t, ",\"f1-score\":", s->f1);
	text_addf(t, ",\"support\":%llu}", (unsigned long long)s->support);
}

char *classification_json(const classification *c, const char *const *class_name)
{
	text t = { 0 };
	text_add(&t, "{");
	for (size_t k = 0; k < c->classes; k++) {
		add_json_row(&t, class_name[k], &c->of_class[k]);
		text_add(&t, ",");
	}
	add_json_number(&t, "\"accuracy\":", c->accuracy);
	text_add(&t, ",");
	add_json_row(&t, "macro avg", &c->macro);
	text_add(&t, ",");
	add_json_row(&t, "weighted avg", &c->weighted);
	text_add(&t, "}");
	return t.data;
}
