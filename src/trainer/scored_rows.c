/* scored_rows.c - the evaluated rows of a run as .npy files. */
#include "scored_rows.h"

#include "seqrec/hash.h"
#include "seqrec/memory.h"
#include "seqrec/npy.h"
#include "seqrec/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static uint64_t hash_id(const vocabulary *v, uint32_t code)
{
	size_t length = 0;
	const char *id = code ? vocabulary_text(v, code, &length) : "";
	return hash_bytes(id, length);
}

/* The n-th target of a user at one time is told apart by its place in the history. */
static uint64_t key_of(const dataset *d, const sample *one)
{
	char *key = text_format("%016" PRIx64 "%016" PRIx64 "%" PRId64 " %" PRIu64 " %" PRIu64, hash_id(d->s->user_ids, one->user), hash_id(d->s->item_ids, one->candidate), one->cut, one->row,
	                        d->all->next_item ? one->end - one->first : 0);
	uint64_t hash = hash_bytes(key, strlen(key));
	free(key);
	return hash;
}

static bool save(const char *folder, const char *part, const char *what, npy_type type, const void *data, size_t rows, size_t columns, sr_error *err)
{
	char *path = text_format("%s/%s.%s.npy", folder, part, what);
	bool done = npy_save(path, type, data, rows, columns, err);
	free(path);
	return done;
}

bool scored_rows_write(const dataset *d, const char *folder, const char *part, const uint32_t *row, size_t rows, const double *score, const uint32_t *rank, sr_error *err)
{
	char *inside = path_join(folder, "rows");
	uint64_t *key = xcalloc(rows + 1, sizeof *key), *user = xcalloc(rows + 1, sizeof *user), *label = xcalloc(rows + 1, sizeof *label);
	for (size_t i = 0; i < rows; i++) {
		const sample *one = &d->all->item[row[i]];
		key[i] = key_of(d, one);
		user[i] = one->user ? hash_id(d->s->user_ids, one->user) : key[i];
		uint32_t item = rank ? sample_next_item(d->all, one, d->s) : 0;
		label[i] = item ? hash_id(d->s->item_ids, item) : one->label;
	}
	bool done = folder_make(inside, err) && save(inside, part, "key", NPY_U64, key, rows, 0, err) && save(inside, part, "user", NPY_U64, user, rows, 0, err) &&
	            save(inside, part, "label", NPY_U64, label, rows, 0, err);
	done = done && (score ? save(inside, part, "score", NPY_F64, score, rows, d->all->classes, err) : save(inside, part, "rank", NPY_U32, rank, rows, 0, err));
	free(key);
	free(user);
	free(label);
	free(inside);
	return done;
}
