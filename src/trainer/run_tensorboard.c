/* run_tensorboard.c - log.jsonl and metrics.jsonl as TensorBoard's event files: TFRecord frames with masked CRC32C around protocol buffers (event.proto, summary.proto). */
#include "run_tensorboard.h"
#include "weight_histograms.h"

#include "seqrec/file.h"
#include "seqrec/json.h"
#include "seqrec/memory.h"
#include "seqrec/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CASTAGNOLI = (int)0x82F63B78, FIXED64 = 1, BYTES = 2, FIXED32 = 5, FILES_MOST = 1u << 28 };

/* ---- records ---- */

/* CRC-32C, reflected, as iSCSI's; bit by bit, since an event has some 60 bytes. */
static uint32_t crc32c(const char *bytes, size_t length)
{
	uint32_t crc = UINT32_MAX;
	for (size_t i = 0; i < length; i++) {
		crc ^= (unsigned char)bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ ((crc & 1) ? (uint32_t)CASTAGNOLI : 0);
	}
	return ~crc;
}

static void put_little(text *out, uint64_t value, size_t bytes)
{
	char buffer[8];
	for (size_t i = 0; i < bytes; i++)
		buffer[i] = (char)(value >> 8 * i & 255);
	text_add_bytes(out, buffer, bytes);
}

static void put_masked(text *out, const char *bytes, size_t length)
{
	uint32_t crc = crc32c(bytes, length);
	put_little(out, ((crc >> 15) | (crc << 17)) + 0xa282ead8u, 4);
}

void tensorboard_record(text *out, const char *bytes, size_t length)
{
	size_t start = out->length;
	put_little(out, length, 8);
	char head[8];
	memcpy(head, out->data + start, sizeof head);
	put_masked(out, head, sizeof head);
	text_add_bytes(out, bytes, length);
	put_masked(out, bytes, length);
}

/* ---- protocol buffers ---- */

static void put_varint(text *out, uint64_t value)
{
	for (; value > 127; value >>= 7)
		put_little(out, (value & 127) | 128, 1);
	put_little(out, value, 1);
}

static void put_bytes(text *out, unsigned field, const char *bytes, size_t length)
{
	put_varint(out, field << 3 | BYTES);
	put_varint(out, length);
	text_add_bytes(out, bytes, length);
}

static void put_clock(text *out, double clock)
{
	uint64_t bits;
	memcpy(&bits, &clock, sizeof bits);
	put_varint(out, 1 << 3 | FIXED64);
	put_little(out, bits, 8);
}

/* Event { wall_time, step, summary { value { tag, ... } } }; `value` is the encoded field behind the tag. */
static void put_event(text *out, double clock, int64_t step, const char *tag, const text *value)
{
	text event = { 0 }, summary = { 0 }, entry = { 0 };
	put_bytes(&entry, 1, tag, strlen(tag));
	text_add_bytes(&entry, value->data, value->length);
	put_bytes(&summary, 1, entry.data, entry.length);
	put_clock(&event, clock);
	put_varint(&event, 2 << 3);
	put_varint(&event, (uint64_t)step);
	put_bytes(&event, 5, summary.data, summary.length);
	tensorboard_record(out, event.data, event.length);
	text_free(&entry);
	text_free(&summary);
	text_free(&event);
}

void tensorboard_scalar(text *out, double clock, int64_t step, const char *tag, float number)
{
	text value = { 0 };
	uint32_t bits;
	memcpy(&bits, &number, sizeof bits);
	put_varint(&value, 2 << 3 | FIXED32);
	put_little(&value, bits, 4);
	put_event(out, clock, step, tag, &value);
	text_free(&value);
}

static void put_version(text *out, double clock)
{
	static const char version[] = "brain.Event:2";
	text event = { 0 };
	put_clock(&event, clock);
	put_bytes(&event, 3, version, sizeof version - 1);
	tensorboard_record(out, event.data, event.length);
	text_free(&event);
}

/* ---- from the run's logs ---- */

/* The events of one member of one fold; members stand beside each other as runs of TensorBoard. */
typedef struct {
	size_t fold, member;
	text events;
} curve_file;

