/* check.c - what must hold for any metrics, checked before a report is written. A violation is a fault of the program, never of the data. */

#include "report/findings.h"

#include <math.h>

static bool broken(const finding *f, const char *what, double value, sr_error *err)
{
	return error_set(err, SR_INTERNAL, "report: %s of %s on %s is impossible (%g); no report written. This is a fault of the program.", what,
	                 f->entry->name, f->split->name, value);
}

static bool scores_check(const finding *f, sr_error *err)
{
	for (size_t i = 0; i < SCORES; i++) {
		double value = f->score[i].value;
		if (f->score[i].defined && !(value >= 0 && value <= score_names[i].most))
			return broken(f, score_names[i].title, value, err);
	}
	return true;
}

static bool unit(double value)
{
	return value >= 0 && value <= 1;
}

/* Every row is in the confusion matrix once; micro-averaged recall is the accuracy. */
static bool decisions_check(const finding *f, sr_error *err)
{
	const classification *c = f->decisions;
	uint64_t rows = 0, hits = 0;
	for (size_t k = 0; k < c->classes; k++) {
		rows += c->of_class[k].support;
		hits += c->confusion[k * c->classes + k];
		if (!unit(c->of_class[k].precision) || !unit(c->of_class[k].recall) || !unit(c->of_class[k].f1))
			return broken(f, "precision, recall or F1", c->of_class[k].f1, err);
	}
	if (rows != f->split->rows)
		return broken(f, "the sum of the confusion matrix", (double)rows, err);
	double micro = rows ? (double)hits / (double)rows : 0;
	return fabs(micro - c->accuracy) <= 1e-12 || broken(f, "accuracy", c->accuracy, err);
}

static bool interval_check(const finding *f, const interval *i, double least, sr_error *err)
{
	return !i->defined || (i->low <= i->high && i->low >= least && i->high <= 1) || broken(f, "an interval", i->low, err);
}

bool findings_check(const findings *f, sr_error *err)
{
	for (size_t i = 0; i < f->report->entry_count * f->splits; i++) {
		const finding *one = &f->of[i];
		if (!scores_check(one, err) || !decisions_check(one, err) || !interval_check(one, &one->roc_auc, 0, err) ||
		    !interval_check(one, &one->average_precision, 0, err) || !interval_check(one, &one->ahead_interval, -1, err))
			return false;
	}
	return true;
}
