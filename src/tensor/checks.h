#ifndef SEQREC_TENSOR_CHECKS_H
#define SEQREC_TENSOR_CHECKS_H
/* checks.h - what the front asks of arguments before a backend sees them. */

#include <stdint.h>

#include "tensor/front.h"

#define REFUSE(rt, ...) tensor_fail((rt), SR_INTERNAL, __VA_ARGS__)

/* False when an earlier operation of the runtime failed (then the result is nil and nothing is looked at), or when x was freed with its scope. */
bool check_usable(const tensor *x);

/* Each says what is wrong and returns false. */
bool check_given(runtime *rt, const char *operation, const char *name, const void *argument);
bool check_shape(const char *operation, const tensor *x, const tensor *y);
bool check_rows(const char *operation, const tensor *x, const char *name, size_t rows);
bool check_param(runtime *rt, const char *operation, const param *p, size_t rows, size_t cols);
/* `count` numbers (SIZE_MAX: any), each below `below`, the rows of `what`. */
bool check_index(runtime *rt, const char *operation, const index_array *index, size_t count, size_t below, const char *what);
bool check_spans(runtime *rt, const char *operation, const spans *sequences, size_t rows);
bool check_heads(runtime *rt, const char *operation, size_t width, size_t heads);
bool check_share(runtime *rt, const char *operation, const char *name, double share);

/* The mask of the next operation with dropout; nothing is dropped in inference. */
dropout dropout_next(runtime *rt, double drop);

#endif
