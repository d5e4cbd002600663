#ifndef SEQREC_TRAINER_CHECKSUMS_H
#define SEQREC_TRAINER_CHECKSUMS_H
/* checksums.h - CRC-32 of each text file of a published model, so that a changed byte is noticed. (Weights carry their own.) */

#include "seqrec/error.h"
#include "seqrec/text.h"

#include <cjson/cJSON.h>

/* Adds {"transforms.json":123, "vocab/0.tsv":456, ...}: every file below `folder` but model.json and *.safetensors, by name. */
bool checksums_add(text *out, const char *folder, sr_error *err);
/* True when every file of the list is there and unchanged; else SR_MODEL naming the file. */
bool checksums_match(const cJSON *list, const char *folder, sr_error *err);

#endif
