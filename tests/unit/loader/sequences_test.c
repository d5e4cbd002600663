/* Packs: which events a sample contributes, and what is filled in for each. */
#include "made.h"

#include "loader/feature.h"
#include "seqrec/hash.h"
#include "seqrec/npy.h"

#include <math.h>

static const pack_options none;

static void write_shop(void)
{
	log_write("e.csv", "user,item,type,time,query,amount\n"
		"a,x,browse,2018-01-05T00:00:00Z,,1\na,,search,2018-01-06T00:00:00Z,\"Red shoes, red\",\na,y,browse,2018-01-06T00:10:00Z,,3\na,x,browse,2018-01-09T00:00:00Z,,4\na,x,purchase,2018-01-11T00:00:00Z,,100\n"
		"b,y,browse,2018-01-04T00:00:00Z,,2\nb,z,browse,2018-01-05T00:00:00Z,,7\nb,x,browse,2018-01-17T00:00:00Z,,2\n");
}

#define DATA EVENTS ", \"min_count\": 1, \"query_buckets\": 64, \"fields\": [{\"name\": \"amount\", \"kind\": \"number\"}]"
#define USERS_TASK(model) "\"task\": {\"horizon\": \"7d\", \"cuts\": [\"2018-01-10\"], \"aggregates\": false}, \"model\": {" model "}"
#define PAIRS_TASK(history) "\"task\": {\"horizon\": \"7d\", \"cuts\": [\"2018-01-10\"], \"unit\": \"user_item\", \"history\": \"" history "\"}, \"model\": {\"window\": 8}"

/* Samples, inputs fitted on all of them, and the pack of all of them. */
typedef struct {
	made m;
	features *f;
	uint32_t order[16];
	pack p;
} packed;

static void fill(packed *k, const pack_options *options)
{
	sr_error err = { 0 };
	if (!pack_fill(&k->p, k->f, k->m.all, k->order, k->m.all->count, options, &err))
		print_error("%s\n", err.text);
	assert_int_equal(err.code, SR_OK);
}

static packed pack_all(const char *data, const char *rest)
{
	sr_error err = { 0 };
	packed k = { .m = make(data, rest) };
	for (uint32_t i = 0; i < k.m.all->count; i++)
		k.order[i] = i;
	k.f = features_fit(k.m.c, k.m.s, k.m.all, k.order, k.m.all->count, &err);
	assert_non_null(k.f);
	fill(&k, &none);
	return k;
}

static void packed_free(packed *k)
{
	pack_free(&k->p, k->f);
	features_free(k->f);
	made_free(&k->m);
}

static size_t event_number(const packed *k, const char *name)
{
	for (size_t i = 0; i < k->f->event_count; i++)
		if (strcmp(k->f->event[i].name, name) == 0)
			return i;
	fail_msg("there is no event input \"%s\"", name);
	return 0;
}

/* The codes of an event input, as "3 1 4 ". */
static void assert_codes(const packed *k, const char *name, const char *expected)
{
	text out = { 0 };
	text_add(&out, "");
	const pack_codes *codes = &k->p.event[event_number(k, name)];
	for (size_t i = 0; i < codes->count; i++)
		text_addf(&out, "%u ", codes->code[i]);
	assert_string_equal(out.data, expected);
	text_free(&out);
}

/* The items of sample `s` in the pack: "x-y" (- without an item). */
static void assert_items(const packed *k, size_t s, const char *expected)
{
	char items[64] = "";
	const pack_codes *codes = &k->p.event[event_number(k, "item")];
	const feature_vocabulary *v = &k->f->vocabulary[k->f->event[event_number(k, "item")].vocabulary];
	for (uint32_t t = k->p.start[s]; t < k->p.start[s + 1]; t++)
		strcat(items, codes->code[t] == CODE_NONE ? "-" : codes->code[t] == CODE_UNKNOWN ? "?" : v->value[codes->code[t] - CODE_FIRST]);
	assert_string_equal(items, expected);
}

