/* redis.c - SET commands in the Redis serialization protocol. */
#include "redis.h"

#include "seqrec/file.h"
#include "seqrec/hash.h"
#include "seqrec/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MODEL_MOST = 64 << 20 };

bool redis_open(redis_keys *r, const char *run, int64_t seconds, sr_error *err)
{
	size_t length;
	char *path = path_join(run, "model/model.json"), *whole = path_absolute(run), *content = file_read(path, MODEL_MOST, &length, err);
	if (content)
		*r = (redis_keys){ .version = text_format("%s-%08x", path_name(whole), hash_crc32(0, content, length)), .seconds = seconds };
	bool done = content != NULL;
	free(content);
	free(whole);
	free(path);
	return done;
}

void redis_close(redis_keys *r)
{
	free(r->version);
	*r = (redis_keys){ 0 };
}

static void add_bulk(text *out, const char *bytes, size_t length)
{
	text_addf(out, "$%zu\r\n", length);
	text_add_bytes(out, bytes, length);
	text_add(out, "\r\n");
}

void redis_set(const redis_keys *r, text *out, const char *id, const char *value, size_t length)
{
	char *key = text_format("seqrec:%s:%s", r->version, id);
	text_addf(out, "*%d\r\n", r->seconds ? 5 : 3);
	add_bulk(out, "SET", 3);
	add_bulk(out, key, strlen(key));
	add_bulk(out, value, length);
	if (r->seconds) {
		char *seconds = text_format("%" PRId64, r->seconds);
		add_bulk(out, "EX", 2);
		add_bulk(out, seconds, strlen(seconds));
		free(seconds);
	}
	free(key);
}

void redis_live(const redis_keys *r, text *out)
{
	text_add(out, "*3\r\n");
	add_bulk(out, "SET", 3);
	add_bulk(out, "seqrec:live", strlen("seqrec:live"));
	add_bulk(out, r->version, strlen(r->version));
}