typedef struct {
	curve_file *file;
	size_t files, capacity;
	double clock;
} curves;

static text *events_of(curves *c, const cJSON *line)
{
	size_t fold = 0, member = 0;
	json_get_size(line, "fold", &fold);
	json_get_size(line, "member", &member);
	for (size_t i = 0; i < c->files; i++)
		if (c->file[i].fold == fold && c->file[i].member == member)
			return &c->file[i].events;
	c->file = xgrow(c->file, &c->capacity, c->files + 1, sizeof *c->file);
	c->file[c->files] = (curve_file){ .fold = fold, .member = member };
	put_version(&c->file[c->files].events, c->clock);
	return &c->file[c->files++].events;
}

static void add_histograms(curves *c, text *events, const cJSON *weights, size_t step)
{
	for (const cJSON *one = weights->child; one; one = one->next) {
		text proto = { 0 }, value = { 0 };
		char *tag = text_format("weights/%s", one->string);
		if (weight_histogram_proto(&proto, one)) {
			put_bytes(&value, 5, proto.data, proto.length);
			put_event(events, c->clock, (int64_t)step, tag, &value);
		}
		text_free(&proto);
		text_free(&value);
		free(tag);
	}
}

/* Every number of the object becomes a scalar; those of `validation` too. */
static void add_scalars(curves *c, text *events, const cJSON *object, size_t step, const char *before)
{
	static const char *const places[] = { "fold", "member", "epoch", "step" };
	for (const cJSON *entry = object->child; entry; entry = entry->next) {
		bool is_place = false;
		for (size_t i = 0; i < sizeof places / sizeof *places; i++)
			is_place = is_place || strcmp(entry->string, places[i]) == 0;
		if (cJSON_IsObject(entry) && strcmp(entry->string, "weights") == 0)
			add_histograms(c, events, entry, step);
		else if (cJSON_IsObject(entry))
			add_scalars(c, events, entry, step, "validation/");
		if (is_place || !cJSON_IsNumber(entry))
			continue;
		char *tag = text_format("%s%s", before, entry->string);
		tensorboard_scalar(events, c->clock, (int64_t)step, tag, (float)entry->valuedouble);
		free(tag);
	}
}

static bool add_log(curves *c, const char *run, const char *name, const char *before, sr_error *err)
{
	char *path = path_join(run, name), *content = file_exists(path) ? file_read(path, FILES_MOST, NULL, err) : xstrdup("");
	for (char *line = content, *end; line && *line; line = end) {
		end = line + strcspn(line, "\n");
		end += *end == '\n' ? (*end = '\0', 1) : 0;
		size_t step;
		cJSON *tree = json_value(line);
		if (tree && json_get_size(tree, "step", &step))
			add_scalars(c, events_of(c, tree), tree, step, before);
		cJSON_Delete(tree);
	}
	bool done = content != NULL;
	free(content);
	free(path);
	return done;
}

static bool write_file(const curves *c, size_t i, const char *folder, sr_error *err)
{
	char host[64] = "host";
	gethostname(host, sizeof host - 1);
	const curve_file *f = &c->file[i];
	char *part = c->files > 1 ? text_format("%s/fold_%zu_member_%zu", folder, f->fold, f->member) : xstrdup(folder);
	char *path = text_format("%s/events.out.tfevents.%lld.%s.%ld.%zu", part, (long long)c->clock, host, (long)getpid(), i);
	bool done = folder_make(part, err) && file_write(path, f->events.data, f->events.length, err);
	free(path);
	free(part);
	return done;
}

bool tensorboard_write(const char *run, sr_error *err)
{
	curves c = { .clock = (double)time(NULL) };
	char *folder = path_join(run, "tensorboard");
	bool done = add_log(&c, run, "log.jsonl", "", err) && add_log(&c, run, "metrics.jsonl", "epoch/", err) && folder_remove(folder, err);
	for (size_t i = 0; done && i < c.files; i++)
		done = write_file(&c, i, folder, err);
	for (size_t i = 0; i < c.files; i++)
		text_free(&c.file[i].events);
	free(c.file);
	free(folder);
	return done;
}
