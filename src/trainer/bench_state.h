#ifndef SEQREC_TRAINER_BENCH_STATE_H
#define SEQREC_TRAINER_BENCH_STATE_H
/* bench_state.h - what the files of seqrec bench hand to each other. */

#include "seqrec/bench.h"
#include "seqrec/json.h"
#include "seqrec/tensor.h"
#include "seqrec/text.h"

enum { BENCH_THREADS = 8, BENCH_QUANTILES = 21 };

/* A real set: how long its users' sequences are and how often its items occur, as quantiles. */
typedef struct {
	const char *name;
	uint32_t users, items;
	uint32_t length[BENCH_QUANTILES], count[BENCH_QUANTILES];
} bench_set;

typedef struct {
	const char *name;
	const bench_set *set;
	const char *settings; /* of model and train, as JSON members */
} bench_shape;

extern const bench_shape bench_shapes[]; /* ended by a NULL name */

typedef struct {
	char cpu[128];
	const char *kernels;
	unsigned threads;
	double product_rate;  /* floating-point operations a second of one thread's large matrix product */
	double bandwidth;     /* bytes a second that one thread copies */
} bench_machine;

/* What was measured of one shape at one number of threads. Seconds are summed over threads. */
typedef struct {
	const char *shape;
	unsigned threads;
	double tokens, users; /* a second */
	double peak_share;    /* of the products in training time, of product_rate */
	double memory;        /* bytes, the process at its largest */
	double operations;    /* of libtorch in a step; 0 natively */
	double device_memory; /* bytes; 0 on the CPU */
	double wall;          /* of the measured steps */
	profile time;
	double assembly, sums, optimizer, waiting, other;
} bench_result;

typedef struct {
	bench_machine machine;
	double loader_rate; /* bytes of CSV a second */
	bench_result *result;
	size_t count, capacity;
} bench;

/* ---- bench_machine.c ---- */
bool bench_machine_measure(bench_machine *m, double seconds, sr_error *err);
void bench_memory_start(void);
double bench_memory(void); /* bytes at most since bench_memory_start */

/* ---- bench_log.c ---- */
/* Writes the users of `set` as "user,item" rows. */
bool bench_log_write(const bench_set *set, double scale, const char *path, sr_error *err);

/* ---- bench_report.c ---- */
char *bench_text(const bench *b, const cJSON *old /* or NULL */); /* new */
char *bench_json(const bench *b, const cJSON *old /* or NULL */); /* new */

/* Histories at the front are longer than those behind: any part of a mixed order stands for the whole. */
void bench_mix(uint32_t *order, size_t count);

#endif