static void sequences_stand_end_to_end_oldest_event_first(void **state)
{
	(void)state;
	write_shop();
	packed k = pack_all(DATA, USERS_TASK("\"window\": 8"));
	assert_int_equal(k.p.samples, 2);
	assert_int_equal(k.p.events, 6);
	assert_int_equal(k.p.start[1], 4);
	assert_items(&k, 0, "x-yx");
	assert_items(&k, 1, "yz");
	assert_codes(&k, "position", "3 2 1 0 1 0 "); /* from the end */
	assert_true(k.p.label[0] == 1 && k.p.label[1] == 0 && k.p.weight[0] == 1);
	packed_free(&k);
}

static void places_may_be_counted_from_the_start(void **state)
{
	(void)state;
	write_shop();
	packed k = pack_all(DATA, USERS_TASK("\"window\": 3, \"position\": \"from_start\""));
	assert_codes(&k, "position", "0 1 2 0 1 ");
	packed_free(&k);
}

static void seconds_are_counted_from_the_first_event_of_a_sequence(void **state)
{
	(void)state;
	write_shop();
	packed k = pack_all(DATA, USERS_TASK("\"window\": 3"));
	static const uint32_t seconds[] = { 0, 600, 3 * 86400, 0, 86400 };
	assert_memory_equal(k.p.time, seconds, sizeof seconds);
	packed_free(&k);
}

static void times_are_measured_to_the_cut_and_to_the_event_before(void **state)
{
	(void)state;
	write_shop();
	packed k = pack_all(DATA, USERS_TASK("\"window\": 8"));
	static const double days[] = { 5, 4, 4 - 10.0 / 1440, 1, 6, 5 };
	char ages[64] = "", gaps[64] = "";
	for (size_t t = 0; t < 6; t++) {
		sprintf(ages + strlen(ages), "%u ", log_bucket((int64_t)(days[t] * 86400e6 + 0.5)));
		bool first = t == 0 || t == 4;
		sprintf(gaps + strlen(gaps), "%u ", first ? 0 : log_bucket((int64_t)((days[t - 1] - days[t]) * 86400e6 + 0.5)));
	}
	assert_codes(&k, "age", ages);
	assert_codes(&k, "gap", gaps);
	uint32_t columns = features_shape(k.f)->event_columns;
	for (size_t t = 0; t < 6; t++) /* log1p of the days, on a fixed scale */
		assert_true(fabs((double)k.p.event_number[t * columns] - (log1p(days[t]) - 2) / 2) < 1e-5);
	packed_free(&k);
}

static void a_history_longer_than_the_window_keeps_its_end(void **state)
{
	(void)state;
	write_shop();
	packed k = pack_all(DATA, USERS_TASK("\"window\": 2"));
	assert_items(&k, 0, "yx");
	assert_items(&k, 1, "yz");
	assert_int_equal(features_length(k.f, &k.m.all->item[0]), 2);
	assert_codes(&k, "position", "1 0 1 0 ");
	packed_free(&k);
}

static void an_encoder_of_no_events_takes_none(void **state)
{
	(void)state;
	write_shop();
	packed k = pack_all(DATA, "\"task\": {\"horizon\": \"7d\", \"cuts\": [\"2018-01-10\"]}, \"model\": {\"encoder\": \"none\"}");
	assert_int_equal(k.p.events, 0);
	assert_int_equal(k.p.samples, 2);
	assert_int_equal(features_length(k.f, &k.m.all->item[0]), 0);
	packed_free(&k);
}

static void events_of_the_candidate_are_flagged_in_the_users_history(void **state)
{
	(void)state;
	write_shop();
	packed k = pack_all(DATA, PAIRS_TASK("user"));
	assert_int_equal(k.p.samples, 4); /* a x, a y, b y, b z */
	assert_items(&k, 0, "x-yx");
	assert_codes(&k, "same_as_candidate", "1 0 0 1 0 0 1 0 1 0 0 1 ");
	packed_free(&k);
}

