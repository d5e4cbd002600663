/* checkpoint.c - a checkpoint file. Random changes would all end at its checksums; so the checksums of a changed file are mended before it is read, and what
 * stands behind them is reached. */
#include "fuzz.h"

#include "seqrec/hash.h"
#include "seqrec/memory.h"
#include "seqrec/safetensors.h"
#include "trainer/member.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LENGTH = 8, DIGITS = 8 };
static const char start[] = "{\"__metadata__\":{\"crc32.header\":\"";

/* The header's checksum is taken with its own digits as zeros. */
static void mend_header(uint8_t *bytes, size_t size)
{
	uint64_t n = 0;
	for (size_t i = LENGTH; i-- > 0;)
		n = n << 8 | bytes[i];
	uint8_t *header = bytes + LENGTH, *digits = header + sizeof start - 1;
	if (n > size - LENGTH || n < sizeof start - 1 + DIGITS || memcmp(header, start, sizeof start - 1) != 0)
		return;
	char mended[DIGITS + 1];
	memset(digits, '0', DIGITS);
	snprintf(mended, sizeof mended, "%08x", hash_crc32(0, header, n));
	memcpy(digits, mended, DIGITS);
}

/* Every tensor's checksum stands as "crc32.NAME":"digits"; its bytes by "NAME":{...,"data_offsets":[a,b]}. */
static void mend_tensors(uint8_t *bytes, size_t size)
{
	uint64_t n = 0;
	for (size_t i = LENGTH; i-- > 0;)
		n = n << 8 | bytes[i];
	if (n > size - LENGTH)
		return;
	char *header = xstrndup((const char *)bytes + LENGTH, n);
	for (char *at = header; (at = strstr(at, "\"crc32.")); at++) {
		char name[64], key[80], mended[DIGITS + 1];
		unsigned long long from, to;
		if (sscanf(at, "\"crc32.%63[A-Za-z0-9_.]\":\"", name) != 1)
			continue;
		size_t digits = (size_t)(at - header) + strlen("\"crc32.") + strlen(name) + strlen("\":\"");
		snprintf(key, sizeof key, "\"%s\":{", name);
		const char *entry = strstr(header, key), *offsets = entry ? strstr(entry, "\"data_offsets\":[") : NULL;
		if (!offsets || sscanf(offsets, "\"data_offsets\":[%llu,%llu]", &from, &to) != 2 || from > to || to > size - LENGTH - n || digits + DIGITS > strlen(header))
			continue;
		snprintf(mended, sizeof mended, "%08x", hash_crc32(0, bytes + LENGTH + n + from, to - from));
		memcpy(bytes + LENGTH + digits, mended, DIGITS);
	}
	free(header);
}

static params *small_model(void)
{
	params *list = params_new();
	param_new(list, PARAM_WEIGHT, 2, 3, INIT_ZERO, 0, "head");
	param_new(list, PARAM_BIAS, 1, 3, INIT_ZERO, 0, "head_bias");
	return list;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *bytes = xmemdup(data, size);
	if (size > LENGTH + sizeof start + DIGITS) {
		mend_tensors(bytes, size);
		mend_header(bytes, size);
	}
	const char *path = fuzz_file(bytes, size);
	sr_error err = { 0 };
	safetensors *s = safetensors_open(path, &err);
	must(s || err.code != SR_OK);
	volatile uint8_t sum = 0;
	for (size_t i = 0; s && i < safetensors_count(s); i++) {
		const safe_tensor *t = safetensors_at(s, i);
		size_t length = safe_size(t->type);
		for (size_t d = 0; d < t->dimensions; d++)
			length *= (size_t)t->shape[d];
		for (size_t k = 0; k < length; k++)
			sum = (uint8_t)(sum + ((const uint8_t *)t->data)[k]);
	}
	safetensors_close(s);
	params *list = small_model();
	optimizer *o = optimizer_new(list, 0, 0);
	training_state state = { 0 };
	sr_error refused = { 0 };
	must(checkpoint_load(path, list, o, &state, &refused) || refused.code != SR_OK);
	optimizer_free(o);
	params_free(list);
	free(bytes);
	return 0;
}
