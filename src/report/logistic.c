/* logistic.c - multinomial logistic regression with an L2 penalty, fitted by L-BFGS. Two classes have one weight vector, more have one each
 * (softmax): the objectives of scikit-learn's LogisticRegression with C = 1 / l2. */

#include "seqrec/logistic.h"

#include "report/lbfgs.h"

#include "seqrec/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A weight vector: numbers, then the one-hot columns of each category, then the intercept. */
struct logistic {
	size_t classes, outputs, numbers, categories, columns;
	uint32_t *size;   /* (categories) */
	size_t *offset;   /* (categories) first column of each */
	double *mean, *scale; /* (numbers) of the rows fitted */
	double *raw;      /* (outputs, columns) weights for numbers as they come, not standardised */
	lbfgs_result result;
};

typedef struct {
	logistic *model;
	const design *x;
	const uint32_t *label;
	const float *weight;
	double l2, total; /* total weight: the objective is divided by it, so that tolerances mean the same for any size */
	double *score;    /* (outputs) of one row */
} fit;

static logistic *logistic_new(const design *x, size_t classes)
{
	logistic *l = xcalloc(1, sizeof *l);
	*l = (logistic){ .classes = classes, .outputs = classes == 2 ? 1 : classes, .numbers = x->numbers, .categories = x->categories };
	l->size = xcalloc(x->categories + 1, sizeof *l->size);
	l->offset = xcalloc(x->categories + 1, sizeof *l->offset);
	l->columns = x->numbers;
	for (size_t j = 0; j < x->categories; j++) {
		l->size[j] = x->size[j];
		l->offset[j] = l->columns;
		l->columns += x->size[j];
	}
	l->columns++;
	l->mean = xcalloc(x->numbers + 1, sizeof *l->mean);
	l->scale = xcalloc(x->numbers + 1, sizeof *l->scale);
	l->raw = xcalloc(l->outputs * l->columns, sizeof *l->raw);
	return l;
}

void logistic_free(logistic *l)
{
	if (!l)
		return;
	free(l->size);
	free(l->offset);
	free(l->mean);
	free(l->scale);
	free(l->raw);
	free(l);
}

static bool design_check(const design *x, const uint32_t *label, size_t classes, sr_error *err)
{
	if (!x->rows || classes < 2)
		return error_set(err, SR_DATA, "logistic regression: %zu rows of %zu classes cannot be fitted", x->rows, classes);
	for (size_t i = 0; i < x->rows; i++) {
		if (label[i] >= classes)
			return error_set(err, SR_INTERNAL, "logistic regression: row %zu has label %u of %zu classes", i, label[i], classes);
		for (size_t j = 0; j < x->numbers; j++)
			if (!isfinite(x->number[i * x->numbers + j]))
				return error_set(err, SR_DATA, "logistic regression: row %zu, number %zu is not finite", i, j);
		for (size_t j = 0; j < x->categories; j++)
			if (x->code[i * x->categories + j] >= x->size[j])
				return error_set(err, SR_INTERNAL, "logistic regression: row %zu, category %zu has a code out of range", i, j);
	}
	return true;
}

/* Mean and standard deviation of each number; a constant column is left unscaled. */
static void standardise(logistic *l, const design *x)
{
	for (size_t i = 0; i < x->rows; i++)
		for (size_t j = 0; j < x->numbers; j++)
			l->mean[j] += x->number[i * x->numbers + j];
	for (size_t j = 0; j < x->numbers; j++)
		l->mean[j] /= (double)x->rows;
	for (size_t i = 0; i < x->rows; i++)
		for (size_t j = 0; j < x->numbers; j++) {
			double off = x->number[i * x->numbers + j] - l->mean[j];
			l->scale[j] += off * off;
		}
	for (size_t j = 0; j < x->numbers; j++) {
		double deviation = sqrt(l->scale[j] / (double)x->rows);
		l->scale[j] = deviation > 1e-9 * (1 + fabs(l->mean[j])) ? deviation : 1;
	}
}

/* Weights of standardised numbers -> weights of the numbers as they come. */
static void weights_fold(logistic *l, const double *theta)
{
	memcpy(l->raw, theta, l->outputs * l->columns * sizeof *l->raw);
	for (size_t o = 0; o < l->outputs; o++) {
		double *w = l->raw + o * l->columns;
		for (size_t j = 0; j < l->numbers; j++) {
			w[j] /= l->scale[j];
			w[l->columns - 1] -= w[j] * l->mean[j];
		}
	}
}

static double numbers_dot(const double *w, const float *x, size_t n)
{
	double part[4] = { 0, 0, 0, 0 };
	size_t j = 0;
	for (; j + 4 <= n; j += 4)
		for (size_t k = 0; k < 4; k++)
			part[k] += w[j + k] * x[j + k];
	for (; j < n; j++)
		part[0] += w[j] * x[j];
	return (part[0] + part[1]) + (part[2] + part[3]);
}

static void row_scores(const logistic *l, const design *x, size_t row, double *score)
{
	for (size_t o = 0; o < l->outputs; o++) {
		const double *w = l->raw + o * l->columns;
		score[o] = w[l->columns - 1] + numbers_dot(w, x->number + row * x->numbers, x->numbers);
		for (size_t j = 0; j < x->categories; j++) {
			uint32_t code = x->code[row * x->categories + j];
			score[o] += code < l->size[j] ? w[l->offset[j] + code] : 0;
		}
	}
}

/* Loss of a row; its derivatives by the scores replace them. */
static double row_loss_binary(double *score, uint32_t label)
{
	double z = label ? *score : -*score;
	double small = exp(-fabs(z));
	double miss = z > 0 ? small / (1 + small) : 1 / (1 + small);
	*score = label ? -miss : miss;
	return log1p(small) + (z < 0 ? -z : 0);
}

