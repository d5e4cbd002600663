#ifndef LOADER_VOCABULARY_H
#define LOADER_VOCABULARY_H
/* vocabulary.h - a vocabulary of a store: its file is mapped at once, and read when a value is first asked for. */

#include "seqrec/store.h"

vocabulary *vocabulary_new(const char *path, uint32_t count, sr_error *err);
void vocabulary_free(vocabulary *v); /* NULL ok */

#endif
