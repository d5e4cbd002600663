/* settings.c - the command line: each line of the input is a word; and each is tried as the KEY=VALUE of --set, too. */
#include "fuzz.h"

#include "cli/cli.h"
#include "seqrec/memory.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS = 32 };

static size_t split(char *lines, char *word[WORDS])
{
	size_t count = 0;
	for (char *at = lines; *at && count < WORDS;) {
		size_t length = strcspn(at, "\n");
		word[count++] = at;
		at += length;
		if (*at)
			*at++ = '\0';
	}
	return count;
}

static void set_each(char **word, size_t count)
{
	static const char shortest[] = "{\"data\": {\"events\": [{\"path\": \"log.csv\"}]}}";
	for (size_t i = 0; i < count; i++) {
		sr_error err = { 0 };
		config *c = config_parse(shortest, sizeof shortest - 1, "config.json", "/tmp", &(strings){ &word[i], 1 }, &err);
		must(c || err.code != SR_OK);
		config_free(c);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *lines = xstrndup((const char *)data, size), *word[WORDS];
	size_t count = split(lines, word);
	options opt = { 0 };
	sr_error err = { 0 };
	set_each(word, count);
	const command *found = options_read(&opt, (int)count, word, &err);
	must(found || err.code == SR_CONFIG);
	options_free(&opt);
	free(lines);
	return 0;
}
