/* What the table says: the resolved config, help, reference, schema. */
#include "unit/config/configs.h"

#include "seqrec/json.h"

static const char full[] =
	"{\"data\": {\"events\": [{\"path\": \"a.csv\", \"columns\": {\"user\": \"uid\"}, \"types\": {\"1\": \"browse\"}, \"separator\": \"\\t\"}, {\"path\": \"-\"}],"
	" \"users\": [{\"path\": \"/u.csv\"}], \"fields\": [{\"name\": \"price \\\"net\\\"\", \"kind\": \"number\", \"transform\": \"piecewise\"}],"
	" \"filters\": [{\"field\": \"amount\", \"operator\": \"<\", \"value\": 0}], \"max_bad_rows\": 0.25},"
	" \"task\": {\"cuts\": [\"2018-03-20\"]}, \"train\": {\"learning_rate\": 3e-4, \"class_weights\": [1, 0.1]}}";

static void printing_a_config_and_reading_it_again_changes_nothing(void **state)
{
	(void)state;
	sr_error err;
	config *c = config_try(full, NULL, 0, &err);
	assert_fine(&err);
	char *once = config_print(c);
	config *again = config_parse(once, strlen(once), "printed", "/another", NULL, &err); /* a run's config.json lies elsewhere */
	assert_fine(&err);
	char *twice = config_print(again);
	assert_string_equal(once, twice);
	assert_non_null(strstr(once, "\"path\": \"/base/a.csv\""));
	assert_non_null(strstr(once, "\"learning_rate\": 0.0003"));
	for (const field *f = config_fields; f->key; f++)
		assert_non_null(strstr(once, strchr(f->key, '.') + 1));
	free(once);
	free(twice);
	config_free(c);
	config_free(again);
}

static void a_section_is_printed_alone(void **state)
{
	(void)state;
	config *a = config_with("train.epochs=7"), *b = config_with("train.epochs=8");
	char *train_a = config_print_section(a, "train"), *train_b = config_print_section(b, "train"), *model_a = config_print_section(a, "model"), *model_b = config_print_section(b, "model");
	assert_string_not_equal(train_a, train_b);
	assert_string_equal(model_a, model_b);
	assert_non_null(strstr(train_a, "\"epochs\": 7"));
	assert_null(strstr(train_a, "\"width\""));
	char *nothing = config_print_section(a, "no such section");
	assert_string_equal(nothing, "");
	char *const texts[] = { train_a, train_b, model_a, model_b, nothing };
	for (size_t i = 0; i < 5; i++)
		free(texts[i]);
	config_free(a);
	config_free(b);
}

static void there_is_help_for_every_key(void **state)
{
	(void)state;
	for (const field *f = config_fields; f->key; f++) {
		char *help = config_help(f->key);
		assert_non_null(help);
		assert_non_null(strstr(help, f->key));
		assert_non_null(strstr(help, f->help));
		for (const field *inner = f->items; inner && inner->key; inner++)
			assert_non_null(strstr(help, inner->help));
		free(help);
	}
	char *all = config_help(""), *train = config_help("train");
	assert_true(strlen(all) > strlen(train));
	assert_null(strstr(train, "model.width"));
	assert_null(config_help("trai"));
	free(all);
	free(train);
}

static void the_reference_has_a_row_for_every_key(void **state)
{
	(void)state;
	char *reference = config_reference();
	for (const field *f = config_fields; f->key; f++) {
		char row[128];
		snprintf(row, sizeof row, "| `%s` |", f->key);
		assert_non_null(strstr(reference, row));
	}
	assert_non_null(strstr(reference, "Each entry of `data.events`"));
	free(reference);
}

static void the_schema_is_json_and_has_every_key(void **state)
{
	(void)state;
	sr_error err = { 0 };
	char *schema = config_schema();
	cJSON *tree = json_parse(schema, strlen(schema), false, "schema", SR_INTERNAL, &err);
	assert_fine(&err);
	const cJSON *sections = cJSON_GetObjectItemCaseSensitive(tree, "properties");
	for (const field *f = config_fields; f->key; f++) {
		char section[32];
		snprintf(section, sizeof section, "%.*s", (int)strcspn(f->key, "."), f->key);
		const cJSON *keys = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(sections, section), "properties");
		const cJSON *entry = cJSON_GetObjectItemCaseSensitive(keys, strchr(f->key, '.') + 1);
		if (!entry)
			fail_msg("%s is not in the schema", f->key);
		assert_string_equal(json_get_string(entry, "description"), f->help);
		if (f->type == FIELD_CHOICE)
			assert_true(cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(entry, "enum")));
	}
	cJSON_Delete(tree);
	free(schema);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(printing_a_config_and_reading_it_again_changes_nothing),
		cmocka_unit_test(a_section_is_printed_alone),
		cmocka_unit_test(there_is_help_for_every_key),
		cmocka_unit_test(the_reference_has_a_row_for_every_key),
		cmocka_unit_test(the_schema_is_json_and_has_every_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
