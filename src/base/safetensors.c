/* safetensors.c - writing and reading the safetensors layout: u64 length N, N bytes of JSON header, then the tensors' bytes without holes. */

#include "seqrec/safetensors.h"

#include "seqrec/file.h"
#include "seqrec/hash.h"
#include "seqrec/json.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	size_t size;
} types[] = {
	[SAFE_F32] = { "F32", 4 }, [SAFE_F64] = { "F64", 8 }, [SAFE_I64] = { "I64", 8 }, [SAFE_U32] = { "U32", 4 }, [SAFE_U8] = { "U8", 1 },
};
enum { TYPES = sizeof types / sizeof *types, LENGTH_BYTES = 8, CRC_DIGITS = 8 };

/* How every header of ours begins; the digits of its own checksum follow. */
static const char header_start[] = "{\"__metadata__\":{\"crc32.header\":\"";
static const char crc_prefix[] = "crc32.";

size_t safe_size(safe_type type)
{
	return types[type].size;
}

static bool name_good(const char *name)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.";
	return *name && strcmp(name, "header") != 0 && name[strspn(name, allowed)] == '\0';
}

/* Bytes of a tensor; false when they do not fit 64 bits. */
static bool tensor_bytes(const safe_tensor *t, uint64_t *bytes)
{
	*bytes = types[t->type].size;
	for (size_t i = 0; i < t->dimensions; i++)
		if (__builtin_mul_overflow(*bytes, t->shape[i], bytes))
			return false;
	return true;
}

static void crc_print(uint32_t crc, char digits[CRC_DIGITS + 1])
{
	snprintf(digits, CRC_DIGITS + 1, "%08" PRIx32, crc);
}

static uint32_t crc_of(const void *bytes, uint64_t length)
{
	return length ? hash_crc32(0, bytes, length) : 0;
}

/* Of the header with the digits of its own checksum as zeros. */
static uint32_t header_crc(const char *header, size_t length)
{
	size_t start = strlen(header_start);
	uint32_t crc = hash_crc32(0, header, start);
	crc = hash_crc32(crc, "00000000", CRC_DIGITS);
	return hash_crc32(crc, header + start + CRC_DIGITS, length - start - CRC_DIGITS);
}

/* ---- writing ---- */

static int larger_elements_first(const void *left, const void *right)
{
	const safe_tensor *a = *(const safe_tensor *const *)left, *b = *(const safe_tensor *const *)right;
	size_t size_a = types[a->type].size, size_b = types[b->type].size;
	if (size_a != size_b)
		return size_a > size_b ? -1 : 1;
	return strcmp(a->name, b->name);
}

static bool tensors_check(const char *path, const safe_tensor *const *order, size_t count, sr_error *err)
{
	uint64_t total = 0, bytes;
	if (count > SAFE_TENSORS)
		return error_set(err, SR_INTERNAL, "%s: %zu tensors are more than %d", path, count, SAFE_TENSORS);
	for (size_t i = 0; i < count; i++) {
		if (!name_good(order[i]->name))
			return error_set(err, SR_INTERNAL, "%s: \"%s\" cannot name a tensor", path, order[i]->name);
		if (i && !strcmp(order[i]->name, order[i - 1]->name))
			return error_set(err, SR_INTERNAL, "%s: two tensors are named %s", path, order[i]->name);
		if (order[i]->dimensions > SAFE_DIMENSIONS || !tensor_bytes(order[i], &bytes) || __builtin_add_overflow(total, bytes, &total))
			return error_set(err, SR_INTERNAL, "%s: tensor %s is too large", path, order[i]->name);
	}
	return true;
}

