#include "rows.h"

#include <zlib.h>

#include "loader/stream.h"

/* Compresses into `to`; returns the length. */
static size_t gzip_of(const char *content, unsigned char *to, size_t room)
{
	z_stream z = { 0 };
	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (unsigned char *)(uintptr_t)content;
	z.avail_in = (unsigned)strlen(content);
	z.next_out = to;
	z.avail_out = (unsigned)room;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return room - z.avail_out;
}

static unsigned char packed[65536];

static void assert_damaged(const char *part)
{
	sr_error err = { 0 };
	char *rows = rows_read("a.csv.gz", "", &err);
	assert_int_equal(err.code, SR_DATA);
	assert_non_null(strstr(err.text, part));
	free(rows);
}

/* A log long enough that half of it is half of its rows. */
static size_t long_log(void)
{
	text content = { 0 };
	text_add(&content, "u,i\n");
	for (int i = 0; i < 5000; i++)
		text_addf(&content, "%d,%d\n", i * 7919 % 5003, i * 104729 % 9973);
	size_t length = gzip_of(content.data, packed, sizeof packed);
	text_free(&content);
	return length;
}

static void gzip_is_known_by_its_bytes(void **state)
{
	(void)state;
	size_t length = gzip_of("u,i\na,1\n", packed, sizeof packed);
	log_write_bytes("a.csv", packed, length);
	assert_rows("a.csv", "", "a|1\n");
}

static void several_members_are_one_file(void **state)
{
	(void)state;
	size_t length = gzip_of("u,i\na,1\nb", packed, sizeof packed);
	length += gzip_of(",2\n", packed + length, sizeof packed - length);
	length += gzip_of("", packed + length, sizeof packed - length);
	length += gzip_of("c,3\n", packed + length, sizeof packed - length);
	log_write_bytes("a.csv.gz", packed, length);
	assert_rows("a.csv.gz", "", "a|1\nb|2\nc|3\n");
}

static void truncated_gzip_is_an_error_with_its_place(void **state)
{
	(void)state;
	size_t length = long_log();
	log_write_bytes("a.csv.gz", packed, length / 2);
	assert_damaged("truncated");
	char place[64];
	snprintf(place, sizeof place, "at byte %zu,%03zu", length / 2 / 1000, length / 2 % 1000);
	assert_damaged(place);
	log_write_bytes("a.csv.gz", packed, length - 3);
	assert_damaged("truncated");
}

static void the_rows_before_the_damage_are_counted(void **state)
{
	(void)state;
	text content = { 0 };
	text_add(&content, "u,i\n");
	for (int i = 0; i < 400000; i++)
		text_add(&content, "user,item\n");
	size_t length = gzip_of(content.data, packed, sizeof packed);
	text_free(&content);
	log_write_bytes("a.csv.gz", packed, length - 20);
	sr_error err = { 0 };
	free(rows_read("a.csv.gz", "", &err));
	char *rows = strstr(err.text, "compressed file; ");
	assert_non_null(rows);
	assert_true(strtol(rows + strlen("compressed file; "), NULL, 10) > 100);
}

static void rows_before_damage_in_the_first_window_are_counted_too(void **state)
{
	(void)state;
	text content = { 0 };
	text_add(&content, "u,i\n");
	for (int i = 0; i < 2000; i++)
		text_addf(&content, "user%d,item\n", i);
	size_t length = gzip_of(content.data, packed, sizeof packed);
	text_free(&content);
	log_write_bytes("a.csv.gz", packed, length - 2); /* torn within the checksum: all rows are there */
	assert_damaged("compressed file; 2,000 rows were read before it");
	log_write_bytes("a.csv.gz", packed, length / 2);
	sr_error err = { 0 };
	free(rows_read("a.csv.gz", "", &err));
	char *rows = strstr(err.text, "compressed file; ");
	assert_non_null(rows);
	assert_true(rows[strlen("compressed file; ")] != '0');
}

static void a_wrong_checksum_is_an_error(void **state)
{
	(void)state;
	size_t length = long_log();
	packed[length - 8] ^= 1;
	log_write_bytes("a.csv.gz", packed, length);
	assert_damaged("damaged");
}

static void a_flipped_byte_is_an_error(void **state)
{
	(void)state;
	size_t length = long_log();
	packed[length / 2] ^= 0x10;
	log_write_bytes("a.csv.gz", packed, length);
	assert_damaged("gzip data");
}

static void trailing_garbage_is_an_error(void **state)
{
	(void)state;
	size_t length = gzip_of("u,i\na,1\n", packed, sizeof packed);
	memcpy(packed + length, "garbage", 7);
	log_write_bytes("a.csv.gz", packed, length + 7);
	assert_damaged("something else behind the gzip data");
}

