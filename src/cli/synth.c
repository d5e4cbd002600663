/* seqrec synth - a shop whose purchases are drawn from a probability it knows. */
#include "cli.h"

#include "seqrec/log.h"
#include "seqrec/number.h"
#include "seqrec/shop.h"

#include <string.h>

static bool whole(const char *flag, const char *given, uint64_t least, uint64_t *value, sr_error *err)
{
	int64_t number;
	if (!given)
		return true;
	if (!number_parse_int(given, strlen(given), &number) || number < (int64_t)least)
		return error_set(err, SR_CONFIG, "--%s %s: must be a whole number from %llu", flag, given, (unsigned long long)least);
	*value = (uint64_t)number;
	return true;
}

static bool exec(const options *opt, sr_error *err)
{
	shop_settings settings = shop_defaults();
	uint64_t cuts = settings.cuts;
	settings.users = 2000;
	if (!whole("users", opt->users, 10, &settings.users, err) || !whole("seed", opt->seed, 0, &settings.seed, err) || !whole("cuts", opt->cuts, 1, &cuts, err))
		return false;
	settings.cuts = cuts > 100 ? 100 : (uint32_t)cuts;
	bool done = shop_write(&settings, opt->argument[0], err);
	if (done)
		log_info("a shop of %llu users was written to %s; optimum.json there says what the best possible model would reach", (unsigned long long)settings.users, opt->argument[0]);
	return done;
}

const command command_synth = {
	.name = "synth",
	.usage = "synth FOLDER [--users N] [--cuts N] [--seed N]",
	.summary = "write the logs of a synthetic shop whose best reachable AUC is known",
	.details = "Writes browse, search and purchase logs, users, items and labelled samples, and beside them truth.csv (each sample's true probability) and\n"
	           "optimum.json (the AUC of that probability: no model can do better). The same seed gives the same bytes.",
	.example = "seqrec synth shop --users 20000",
	.least = 1,
	.most = 1,
	.flags = "users cuts seed",
	.exec = exec,
};
