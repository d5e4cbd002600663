/* replay.c - runs a fuzz target without a fuzzer: `fuzz_TARGET FOLDER [CHANGES]` on every file of the folder, and on as many changed copies of each:
 * flipped bits, cut ends, repeated and swapped pieces. The changes are a pure function of the input's number, so a failure comes again. */
#include "fuzz.h"

#include "seqrec/file.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/order.h"
#include "seqrec/random.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MOST = 4096, INPUT_MOST = 1 << 20 };

static uint32_t draw(uint32_t input, uint32_t change, uint32_t index, size_t below)
{
	return random_below(7, input, change, index, (uint32_t)(below ? below : 1));
}

/* A few changes on top of each other; the copy may shrink or grow. Returns its size. */
static size_t change(uint8_t *bytes, size_t size, uint32_t input, uint32_t number)
{
	uint32_t steps = 1 + draw(input, number, 0, 4), at = 1;
	for (uint32_t s = 0; s < steps && size; s++, at += 4) {
		size_t place = draw(input, number, at + 1, size), length = 1 + draw(input, number, at + 2, size - place < 64 ? size - place : 64);
		switch (draw(input, number, at, 5)) {
		case 0:
			bytes[place] ^= (uint8_t)(1U << draw(input, number, at + 3, 8));
			break;
		case 1:
			bytes[place] = (uint8_t)draw(input, number, at + 3, 256);
			break;
		case 2:
			size = place;
			break;
		case 3: /* a piece again */
			memmove(bytes + place + length, bytes + place, size - place);
			size += length;
			break;
		default: /* a piece less */
			length = length < size - place ? length : size - place;
			memmove(bytes + place, bytes + place + length, size - place - length);
			size -= length;
		}
	}
	return size;
}

static void run_file(const char *path, uint32_t input, uint32_t changes)
{
	size_t size;
	char *content = file_read(path, INPUT_MOST, &size, NULL);
	must(content);
	LLVMFuzzerTestOneInput((const uint8_t *)content, size);
	uint8_t *copy = xcalloc(size + 4 * 64 + 1, 1);
	for (uint32_t k = 0; k < changes; k++) {
		memcpy(copy, content, size);
		size_t length = change(copy, size, input, k);
		uint8_t *exact = xmemdup(copy, length); /* no byte more: a reader past the end is then seen */
		LLVMFuzzerTestOneInput(exact, length);
		free(exact);
	}
	free(copy);
	free(content);
}

static size_t list_files(const char *folder, char *name[NAMES_MOST])
{
	size_t count = 0;
	DIR *dir = opendir(folder);
	must(dir);
	for (struct dirent *entry; (entry = readdir(dir)) && count < NAMES_MOST;)
		if (entry->d_name[0] != '.')
			name[count++] = path_join(folder, entry->d_name);
	closedir(dir);
	qsort(name, count, sizeof *name, order_text);
	return count;
}

int main(int count, char **words)
{
	static char *name[NAMES_MOST];
	int64_t changes = 0;
	if (count < 2 || (count > 2 && !number_parse_int(words[2], strlen(words[2]), &changes))) {
		fprintf(stderr, "usage: %s FOLDER [CHANGES]\n", words[0]);
		return 2;
	}
	size_t files = list_files(words[1], name);
	for (size_t i = 0; i < files; i++) {
		run_file(name[i], (uint32_t)i, (uint32_t)changes);
		free(name[i]);
	}
	printf("%zu inputs, each with %lld changes\n", files, (long long)changes);
	return files ? 0 : 1;
}
