#include "stores.h"

#include "seqrec/hash.h"

/* A log of `rows` rows, each of which is written plainly, or with a quoted user, which is read row by row; some rows are bad either way. */
static void log_make(const char *name, int rows, bool quoted, const char *end)
{
	static const char *const kinds[] = { "view", "cart", "buy" };
	const char *quote = quoted ? "\"" : "";
	text t = { 0 };
	text_addf(&t, "user,session,item,price,kind,time%s", end);
	for (int i = 0; i < rows; i++) {
		uint32_t x = (uint32_t)i * 2654435761U;
		char user[64] = "";
		if (i % 997 != 5)
			snprintf(user, sizeof user, "%s%u", i % 50 == 7 ? "a user of a long name" : "u", x >> 20);
		text_addf(&t, "%s%s%s,s%u,i%u,%u.5,%s,%u%s", quote, user, quote, x >> 24, x >> 12 & 511, x >> 8 & 63, kinds[x % 3],
			i % 701 == 3 ? 12 : 1500000000 + i / 3, end);
		if (i % 400 == 9)
			text_addf(&t, "%s%s", i % 800 == 9 ? "" : "one,two", end);
	}
	log_write(name, t.data);
	text_free(&t);
}

static const char settings[] = "\"events\": [{\"path\": \"a.csv\", \"time_format\": \"epoch_s\", \"columns\": {\"type\": \"kind\"}}], \"max_bad_rows\": 0.5, "
	"\"from\": \"2017-07-14\", \"fields\": [{\"name\": \"price\", \"kind\": \"number\"}], \"filters\": [{\"field\": \"price\", \"value\": [\"7.5\"]}]";

static void columns_sum(const store *s, char sum[SHA256_TEXT])
{
	sha256 all;
	sha256_start(&all);
	sha256_add(&all, s->time, s->events * sizeof *s->time);
	sha256_add(&all, s->item, s->events * sizeof *s->item);
	sha256_add(&all, s->session, s->events * sizeof *s->session);
	sha256_add(&all, s->type, s->events * sizeof *s->type);
	sha256_add(&all, s->user_start, ((size_t)s->users + 1) * sizeof *s->user_start);
	for (uint32_t u = 1; u <= s->users; u++)
		sha256_add(&all, vocabulary_text(s->user_ids, u, NULL), strlen(vocabulary_text(s->user_ids, u, NULL)));
	sha256_text(&all, sum);
}

static void build_and_sum(bool quoted, const char *end, const char *data, uint64_t *bad, char sum[SHA256_TEXT])
{
	log_make("a.csv", 20000, quoted, end);
	store *s = store_of(data);
	*bad = bad_rows(s, "no user") + bad_rows(s, "wrong number of columns");
	columns_sum(s, sum);
	store_close(s);
}

static void plain_rows_and_careful_ones_make_the_same_store(void **state)
{
	(void)state;
	uint64_t plain_bad, careful_bad;
	char plain[SHA256_TEXT], careful[SHA256_TEXT];
	build_and_sum(false, "\n", settings, &plain_bad, plain);
	build_and_sum(true, "\n", settings, &careful_bad, careful);
	assert_true(plain_bad > 40);
	assert_int_equal(plain_bad, careful_bad);
	assert_string_equal(plain, careful);
	build_and_sum(false, "\r\n", settings, &plain_bad, plain);
	assert_int_equal(plain_bad, careful_bad);
	assert_string_equal(plain, careful);
}

static void rows_in_order_of_the_file_keep_it(void **state)
{
	(void)state;
	static const char order[] = "\"events\": [{\"path\": \"a.csv\", \"time_format\": \"order\", \"columns\": {\"type\": \"kind\"}}], \"max_bad_rows\": 0.5";
	uint64_t plain_bad, careful_bad;
	char plain[SHA256_TEXT], careful[SHA256_TEXT];
	build_and_sum(false, "\n", order, &plain_bad, plain);
	build_and_sum(true, "\n", order, &careful_bad, careful);
	assert_string_equal(plain, careful);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(plain_rows_and_careful_ones_make_the_same_store),
		LOADER_TEST(rows_in_order_of_the_file_keep_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