static void add_notes(text *header, const safe_tensor *const *order, size_t count, const safe_note *note, size_t notes)
{
	char digits[CRC_DIGITS + 1];
	uint64_t bytes;
	text_addf(header, "%s00000000\",\"format\":\"pt\"", header_start);
	for (size_t i = 0; i < notes; i++) {
		text_add(header, ",");
		text_add_json(header, note[i].key, strlen(note[i].key));
		text_add(header, ":");
		text_add_json(header, note[i].value, strlen(note[i].value));
	}
	for (size_t i = 0; i < count; i++) {
		tensor_bytes(order[i], &bytes);
		crc_print(crc_of(order[i]->data, bytes), digits);
		text_addf(header, ",\"%s%s\":\"%s\"", crc_prefix, order[i]->name, digits);
	}
	text_add(header, "}");
}

static void add_tensors(text *header, const safe_tensor *const *order, size_t count)
{
	uint64_t at = 0, bytes;
	for (size_t i = 0; i < count; i++) {
		const safe_tensor *t = order[i];
		tensor_bytes(t, &bytes);
		text_addf(header, ",\"%s\":{\"dtype\":\"%s\",\"shape\":[", t->name, types[t->type].name);
		for (size_t k = 0; k < t->dimensions; k++)
			text_addf(header, "%s%" PRIu64, k ? "," : "", t->shape[k]);
		text_addf(header, "],\"data_offsets\":[%" PRIu64 ",%" PRIu64 "]}", at, at + bytes);
		at += bytes;
	}
	text_add(header, "}");
}

/* Padded with spaces so that the tensors' bytes begin 8-aligned in the file. */
static void header_finish(text *header)
{
	char digits[CRC_DIGITS + 1];
	while (header->length % 8)
		text_add(header, " ");
	crc_print(header_crc(header->data, header->length), digits);
	memcpy(header->data + strlen(header_start), digits, CRC_DIGITS);
}

static bool file_make(const char *path, const text *header, const safe_tensor *const *order, size_t count, sr_error *err)
{
	unsigned char length[LENGTH_BYTES];
	uint64_t bytes;
	for (size_t i = 0; i < LENGTH_BYTES; i++)
		length[i] = (unsigned char)((uint64_t)header->length >> 8 * i);
	durable *d = durable_open(path, err);
	if (!d)
		return false;
	durable_write(d, length, sizeof length);
	durable_write(d, header->data, header->length);
	for (size_t i = 0; i < count; i++)
		if (tensor_bytes(order[i], &bytes) && bytes)
			durable_write(d, order[i]->data, bytes);
	return durable_commit(d, err);
}

bool safetensors_write(const char *path, const safe_tensor *tensor, size_t count, const safe_note *note, size_t notes, sr_error *err)
{
	text header = { 0 };
	const safe_tensor **order = xcalloc(count + 1, sizeof *order);
	for (size_t i = 0; i < count; i++)
		order[i] = &tensor[i];
	qsort(order, count, sizeof *order, larger_elements_first);
	bool done = tensors_check(path, order, count, err);
	if (done) {
		add_notes(&header, order, count, note, notes);
		add_tensors(&header, order, count);
		header_finish(&header);
		done = header.length <= SAFE_HEADER || error_set(err, SR_INTERNAL, "%s: the header would be larger than %d bytes", path, SAFE_HEADER);
	}
	done = done && file_make(path, &header, order, count, err);
	text_free(&header);
	free(order);
	return done;
}

/* ---- reading ---- */

struct safetensors {
	char *path;
	file_map map;
	cJSON *header;
	const cJSON *notes;
	safe_tensor *tensor;
	uint64_t (*range)[2]; /* data_offsets of each tensor */
	size_t count;
};

static bool damaged(const safetensors *s, const char *what, sr_error *err)
{
	return error_set(err, SR_MODEL, "%s: %s. The file is damaged or not one of ours", s->path, what);
}

static bool damaged_tensor(const safetensors *s, const char *name, const char *what, sr_error *err)
{
	return error_set(err, SR_MODEL, "%s: tensor %s: %s. The file is damaged or not one of ours", s->path, name, what);
}

static uint64_t read_length(const unsigned char *bytes)
{
	uint64_t length = 0;
	for (size_t i = LENGTH_BYTES; i-- > 0;)
		length = length << 8 | bytes[i];
	return length;
}

