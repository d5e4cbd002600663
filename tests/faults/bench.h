#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H
/* bench.h - a temporary folder with a log of sixty users and a config that trains on it in milliseconds; removed at exit. */

/* Makes it the current folder: config.json, events.csv, and work/, where programs run. */
void bench_start(int epochs);

#endif
