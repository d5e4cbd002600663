/* bench_report.c - what seqrec bench says: as text, as JSON, and against an earlier JSON. */
#include "bench_state.h"

#include "seqrec/number.h"
#include "seqrec/version.h"

#include <math.h>
#include <string.h>

/* The value of the same shape at the same number of threads in an earlier result; NaN where there is none. */
static double before(const cJSON *old, const bench_result *r, const char *key)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(old, "shapes");
	for (const cJSON *entry = list ? list->child : NULL; entry; entry = entry->next) {
		const char *shape = json_get_string(entry, "shape");
		double threads, value;
		if (shape && strcmp(shape, r->shape) == 0 && json_get_number(entry, "threads", &threads) && threads == (double)r->threads && json_get_number(entry, key, &value))
			return value;
	}
	return NAN;
}

/* Shares of the threads' time: the kinds of operations, and what is beside them. */
enum { BESIDE = 5, SHARES = PROFILE_KINDS + BESIDE };
static const char *const beside[BESIDE] = { "assembly", "lane_sums", "optimizer", "waiting", "other" };

static const char *share_name(int i)
{
	return i < PROFILE_KINDS ? profile_name((profile_kind)i) : beside[i - PROFILE_KINDS];
}

static void shares_of(const bench_result *r, double share[SHARES])
{
	const double more[BESIDE] = { r->assembly, r->sums, r->optimizer, r->waiting, r->other };
	double whole = r->wall * r->threads;
	for (int i = 0; i < SHARES; i++)
		share[i] = (i < PROFILE_KINDS ? r->time.seconds[i] : more[i - PROFILE_KINDS]) / (whole > 0 ? whole : 1);
}

static void add_number(text *out, const char *key, double value)
{
	char number[NUMBER_TEXT];
	number_print_float((float)value, number);
	text_addf(out, "\"%s\":%s", key, number);
}

static void result_json(text *out, const bench_result *r, const cJSON *old)
{
	double share[SHARES];
	shares_of(r, share);
	text_addf(out, "{\"shape\":\"%s\",\"threads\":%u,", r->shape, r->threads);
	add_number(out, "tokens_per_second", r->tokens);
	text_add(out, ",");
	add_number(out, "users_per_second", r->users);
	text_add(out, ",");
	add_number(out, "peak_share", r->peak_share);
	text_add(out, ",");
	add_number(out, "memory_mb", r->memory / 1e6);
	if (r->operations > 0) {
		text_add(out, ",");
		add_number(out, "operations_per_step", r->operations);
		text_add(out, ",");
		add_number(out, "device_memory_mb", r->device_memory / 1e6);
	}
	text_add(out, ",\"time\":{");
	for (int i = 0; i < SHARES; i++) {
		text_add(out, i ? "," : "");
		add_number(out, share_name(i), share[i]);
	}
	text_add(out, "}");
	if (old) {
		text_add(out, ",\"compared\":{");
		add_number(out, "tokens_per_second", r->tokens / before(old, r, "tokens_per_second"));
		text_add(out, ",");
		add_number(out, "users_per_second", r->users / before(old, r, "users_per_second"));
		text_add(out, "}");
	}
	text_add(out, "}");
}

char *bench_json(const bench *b, const cJSON *old)
{
	text out = { 0 };
	const bench_machine *m = &b->machine;
	text_addf(&out, "{\"seqrec\":\"%s\",\"machine\":{\"cpu\":", seqrec_version());
	text_add_json(&out, m->cpu, strlen(m->cpu));
	text_addf(&out, ",\"kernels\":\"%s\",\"threads\":%u,", m->kernels, m->threads);
	add_number(&out, "product_gflops", m->product_rate / 1e9);
	text_add(&out, ",");
	add_number(&out, "copy_gb_per_second", m->bandwidth / 1e9);
	text_add(&out, "},");
	add_number(&out, "loader_mb_per_second", b->loader_rate / 1e6);
	text_add(&out, ",\"shapes\":[");
	for (size_t i = 0; i < b->count; i++) {
		text_add(&out, i ? "," : "");
		result_json(&out, &b->result[i], old);
	}
	text_add(&out, "]}\n");
	return out.data;
}

static void add_ratio(text *out, double now, double then)
{
	if (isfinite(now / then))
		text_addf(out, " (%.2fx)", now / then);
}

static void result_text(text *out, const bench_result *r, const cJSON *old)
{
	double share[SHARES];
	char tokens[NUMBER_TEXT], users[NUMBER_TEXT];
	shares_of(r, share);
	number_print_grouped((uint64_t)r->tokens, tokens);
	number_print_grouped((uint64_t)r->users, users);
	text_addf(out, "%-20s %2u %11s tokens/s", r->shape, r->threads, tokens);
	add_ratio(out, r->tokens, before(old, r, "tokens_per_second"));
	text_addf(out, "%11s users/s", users);
	add_ratio(out, r->users, before(old, r, "users_per_second"));
	text_addf(out, "  %3.0f %% of peak %5.0f MB\n%23s", 100 * r->peak_share, r->memory / 1e6, "");
	for (int i = 0; i < SHARES; i++)
		if (share[i] >= 0.005)
			text_addf(out, " %s %.0f%%", share_name(i), 100 * share[i]);
	if (r->operations > 0)
		text_addf(out, "\n%23s %.0f operations of libtorch a step, %.0f MB on the device", "", r->operations, r->device_memory / 1e6);
	text_add(out, "\n");
}

char *bench_text(const bench *b, const cJSON *old)
{
	text out = { 0 };
	const bench_machine *m = &b->machine;
	text_addf(&out, "seqrec %s on %s, %s, %u threads usable\n", seqrec_version(), m->cpu, m->kernels, m->threads);
	text_addf(&out, "one thread: matrix product %.0f Gflop/s (the peak below), copy %.1f GB/s, CSV to store %.0f MB/s\n\n", m->product_rate / 1e9, m->bandwidth / 1e9,
		b->loader_rate / 1e6);
	for (size_t i = 0; i < b->count; i++)
		result_text(&out, &b->result[i], old);
	text_add(&out, "\ntokens: events of real histories, no padding. Of the threads' time while training; peak: the products' share of it at the rate above.\n");
	return out.data;
}
