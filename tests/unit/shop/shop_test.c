/* The synthetic shop's promises: same bytes, labels that the logs bear out, a probability that knows only the past. */

#include "seqrec/shop.h"

#include "seqrec/file.h"
#include "seqrec/hash.h"
#include "seqrec/instant.h"
#include "seqrec/json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char folder[] = "/tmp/seqrec_shop_XXXXXX";
enum { USERS = 300, FILES = 8 };
static const char *const names[FILES] = { "browse.csv", "search.csv", "purchase.csv", "users.csv", "items.csv", "samples.csv", "truth.csv", "optimum.json" };

static shop_settings small(void)
{
	shop_settings s = shop_defaults();
	s.users = USERS;
	s.items = 60;
	s.cuts = 1;
	return s;
}

static char *shop_folder(const char *name, const shop_settings *s)
{
	sr_error err = { 0 };
	char *path = path_join(folder, name);
	assert_true(shop_write(s, path, &err));
	return path;
}

static char *shop_file(const char *shop, const char *name)
{
	char *path = path_join(shop, name), *content = file_read(path, 1 << 24, NULL, NULL);
	free(path);
	assert_non_null(content);
	return content;
}

/* Field `column` of a line, cut out into `out`. */
static void field(const char *line, int column, char out[64])
{
	for (; column > 0; column--)
		line += strcspn(line, ",\n") + 1;
	size_t length = strcspn(line, ",\n");
	snprintf(out, 64, "%.*s", (int)length, line);
}

static int64_t time_field(const char *line, int column)
{
	char text[64];
	int64_t instant;
	field(line, column, text);
	if (!instant_parse(text, strlen(text), &instant))
		fail_msg("\"%s\" is not a time", text);
	return instant;
}

static const char *next_line(const char *line)
{
	line += strcspn(line, "\n");
	return *line ? line + 1 : line;
}

/* Purchases of a user from `from` up to `to`. */
static int purchases(const char *log, const char *user, int64_t from, int64_t to)
{
	int count = 0;
	char name[64];
	for (log = next_line(log); *log; log = next_line(log)) {
		field(log, 0, name);
		int64_t at = strcmp(name, user) ? 0 : time_field(log, 1);
		count += at >= from && at < to && at != 0;
	}
	return count;
}

static void check_labels(const shop_settings *s, const char *shop)
{
	char *samples = shop_file(shop, "samples.csv"), *log = shop_file(shop, "purchase.csv"), user[64], label[64];
	size_t rows = 0;
	for (const char *line = next_line(samples); *line; line = next_line(line), rows++) {
		field(line, 0, user);
		field(line, 2, label);
		int64_t cut = time_field(line, 1);
		int bought = purchases(log, user, cut, cut + (int64_t)s->horizon_days * INSTANT_DAY);
		assert_int_equal(bought, strcmp(label, "buy") == 0);
	}
	assert_int_equal(rows, s->users * s->cuts);
	free(samples);
	free(log);
}

static void the_same_settings_give_the_same_bytes_and_another_seed_others(void **state)
{
	(void)state;
	shop_settings s = small();
	char *a = shop_folder("a", &s), *b = shop_folder("b", &s);
	s.seed = 2;
	char *c = shop_folder("c", &s);
	for (size_t i = 0; i < FILES; i++) {
		char *x = shop_file(a, names[i]), *y = shop_file(b, names[i]), *z = shop_file(c, names[i]);
		assert_string_equal(x, y);
		assert_string_not_equal(x, z);
		free(x), free(y), free(z);
	}
	free(a), free(b), free(c);
}

static void a_user_is_the_same_in_a_larger_shop(void **state)
{
	(void)state;
	shop_settings s = small(), larger = small();
	larger.users = 2 * USERS;
	char *a = shop_folder("few", &s), *b = shop_folder("many", &larger);
	char *x = shop_file(a, "browse.csv"), *y = shop_file(b, "browse.csv");
	assert_true(strlen(x) > 1000 && !strncmp(x, y, strlen(x)));
	free(a), free(b), free(x), free(y);
}

static void a_label_is_buy_exactly_when_a_purchase_follows_within_the_horizon(void **state)
{
	(void)state;
	shop_settings s = small();
	char *shop = shop_folder("labels", &s);
	check_labels(&s, shop);
	free(shop);
}

static void several_cuts_keep_that_promise_at_each(void **state)
{
	(void)state;
	shop_settings s = small();
	s.users = 100;
	s.cuts = 3;
	s.horizon_days = 30;
	char *shop = shop_folder("cuts", &s);
	check_labels(&s, shop);
	free(shop);
}

static void only_purchases_lie_between_the_cut_and_the_end_of_the_horizon(void **state)
{
	(void)state;
	shop_settings s = small();
	int64_t end = s.cut + (int64_t)s.horizon_days * INSTANT_DAY, last = 0;
	char *shop = shop_folder("between", &s), *log = shop_file(shop, "browse.csv");
	for (const char *line = next_line(log); *line; line = next_line(line)) {
		int64_t at = time_field(line, 1);
		assert_true(at < s.cut || at > end);
		last = at > last ? at : last;
	}
	assert_true(last > end); /* the log reaches beyond the horizon: no label is censored */
	free(shop), free(log);
}

