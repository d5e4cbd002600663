#ifndef SEQREC_TRAINER_COMPUTE_H
#define SEQREC_TRAINER_COMPUTE_H
/* compute.h - what a config computes with, and where. */

#include "seqrec/config.h"
#include "seqrec/tensor.h"
#include "seqrec/text.h"

/* run.backend and run.device together; auto takes a GPU that can be used. *why: new, why one that the system shows cannot; else NULL. */
tensor_backend compute_backend(const config *c, char **why /* or NULL */);

/* Events a pack. */
size_t compute_pack_tokens(const config *c, tensor_backend backend);

/* Adds ,"backend":...,"device":...,"driver":...,"libtorch":...,"precision":... False when the backend cannot be had. */
bool compute_record(const config *c, text *out, sr_error *err);

/* False. To an error of a device without memory left adds the setting to lower, and to what. */
bool compute_fits(size_t pack_tokens, sr_error *err);

#endif
