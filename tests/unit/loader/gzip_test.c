#include "stores.h"

#include <zlib.h>

#include "loader/gzip.h"

enum { TEXT_BYTES = 150000, PACKED_BYTES = 200000 };

static unsigned char plain[TEXT_BYTES], packed[PACKED_BYTES];
static char unpacked[TEXT_BYTES + 1];
static uint32_t seed = 1;

static uint32_t draw(uint32_t below)
{
	seed = seed * 1664525 + 1013904223; /* Knuth's linear congruence */
	return (seed >> 8) % below;
}

/* Rows of a log, then bytes of few kinds (long matches, short codes), then bytes of all kinds (stored blocks, long codes). */
static void text_make(void)
{
	size_t at = 0;
	while (at < TEXT_BYTES / 3)
		at += (size_t)snprintf((char *)plain + at, TEXT_BYTES - at, "u%u,i%u,%u\n", draw(5000), draw(900), 1500000000 + draw(99999));
	for (; at < TEXT_BYTES / 3 * 2; at++)
		plain[at] = draw(50) ? 'a' : (unsigned char)('b' + draw(4));
	for (; at < TEXT_BYTES; at++)
		plain[at] = (unsigned char)(draw(2) ? draw(256) : draw(16) * draw(16));
}

static size_t pack(int level, int strategy, gz_header *head)
{
	z_stream z = { .next_in = plain, .avail_in = TEXT_BYTES, .next_out = packed, .avail_out = PACKED_BYTES };
	assert_int_equal(deflateInit2(&z, level, Z_DEFLATED, 16 + MAX_WBITS, 9, strategy), Z_OK);
	if (head)
		assert_int_equal(deflateSetHeader(&z, head), Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	size_t length = z.total_out;
	deflateEnd(&z);
	return length;
}

/* Inflates in pieces of input and output; *length = what came out. */
static gzip_state unpack(size_t packed_length, size_t piece, size_t room, size_t *length, bool *whole)
{
	gzip *g = gzip_new();
	gzip_state state = GZIP_OK;
	*length = 0;
	for (size_t at = 0; state == GZIP_OK && (at < packed_length || gzip_pending(g));) {
		const unsigned char *in = packed + at;
		size_t given = packed_length - at < piece ? packed_length - at : piece, left = given, written;
		size_t free_bytes = TEXT_BYTES + 1 - *length < room ? TEXT_BYTES + 1 - *length : room;
		if (!free_bytes)
			break;
		state = gzip_inflate(g, &in, &left, unpacked + *length, free_bytes, &written);
		*length += written;
		at += given - left;
	}
	*whole = state == GZIP_OK && gzip_at_border(g);
	gzip_free(g);
	return state;
}

static void assert_unpacks(size_t packed_length, size_t piece, size_t room)
{
	size_t length;
	bool whole;
	assert_int_equal(unpack(packed_length, piece, room, &length, &whole), GZIP_OK);
	assert_true(whole);
	assert_int_equal(length, TEXT_BYTES);
	assert_memory_equal(unpacked, plain, TEXT_BYTES);
}

static void every_level_and_strategy_comes_back(void **state)
{
	(void)state;
	static const int levels[] = { 0, 1, 6, 9 }, strategies[] = { Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED };
	text_make();
	for (size_t l = 0; l < 4; l++)
		for (size_t s = 0; s < 5; s++)
			assert_unpacks(pack(levels[l], strategies[s], NULL), 128 * 1024, 64 * 1024);
}

static void pieces_of_any_size_give_the_same(void **state)
{
	(void)state;
	text_make();
	size_t length = pack(6, Z_DEFAULT_STRATEGY, NULL);
	static const size_t pieces[] = { 1, 2, 3, 7, 15, 16, 17, 100, 4097 };
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		assert_unpacks(length, pieces[i], 100000);
		assert_unpacks(length, 100000, pieces[i]);
	}
}

static void a_header_with_everything_is_passed_over(void **state)
{
	(void)state;
	unsigned char extra[300] = { 1, 2, 3 }, name[] = "log.csv", comment[] = "of today";
	gz_header head = { .text = 1, .time = 7, .extra = extra, .extra_len = sizeof extra, .name = name, .comment = comment, .hcrc = 1 };
	text_make();
	size_t length = pack(6, Z_DEFAULT_STRATEGY, &head), got;
	bool whole;
	assert_unpacks(length, 1, 1000);
	packed[14] ^= 1; /* in the extra field */
	assert_int_equal(unpack(length, 1000, 1000, &got, &whole), GZIP_DAMAGED);
	assert_int_equal(got, 0);
}

/* zlib's verdict on packed[0, length): whether it is one whole member, and the text before any damage. */
static bool zlib_unpack(size_t length, unsigned char *to, size_t *written)
{
	z_stream z = { .next_in = packed, .avail_in = (unsigned)length, .next_out = to, .avail_out = TEXT_BYTES };
	assert_int_equal(inflateInit2(&z, 16 + MAX_WBITS), Z_OK);
	int got = inflate(&z, Z_SYNC_FLUSH);
	*written = z.total_out;
	bool whole = got == Z_STREAM_END && z.avail_in == 0;
	inflateEnd(&z);
	return whole;
}

/* Bits are turned over and ends cut off at random. */
static void damage_is_found_as_zlib_finds_it(void **state)
{
	(void)state;
	static unsigned char theirs_text[TEXT_BYTES], intact[PACKED_BYTES];
	text_make();
	for (int round = 0; round < 150; round++) {
		size_t whole_length = pack(round % 3 ? 6 : 1, round % 2 ? Z_DEFAULT_STRATEGY : Z_FIXED, NULL), length = whole_length, ours, theirs;
		memcpy(intact, packed, length);
		bool whole;
		for (uint32_t i = draw(3); i > 0; i--) {
			uint32_t at = draw(3) ? draw(200) : draw((uint32_t)length);
			packed[at] = (unsigned char)(packed[at] ^ 1U << draw(8));
		}
		length = draw(4) ? length : draw((uint32_t)length) + 1;
		bool good = zlib_unpack(length, theirs_text, &theirs);
		unpack(length, 5000, 5000, &ours, &whole);
		assert_int_equal(whole, good);
		if (good || ours == theirs)
			assert_memory_equal(unpacked, theirs_text, ours);
		memcpy(packed, intact, whole_length);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_level_and_strategy_comes_back),
		cmocka_unit_test(pieces_of_any_size_give_the_same),
		cmocka_unit_test(a_header_with_everything_is_passed_over),
		cmocka_unit_test(damage_is_found_as_zlib_finds_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