/* Length, beginning and checksum of the header: after this its text is what was written. */
static bool header_read(safetensors *s, size_t *length, sr_error *err)
{
	char digits[CRC_DIGITS + 1];
	size_t start = strlen(header_start);
	if (s->map.length < LENGTH_BYTES + start + CRC_DIGITS)
		return damaged(s, "too short for a safetensors file", err);
	const char *header = (const char *)s->map.bytes + LENGTH_BYTES;
	uint64_t n = read_length(s->map.bytes);
	if (n > SAFE_HEADER || n > s->map.length - LENGTH_BYTES || n < start + CRC_DIGITS)
		return damaged(s, "the header's length is impossible", err);
	if (memcmp(header, header_start, start) != 0)
		return damaged(s, "the header does not begin with its checksum", err);
	crc_print(header_crc(header, n), digits);
	if (memcmp(header + start, digits, CRC_DIGITS) != 0)
		return damaged(s, "the header's checksum does not fit", err);
	s->header = json_parse(header, n, false, s->path, SR_MODEL, err);
	*length = n;
	return s->header;
}

static bool type_find(const cJSON *entry, safe_type *type)
{
	const char *name = json_get_string(entry, "dtype");
	for (size_t i = 0; name && i < TYPES; i++)
		if (!strcmp(name, types[i].name)) {
			*type = (safe_type)i;
			return true;
		}
	return false;
}

/* A whole number from 0 to 2^53, as JSON carries them exactly. */
static bool whole(const cJSON *value, uint64_t *number)
{
	if (!cJSON_IsNumber(value) || !(value->valuedouble >= 0 && value->valuedouble <= 9007199254740992.0))
		return false;
	*number = (uint64_t)value->valuedouble;
	return (double)*number == value->valuedouble;
}

static bool shape_read(const cJSON *entry, safe_tensor *t)
{
	const cJSON *shape = cJSON_GetObjectItemCaseSensitive(entry, "shape"), *size;
	if (!cJSON_IsArray(shape))
		return false;
	cJSON_ArrayForEach(size, shape)
	{
		if (t->dimensions == SAFE_DIMENSIONS || !whole(size, &t->shape[t->dimensions++]))
			return false;
	}
	return true;
}

static bool range_read(const cJSON *entry, uint64_t range[2])
{
	const cJSON *offsets = cJSON_GetObjectItemCaseSensitive(entry, "data_offsets");
	return cJSON_IsArray(offsets) && cJSON_GetArraySize(offsets) == 2 && whole(cJSON_GetArrayItem(offsets, 0), &range[0]) &&
	       whole(cJSON_GetArrayItem(offsets, 1), &range[1]);
}

/* One entry of the header. Tensors must follow each other in the file as they do in the header, from `at` on. */
static bool tensor_read(safetensors *s, const cJSON *entry, uint64_t at, uint64_t end, sr_error *err)
{
	safe_tensor *t = &s->tensor[s->count];
	uint64_t *range = s->range[s->count], bytes;
	if (s->count == SAFE_TENSORS || !name_good(entry->string))
		return damaged(s, "too many tensors, or one with a name of other than letters, digits, _ and .", err);
	t->name = entry->string;
	if (!type_find(entry, &t->type) || !shape_read(entry, t))
		return damaged_tensor(s, t->name, "its dtype or shape cannot be read", err);
	if (!range_read(entry, range) || range[0] != at || range[1] < range[0] || range[1] > end)
		return damaged_tensor(s, t->name, "its bytes do not lie where they must", err);
	if (!tensor_bytes(t, &bytes) || bytes != range[1] - range[0])
		return damaged_tensor(s, t->name, "its shape does not fit its bytes", err);
	s->count++;
	return true;
}

