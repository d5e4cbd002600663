/* tensor.c - the front: runtimes, the data of a pack, scopes, and the first failure. */
#include "seqrec/tensor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "seqrec/random.h"
#include "seqrec/text.h"
#include "tensor/front.h"

runtime *runtime_new(tensor_backend kind, const params *list, sr_error *err)
{
	const backend *ops = kind == TENSOR_NATIVE ? &native_backend : aten_open(err);
	if (!ops)
		return NULL;
	runtime *rt = xcalloc(1, sizeof *rt);
	rt->ops = rt->inner = ops;
	rt->where = kind;
	rt->list = list;
	rt->memory = arena_new();
	rt->nil.rt = rt;
	rt->innermost = &rt->root;
	rt->state = ops->open(rt, err);
	if (rt->state) {
		runtime_begin(rt, NULL, 0, 0, 0);
		return rt;
	}
	runtime_free(rt);
	return NULL;
}

void runtime_free(runtime *rt)
{
	if (!rt)
		return;
	if (rt->state)
		rt->inner->close(rt->state);
	arena_free(rt->memory);
	free(rt);
}

bool runtime_trains(const runtime *rt)
{
	return rt->trains;
}

/* A pack of training keeps its gradients in a lane, or else where the parameters reside. */
static void pack_begin(runtime *rt, bool trains, lane *gradients, uint64_t seed, uint64_t step, uint32_t stream)
{
	arena_reset(rt->memory);
	rt->trains = trains;
	rt->gradients = gradients;
	rt->dropout_key = random_bits(seed, RANDOM_DROPOUT, step, stream);
	rt->draw_counter = step << 16 ^ stream;
	rt->dropouts = 0;
	rt->loss = 0;
	rt->root = (scope){ .name = "" };
	rt->innermost = &rt->root;
	rt->failure.code = SR_OK;
	rt->failure.text[0] = '\0';
	rt->ops->begin(rt);
}

void runtime_begin(runtime *rt, lane *gradients, uint64_t seed, uint64_t step, uint32_t stream)
{
	pack_begin(rt, gradients != NULL, gradients, seed, step, stream);
}

void runtime_begin_resident(runtime *rt, uint64_t seed, uint64_t step, uint32_t stream)
{
	pack_begin(rt, true, NULL, seed, step, stream);
}

bool runtime_backward(runtime *rt)
{
	if (!rt->trains && rt->failure.code == SR_OK)
		tensor_fail(rt, SR_INTERNAL, "backward", "the pack was begun without a lane, so no gradients were recorded");
	if (rt->failure.code != SR_OK || !rt->ops->backward(rt))
		return false;
	if (rt->gradients)
		lane_loss_add(rt->gradients, runtime_loss(rt));
	return true;
}

bool runtime_status(runtime *rt, sr_error *err)
{
	return rt->failure.code == SR_OK || error_set(err, rt->failure.code, "%s", rt->failure.text);
}

double runtime_loss(const runtime *rt)
{
	return rt->inner->loss ? rt->inner->loss(rt) : rt->loss;
}

const char *runtime_describe(const runtime *rt)
{
	return rt->ops->describe(rt);
}

size_t runtime_bytes(const runtime *rt)
{
	return sizeof *rt + arena_bytes(rt->memory) + rt->ops->bytes(rt);
}

/* ---- the first failure ---- */

/* "outer/inner/" of the open scopes. */
static void scope_path(const scope *s, text *path)
{
	if (!s->outer)
		return;
	scope_path(s->outer, path);
	text_addf(path, "%s/", s->name);
}

tensor *tensor_fail(runtime *rt, sr_code code, const char *operation, const char *format, ...)
{
	if (rt->failure.code != SR_OK)
		return &rt->nil;
	char message[1024];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	text path = { 0 };
	scope_path(rt->innermost, &path);
	error_set(&rt->failure, code, "%s%s: %s", path.data ? path.data : "", operation, message);
	text_free(&path);
	return &rt->nil;
}

