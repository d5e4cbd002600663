/* gzip.c - a compressed stream: constant memory, and what a reader was given is all or an error. */
#include "fuzz.h"

#include "loader/stream.h"

#include <stdbool.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char window[4096];
	sr_error err = { 0 };
	stream *s = stream_open(fuzz_file(data, size), "", &err);
	size_t length = 1, whole = 0;
	bool good = s != NULL;
	while (good && length && whole < 1 << 22) {
		good = stream_read(s, window, sizeof window, &length, 0, &err);
		must(!good || length <= sizeof window);
		whole += length;
	}
	must(good || err.code != SR_OK);
	stream_close(s);
	return 0;
}
