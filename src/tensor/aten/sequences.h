#ifndef SEQREC_TENSOR_ATEN_SEQUENCES_H
#define SEQREC_TENSOR_ATEN_SEQUENCES_H
// sequences.h - what attention and pooling share.

#include "tensor/aten/aten.h"

// Fills handle.classes and handle.place, once a pack.
void classes_make(runtime *rt, sequences_handle &handle);

#endif
