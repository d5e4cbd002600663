#ifndef SEQREC_ORDER_H
#define SEQREC_ORDER_H
/* order.h - comparisons for qsort, ascending. */

#ifdef __cplusplus
extern "C" {
#endif

int order_i64(const void *a, const void *b);
int order_u32(const void *a, const void *b);
int order_float(const void *a, const void *b);
int order_double(const void *a, const void *b);
int order_text(const void *a, const void *b); /* of char *, by bytes */

#ifdef __cplusplus
}
#endif
#endif