static void the_candidates_history_holds_its_events_alone(void **state)
{
	(void)state;
	write_shop();
	packed k = pack_all(DATA, PAIRS_TASK("candidate"));
	assert_items(&k, 0, "xx");
	assert_items(&k, 1, "y");
	assert_items(&k, 2, "y");
	assert_items(&k, 3, "z");
	assert_int_equal(features_length(k.f, &k.m.all->item[0]), 2);
	assert_codes(&k, "position", "1 0 0 0 0 ");
	packed_free(&k);
}

static void the_candidate_and_the_items_of_events_share_their_codes(void **state)
{
	(void)state;
	write_shop();
	packed k = pack_all(DATA, PAIRS_TASK("candidate"));
	const pack_codes *items = &k.p.event[event_number(&k, "item")];
	assert_string_equal(features_shape(k.f)->sample[0].name, "candidate");
	assert_string_equal(features_shape(k.f)->sample[0].share, "item");
	for (uint32_t s = 0; s < 4; s++)
		assert_int_equal(k.p.sample[0].code[s], items->code[k.p.start[s]]);
	packed_free(&k);
}

static void a_query_is_the_bag_of_its_words_in_lower_case(void **state)
{
	(void)state;
	write_shop();
	packed k = pack_all(DATA, USERS_TASK("\"window\": 8"));
	const pack_codes *query = &k.p.event[event_number(&k, "query")];
	uint32_t red = (uint32_t)(hash_bytes("red", 3) % 64), shoes = (uint32_t)(hash_bytes("shoes", 5) % 64);
	assert_int_equal(query->start[1], 0); /* the event before the search has none */
	assert_int_equal(query->start[2], 3);
	assert_int_equal(query->code[0], red);
	assert_int_equal(query->code[1], shoes);
	assert_int_equal(query->code[2], red);
	assert_int_equal(query->start[3], 6); /* the click within half an hour carries its query */
	assert_int_equal(query->start[6], 6);
	packed_free(&k);
}

static void a_missing_number_of_an_event_is_flagged(void **state)
{
	(void)state;
	write_shop();
	packed k = pack_all(DATA, USERS_TASK("\"window\": 8"));
	uint32_t columns = features_shape(k.f)->event_columns;
	assert_int_equal(columns, 3); /* days, amount, amount is missing */
	for (size_t t = 0; t < 6; t++)
		assert_true(k.p.event_number[t * columns + 2] == (t == 1));
	packed_free(&k);
}

static void known_items_are_trained_as_unknown_at_the_rate_asked_for(void **state)
{
	(void)state;
	write_shop();
	packed k = pack_all(DATA, PAIRS_TASK("user"));
	const pack_codes *items = &k.p.event[event_number(&k, "item")];
	fill(&k, &(pack_options){ .seed = 1, .unknown_rate = 1 });
	for (size_t i = 0; i < items->count; i++)
		assert_true(items->code[i] == CODE_UNKNOWN || items->code[i] == CODE_NONE);
	for (size_t s = 0; s < 4; s++)
		assert_int_equal(k.p.sample[0].code[s], CODE_UNKNOWN);
	fill(&k, &none);
	assert_items(&k, 0, "x-yx");
	size_t unknown = 0, seen = 0;
	for (uint64_t epoch = 0; epoch < 300; epoch++) {
		fill(&k, &(pack_options){ .seed = 1, .epoch = epoch, .unknown_rate = 0.25 });
		for (size_t i = 0; i < items->count; i++) {
			seen += items->code[i] != CODE_NONE;
			unknown += items->code[i] == CODE_UNKNOWN;
		}
	}
	assert_true(fabs((double)unknown / (double)seen - 0.25) < 0.05);
	packed_free(&k);
}

static void an_event_at_its_cut_stops_everything(void **state)
{
	(void)state;
	sr_error err = { 0 };
	write_shop();
	packed k = pack_all(DATA, USERS_TASK("\"window\": 8"));
	k.m.all->item[1].cut = k.m.s->time[k.m.all->item[1].end - 1];
	assert_false(pack_fill(&k.p, k.f, k.m.all, k.order, 2, &none, &err));
	assert_int_equal(err.code, SR_INTERNAL);
	assert_non_null(strstr(err.text, "leak"));
	packed_free(&k);
}

