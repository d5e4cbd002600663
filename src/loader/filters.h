#ifndef LOADER_FILTERS_H
#define LOADER_FILTERS_H
/* filters.h - rows that a rule of data.filters drops. */

#include "loader/columns.h"

/* The number of the first rule that drops the row, or -1. */
int filters_match(const filter_list *filters, const source_config *source, const columns *c, const record *row);
/* What the conservation table calls a rule: its name, or "status equals C". New. */
char *filter_title(const filter_config *rule);

#endif
