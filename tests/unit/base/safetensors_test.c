/* The safetensors layout: what is written is read back, and no changed byte goes unnoticed. */

#include "seqrec/safetensors.h"

#include "seqrec/file.h"
#include "seqrec/hash.h"
#include "seqrec/memory.h"
#include "seqrec/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char folder[] = "/tmp/seqrec_safetensors_XXXXXX";
static char *path;

static const float weight[] = { 1, 2, 3, 4, 5, 6 };
static const int64_t step[] = { -7 };
static const uint8_t flags[] = { 1, 0, 1 };
static const double moments[] = { .1, .2 };
static const uint32_t ids[] = { 4000000000u };
static const safe_tensor tensors[] = {
	{ "flags", SAFE_U8, 1, { 3 }, flags },
	{ "block0.weight", SAFE_F32, 2, { 2, 3 }, weight },
	{ "step", SAFE_I64, 0, { 0 }, step },
	{ "moments", SAFE_F64, 1, { 2 }, moments },
	{ "ids", SAFE_U32, 1, { 1 }, ids },
	{ "empty", SAFE_F32, 2, { 0, 8 }, NULL },
};
enum { TENSORS = sizeof tensors / sizeof *tensors };
static const safe_note notes[] = { { "config", "{\"a\": \"quoted\\n\"}" } };

static int folder_new(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	path = path_join(folder, "a.safetensors");
	return 0;
}

static int folder_end(void **state)
{
	(void)state;
	free(path);
	return folder_remove(folder, NULL) ? 0 : -1;
}

static void write_sample(void)
{
	sr_error err = { 0 };
	assert_true(safetensors_write(path, tensors, TENSORS, notes, 1, &err));
}

/* Writes `bytes` and expects that they are refused with a word of why. */
static void assert_refused(const void *bytes, size_t length, const char *why)
{
	sr_error err = { 0 };
	assert_true(file_write(path, bytes, length, &err));
	safetensors *s = safetensors_open(path, &err);
	if (s)
		fail_msg("accepted a file that should be refused: %s", why);
	assert_int_equal(err.code, SR_MODEL);
	if (!strstr(err.text, path) || !strstr(err.text, why))
		fail_msg("the error does not say \"%s\" of %s: %s", why, path, err.text);
}

static void what_was_written_is_read_back(void **state)
{
	(void)state;
	write_sample();
	sr_error err = { 0 };
	safetensors *s = safetensors_open(path, &err);
	assert_non_null(s);
	assert_int_equal(safetensors_count(s), TENSORS);
	for (size_t i = 0; i < TENSORS; i++) {
		const safe_tensor *t = safetensors_find(s, tensors[i].name);
		assert_int_equal(t->type, tensors[i].type);
		assert_int_equal(t->dimensions, tensors[i].dimensions);
		assert_memory_equal(t->shape, tensors[i].shape, sizeof t->shape);
	}
	assert_memory_equal(safetensors_find(s, "block0.weight")->data, weight, sizeof weight);
	assert_memory_equal(safetensors_find(s, "step")->data, step, sizeof step);
	assert_memory_equal(safetensors_find(s, "flags")->data, flags, sizeof flags);
	assert_string_equal(safetensors_note(s, "config"), notes[0].value);
	assert_string_equal(safetensors_note(s, "format"), "pt");
	assert_null(safetensors_note(s, "none"));
	assert_null(safetensors_find(s, "none"));
	safetensors_close(s);
}

static void larger_elements_come_first_and_all_are_aligned(void **state)
{
	(void)state;
	write_sample();
	safetensors *s = safetensors_open(path, NULL);
	assert_string_equal(safetensors_at(s, 0)->name, "moments");
	assert_string_equal(safetensors_at(s, 1)->name, "step");
	assert_string_equal(safetensors_at(s, TENSORS - 1)->name, "flags");
	for (size_t i = 0; i < TENSORS; i++)
		assert_int_equal((uintptr_t)safetensors_at(s, i)->data % safe_size(safetensors_at(s, i)->type), 0);
	safetensors_close(s);
}

static void the_same_tensors_give_the_same_bytes_in_any_order(void **state)
{
	(void)state;
	size_t length, other;
	write_sample();
	char *first = file_read(path, 1 << 20, &length, NULL);
	safe_tensor reversed[TENSORS];
	for (size_t i = 0; i < TENSORS; i++)
		reversed[i] = tensors[TENSORS - 1 - i];
	assert_true(safetensors_write(path, reversed, TENSORS, notes, 1, NULL));
	char *second = file_read(path, 1 << 20, &other, NULL);
	assert_int_equal(length, other);
	assert_memory_equal(first, second, length);
	free(first);
	free(second);
}

