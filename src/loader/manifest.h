#ifndef LOADER_MANIFEST_H
#define LOADER_MANIFEST_H
/* manifest.h - manifest.json of a store, read back and checked. */

#include "seqrec/hash.h"
#include "seqrec/json.h"
#include "seqrec/store.h"

/* The manifest as a JSON tree, after its own checksum and version were checked; SR_DATA with an error that says to prepare again. Release with cJSON_Delete. */
cJSON *manifest_read(const char *folder, sr_error *err);
/* sha256 of the data section of a config. */
void manifest_data_hash(const config *c, char out[SHA256_TEXT]);

#endif
