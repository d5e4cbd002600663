/* dropout.c - keys of dropout operations, and masks one element at a time (the plain form of what the kernels do by vectors). */
#include "tensor/dropout.h"

#include <math.h>

#include "seqrec/random.h"

dropout dropout_new(uint64_t pack_key, uint32_t operation, double drop)
{
	uint32_t block[4];
	random_block(pack_key, RANDOM_DROPOUT, operation, 0, block);
	dropout d = { .key = { block[0], block[1] }, .threshold = (uint32_t)lround(drop * 65536), .operation = operation, .scale = 1 };
	if (d.threshold > 65535)
		d.threshold = 65535;
	d.scale = 65536.0f / (float)(65536 - d.threshold);
	return d;
}

void dropout_mask(const dropout *d, size_t row, size_t width, size_t cols, float *mask)
{
	uint32_t group = (uint32_t)(row * ((width + DROPOUT_GROUP - 1) / DROPOUT_GROUP));
	for (size_t col = 0; col < cols; col++) {
		size_t at = col % DROPOUT_GROUP, half = at / 16;
		uint32_t bits = dropout_bits(d, (group + (uint32_t)(col / DROPOUT_GROUP)) * 16 + (uint32_t)(at % 16));
		mask[col] = (half ? bits >> 16 : bits & 0xffff) < d->threshold ? 0 : d->scale;
	}
}
