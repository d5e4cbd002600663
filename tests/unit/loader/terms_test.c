#include "stores.h"

#include "loader/terms.h"

static void assert_terms(const char *written, const char *wanted)
{
	terms t = terms_of(written, strlen(written));
	text all = { 0 };
	text_add(&all, "");
	for (size_t length; (length = terms_next(&t));) {
		text_add(&all, all.length ? " " : "");
		text_add_bytes(&all, t.term, length);
	}
	assert_string_equal(all.data, wanted);
	text_free(&all);
}

static void words_are_parted_by_spaces_and_punctuation(void **state)
{
	(void)state;
	assert_terms("Salon Chair, 2-seat (RED)", "salon chair 2 seat red");
	assert_terms("  ", "");
	assert_terms("", "");
}

static void letters_beyond_ascii_stay_in_their_word(void **state)
{
	(void)state;
	assert_terms("Wall D\xc3\xa9" "cor", "wall d\xc3\xa9" "cor");
}

static void chinese_gives_characters_and_pairs(void **state)
{
	(void)state;
	assert_terms("\xe6\x89\x8b\xe6\x9c\xba\xe5\xa3\xb3", "\xe6\x89\x8b \xe6\x89\x8b\xe6\x9c\xba \xe6\x9c\xba \xe6\x9c\xba\xe5\xa3\xb3 \xe5\xa3\xb3");
	assert_terms("iphone\xe6\x89\x8b\xe3\x80\x82\xe6\x9c\xba x", "iphone \xe6\x89\x8b \xe6\x9c\xba x");
}

static void marks_without_meaning_are_gaps(void **state)
{
	(void)state;
	assert_terms("\xef\xbb\xbf" "a\xc2\xa0" "b\xe2\x80\x94" "c\xef\xbc\x8c" "d", "a b c d");
}

static void long_words_are_cut(void **state)
{
	(void)state;
	char word[1001];
	memset(word, 'x', 1000);
	word[1000] = 0;
	terms t = terms_of(word, 1000);
	assert_int_equal(terms_next(&t), TERM_BYTES);
	assert_int_equal(terms_next(&t), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_parted_by_spaces_and_punctuation),
		cmocka_unit_test(letters_beyond_ascii_stay_in_their_word),
		cmocka_unit_test(chinese_gives_characters_and_pairs),
		cmocka_unit_test(marks_without_meaning_are_gaps),
		cmocka_unit_test(long_words_are_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