static void zero_bytes_behind_the_last_member_are_padding(void **state)
{
	(void)state;
	size_t length = gzip_of("u,i\na,1\n", packed, sizeof packed);
	memset(packed + length, 0, 512);
	log_write_bytes("a.csv.gz", packed, length + 512);
	assert_rows("a.csv.gz", "", "a|1\n");
}

static void plain_text_named_gz_is_read_with_a_warning(void **state)
{
	(void)state;
	assert_text_rows("a.csv.gz", "u,i\na,1\n", "", "a|1\n");
	assert_non_null(strstr(said, "is not compressed"));
}

static void zstd_is_refused_by_name(void **state)
{
	(void)state;
	log_write_bytes("a.csv.gz", "\x28\xb5\x2f\xfd....", 8);
	assert_damaged("zstd");
}

static void a_byte_order_mark_is_no_text(void **state)
{
	(void)state;
	log_write("a.csv", "\xef\xbb\xbfuser,item,time\na,1,1600000000\n");
	store *s = store_of("\"events\": [{\"path\": \"a.csv\"}]");
	assert_int_equal(s->events, 1);
	store_close(s);
}

static void utf16_is_known_by_its_mark(void **state)
{
	(void)state;
	static const char little[] = "\xff\xfeu\0,\0i\0\n\0\xe9\0,\0001\0\n\0";
	static const char big[] = "\xfe\xff\0u\0,\0i\0\n\0\xe9\0,\0001\0\n";
	log_write_bytes("a.csv", little, sizeof little - 1);
	assert_rows("a.csv", "", "\xc3\xa9|1\n");
	log_write_bytes("a.csv", big, sizeof big - 1);
	assert_rows("a.csv", "", "\xc3\xa9|1\n");
}

static void other_encodings_are_converted(void **state)
{
	(void)state;
	assert_text_rows("a.csv", "u,i\n\xca\xd6\xbb\xfa,1\n", "\"encoding\": \"GB18030\"", "\xe6\x89\x8b\xe6\x9c\xba|1\n");
	assert_text_rows("b.csv", "u,i\n\xe9t\xe9,1\n", "\"encoding\": \"ISO-8859-1\"", "\xc3\xa9t\xc3\xa9|1\n");
}

static void a_byte_outside_the_encoding_makes_a_bad_row(void **state)
{
	(void)state;
	assert_text_rows("a.csv", "u,i\nab\xff" "c,1\nd,2\n", "\"encoding\": \"GBK\"", "!invalid UTF-8\nd|2\n");
}

static void an_unknown_encoding_is_an_error(void **state)
{
	(void)state;
	log_write("a.csv", "user,item,time\na,1,1600000000\n");
	assert_refused("\"events\": [{\"path\": \"a.csv\", \"encoding\": \"KLINGON\"}]", SR_CONFIG, "KLINGON");
}

static void a_gzip_bomb_takes_no_memory(void **state)
{
	(void)state;
	/* 64 MiB of one line in 64 KiB: the line is one bad row, and is never held */
	static unsigned char bomb[256 * 1024];
	z_stream z = { 0 };
	static char zeros[1 << 20];
	memset(zeros, 'x', sizeof zeros);
	deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
	z.next_out = bomb;
	z.avail_out = sizeof bomb;
	z.next_in = (unsigned char *)"u,i\n";
	z.avail_in = 4;
	deflate(&z, Z_NO_FLUSH);
	for (int i = 0; i < 64; i++) {
		z.next_in = (unsigned char *)zeros;
		z.avail_in = sizeof zeros;
		deflate(&z, Z_NO_FLUSH);
	}
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	log_write_bytes("a.csv.gz", bomb, sizeof bomb - z.avail_out);
	assert_rows("a.csv.gz", "", "!line longer than 1 MiB\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(gzip_is_known_by_its_bytes),
		LOADER_TEST(several_members_are_one_file),
		LOADER_TEST(truncated_gzip_is_an_error_with_its_place),
		LOADER_TEST(the_rows_before_the_damage_are_counted),
		LOADER_TEST(rows_before_damage_in_the_first_window_are_counted_too),
		LOADER_TEST(a_wrong_checksum_is_an_error),
		LOADER_TEST(a_flipped_byte_is_an_error),
		LOADER_TEST(trailing_garbage_is_an_error),
		LOADER_TEST(zero_bytes_behind_the_last_member_are_padding),
		LOADER_TEST(plain_text_named_gz_is_read_with_a_warning),
		LOADER_TEST(zstd_is_refused_by_name),
		LOADER_TEST(a_byte_order_mark_is_no_text),
		LOADER_TEST(utf16_is_known_by_its_mark),
		LOADER_TEST(other_encodings_are_converted),
		LOADER_TEST(a_byte_outside_the_encoding_makes_a_bad_row),
		LOADER_TEST(an_unknown_encoding_is_an_error),
		LOADER_TEST(a_gzip_bomb_takes_no_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