static void labels_are_drawn_with_the_probability_written(void **state)
{
	(void)state;
	shop_settings s = small();
	s.users = 3000;
	char *shop = shop_folder("drawn", &s), *truth = shop_file(shop, "truth.csv"), *samples = shop_file(shop, "samples.csv"), number[64], label[64];
	double expected = 0, bought = 0, variance = 0;
	for (const char *t = next_line(truth), *l = next_line(samples); *t; t = next_line(t), l = next_line(l)) {
		field(t, 2, number);
		field(l, 2, label);
		double p = strtod(number, NULL);
		assert_true(p > 0 && p < 1);
		expected += p;
		variance += p * (1 - p);
		bought += !strcmp(label, "buy");
	}
	assert_true(fabs(bought - expected) < 4 * sqrt(variance));
	free(shop), free(truth), free(samples);
}

static void the_optimum_is_well_above_chance_and_close_to_what_is_expected(void **state)
{
	(void)state;
	shop_settings s = small();
	s.users = 3000;
	char *shop = shop_folder("best", &s), *text = shop_file(shop, "optimum.json");
	cJSON *tree = json_parse(text, strlen(text), false, "optimum.json", SR_INTERNAL, NULL);
	const cJSON *all = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(tree, "parts"), "all");
	double best = 0, expected = 0, samples = 0, buy = 0;
	assert_true(json_get_number(all, "best_roc_auc", &best) && json_get_number(all, "expected_best_roc_auc", &expected));
	assert_true(json_get_number(all, "samples", &samples) && json_get_number(all, "buy", &buy));
	assert_true(best > .86 && best < .94 && fabs(best - expected) < .02);
	assert_true(samples == 3000 && buy > .18 * samples && buy < .3 * samples);
	cJSON_Delete(tree);
	free(shop), free(text);
}

static void times_may_be_seconds(void **state)
{
	(void)state;
	shop_settings s = small();
	s.users = 20;
	s.epoch = true;
	char *shop = shop_folder("epoch", &s), *samples = shop_file(shop, "samples.csv"), cut[64];
	field(next_line(samples), 1, cut);
	assert_string_equal(cut, "1780272000");
	free(shop), free(samples);
}

static void settings_that_make_no_shop_are_refused(void **state)
{
	(void)state;
	shop_settings bad[6];
	for (int i = 0; i < 6; i++)
		bad[i] = small();
	bad[0].users = 0;
	bad[1].items = 3;
	bad[2].cuts = 0;
	bad[3].horizon_days = 31;
	bad[4].test_share = 1.5;
	bad[5].visits = -1;
	for (int i = 0; i < 6; i++) {
		sr_error err = { 0 };
		assert_false(shop_write(&bad[i], folder, &err));
		assert_int_equal(err.code, SR_CONFIG);
	}
}

static void a_folder_that_cannot_be_made_is_an_error_with_its_name(void **state)
{
	(void)state;
	shop_settings s = small();
	sr_error err = { 0 };
	assert_false(shop_write(&s, "/dev/null/shop", &err));
	assert_int_equal(err.code, SR_IO);
	assert_non_null(strstr(err.text, "/dev/null"));
}

static void a_log_that_cannot_be_put_in_place_is_an_error_with_its_name(void **state)
{
	(void)state;
	shop_settings s = small();
	sr_error err = { 0 };
	char *shop = path_join(folder, "blocked"), *blocked = path_join(shop, "search.csv");
	assert_true(folder_make(blocked, &err));
	assert_false(shop_write(&s, shop, &err));
	assert_int_equal(err.code, SR_IO);
	assert_non_null(strstr(err.text, "search.csv"));
	char *last = path_join(shop, "optimum.json");
	assert_false(file_exists(last)); /* written last: its presence means the shop is whole */
	free(shop), free(blocked), free(last);
}

static int folder_new(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int folder_end(void **state)
{
	(void)state;
	return folder_remove(folder, NULL) ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_settings_give_the_same_bytes_and_another_seed_others),
		cmocka_unit_test(a_user_is_the_same_in_a_larger_shop),
		cmocka_unit_test(a_label_is_buy_exactly_when_a_purchase_follows_within_the_horizon),
		cmocka_unit_test(several_cuts_keep_that_promise_at_each),
		cmocka_unit_test(only_purchases_lie_between_the_cut_and_the_end_of_the_horizon),
		cmocka_unit_test(labels_are_drawn_with_the_probability_written),
		cmocka_unit_test(the_optimum_is_well_above_chance_and_close_to_what_is_expected),
		cmocka_unit_test(times_may_be_seconds),
		cmocka_unit_test(settings_that_make_no_shop_are_refused),
		cmocka_unit_test(a_folder_that_cannot_be_made_is_an_error_with_its_name),
		cmocka_unit_test(a_log_that_cannot_be_put_in_place_is_an_error_with_its_name),
	};
	return cmocka_run_group_tests(tests, folder_new, folder_end);
}
