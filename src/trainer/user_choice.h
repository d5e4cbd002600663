#ifndef SEQREC_TRAINER_USER_CHOICE_H
#define SEQREC_TRAINER_USER_CHOICE_H
/* user_choice.h - rows of some users only. */

#include "dataset.h"

/* Keeps those of row[0..*rows) whose user stands in the file, an id a line. SR_CONFIG when none does; some unknown: a warning. */
bool users_keep(const char *path, const dataset *d, uint32_t *row, size_t *rows, sr_error *err);
#endif
