/* kernels_avx512.c - the kernels for CPUs with AVX-512 (F, BW, DQ, VL); compiled with the flags of tensor.cmake. */
#include "tensor/native/kernels.h"

#if defined(__AVX512F__) && defined(__AVX512DQ__) && !defined(SEQREC_REAL_DOUBLE)

#define VECTOR_BYTES 64
#define TILE 8

#include "tensor/native/variant/table.h"

const kernels *kernels_avx512(void)
{
	static const kernels table = KERNELS("native, avx512");
	bool able = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
		__builtin_cpu_supports("avx512vl");
	return able ? &table : NULL;
}

#else

const kernels *kernels_avx512(void)
{
	return NULL;
}

#endif
