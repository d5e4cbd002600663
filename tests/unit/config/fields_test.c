/* Every setting of the table, whatever there is: set, printed, read again, refused. */
#include "unit/config/configs.h"

#include "seqrec/json.h"
#include "seqrec/number.h"

/* A legal value of the field that differs from its default, as it would stand behind --set key=. New. */
static char *other_value(const field *f)
{
	char number[NUMBER_TEXT];
	switch (f->type) {
	case FIELD_BOOL: return xstrdup(f->def && strcmp(f->def, "true") == 0 ? "false" : "true");
	case FIELD_INT: /* the upper bound, where there is one */
	case FIELD_REAL: number_print(f->min < f->max ? f->max : 3, number); return xstrdup(number);
	case FIELD_TEXT: return xstrdup(f->check == CHECK_BYTES ? "7MiB" : f->check == CHECK_DURATION ? "11h" : f->check == CHECK_TIME ? "2019-02-03T04:05:06Z" : "a \"text\" of \xE4\xB8\xAD\xE6\x96\x87");
	case FIELD_PATH: return xstrdup("/some/where");
	case FIELD_CHOICE: return xstrdup(f->def && strcmp(f->def, f->choices[0]) == 0 ? f->choices[1] : f->choices[0]);
	case FIELD_STRINGS: return xstrdup(f->check == CHECK_TIME ? "[\"2019-02-03\", \"2019-02-04\"]" : "[\"one\", \"two\"]");
	case FIELD_MAP: return xstrdup("{\"a\": \"b\"}");
	case FIELD_LIST: return xstrdup("[{}]");
	}
	return NULL;
}

/* A table's object with one field set from a JSON text; the error is the caller's. */
static void set_from(const field *f, void *object, const char *string, sr_error *err)
{
	field_source source = { .name = "test", .folder = "/base", .err = err };
	cJSON *value = cJSON_Parse(string);
	if (!value || f->type == FIELD_TEXT || f->type == FIELD_PATH || f->type == FIELD_CHOICE) {
		cJSON_Delete(value);
		value = cJSON_CreateString(string);
	}
	field_set(f, object, value, f->key, &source);
	cJSON_Delete(value);
}

static size_t size_of(const field *table)
{
	if (table == config_fields)
		return sizeof(config);
	for (const field *f = config_fields; f->key; f++)
		if (f->items == table)
			return f->item_size;
	return 0;
}

typedef void field_visit(const field *table, const field *f);

/* Every field of the table and of the tables of its lists. */
static void each_field(field_visit *visit)
{
	for (const field *f = config_fields; f->key; f++) {
		visit(config_fields, f);
		for (const field *inner = f->items; inner && inner->key; inner++)
			visit(f->items, inner);
	}
}

static char *printed(const field *f, const void *object)
{
	text out = { 0 };
	field_print(f, object, &out, 0);
	return out.data;
}

static void round_trip(const field *table, const field *f)
{
	sr_error err = { 0 };
	char *one = calloc(1, size_of(table)), *two = calloc(1, size_of(table)), *value = other_value(f);
	field_set_defaults(table, one);
	field_set_defaults(table, two);
	char *before = printed(f, one);
	set_from(f, one, value, &err);
	if (err.code != SR_OK)
		fail_msg("%s = %s: %s", f->key, value, err.text);
	char *first = printed(f, one);
	field_source source = { .name = "test", .folder = "/base", .err = &err };
	cJSON *tree = json_parse(first, strlen(first), false, f->key, SR_CONFIG, &err);
	assert_fine(&err);
	field_set(f, two, tree, f->key, &source);
	cJSON_Delete(tree);
	assert_fine(&err);
	char *second = printed(f, two);
	assert_string_equal(first, second);
	if (strcmp(first, before) == 0)
		fail_msg("%s was not changed by %s", f->key, value);
	field_free_values(table, one);
	field_free_values(table, two);
	free(one);
	free(two);
	free(value);
	free(before);
	free(first);
	free(second);
}

static void every_field_is_set_printed_and_read_again(void **state)
{
	(void)state;
	each_field(round_trip);
}

static void refuse(const field *table, const field *f, const char *string)
{
	sr_error err = { 0 };
	field_source source = { .name = "test", .folder = "/base", .err = &err };
	char *object = calloc(1, size_of(table));
	field_set_defaults(table, object);
	char *before = printed(f, object);
	cJSON *value = cJSON_Parse(string);
	field_set(f, object, value, f->key, &source);
	cJSON_Delete(value);
	if (err.code == SR_OK)
		fail_msg("%s takes %s", f->key, string);
	assert_says(&err, SR_CONFIG, f->key);
	char *after = printed(f, object);
	if (f->type != FIELD_STRINGS && f->type != FIELD_LIST)
		assert_string_equal(before, after); /* the value from before stays */
	free(before);
	free(after);
	field_free_values(table, object);
	free(object);
}

static void try_wrong_values(const field *table, const field *f)
{
	char number[NUMBER_TEXT];
	static const char *const wrong[] = { [FIELD_BOOL] = "\"yes\"", [FIELD_INT] = "\"seven\"", [FIELD_REAL] = "true", [FIELD_TEXT] = "{}", [FIELD_PATH] = "[]", [FIELD_CHOICE] = "\"no such choice\"",
		[FIELD_STRINGS] = "{\"a\": 1}", [FIELD_MAP] = "[1]", [FIELD_LIST] = "3" };
	refuse(table, f, wrong[f->type]);
	refuse(table, f, "null");
	if (f->type == FIELD_INT)
		refuse(table, f, "2.5");
	if (f->check)
		refuse(table, f, "\"in a while\"");
	if (f->min < f->max) {
		number_print(f->max * 1.5 + 1, number);
		refuse(table, f, number);
		number_print(f->min - 1, number);
		refuse(table, f, number);
	}
}

static void every_field_refuses_what_it_cannot_take_by_name(void **state)
{
	(void)state;
	each_field(try_wrong_values);
}

static void check_documented(const field *table, const field *f)
{
	(void)table;
	size_t length = strlen(f->help);
	if (length < 10 || (f->help[length - 1] != '.' && f->help[length - 1] != '?'))
		fail_msg("%s: its help is no sentence: %s", f->key, f->help);
	sr_error err = { 0 };
	char *object = calloc(1, size_of(table));
	field_set_defaults(table, object); /* a default that its own field refuses would be lost here */
	if (f->def && f->type != FIELD_LIST) {
		set_from(f, object, f->def, &err);
		if (err.code != SR_OK)
			fail_msg("%s refuses its default: %s", f->key, err.text);
	}
	field_free_values(table, object);
	free(object);
}

static void every_field_has_help_and_a_legal_default(void **state)
{
	(void)state;
	each_field(check_documented);
}

static void keys_are_unique_and_in_sections(void **state)
{
	(void)state;
	for (const field *f = config_fields; f->key; f++) {
		assert_non_null(strchr(f->key, '.'));
		assert_ptr_equal(config_field(f->key), f);
	}
	assert_null(config_field("train"));
	assert_int_equal(config_fields[config_field_count()].key, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_is_set_printed_and_read_again),
		cmocka_unit_test(every_field_refuses_what_it_cannot_take_by_name),
		cmocka_unit_test(every_field_has_help_and_a_legal_default),
		cmocka_unit_test(keys_are_unique_and_in_sections),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
