/* vocabulary.c - a vocabulary file of a store: the first byte is how many values it is said to hold. */
#include "fuzz.h"

#include "loader/vocabulary.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	vocabulary *v = vocabulary_new(fuzz_file(data + 1, size - 1), data[0], NULL);
	for (uint32_t code = 0; v && code <= vocabulary_count(v); code++) {
		size_t length;
		const char *text = vocabulary_text(v, code, &length);
		must(text && strlen(text) <= length + 1);
		(void)vocabulary_rows(v, code);
		(void)vocabulary_find(v, text, length);
	}
	vocabulary_free(v);
	return 0;
}
