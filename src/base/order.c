/* order.c - comparisons for qsort. */
#include "seqrec/order.h"

#include <stdint.h>
#include <string.h>

#define ORDER(name, type)                                   \
	int name(const void *a, const void *b)                  \
	{                                                       \
		type x = *(const type *)a, y = *(const type *)b;    \
		return (x > y) - (x < y);                           \
	}

ORDER(order_i64, int64_t)
ORDER(order_u32, uint32_t)
ORDER(order_float, float)
ORDER(order_double, double)

int order_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}
