/* bench.c - a temporary folder with a log of sixty users and a config that trains on it in milliseconds; removed at exit. */
#define _GNU_SOURCE
#include "bench.h"
#include "tree.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char config[] = "{ \"data\": { \"events\": { \"path\": \"events.csv\" } },"
	" \"task\": { \"kind\": \"as_of\", \"horizon\": \"3d\", \"cuts\": [\"2026-01-08\", \"2026-01-13\", \"2026-01-18\"] },"
	" \"split\": { \"validation\": \"2026-01-13\", \"test\": \"2026-01-18\" }, \"model\": { \"width\": 8, \"attribute_width\": 8 },"
	" \"train\": { \"epochs\": %d, \"batch\": 16, \"patience\": 0 }, \"evaluate\": { \"resamples\": 20 },"
	" \"run\": { \"threads\": 1, \"log_every\": 1, \"checkpoint_steps\": 3 } }";

static char root[256];

static void bench_finish(void)
{
	if (chdir("/") == 0)
		tree_remove(root);
}

void bench_start(int epochs)
{
	const char *folder = getenv("TMPDIR");
	snprintf(root, sizeof root, "%s/seqrec.XXXXXX", folder ? folder : access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (!mkdtemp(root) || chdir(root) < 0 || mkdir("work", 0700) < 0)
		err(1, "%s", root);
	atexit(bench_finish);
	FILE *f = fopen("config.json", "w"), *log = fopen("events.csv", "w");
	if (!f || !log)
		err(1, "%s", root);
	fprintf(f, config, epochs);
	fclose(f);
	fputs("user,item,type,time\n", log);
	for (int user = 1; user <= 60; user++)
		for (int day = 1; day <= 24; day += 2)
			fprintf(log, "u%d,i%d,%s,2026-01-%02dT10:00:00Z\n", user, (user * 7 + day) % 20, (user * 3 + day) % 7 ? "browse" : "purchase", day + user % 2);
	fclose(log);
}
