/* numpy's files: written in a stream, read by mmap, checked on the way. */
#include "unit/base/scratch.h"

#include "seqrec/hash.h"
#include "seqrec/npy.h"

static char *bytes_of(const char *path, size_t *length)
{
	char *content = file_read(path, 1 << 20, length, NULL);
	assert_non_null(content);
	return content;
}

static void every_type_is_read_back(void **state)
{
	(void)state;
	static const unsigned char data[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
	const char *path = in_scratch("a.npy");
	for (npy_type type = NPY_U8; type <= NPY_F64; type++) {
		sr_error err = { 0 };
		npy array;
		size_t count = sizeof data / npy_size(type);
		assert_true(npy_save(path, type, data, count, 0, &err));
		assert_true(npy_map(&array, path, type, &err));
		assert_int_equal(array.rows, count);
		assert_int_equal(array.columns, 0);
		assert_memory_equal(array.data, data, sizeof data);
		npy_close(&array);
		assert_true(npy_save(path, type, data, count / 2, 2, &err));
		assert_true(npy_map(&array, path, type, &err));
		assert_int_equal(array.rows, count / 2);
		assert_int_equal(array.columns, 2);
		npy_close(&array);
	}
}

static void the_bytes_are_those_that_numpy_writes(void **state)
{
	(void)state;
	static const char expected[] = "\x93NUMPY\x01\x00\x76\x00{'descr': '<u4', 'fortran_order': False, 'shape': (2,), }";
	sr_error err = { 0 };
	const char *path = in_scratch("a.npy");
	assert_true(npy_save(path, NPY_U32, (uint32_t[]){ 1, 2 }, 2, 0, &err));
	size_t length;
	char *content = bytes_of(path, &length);
	assert_int_equal(length, 128 + 8);
	assert_memory_equal(content, expected, sizeof expected - 1);
	assert_int_equal(content[127], '\n');
	assert_int_equal(content[126], ' ');
	free(content);
}

static void the_checksum_is_that_of_the_finished_file(void **state)
{
	(void)state;
	sr_error err = { 0 };
	const char *path = in_scratch("a.npy");
	for (size_t rows = 0; rows < 2000; rows += 617) {
		npy_writer *w = npy_open(path, NPY_I64, 0, &err);
		for (int64_t i = 0; i < (int64_t)rows; i++)
			assert_true(npy_write(w, &i, 1));
		uint32_t crc;
		assert_true(npy_commit(w, &crc, &err));
		size_t length;
		char *content = bytes_of(path, &length);
		assert_int_equal(hash_crc32(0, content, length), crc);
		free(content);
	}
}

static void another_type_is_an_error(void **state)
{
	(void)state;
	sr_error err = { 0 };
	npy array;
	const char *path = in_scratch("a.npy");
	npy_save(path, NPY_U32, (uint32_t[]){ 1 }, 1, 0, &err);
	assert_false(npy_map(&array, path, NPY_F32, &err));
	assert_says(&err, SR_DATA, "holds <u4, <f4 was expected");
	assert_null(array.data);
}

static void a_file_of_any_other_length_is_an_error(void **state)
{
	(void)state;
	const char *path = in_scratch("a.npy");
	npy_save(path, NPY_U32, (uint32_t[]){ 1, 2 }, 2, 0, NULL);
	size_t length;
	char *content = bytes_of(path, &length), *longer = calloc(1, length + 1);
	memcpy(longer, content, length);
	for (size_t cut = 0; cut <= length + 1; cut++) {
		sr_error err = { 0 };
		npy array;
		file_write(path, longer, cut, &err);
		assert_int_equal(npy_map(&array, path, NPY_U32, &err), cut == length);
		if (cut != length)
			assert_says(&err, SR_DATA, "not a whole .npy file");
		npy_close(&array);
	}
	free(content);
	free(longer);
}

static void a_header_that_lies_is_an_error(void **state)
{
	(void)state;
	static const char *const headers[] = { "{'descr': '<u4', 'fortran_order': True, 'shape': (2,), }", "{'descr': '<u4', 'fortran_order': False, 'shape': (4611686018427387905,), }",
		"{'descr': '<u4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", "{'descr': '>u4', 'fortran_order': False, 'shape': (2,), }", "{}", "" };
	const char *path = in_scratch("a.npy");
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
		sr_error err = { 0 };
		npy array;
		char bytes[136];
		memset(bytes, ' ', sizeof bytes);
		memcpy(bytes, "\x93NUMPY\x01\x00\x76\x00", 10);
		memcpy(bytes + 10, headers[i], strlen(headers[i]));
		file_write(path, bytes, sizeof bytes, &err);
		assert_false(npy_map(&array, path, NPY_U32, &err));
		assert_int_equal(err.code, SR_DATA);
	}
}

static void an_abandoned_array_leaves_nothing(void **state)
{
	(void)state;
	sr_error err = { 0 };
	npy_writer *w = npy_open(in_scratch("a.npy"), NPY_U8, 0, &err);
	npy_abandon(w);
	npy_abandon(NULL);
	assert_false(file_exists(in_scratch("a.npy")));
	assert_null(npy_open(in_scratch("missing/a.npy"), NPY_U8, 0, &err));
	assert_int_equal(err.code, SR_IO);
	assert_false(npy_write(NULL, "x", 1));
	assert_false(npy_commit(NULL, NULL, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(every_type_is_read_back),
		SCRATCH_TEST(the_bytes_are_those_that_numpy_writes),
		SCRATCH_TEST(the_checksum_is_that_of_the_finished_file),
		SCRATCH_TEST(another_type_is_an_error),
		SCRATCH_TEST(a_file_of_any_other_length_is_an_error),
		SCRATCH_TEST(a_header_that_lies_is_an_error),
		SCRATCH_TEST(an_abandoned_array_leaves_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