static void every_flipped_bit_is_noticed(void **state)
{
	(void)state;
	size_t length;
	write_sample();
	char *bytes = file_read(path, 1 << 20, &length, NULL);
	for (size_t i = 0; i < length; i++)
		for (int bit = 0; bit < 8; bit++) {
			sr_error err = { 0 };
			bytes[i] = (char)(bytes[i] ^ 1 << bit);
			FILE *file = fopen(path, "wb"); /* not durable: thousands of these need no fsync */
			assert_int_equal(fwrite(bytes, 1, length, file), length);
			fclose(file);
			safetensors *s = safetensors_open(path, &err);
			if (s || err.code != SR_MODEL)
				fail_msg("byte %zu, bit %d changed, and nobody noticed", i, bit);
			bytes[i] = (char)(bytes[i] ^ 1 << bit);
		}
	free(bytes);
}

static void every_shortened_file_is_noticed(void **state)
{
	(void)state;
	size_t length;
	write_sample();
	char *bytes = file_read(path, 1 << 20, &length, NULL);
	for (size_t n = 0; n < length; n += 7)
		assert_refused(bytes, n, "damaged");
	char *longer = xmalloc(length + 1);
	memcpy(longer, bytes, length);
	longer[length] = 0;
	assert_refused(longer, length + 1, "behind the last tensor");
	free(longer);
	free(bytes);
}

static void a_header_longer_than_the_file_is_refused_before_it_is_read(void **state)
{
	(void)state;
	unsigned char bytes[64] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, '{' };
	assert_refused(bytes, sizeof bytes, "length is impossible");
}

static void a_file_without_our_checksums_is_refused(void **state)
{
	(void)state;
	static const char header[] = "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}        ";
	char bytes[128] = { (char)(sizeof header - 1) };
	memcpy(bytes + 8, header, sizeof header - 1);
	assert_refused(bytes, 8 + sizeof header, "checksum");
}

/* A file whose checksums fit, though what its header says may not: `entries` follows the metadata, `count` bytes of zeros follow the header. */
static void assert_crafted_refused(const char *entries, size_t count, const char *why)
{
	static const char zeros[64];
	text file = { 0 };
	char digits[9];
	text_add_bytes(&file, zeros, 8);
	text_addf(&file, "{\"__metadata__\":{\"crc32.header\":\"00000000\",\"crc32.a\":\"%08x\"}%s", hash_crc32(0, zeros, 4), entries);
	size_t length = file.length - 8;
	snprintf(digits, sizeof digits, "%08x", hash_crc32(0, file.data + 8, length));
	memcpy(file.data + 8 + strlen("{\"__metadata__\":{\"crc32.header\":\""), digits, 8);
	for (size_t i = 0; i < 8; i++)
		file.data[i] = (char)(length >> 8 * i);
	text_add_bytes(&file, zeros, count);
	if (why) {
		assert_refused(file.data, file.length, why);
	} else {
		assert_true(file_write(path, file.data, file.length, NULL));
		safetensors *s = safetensors_open(path, NULL);
		assert_non_null(s);
		safetensors_close(s);
	}
	text_free(&file);
}

