/* Checksums against the values that their standards publish. */
#include "unit/base/scratch.h"

#include "seqrec/hash.h"

static void crc32_is_the_published_one(void **state)
{
	(void)state;
	assert_int_equal(hash_crc32(0, "123456789", 9), 0xCBF43926);
	assert_int_equal(hash_crc32(hash_crc32(0, "12345", 5), "6789", 4), 0xCBF43926);
	assert_int_equal(hash_crc32(0, "", 0), 0);
}

static void assert_sha256(const char *bytes, size_t length, const char *expected)
{
	for (size_t cut = 0; cut <= length && cut < 130; cut++) { /* however it is cut in two */
		sha256 sum;
		char digest[SHA256_TEXT];
		sha256_start(&sum);
		sha256_add(&sum, bytes, cut);
		sha256_add(&sum, bytes + cut, length - cut);
		sha256_text(&sum, digest);
		assert_string_equal(digest, expected);
	}
}

static void both_ways_to_sha256_agree_over_many_lengths(void **state)
{
	(void)state;
	unsigned char bytes[1000];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)(i * 37 + i / 64);
	for (size_t length = 0; length < sizeof bytes; length += 13) {
		sha256 fast, plain;
		char fast_digest[SHA256_TEXT], plain_digest[SHA256_TEXT];
		sha256_start(&fast);
		sha256_start(&plain);
		plain.fast = false;
		sha256_add(&fast, bytes, length);
		sha256_add(&plain, bytes, length);
		sha256_text(&fast, fast_digest);
		sha256_text(&plain, plain_digest);
		assert_string_equal(fast_digest, plain_digest);
	}
}

static void sha256_is_the_published_one(void **state)
{
	(void)state;
	assert_sha256("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_sha256("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	assert_sha256("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu", 112,
	              "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
}

static void table_hashes_differ_for_near_texts(void **state)
{
	(void)state;
	assert_int_equal(hash_bytes("item", 4), hash_bytes("item", 4));
	assert_true(hash_bytes("item", 4) != hash_bytes("item\0", 5));
	assert_true(hash_bytes("", 0) != hash_bytes("\0", 1));
	unsigned char bytes[40] = { 0 };
	uint64_t plain = hash_bytes(bytes, sizeof bytes);
	for (size_t i = 0; i < sizeof bytes; i++) { /* each byte counts */
		bytes[i] = 1;
		assert_true(hash_bytes(bytes, sizeof bytes) != plain);
		bytes[i] = 0;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crc32_is_the_published_one),
		cmocka_unit_test(sha256_is_the_published_one),
		cmocka_unit_test(both_ways_to_sha256_agree_over_many_lengths),
		cmocka_unit_test(table_hashes_differ_for_near_texts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
