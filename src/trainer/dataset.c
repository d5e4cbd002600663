/* dataset.c - from a config to an open store and its samples. */
#include "dataset.h"

#include "seqrec/file.h"
#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/thread.h"

#include <stdlib.h>
#include <string.h>

char *dataset_folder(const config *c, const char *run)
{
	return c->data.store[0] ? xstrdup(c->data.store) : path_join(run, "store");
}

static unsigned threads_of(const config *c)
{
	return c->run.threads ? (unsigned)c->run.threads : thread_available();
}

static store *build_and_open(const config *c, const char *folder, sr_error *err)
{
	double started = clock_seconds();
	if (!store_build(c, folder, threads_of(c), err))
		return NULL;
	log_info("event store built in %.1f s", clock_seconds() - started);
	return store_open(folder, false, err);
}

/* A store that was there already is verified: its codes are trusted as indices from here on. */
store *dataset_store(const config *c, const char *run, sr_error *err)
{
	char *folder = dataset_folder(c, run);
	sr_error damaged = { 0 };
	store *s = store_is_current(c, folder) ? store_open(folder, true, &damaged) : NULL;
	if (!s && damaged.code)
		log_warning("%s; it is made again", damaged.text);
	if (!s)
		s = build_and_open(c, folder, err);
	free(folder);
	return s;
}

bool dataset_streamed(const config *c)
{
	const source_list *const lists[] = { &c->data.events, &c->data.users, &c->data.items, &c->data.samples };
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		for (size_t k = 0; k < lists[i]->count; k++)
			if (strcmp(lists[i]->item[k].path, "-") == 0)
				return true;
	return false;
}

store *dataset_trained(const config *c, const char *run, sr_error *err)
{
	char *folder = dataset_folder(c, run);
	store *s = dataset_streamed(c) ? store_open(folder, true, err) : dataset_store(c, run, err);
	free(folder);
	return s;
}

bool dataset_make(dataset *d, const config *c, const strings *classes, bool labelled, sr_error *err)
{
	d->all = d->s ? samples_make(c, d->s, classes, labelled, err) : NULL;
	if (d->all)
		return true;
	dataset_close(d);
	return false;
}

bool dataset_open(dataset *d, const config *c, const char *run, const strings *classes, bool labelled, sr_error *err)
{
	*d = (dataset){ .s = dataset_store(c, run, err) };
	return dataset_make(d, c, classes, labelled, err);
}

void dataset_close(dataset *d)
{
	samples_free(d->all);
	store_close(d->s);
	*d = (dataset){ 0 };
}
