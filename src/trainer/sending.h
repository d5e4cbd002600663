#ifndef SEQREC_TRAINER_SENDING_H
#define SEQREC_TRAINER_SENDING_H
/* sending.h - the arrays of a pack, for a runtime that computes elsewhere. */

#include "seqrec/pack.h"
#include "seqrec/tensor.h"

/* All that the model and the losses read of the pack, in one copy. They must not change any more. */
void pack_send(const pack *p, const input_shape *shape, runtime *rt);

#endif
