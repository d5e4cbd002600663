#ifndef SEQREC_TRAINER_SINGLE_HEAD_H
#define SEQREC_TRAINER_SINGLE_HEAD_H
/* single_head.h - task.kind both: the same model trained for its classes alone, from the same seeds, in RUN/single_head/. Beside it the report says whether
 * telling next items helps to tell classes. */

#include "evaluation.h"

bool single_head_wanted(const config *c);

/* Trains it (or continues, or takes what is finished), and adds its scores to `e`, which the model itself has been added to. */
bool single_head_train(evaluation *e, const char *run, const train_watch *watch, sr_error *err);
/* Adds the scores of the one that was trained; none: adds nothing. */
bool single_head_add(evaluation *e, const char *run, sr_error *err);

#endif