static double softmax(double *score, size_t n)
{
	double most = score[0], sum = 0;
	for (size_t k = 1; k < n; k++)
		most = score[k] > most ? score[k] : most;
	for (size_t k = 0; k < n; k++)
		sum += exp(score[k] - most);
	double log_sum = most + log(sum);
	for (size_t k = 0; k < n; k++)
		score[k] = exp(score[k] - log_sum);
	return log_sum;
}

static double row_loss_classes(double *score, size_t classes, uint32_t label)
{
	double own = score[label];
	double loss = softmax(score, classes) - own;
	score[label] -= 1;
	return loss;
}

static void row_gradient(const logistic *l, const design *x, size_t row, const double *by_score, double *gradient)
{
	const float *number = x->number + row * x->numbers;
	for (size_t o = 0; o < l->outputs; o++) {
		double *g = gradient + o * l->columns, factor = by_score[o];
		for (size_t j = 0; j < x->numbers; j++)
			g[j] += factor * number[j];
		for (size_t j = 0; j < x->categories; j++)
			g[l->offset[j] + x->code[row * x->categories + j]] += factor;
		g[l->columns - 1] += factor;
	}
}

/* Derivatives by raw weights -> by standardised ones; adds the penalty and divides by the total weight. Returns the penalty's value. */
static double gradient_finish(const fit *f, const double *theta, double *gradient)
{
	const logistic *l = f->model;
	double penalty = 0;
	for (size_t o = 0; o < l->outputs; o++) {
		double *g = gradient + o * l->columns;
		const double *w = theta + o * l->columns;
		for (size_t j = 0; j < l->numbers; j++)
			g[j] = (g[j] - l->mean[j] * g[l->columns - 1]) / l->scale[j];
		for (size_t j = 0; j + 1 < l->columns; j++) {
			g[j] += f->l2 * w[j];
			penalty += w[j] * w[j];
		}
		for (size_t j = 0; j < l->columns; j++)
			g[j] /= f->total;
	}
	return f->l2 / 2 * penalty;
}

static double objective(void *context, const double *theta, double *gradient)
{
	fit *f = context;
	logistic *l = f->model;
	double loss = 0;
	weights_fold(l, theta);
	memset(gradient, 0, l->outputs * l->columns * sizeof *gradient);
	for (size_t i = 0; i < f->x->rows; i++) {
		row_scores(l, f->x, i, f->score);
		double row = l->outputs == 1 ? row_loss_binary(f->score, f->label[i]) : row_loss_classes(f->score, l->classes, f->label[i]);
		double weight = f->weight ? (double)f->weight[i] : 1;
		for (size_t o = 0; o < l->outputs; o++)
			f->score[o] *= weight;
		loss += weight * row;
		row_gradient(l, f->x, i, f->score, gradient);
	}
	return (loss + gradient_finish(f, theta, gradient)) / f->total;
}

/* About the second derivatives: a quarter of each column's sum of squares (p (1 - p) <= 1/4), and the penalty. */
static double *curvature_new(const fit *f)
{
	const logistic *l = f->model;
	double *c = xcalloc(l->outputs * l->columns, sizeof *c);
	for (size_t i = 0; i < f->x->rows; i++)
		for (size_t j = 0; j < f->x->categories; j++)
			c[l->offset[j] + f->x->code[i * f->x->categories + j]] += f->weight ? (double)f->weight[i] : 1;
	for (size_t j = 0; j < l->columns; j++) {
		double squares = j < l->numbers || j + 1 == l->columns ? f->total : c[j];
		c[j] = (squares / 4 + f->l2) / f->total + 1e-12;
	}
	for (size_t o = 1; o < l->outputs; o++)
		memcpy(c + o * l->columns, c, l->columns * sizeof *c);
	return c;
}

static double total_weight(const float *weight, size_t rows)
{
	double total = 0;
	for (size_t i = 0; i < rows; i++)
		total += weight ? (double)weight[i] : 1;
	return total;
}

logistic *logistic_fit(const design *x, const uint32_t *label, const float *weight, size_t classes, double l2, sr_error *err)
{
	if (!design_check(x, label, classes, err))
		return NULL;
	logistic *l = logistic_new(x, classes);
	standardise(l, x);
	fit f = { .model = l, .x = x, .label = label, .weight = weight, .l2 = l2, .total = total_weight(weight, x->rows) };
	if (!(f.total > 0) || !isfinite(f.total)) {
		error_set(err, SR_DATA, "logistic regression: the weights of the rows sum to nothing usable");
		logistic_free(l);
		return NULL;
	}
	f.score = xcalloc(l->outputs, sizeof *f.score);
	double *theta = xcalloc(l->outputs * l->columns, sizeof *theta), *curvature = curvature_new(&f);
	l->result = lbfgs_minimise(&(lbfgs_problem){ objective, &f, l->outputs * l->columns, curvature, 1e-6, 1000 }, theta);
	weights_fold(l, theta);
	free(f.score);
	free(theta);
	free(curvature);
	return l;
}

void logistic_predict(const logistic *l, const design *x, double *probability)
{
	for (size_t i = 0; i < x->rows; i++) {
		double *p = probability + i * l->classes;
		row_scores(l, x, i, p + (l->outputs == 1));
		if (l->outputs == 1)
			p[0] = 0; /* softmax(0, z) is the sigmoid of z */
		softmax(p, l->classes);
	}
}

double logistic_objective(const logistic *l)
{
	return l->result.value;
}

double logistic_gradient(const logistic *l)
{
	return l->result.gradient;
}

size_t logistic_steps(const logistic *l)
{
	return l->result.steps;
}