static void a_plan_holds_every_sample_once_within_its_limits(void **state)
{
	(void)state;
	write_shop();
	packed k = pack_all(DATA, PAIRS_TASK("user"));
	uint32_t order[40];
	for (uint32_t i = 0; i < 40; i++)
		order[i] = i * 7 % 4;
	static const struct { size_t tokens, most; } limits[] = { { 1, 100 }, { 6, 100 }, { 9, 3 }, { 1000, 7 }, { 1000, 1000 } };
	for (size_t i = 0; i < 5; i++) {
		size_t packs, *bounds = pack_plan(k.f, k.m.all, order, 40, limits[i].tokens, limits[i].most, &packs);
		assert_int_equal(bounds[0], 0);
		assert_int_equal(bounds[packs], 40);
		for (size_t p = 0; p < packs; p++) {
			size_t tokens = 0, count = bounds[p + 1] - bounds[p];
			for (size_t s = bounds[p]; s < bounds[p + 1]; s++)
				tokens += features_length(k.f, &k.m.all->item[order[s]]);
			assert_true(count >= 1 && count <= limits[i].most);
			assert_true(tokens <= limits[i].tokens || count == 1);
		}
		free(bounds);
	}
	size_t packs, *bounds = pack_plan(k.f, k.m.all, order, 0, 10, 10, &packs);
	assert_int_equal(packs, 0);
	assert_int_equal(bounds[0], 0);
	free(bounds);
	packed_free(&k);
}

static void padded_arrays_hold_the_same_values(void **state)
{
	(void)state;
	enum { WINDOW = 5 };
	sr_error err = { 0 };
	write_shop();
	packed k = pack_all(DATA, USERS_TASK("\"window\": 5"));
	char *to = path_join(folder, "padded");
	assert_true(padded_write(k.f, k.m.all, k.order, 2, to, &err));
	uint32_t columns = features_shape(k.f)->event_columns;
	npy lengths, mask, item, numbers, labels;
	npy *const arrays[] = { &lengths, &mask, &item, &numbers, &labels };
	static const char *const names[] = { "lengths", "mask", "item", "numbers", "labels" };
	static const npy_type types[] = { NPY_U32, NPY_U8, NPY_U32, NPY_F32, NPY_U32 };
	for (size_t i = 0; i < 5; i++) {
		char *path = text_format("%s/%s.npy", to, names[i]);
		assert_true(npy_map(arrays[i], path, types[i], &err));
		assert_int_equal(arrays[i]->rows, 2);
		free(path);
	}
	assert_int_equal(numbers.columns, WINDOW * columns);
	for (uint32_t s = 0; s < 2; s++) {
		uint32_t length = k.p.start[s + 1] - k.p.start[s];
		assert_int_equal(((const uint32_t *)lengths.data)[s], length);
		assert_int_equal(((const uint32_t *)labels.data)[s], k.p.label[s]);
		for (uint32_t t = 0; t < WINDOW; t++) {
			bool here = t >= WINDOW - length;
			uint32_t event = k.p.start[s] + t - (WINDOW - length), at = s * WINDOW + t;
			assert_int_equal(((const uint8_t *)mask.data)[at], here);
			assert_int_equal(((const uint32_t *)item.data)[at], here ? k.p.event[event_number(&k, "item")].code[event] : 0);
			for (uint32_t c = 0; c < columns; c++)
				assert_true(((const float *)numbers.data)[at * columns + c] == (here ? k.p.event_number[event * columns + c] : 0));
		}
	}
	for (size_t i = 0; i < 5; i++)
		npy_close(arrays[i]);
	free(to);
	packed_free(&k);
}