static bool tensors_read(safetensors *s, size_t header_length, sr_error *err)
{
	const unsigned char *data = s->map.bytes + LENGTH_BYTES + header_length;
	uint64_t at = 0, end = s->map.length - LENGTH_BYTES - header_length;
	size_t entries = (size_t)cJSON_GetArraySize(s->header);
	s->tensor = xcalloc(entries + 1, sizeof *s->tensor);
	s->range = xcalloc(entries + 1, sizeof *s->range);
	for (const cJSON *entry = s->header->child; entry; entry = entry->next) {
		if (entry == s->notes)
			continue;
		if (!tensor_read(s, entry, at, end, err))
			return false;
		at = s->range[s->count - 1][1];
		s->tensor[s->count - 1].data = data + s->range[s->count - 1][0];
	}
	return at == end || damaged(s, "there are bytes behind the last tensor, or some are missing", err);
}

static bool checksums_check(const safetensors *s, sr_error *err)
{
	for (size_t i = 0; i < s->count; i++) {
		char digits[CRC_DIGITS + 1], *key = text_format("%s%s", crc_prefix, s->tensor[i].name);
		const char *want = safetensors_note(s, key);
		crc_print(crc_of(s->tensor[i].data, s->range[i][1] - s->range[i][0]), digits);
		free(key);
		if (!want || strcmp(want, digits) != 0)
			return damaged_tensor(s, s->tensor[i].name, "its checksum does not fit", err);
	}
	return true;
}

safetensors *safetensors_open(const char *path, sr_error *err)
{
	safetensors *s = xcalloc(1, sizeof *s);
	size_t header_length = 0;
	s->path = xstrdup(path);
	if (!file_map_open(&s->map, path, err) || !header_read(s, &header_length, err))
		goto fail;
	s->notes = cJSON_GetObjectItemCaseSensitive(s->header, "__metadata__");
	if (!tensors_read(s, header_length, err) || !checksums_check(s, err))
		goto fail;
	return s;
fail:
	safetensors_close(s);
	return NULL;
}

void safetensors_close(safetensors *s)
{
	if (!s)
		return;
	cJSON_Delete(s->header);
	file_map_close(&s->map);
	free(s->tensor);
	free(s->range);
	free(s->path);
	free(s);
}

size_t safetensors_count(const safetensors *s)
{
	return s->count;
}

const safe_tensor *safetensors_at(const safetensors *s, size_t i)
{
	return &s->tensor[i];
}

const safe_tensor *safetensors_find(const safetensors *s, const char *name)
{
	for (size_t i = 0; i < s->count; i++)
		if (!strcmp(s->tensor[i].name, name))
			return &s->tensor[i];
	return NULL;
}

const char *safetensors_note(const safetensors *s, const char *key)
{
	return json_get_string(s->notes, key);
}

static void add_form(text *t, safe_type type, size_t dimensions, const uint64_t *shape)
{
	text_addf(t, "%s (", types[type].name);
	for (size_t i = 0; i < dimensions; i++)
		text_addf(t, "%s%" PRIu64, i ? ", " : "", shape[i]);
	text_add(t, ")");
}

const safe_tensor *safetensors_need(const safetensors *s, const char *name, safe_type type, size_t dimensions, const uint64_t *shape, sr_error *err)
{
	text found = { 0 }, wanted = { 0 };
	const safe_tensor *t = safetensors_find(s, name);
	if (!t) {
		error_set(err, SR_MODEL, "%s: there is no tensor %s, which the model needs: the file belongs to another model or version", s->path, name);
		return NULL;
	}
	if (t->type == type && t->dimensions == dimensions && (!dimensions || !memcmp(t->shape, shape, dimensions * sizeof *shape)))
		return t;
	add_form(&found, t->type, t->dimensions, t->shape);
	add_form(&wanted, type, dimensions, shape);
	error_set(err, SR_MODEL, "%s: tensor %s is %s, the model needs %s: the file belongs to another model", s->path, name, found.data, wanted.data);
	text_free(&found);
	text_free(&wanted);
	return NULL;
}
