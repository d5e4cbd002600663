/* ranking.c - scores of all items, and places among them: items are packed in parts that fit the second-level cache, and each part meets all rows. */
#include "tensor/native/native.h"

enum { PART_BYTES = 128 * 1024 /* of packed items met by all rows at once */ };

tensor *native_scores(tensor *x, item_rows items, const param *bias)
{
	native *n = native_of(x);
	tensor *out = native_result(x->rt, x->rows, items.count, false);
	product p = { .m = x->rows, .n = items.count, .k = x->cols, .a = x->value, .lda = x->cols, .c = out->value, .ldc = items.count, .bias = bias ? bias->value : NULL };
	native_multiply(n, p, items_value(items), x->cols, true);
	return out;
}

static bool comes_before(const score_counts *to, uint32_t item, real score, uint32_t target, real own)
{
	return score > own || (score == own && (to->order ? to->order[item] < to->order[target] : item < target));
}

/* What is left out was counted with the others. */
static void leave_out(native *n, const tensor *x, const real *items, const score_counts *to, size_t row, real own)
{
	size_t first = to->starts[row], count = to->starts[row + 1] - first;
	real *score = buffer_take(n, count + 1);
	n->k->pairs(x->value + row * x->cols, items, x->cols, to->left_out + first, count, score);
	for (size_t i = 0; i < count; i++)
		to->before[row] -= comes_before(to, to->left_out[first + i], score[i], to->targets[row], own);
	buffer_give(n, score, count + 1);
}

/* Items of a part that score just what the target does: how many of them come before it. The part is packed. */
static uint32_t count_tied(native *n, const counting *part, size_t first, const score_counts *to, size_t row)
{
	real *score = buffer_take(n, part->n);
	product p = { .m = 1, .n = part->n, .k = part->k, .a = part->a + row * part->lda, .lda = part->lda, .b = part->b, .b_rows = part->k, .c = score, .ldc = part->n };
	uint32_t before = 0;
	n->k->multiply(&p);
	for (size_t i = 0; i < part->n; i++)
		before += score[i] == part->own[row] && comes_before(to, (uint32_t)(first + i), score[i], to->targets[row], part->own[row]);
	buffer_give(n, score, part->n);
	return before;
}

/* The target itself is one that scores so. */
static void count_part(native *n, const counting *part, size_t first, const score_counts *to)
{
	n->k->count(part);
	for (size_t i = 0; i < part->m; i++)
		if (part->equal[i] > (to->targets[i] >= first && to->targets[i] < first + part->n))
			to->before[i] += count_tied(n, part, first, to, i);
}

void native_count(tensor *x, const real *items, size_t count, const score_counts *to)
{
	native *n = native_of(x);
	size_t width = x->cols, panels = PART_BYTES / (sizeof(real) * n->k->panel * width), part = (panels ? panels : 1) * n->k->panel;
	real *own = buffer_take(n, x->rows), *packed = buffer_take(n, packed_size(n, width, part));
	uint32_t *equal = arena_alloc(x->rt->memory, x->rows * sizeof *equal);
	for (size_t i = 0; i < x->rows; i++) {
		n->k->pairs(x->value + i * width, items, width, to->targets + i, 1, own + i);
		to->own[i] = (float)own[i];
		to->before[i] = 0;
	}
	counting c = { .m = x->rows, .k = width, .a = x->value, .lda = width, .b = packed, .own = own, .above = to->before, .equal = equal };
	for (size_t first = to->skip; first < count; first += part) {
		c.n = count - first < part ? count - first : part;
		n->k->pack(items + first * width, width, true, width, c.n, packed);
		count_part(n, &c, first, to);
	}
	for (size_t i = 0; to->starts && i < x->rows; i++)
		leave_out(n, x, items, to, i, own[i]);
	buffer_give(n, packed, packed_size(n, width, part));
	buffer_give(n, own, x->rows);
}
