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
	.details = "Point your editor at it, and it completes and checks configs.",
	.example = "seqrec schema >seqrec.schema.json",
	.flags = "",
	.exec = exec,
};
