/* weight_histograms.c - counts of weights by size; summary.proto's HistogramProto: 1 min, 2 max, 3 num, 4 sum, 5 sum_squares, 6 bucket_limit, 7 bucket. */
#include "weight_histograms.h"

#include "seqrec/number.h"

#include <stdint.h>
#include <string.h>

enum { BUCKETS = 30, FIXED64 = 1, BYTES = 2, VARINT_MOST = 10 };

static const char *const moments[] = { "min", "max", "num", "sum", "sum_squares" };
enum { MOMENTS = sizeof moments / sizeof *moments };

static void add_histogram(text *line, const param *p)
{
	size_t count = p->rows * p->cols, bucket[BUCKETS] = { 0 };
	double value[MOMENTS] = { count ? (double)p->value[0] : 0, count ? (double)p->value[0] : 0, (double)count, 0, 0 };
	for (size_t i = 0; i < count; i++) {
		double w = (double)p->value[i];
		value[0] = w < value[0] ? w : value[0];
		value[1] = w > value[1] ? w : value[1];
		value[3] += w;
		value[4] += w * w;
	}
	double width = (value[1] - value[0]) / BUCKETS;
	for (size_t i = 0; i < count; i++) {
		size_t b = width > 0 ? (size_t)(((double)p->value[i] - value[0]) / width) : 0;
		bucket[b < BUCKETS ? b : BUCKETS - 1]++;
	}
	for (size_t m = 0; m < MOMENTS; m++) {
		char number[NUMBER_TEXT];
		number_print(value[m], number);
		text_addf(line, "%s\"%s\":%s", m ? "," : "{", moments[m], number);
	}
	text_add(line, ",\"bucket\":[");
	for (size_t b = 0; b < BUCKETS; b++)
		text_addf(line, "%s%zu", b ? "," : "", bucket[b]);
	text_add(line, "]}");
}

void weight_histograms_add(text *line, const params *list)
{
	text_add(line, ",\"weights\":{");
	for (size_t i = 0; i < params_count(list); i++) {
		const param *p = params_get(list, i);
		text_add(line, i ? "," : "");
		text_add_json(line, p->name, strlen(p->name));
		text_add(line, ":");
		add_histogram(line, p);
	}
	text_add(line, "}");
}

static void put_double(text *proto, double value)
{
	uint64_t bits;
	char byte[8];
	memcpy(&bits, &value, sizeof bits);
	for (size_t i = 0; i < sizeof byte; i++)
		byte[i] = (char)(bits >> 8 * i & 255);
	text_add_bytes(proto, byte, sizeof byte);
}

/* The tag of a packed list of so many doubles. */
static void put_packed(text *proto, unsigned field, size_t count)
{
	char head[1 + VARINT_MOST] = { (char)(field << 3 | BYTES) };
	size_t length = 1;
	for (uint64_t left = 8 * (uint64_t)count; left || length == 1; left >>= 7)
		head[length++] = (char)((left & 127) | (left > 127 ? 128 : 0));
	text_add_bytes(proto, head, length);
}

bool weight_histogram_proto(text *proto, const cJSON *histogram)
{
	double value[MOMENTS];
	const cJSON *bucket = cJSON_GetObjectItemCaseSensitive(histogram, "bucket");
	size_t count = cJSON_IsArray(bucket) ? (size_t)cJSON_GetArraySize(bucket) : 0, b = 0;
	for (size_t m = 0; m < MOMENTS; m++)
		if (!count || !json_get_number(histogram, moments[m], &value[m]))
			return false;
	for (size_t m = 0; m < MOMENTS; m++) {
		text_add_bytes(proto, &(char){ (char)((m + 1) << 3 | FIXED64) }, 1);
		put_double(proto, value[m]);
	}
	put_packed(proto, 6, count);
	for (b = 0; b < count; b++)
		put_double(proto, b + 1 == count ? value[1] : value[0] + (value[1] - value[0]) * (double)(b + 1) / (double)count);
	put_packed(proto, 7, count);
	for (const cJSON *one = bucket->child; one; one = one->next)
		put_double(proto, one->valuedouble);
	return true;
}
