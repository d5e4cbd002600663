#ifndef SEQREC_TRAINER_ITEM_CHOICE_H
#define SEQREC_TRAINER_ITEM_CHOICE_H
/* item_choice.h - which items may be recommended, by lists of ids and by how many of a category. */

#include "seqrec/features.h"
#include "seqrec/trainer.h"

typedef struct {
	bool *hidden;    /* (V) or NULL: never recommended */
	uint32_t *group; /* (V) or NULL: category of the item, 0 = none (not limited) */
	size_t most;     /* of a group */
} item_choice;

/* SR_CONFIG for a file without a known item, or a field that is no category of items. */
bool item_choice_open(item_choice *out, const recommend_rules *rules, const features *f, const store *s, sr_error *err);
void item_choice_close(item_choice *c);

#endif
