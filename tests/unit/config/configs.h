#ifndef TESTS_CONFIGS_H
#define TESTS_CONFIGS_H
/* configs.h - configs from a text, for the config's tests. */

#include "unit/base/scratch.h"

#include "config/field.h"
#include "seqrec/memory.h"

#define SMALL "{\"data\": {\"events\": [{\"path\": \"logs.csv\"}]}}"

static inline config *config_try(const char *content, const char *const *sets, size_t count, sr_error *err)
{
	strings list = { (char **)(uintptr_t)sets, count };
	*err = (sr_error){ 0 };
	return config_parse(content, strlen(content), "config.json", "/base", &list, err);
}

static inline config *config_with(const char *set)
{
	sr_error err;
	config *c = config_try(SMALL, &set, set ? 1 : 0, &err);
	if (!c)
		fail_msg("--set %s: %s", set ? set : "", err.text);
	return c;
}

/* The text is refused, and the message says `part`. */
static inline void assert_config_refused(const char *content, const char *set, const char *part)
{
	sr_error err;
	config *c = config_try(content, &set, set ? 1 : 0, &err);
	if (c)
		fail_msg("accepted: %s --set %s", content, set ? set : "");
	assert_says(&err, SR_CONFIG, part);
}

#endif
