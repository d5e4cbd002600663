#ifndef SEQREC_TRAINER_RUN_CARD_H
#define SEQREC_TRAINER_RUN_CARD_H
/* run_card.h - what a model is, for people who meet it without its run. */

#include "seqrec/config.h"
#include "seqrec/error.h"

#include <stdbool.h>

/* Writes RUN/model/MODEL_CARD.md from the config and RUN/report/report.json. */
bool card_write(const config *c, const char *run, const char *data /* fingerprint */, sr_error *err);

#endif
