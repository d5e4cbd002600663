/* predictions_flags.c - the flags that predict and recommend share. */
#include "cli.h"

#include "seqrec/instant.h"
#include "seqrec/number.h"

#include <string.h>

bool cli_predictions_format(const options *opt, bool trec, predictions_format *format, sr_error *err)
{
	static const char *const names[] = { [PREDICTIONS_JSONL] = "jsonl", [PREDICTIONS_CSV] = "csv", [PREDICTIONS_TSV] = "tsv", [PREDICTIONS_REDIS] = "redis", [PREDICTIONS_TREC] = "trec" };
	*format = PREDICTIONS_JSONL;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (opt->format && strcmp(opt->format, names[i]) == 0 && (trec || i != PREDICTIONS_TREC)) {
			*format = (predictions_format)i;
			return true;
		}
	return !opt->format || error_set(err, SR_CONFIG, "--format %s: must be jsonl, csv, tsv%s", opt->format, trec ? ", redis or trec" : " or redis");
}

bool cli_ttl(const options *opt, int64_t *seconds, sr_error *err)
{
	int64_t microseconds = 7 * INSTANT_DAY;
	if (opt->ttl && strcmp(opt->ttl, "0") == 0)
		microseconds = 0;
	else if (opt->ttl && (!number_parse_duration(opt->ttl, &microseconds) || microseconds < INSTANT_SECOND))
		return error_set(err, SR_CONFIG, "--ttl %s: must be a duration such as 7d or 12h, or 0: keys never expire", opt->ttl);
	*seconds = microseconds / INSTANT_SECOND;
	return true;
}
