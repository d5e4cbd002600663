/* threshold.c - rules by which a decision threshold is chosen: "f1", "cost:1:5", "top:0.1", ... */
#include "seqrec/config.h"

#include "seqrec/number.h"
#include "seqrec/text.h"

#include <string.h>

/* "cost:1:5" behind its first colon. */
static bool read_cost(const char *numbers, threshold_rule *rule)
{
	const char *colon = strchr(numbers, ':');
	return colon && number_parse(numbers, (size_t)(colon - numbers), &rule->value) && number_parse(colon + 1, strlen(colon + 1), &rule->missed) && rule->value >= 0 && rule->missed >= 0 &&
	       rule->value + rule->missed > 0;
}

bool threshold_rule_read(const char *word, threshold_rule *rule)
{
	static const char *const heads[] = { [THRESHOLD_F1] = "f1", [THRESHOLD_ACCURACY] = "accuracy", [THRESHOLD_COST] = "cost:", [THRESHOLD_PRECISION] = "precision:", [THRESHOLD_TOP] = "top:" };
	*rule = (threshold_rule){ .kind = THRESHOLD_NUMBER };
	if (number_parse(word, strlen(word), &rule->value))
		return rule->value >= 0 && rule->value <= 1;
	for (int kind = THRESHOLD_F1; kind <= THRESHOLD_TOP; kind++) {
		rule->kind = (threshold_kind)kind;
		if (kind < THRESHOLD_COST && strcmp(word, heads[kind]) == 0)
			return true;
		if (kind < THRESHOLD_COST || !text_starts(word, heads[kind]))
			continue;
		const char *number = word + strlen(heads[kind]);
		return kind == THRESHOLD_COST ? read_cost(number, rule) : number_parse(number, strlen(number), &rule->value) && rule->value > 0 && rule->value <= 1;
	}
	return false;
}
