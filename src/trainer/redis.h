#ifndef SEQREC_TRAINER_REDIS_H
#define SEQREC_TRAINER_REDIS_H
/* redis.h - predictions as commands for `redis-cli --pipe` (RESP). Keys begin with the model's version, so that a new one does not mix with the old; the last
 * command makes it the live one. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seqrec/error.h"
#include "seqrec/text.h"

typedef struct {
	char *version;   /* run's name - CRC-32 of its model.json; owned */
	int64_t seconds; /* until keys expire; 0: never */
} redis_keys;

bool redis_open(redis_keys *r, const char *run, int64_t seconds, sr_error *err);
void redis_close(redis_keys *r);

/* SET seqrec:VERSION:ID value EX seconds. */
void redis_set(const redis_keys *r, text *out, const char *id, const char *value, size_t length);
/* SET seqrec:live VERSION, which never expires. */
void redis_live(const redis_keys *r, text *out);

#endif
