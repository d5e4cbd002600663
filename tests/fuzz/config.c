/* config.c - a config file. What is read must print as a config that reads as the same. */
#include "fuzz.h"

#include "seqrec/config.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sr_error err = { 0 };
	config *c = config_parse((const char *)data, size, "config.json", "/tmp", NULL, &err);
	must(c || err.code != SR_OK);
	if (!c)
		return 0;
	char *printed = config_print(c);
	config *again = config_parse(printed, strlen(printed), "printed", "/tmp", NULL, &err);
	must(again);
	char *twice = config_print(again);
	must(strcmp(printed, twice) == 0);
	free(printed);
	free(twice);
	config_free(c);
	config_free(again);
	return 0;
}