static void a_header_that_contradicts_itself_is_refused_even_with_fitting_checksums(void **state)
{
	(void)state;
	assert_crafted_refused(",\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, NULL); /* the others differ from this one */
	assert_crafted_refused(",\"a\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "tensor a: its dtype or shape");
	assert_crafted_refused(",\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1],\"data_offsets\":[0,4]}}", 4, "tensor a: its dtype or shape");
	assert_crafted_refused(",\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, "tensor a: its dtype or shape");
	assert_crafted_refused(",\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}", 4, "tensor a: its dtype or shape");
	assert_crafted_refused(",\"a\":{\"dtype\":\"F32\",\"shape\":1,\"data_offsets\":[0,4]}}", 4, "tensor a: its dtype or shape");
	assert_crafted_refused(",\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "its shape does not fit");
	assert_crafted_refused(",\"a\":{\"dtype\":\"F64\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,4]}}", 4, "its shape does not fit");
	assert_crafted_refused(",\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "do not lie where they must");
	assert_crafted_refused(",\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}", 4, "do not lie where they must");
	assert_crafted_refused(",\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", 4, "do not lie where they must");
	assert_crafted_refused(",\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 5, "bytes behind the last tensor");
	assert_crafted_refused(",\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "tensor b: its checksum");
	assert_crafted_refused(",\"a b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "with a name of other than");
	assert_crafted_refused(",\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[4,4]}}", 4, "twice");
	assert_crafted_refused(",\"a\":", 4, path);
}

static void a_name_that_cannot_be_a_file_key_is_not_written(void **state)
{
	(void)state;
	const char *bad[] = { "", "a b", "a/b", "é", "a\"", "header" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		sr_error err = { 0 };
		safe_tensor t = { bad[i], SAFE_U8, 1, { 3 }, flags };
		assert_false(safetensors_write(path, &t, 1, NULL, 0, &err));
		assert_int_equal(err.code, SR_INTERNAL);
	}
}

static void two_tensors_of_one_name_are_not_written(void **state)
{
	(void)state;
	sr_error err = { 0 };
	safe_tensor twice[] = { tensors[0], tensors[0] };
	assert_false(safetensors_write(path, twice, 2, NULL, 0, &err));
	assert_non_null(strstr(err.text, "two tensors are named flags"));
}

static void a_size_beyond_64_bits_is_not_written(void **state)
{
	(void)state;
	sr_error err = { 0 };
	safe_tensor t = { "a", SAFE_F64, 3, { 1u << 31, 1u << 31, 1u << 31 }, moments };
	assert_false(safetensors_write(path, &t, 1, NULL, 0, &err));
	assert_non_null(strstr(err.text, "too large"));
}

static void a_tensor_of_another_shape_or_name_is_not_what_is_needed(void **state)
{
	(void)state;
	write_sample();
	safetensors *s = safetensors_open(path, NULL);
	sr_error shape = { 0 }, type = { 0 }, name = { 0 };
	assert_non_null(safetensors_need(s, "block0.weight", SAFE_F32, 2, (uint64_t[]){ 2, 3 }, NULL));
	assert_non_null(safetensors_need(s, "step", SAFE_I64, 0, NULL, NULL));
	assert_null(safetensors_need(s, "block0.weight", SAFE_F32, 2, (uint64_t[]){ 3, 2 }, &shape));
	assert_non_null(strstr(shape.text, "block0.weight is F32 (2, 3), the model needs F32 (3, 2)"));
	assert_null(safetensors_need(s, "flags", SAFE_F32, 1, (uint64_t[]){ 3 }, &type));
	assert_null(safetensors_need(s, "bias", SAFE_F32, 1, (uint64_t[]){ 3 }, &name));
	assert_non_null(strstr(name.text, "no tensor bias"));
	safetensors_close(s);
}

static void an_absent_file_is_an_io_error(void **state)
{
	(void)state;
	sr_error err = { 0 };
	assert_null(safetensors_open("/nonexistent/model.safetensors", &err));
	assert_int_equal(err.code, SR_IO);
	safetensors_close(NULL);
}

static void no_tensors_are_a_file_too(void **state)
{
	(void)state;
	assert_true(safetensors_write(path, NULL, 0, NULL, 0, NULL));
	safetensors *s = safetensors_open(path, NULL);
	assert_int_equal(safetensors_count(s), 0);
	safetensors_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_is_read_back),
		cmocka_unit_test(larger_elements_come_first_and_all_are_aligned),
		cmocka_unit_test(the_same_tensors_give_the_same_bytes_in_any_order),
		cmocka_unit_test(every_flipped_bit_is_noticed),
		cmocka_unit_test(every_shortened_file_is_noticed),
		cmocka_unit_test(a_header_longer_than_the_file_is_refused_before_it_is_read),
		cmocka_unit_test(a_file_without_our_checksums_is_refused),
		cmocka_unit_test(a_header_that_contradicts_itself_is_refused_even_with_fitting_checksums),
		cmocka_unit_test(a_name_that_cannot_be_a_file_key_is_not_written),
		cmocka_unit_test(two_tensors_of_one_name_are_not_written),
		cmocka_unit_test(a_size_beyond_64_bits_is_not_written),
		cmocka_unit_test(a_tensor_of_another_shape_or_name_is_not_what_is_needed),
		cmocka_unit_test(an_absent_file_is_an_io_error),
		cmocka_unit_test(no_tensors_are_a_file_too),
	};
	return cmocka_run_group_tests(tests, folder_new, folder_end);
}
