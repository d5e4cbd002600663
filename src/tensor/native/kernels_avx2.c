/* kernels_avx2.c - the kernels for CPUs with AVX2 and FMA; compiled with the flags of tensor.cmake. */
#include "tensor/native/kernels.h"

#if defined(__AVX2__) && defined(__FMA__) && !defined(SEQREC_REAL_DOUBLE)

#define VECTOR_BYTES 32
#define TILE 6

#include "tensor/native/variant/table.h"

const kernels *kernels_avx2(void)
{
	static const kernels table = KERNELS("native, avx2");
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &table : NULL;
}

#else

const kernels *kernels_avx2(void)
{
	return NULL;
}

#endif
