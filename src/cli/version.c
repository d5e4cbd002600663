/* seqrec version */
#include "cli.h"

#include "seqrec/text.h"
#include "seqrec/version.h"

#include <stdlib.h>

static bool exec(const options *opt, sr_error *err)
{
	(void)err;
	char *line = text_format(opt->json ? "{\"version\":\"%s\"}\n" : "seqrec %s\n", seqrec_version());
	output_result(line);
	free(line);
	return true;
}

const command command_version = {
	.name = "version",
	.usage = "version",
	.summary = "print the version",
	.details = "",
	.example = "seqrec version",
	.flags = "",
	.exec = exec,
};
