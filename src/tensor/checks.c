/* checks.c - what the front asks of arguments. */
#include "tensor/checks.h"

bool check_usable(const tensor *x)
{
	if (x->closed)
		REFUSE(x->rt, "scope", "a result (%zu,%zu) of a closed scope is used: only what scope_return was given outlives it", x->rows, x->cols);
	return x->rt->failure.code == SR_OK;
}

bool check_given(runtime *rt, const char *operation, const char *name, const void *argument)
{
	if (!argument)
		REFUSE(rt, operation, "%s is NULL", name);
	return argument != NULL;
}

bool check_shape(const char *operation, const tensor *x, const tensor *y)
{
	if (x->rows == y->rows && x->cols == y->cols)
		return true;
	REFUSE(x->rt, operation, "x is (%zu,%zu), y is (%zu,%zu): the shapes differ", x->rows, x->cols, y->rows, y->cols);
	return false;
}

bool check_rows(const char *operation, const tensor *x, const char *name, size_t rows)
{
	if (x->rows == rows)
		return true;
	REFUSE(x->rt, operation, "x has %zu rows, %s has %zu", x->rows, name, rows);
	return false;
}

bool check_param(runtime *rt, const char *operation, const param *p, size_t rows, size_t cols)
{
	if (!check_given(rt, operation, "a parameter", p))
		return false;
	if (p->rows == rows && p->cols == cols)
		return true;
	REFUSE(rt, operation, "%s is (%zu,%zu), wanted is (%zu,%zu)", p->name, p->rows, p->cols, rows, cols);
	return false;
}

bool check_index(runtime *rt, const char *operation, const index_array *index, size_t count, size_t below, const char *what)
{
	if (!check_given(rt, operation, "the index", index))
		return false;
	if (count != SIZE_MAX && index->count != count)
		REFUSE(rt, operation, "%zu numbers for %zu rows", index->count, count);
	else if (index->end > below)
		REFUSE(rt, operation, "number %u does not exist: %s has %zu rows", (unsigned)index->end - 1, what, below);
	else
		return true;
	return false;
}

bool check_spans(runtime *rt, const char *operation, const spans *sequences, size_t rows)
{
	if (!check_given(rt, operation, "the spans", sequences))
		return false;
	if (sequences->total == rows)
		return true;
	REFUSE(rt, operation, "the sequences have %zu rows, the tensor has %zu", sequences->total, rows);
	return false;
}

bool check_heads(runtime *rt, const char *operation, size_t width, size_t heads)
{
	if (heads && width && width % heads == 0)
		return true;
	REFUSE(rt, operation, "%zu heads do not divide a width of %zu", heads, width);
	return false;
}

bool check_share(runtime *rt, const char *operation, const char *name, double share)
{
	if (share >= 0 && share < 1)
		return true;
	REFUSE(rt, operation, "%s is %g, outside [0, 1)", name, share);
	return false;
}

dropout dropout_next(runtime *rt, double drop)
{
	return rt->trains && drop > 0 ? dropout_new(rt->dropout_key, rt->dropouts++, drop) : (dropout){ .scale = 1 };
}
