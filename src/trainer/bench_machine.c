/* bench_machine.c - what the machine gives: its processor's name, a large matrix product, copying, and the memory a process took. */
#include "bench_state.h"

#include "seqrec/file.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/thread.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { SIDE = 512, COPY_BYTES = 64 << 20, INFO_MOST = 1 << 20 };

/* The value behind "name ... : " in a file of /proc; "" when it is not there. */
static void read_line(const char *path, const char *name, char *out, size_t room)
{
	char *content = file_read(path, INFO_MOST, NULL, NULL);
	const char *at = content ? strstr(content, name) : NULL, *colon = at ? strchr(at, ':') : NULL;
	out[0] = '\0';
	if (colon) {
		const char *value = colon + 1 + strspn(colon + 1, " \t");
		snprintf(out, room, "%.*s", (int)strcspn(value, "\n"), value);
	}
	free(content);
}

/* Products of SIDE: large for this backend, small enough for the caches. The fastest of many counts: others may use the machine. */
static bool measure_product(bench_machine *m, double seconds, sr_error *err)
{
	params *list = params_new();
	const param *w = param_new(list, PARAM_WEIGHT, SIDE, SIDE, INIT_XAVIER, 0, "w");
	params_initialise(list, 1);
	runtime *rt = runtime_new(TENSOR_NATIVE, list, err);
	float *values = xcalloc((size_t)SIDE * SIDE, sizeof *values);
	double least = 1e9, end = clock_seconds() + seconds;
	for (size_t i = 0; i < (size_t)SIDE * SIDE; i++)
		values[i] = (float)(i % 7) - 3;
	do {
		if (!rt)
			break;
		runtime_begin(rt, NULL, 0, 0, 0);
		tensor *x = runtime_input(rt, values, SIDE, SIDE);
		double started = clock_seconds();
		t_linear(x, w, NULL);
		double took = clock_seconds() - started;
		least = took < least ? took : least;
	} while (clock_seconds() < end);
	bool done = rt && runtime_status(rt, err);
	m->product_rate = 2.0 * SIDE * SIDE * SIDE / least;
	m->kernels = rt ? runtime_describe(rt) : "";
	runtime_free(rt);
	params_free(list);
	free(values);
	return done;
}

/* A copy reads and writes each byte. */
static void measure_copy(bench_machine *m)
{
	char *from = xmalloc(COPY_BYTES), *to = xmalloc(COPY_BYTES);
	double least = 1e9;
	memset(from, 1, COPY_BYTES);
	for (int i = 0; i < 4; i++) {
		double started = clock_seconds();
		memcpy(to, from, COPY_BYTES);
		double took = clock_seconds() - started;
		least = took < least ? took : least;
		from[i] = to[i + 1];
	}
	m->bandwidth = 2.0 * COPY_BYTES / least;
	free(from);
	free(to);
}

bool bench_machine_measure(bench_machine *m, double seconds, sr_error *err)
{
	*m = (bench_machine){ .threads = thread_available() };
	read_line("/proc/cpuinfo", "model name", m->cpu, sizeof m->cpu);
	measure_copy(m);
	return measure_product(m, seconds, err);
}

/* Linux counts the peak anew when it is told to; elsewhere it is that of the process so far. */
void bench_memory_start(void)
{
	FILE *f = fopen("/proc/self/clear_refs", "w");
	if (!f)
		return;
	fwrite("5", 1, 1, f);
	fclose(f);
}

double bench_memory(void)
{
	char line[64];
	double kilobytes;
	struct rusage usage;
	read_line("/proc/self/status", "VmHWM", line, sizeof line);
	if (number_parse(line, strcspn(line, " "), &kilobytes))
		return kilobytes * 1024;
	return getrusage(RUSAGE_SELF, &usage) == 0 ? (double)usage.ru_maxrss * 1024 : 0;
}
