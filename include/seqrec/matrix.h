#ifndef SEQREC_MATRIX_H
#define SEQREC_MATRIX_H
/* matrix.h - linear algebra on whole matrices that no tape records. */

#include "seqrec/error.h"
#include "seqrec/tensor.h"
#include "seqrec/thread.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The inverse of a symmetric positive definite matrix (n, n), in place: blocked Gauss-Jordan elimination without pivoting, 2 n^3 operations, which is
 * stable for such matrices (Higham, Accuracy and Stability of Numerical Algorithms, chapter 14). The same bits at any number of threads.
 * SR_INTERNAL when a pivot is not positive: the matrix is then half overwritten. */
bool matrix_invert(real *a, size_t n, thread_pool *pool, sr_error *err);

#ifdef __cplusplus
}
#endif
#endif
