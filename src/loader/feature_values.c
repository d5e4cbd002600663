/* feature_values.c - the value of a feature at a row of its column: codes of the store become codes of the model, numbers are scaled. */
#include "feature.h"

#include "seqrec/memory.h"

#include <math.h>

uint32_t feature_map(const features *f, const feature *one, uint32_t code)
{
	return one->hashed ? one->hashed[code] : one->vocabulary >= 0 ? f->vocabulary[one->vocabulary].map[code] : code;
}

uint32_t feature_code(const features *f, const feature *one, uint64_t row)
{
	return one->kind == KIND_NUMBER ? number_bucket(one, one->bound->number[row]) : feature_map(f, one, one->bound->code[row]);
}

void feature_bag_put(pack_codes *codes, uint32_t code)
{
	codes->code = xgrow(codes->code, &codes->capacity, codes->count + 1, sizeof *codes->code);
	codes->code[codes->count++] = code;
}

void feature_bag(const features *f, const feature *one, pack_codes *codes, uint64_t row)
{
	for (uint64_t i = one->bound->start[row]; i < one->bound->start[row + 1]; i++)
		feature_bag_put(codes, feature_map(f, one, one->bound->code[i]));
}

void feature_number(const feature *one, bool there, uint64_t row, float *out)
{
	if (one->kind == KIND_VECTOR) {
		const float *vector = there ? one->bound->number + row * one->columns : NULL;
		for (uint32_t i = 0; i < one->columns; i++)
			out[i] = !vector || isnan(vector[0]) ? 0 : vector[i];
		return;
	}
	number_apply(one, there ? one->bound->number[row] : NAN, out);
}