static void a_pack_is_filled_again_with_fewer_and_more_samples(void **state)
{
	(void)state;
	sr_error err = { 0 };
	write_shop();
	packed k = pack_all(DATA, PAIRS_TASK("user"));
	uint32_t many[200];
	for (uint32_t i = 0; i < 200; i++)
		many[i] = i % 4;
	for (size_t count = 1; count <= 200; count += 66) {
		assert_true(pack_fill(&k.p, k.f, k.m.all, many, count, &none, &err));
		assert_int_equal(k.p.samples, count);
		assert_items(&k, count - 1, (count - 1) % 4 < 2 ? "x-yx" : "yz");
	}
	packed_free(&k);
}

/* Codes, bags, vectors and positions that events carry themselves. */
static void fields_of_events_are_filled_in_whatever_their_kind(void **state)
{
	(void)state;
	log_write("e.csv", "user,item,type,time,position,colour,tags,place,price\n"
		"a,x,browse,2018-01-05,3,red,new big,1;2,10\na,y,browse,2018-01-06,99,,,,\na,y,purchase,2018-01-11,1,red,new,3;4,20\n"
		"b,y,browse,2018-01-05,,blue,big,5;6,30\nb,z,browse,2018-01-17,,red,big,7;8,40\n");
	packed k = pack_all(EVENTS ", \"min_count\": 1, \"fields\": [{\"name\": \"colour\"}, {\"name\": \"tags\", \"kind\": \"categories\"}, {\"name\": \"place\", \"kind\": \"vector\", \"width\": 2, \"separator\": \";\"},"
		"{\"name\": \"price\", \"kind\": \"number\", \"transform\": \"buckets\", \"buckets\": 2}]", USERS_TASK("\"window\": 8"));
	assert_codes(&k, "click_position", "4 31 0 "); /* position + 1, cut off at the last bucket */
	const pack_codes *colour = &k.p.event[event_number(&k, "colour")], *tags = &k.p.event[event_number(&k, "tags")];
	assert_true(colour->code[0] >= CODE_FIRST && colour->code[1] == CODE_NONE && colour->code[2] >= CODE_FIRST && colour->code[2] != colour->code[0]);
	assert_true(tags->start[1] == 2 && tags->start[2] == 2 && tags->start[3] == 3);
	assert_true(tags->code[2] == tags->code[0] || tags->code[2] == tags->code[1]); /* big */
	assert_codes(&k, "price", "1 0 2 ");
	static const float place[] = { 1, 2, 0, 0, 5, 6 };
	uint32_t columns = features_shape(k.f)->event_columns;
	for (size_t t = 0; t < 3; t++)
		assert_memory_equal(k.p.event_number + t * columns + 1, place + 2 * t, 2 * sizeof *place);
	packed_free(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(sequences_stand_end_to_end_oldest_event_first),
		LOADER_TEST(places_may_be_counted_from_the_start),
		LOADER_TEST(seconds_are_counted_from_the_first_event_of_a_sequence),
		LOADER_TEST(times_are_measured_to_the_cut_and_to_the_event_before),
		LOADER_TEST(a_history_longer_than_the_window_keeps_its_end),
		LOADER_TEST(an_encoder_of_no_events_takes_none),
		LOADER_TEST(events_of_the_candidate_are_flagged_in_the_users_history),
		LOADER_TEST(the_candidates_history_holds_its_events_alone),
		LOADER_TEST(the_candidate_and_the_items_of_events_share_their_codes),
		LOADER_TEST(a_query_is_the_bag_of_its_words_in_lower_case),
		LOADER_TEST(a_missing_number_of_an_event_is_flagged),
		LOADER_TEST(known_items_are_trained_as_unknown_at_the_rate_asked_for),
		LOADER_TEST(an_event_at_its_cut_stops_everything),
		LOADER_TEST(a_plan_holds_every_sample_once_within_its_limits),
		LOADER_TEST(padded_arrays_hold_the_same_values),
		LOADER_TEST(a_pack_is_filled_again_with_fewer_and_more_samples),
		LOADER_TEST(fields_of_events_are_filled_in_whatever_their_kind),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
