/* kernels_portable.c - the kernels for any CPU: vectors of 16 bytes, which the compiler maps to whatever there is. */
#include "tensor/native/kernels.h"

#define VECTOR_BYTES 16
#define TILE 4

#include "tensor/native/variant/table.h"

const kernels *kernels_portable(void)
{
	static const kernels table = KERNELS("native, portable");
	return &table;
}
