#ifndef SEQREC_TRAINER_SENDING_H
#define SEQREC_TRAINER_SENDING_H
/* sending.h - the arrays of a pack, for a runtime that computes elsewhere. */

#include "seqrec/pack.h"
#include "seqrec/tensor.h"

/* All that the model and the losses read of the pack, in one copy, with the items that a loss over all of them compares with. They must not change any more. */
void pack_send(const pack *p, const item_block *items /* count 0: none */, const input_shape *shape, runtime *rt);

#endif
