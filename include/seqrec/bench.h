#ifndef SEQREC_BENCH_H
#define SEQREC_BENCH_H
/* bench.h - how fast this machine trains and ranks: the standard shapes on made-up logs with the lengths and catalogues of real sets. */

#include <stdbool.h>

#include "seqrec/config.h"
#include "seqrec/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
	const char *config;  /* a config of task next_item, measured in place of the shapes; or NULL */
	const strings *sets; /* over its settings */
	const char *shapes;  /* names parted by commas; NULL: all */
	const char *threads; /* numbers parted by commas; NULL: 1 and all that there are */
	const char *backend, *device; /* run.backend and run.device, or NULL */
	const char *compare; /* a file of an earlier `--json`, or NULL */
	double scale;        /* share of the users of each set; 1: as many as it has */
	double seconds;      /* of each measurement */
	bool json;
} bench_settings;

/* Measures, and says it as text or JSON: new; the caller frees. NULL on error. */
char *bench_run(const bench_settings *settings, sr_error *err);

#ifdef __cplusplus
}
#endif
#endif