/* ---- data of a pack ---- */

const index_array *runtime_index(runtime *rt, const uint32_t *values, size_t count)
{
	index_array *index = arena_alloc(rt->memory, sizeof *index);
	*index = (index_array){ .values = values, .count = count };
	for (size_t i = 0; i < count; i++)
		if (values[i] >= index->end)
			index->end = values[i] == UINT32_MAX ? UINT32_MAX : values[i] + 1;
	return rt->ops->index_made(rt, index) ? index : NULL;
}

const spans *runtime_spans(runtime *rt, const uint32_t *starts, size_t count)
{
	spans *sequences = arena_alloc(rt->memory, sizeof *sequences);
	*sequences = (spans){ .starts = starts, .count = count, .total = starts[count] };
	if (starts[0] != 0)
		tensor_fail(rt, SR_INTERNAL, "spans", "the first sequence starts at %u, not at 0", (unsigned)starts[0]);
	for (size_t i = 0; i < count; i++) {
		if (starts[i + 1] < starts[i]) {
			tensor_fail(rt, SR_INTERNAL, "spans", "sequence %zu ends at %u, before its start %u", i, (unsigned)starts[i + 1], (unsigned)starts[i]);
			return NULL;
		}
		size_t length = starts[i + 1] - starts[i];
		sequences->longest = length > sequences->longest ? length : sequences->longest;
	}
	return rt->failure.code == SR_OK && rt->ops->spans_made(rt, sequences) ? sequences : NULL;
}

tensor *runtime_input(runtime *rt, const float *values, size_t rows, size_t cols)
{
	return rt->failure.code == SR_OK ? rt->ops->input(rt, values, rows, cols) : &rt->nil;
}

tensor *tensor_new(runtime *rt, size_t rows, size_t cols)
{
	tensor *x = arena_alloc(rt->memory, sizeof *x);
	*x = (tensor){ .rt = rt, .rows = rows, .cols = cols, .depth = rt->innermost->depth, .next = rt->innermost->tensors };
	rt->innermost->tensors = x;
	return x;
}

size_t tensor_rows(const tensor *x)
{
	return x ? x->rows : 0;
}

size_t tensor_cols(const tensor *x)
{
	return x ? x->cols : 0;
}

bool tensor_read(const tensor *x, float *out)
{
	return x && x != &x->rt->nil && !x->closed && x->rt->ops->read(x, out);
}

/* ---- scopes ---- */

void scope_open(runtime *rt, const char *name, ...)
{
	char written[128];
	va_list arguments;
	va_start(arguments, name);
	int length = vsnprintf(written, sizeof written, name, arguments);
	va_end(arguments);
	size_t kept = length < 0 ? 0 : (size_t)length < sizeof written ? (size_t)length : sizeof written - 1;
	scope *s = arena_alloc(rt->memory, sizeof *s);
	*s = (scope){ .outer = rt->innermost, .name = arena_string(rt->memory, written, kept), .depth = rt->innermost->depth + 1 };
	rt->innermost = s;
}

/* The scope's results are not read again, but for the gradients of training. */
static void scope_close(runtime *rt, tensor *kept)
{
	scope *s = rt->innermost;
	for (tensor *x = s->tensors, *next; x; x = next) {
		next = x->next;
		x->closed = x != kept;
		if (x->closed && !rt->trains)
			rt->ops->release(x);
	}
	rt->innermost = s->outer;
	if (kept != &rt->nil && kept->depth == s->depth) { /* made here, so it moves out; what came from outside is there already */
		kept->depth = s->outer->depth;
		kept->next = s->outer->tensors;
		s->outer->tensors = kept;
	}
}

tensor *scope_return(tensor *x)
{
	if (!x)
		return NULL;
	if (!x->rt->innermost->outer)
		return tensor_fail(x->rt, SR_INTERNAL, "scope_return", "no scope is open");
	scope_close(x->rt, x);
	return x;
}
