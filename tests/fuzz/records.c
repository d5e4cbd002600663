/* records.c - a log file of any format: the first byte chooses which, the rest is the file (that may be gzip, too). Cells must lie in their record. */
#include "fuzz.h"

#include "loader/reader.h"
#include "seqrec/memory.h"

#include <stdlib.h>

static char nothing[] = "", records[] = "events", semicolon[] = ";", colons[] = "::", bar[] = "|", user[] = "user", item[] = "item", when[] = "time";
static char *const separators[] = { nothing, semicolon, colons, bar };

static source_config source_of(uint8_t choice)
{
	static char *name[] = { user, item, when };
	source_config s = { .path = nothing, .format = choice % 6, .separator = separators[choice / 6 % 4], .quote = choice / 24 % 4, .header = choice % 2, .records = choice / 64 % 2 ? records : nothing,
		.encoding = nothing, .type = nothing, .time_format = nothing, .time_zone = nothing };
	if (!s.header)
		s.names = (strings){ name, 3 };
	return s;
}

static void read_all(reader *r)
{
	record *one;
	sr_error err = { 0 };
	volatile uint8_t sum = 0;
	int found;
	while ((found = reader_next(r, &one, &err)) == 1)
		for (size_t i = 0; i < one->count && !one->bad; i++)
			for (size_t k = 0; one->cell[i].bytes && k < one->cell[i].length; k++)
				sum = (uint8_t)(sum + (uint8_t)one->cell[i].bytes[k]);
	must(found == 0 || err.code != SR_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const strings wanted = { (char *[]){ user }, 1 };
	if (!size)
		return 0;
	source_config source = source_of(data[0]);
	reader *r = reader_open(&source, fuzz_file(data + 1, size - 1), &wanted, NULL);
	if (r)
		read_all(r);
	reader_close(r);
	return 0;
}
