/* store.c - the files of an event store: the first byte chooses one, which is replaced by the rest. What opens can be summed up. */
#include "fuzz.h"

#include "seqrec/file.h"
#include "seqrec/memory.h"
#include "seqrec/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const files[] = { "manifest.json", "time.npy", "type.npy", "item.npy", "user_start.npy", "vocab/items.tsv", "vocab/users.tsv", "vocab/types.tsv" };
enum { FILES = sizeof files / sizeof *files };

typedef struct {
	char *path, *content;
	size_t size;
} kept;

static kept whole[FILES];
static char *store_folder;

static void build(void)
{
	static const char log[] = "user,item,time,type\nu1,i1,1500000000,browse\nu1,i2,1500000100,purchase\nu2,i1,1500000200,browse\n";
	char settings[256], *path = path_join(fuzz_folder(), "log.csv");
	fuzz_write(path, log, sizeof log - 1);
	int length = snprintf(settings, sizeof settings, "{\"data\": {\"events\": [{\"path\": \"%s\"}]}}", path);
	config *c = config_parse(settings, (size_t)length, "config.json", "/tmp", NULL, NULL);
	store_folder = path_join(fuzz_folder(), "store");
	must(c && store_build(c, store_folder, 1, NULL));
	for (size_t i = 0; i < FILES; i++) {
		whole[i].path = path_join(store_folder, files[i]);
		whole[i].content = file_exists(whole[i].path) ? file_read(whole[i].path, 1 << 20, &whole[i].size, NULL) : NULL;
	}
	config_free(c);
	free(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!store_folder)
		build();
	if (!size || !whole[data[0] % FILES].content)
		return 0;
	const kept *chosen = &whole[data[0] % FILES];
	fuzz_write(chosen->path, data + 1, size - 1);
	for (int verify = 0; verify < 2; verify++) {
		sr_error err = { 0 };
		store *s = store_open(store_folder, verify, &err);
		must(s || err.code != SR_OK);
		if (s) {
			free(store_summary(s));
			free(store_summary_json(s));
		}
		store_close(s);
	}
	fuzz_write(chosen->path, chosen->content, chosen->size);
	return 0;
}
