/* dataset.c - from a config to an open store and its samples. */
#include "dataset.h"

#include "seqrec/file.h"
#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/thread.h"

#include <stdlib.h>

char *dataset_folder(const config *c, const char *run)
{
	return c->data.store[0] ? xstrdup(c->data.store) : path_join(run, "store");
}

static unsigned threads_of(const config *c)
{
	return c->run.threads ? (unsigned)c->run.threads : thread_available();
}

store *dataset_store(const config *c, const char *run, sr_error *err)
{
	char *folder = dataset_folder(c, run);
	store *s = NULL;
	bool ready = store_is_current(c, folder);
	if (!ready) {
		double started = clock_seconds();
		ready = store_build(c, folder, threads_of(c), err);
		if (ready)
			log_info("event store built in %.1f s", clock_seconds() - started);
	}
	if (ready)
		s = store_open(folder, false, err);
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
