#ifndef LOADER_VALUES_SORT_H
#define LOADER_VALUES_SORT_H
/* values_sort.h - the codes of a vocabulary in order of how often they occur (descending), then of their bytes. */

#include "loader/intern.h"

/* Sorts codes[0..count); rows is indexed by code. Needs 16 bytes a code. */
void values_sort(const intern *values, const uint64_t *rows, uint32_t *codes, size_t count);

#endif
