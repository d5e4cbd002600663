/* seqrec schema - the JSON Schema of a config, for editors. */
#include "cli.h"

#include <stdlib.h>

static bool exec(const options *opt, sr_error *err)
{
	(void)opt;
	(void)err;
	char *schema = config_schema();
	output_result(schema);
	free(schema);
	return true;
}

const command command_schema = {
	.name = "schema",
	.usage = "schema",
	.summary = "print the JSON Schema of a config",
	.details = "Name it in a config, \"$schema\": \"seqrec.schema.json\", and editors that know JSON Schema complete settings, show their help and mark errors.",
	.example = "seqrec schema >seqrec.schema.json",
	.flags = "",
	.exec = exec,
};
