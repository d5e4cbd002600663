/* Checkpoints hold all that a resume needs, and a damaged one is never taken for a good one. */
#include "unit/base/scratch.h"

#include "seqrec/safetensors.h"
#include "seqrec/text.h"
#include "trainer/member.h"

#include <dirent.h>
#include <math.h>

typedef struct {
	params *list;
	optimizer *o;
} weights;

static weights weights_new(uint64_t seed)
{
	weights w = { .list = params_new() };
	param_new(w.list, PARAM_WEIGHT, 3, 2, INIT_NORMAL, 1, "layer0.input");
	param_new(w.list, PARAM_TABLE, 5, 2, INIT_NORMAL, 1, "event.item");
	params_initialise(w.list, seed);
	w.o = optimizer_new(w.list, 0, 0);
	for (size_t i = 0; i < 2; i++)
		for (size_t j = 0; j < 6; j++) {
			w.o->mean[i][j] = (real)(seed + j) / 7;
			w.o->square[i][j] = (real)(seed + j) / 11;
		}
	w.o->step = 100 + seed;
	return w;
}

static void weights_free(weights *w)
{
	optimizer_free(w->o);
	params_free(w->list);
}

static void assert_same(const weights *a, const weights *b)
{
	for (size_t i = 0; i < params_count(a->list); i++) {
		const param *p = params_get(a->list, i);
		size_t bytes = p->rows * p->cols * sizeof(real);
		assert_memory_equal(p->value, params_get(b->list, i)->value, bytes);
		assert_memory_equal(a->o->mean[i], b->o->mean[i], bytes);
		assert_memory_equal(a->o->square[i], b->o->square[i], bytes);
	}
	assert_true(a->o->step == b->o->step);
}

static const training_state somewhere = { .epoch = 3, .batch = 2, .step = 57, .loss_sum = 0.1 + 0.2, .loss_count = 5, .best = -1.0 / 3, .best_epoch = 2, .stale = 1, .skipped = 4 };

static void flip_byte(const char *path, size_t at)
{
	size_t length;
	char *content = file_read(path, 1 << 20, &length, NULL);
	assert_non_null(content);
	content[at < length ? at : length - 1] ^= 1;
	file_write(path, content, length, NULL);
	free(content);
}

static size_t checkpoints_here(void)
{
	size_t count = 0;
	DIR *dir = opendir(scratch);
	for (struct dirent *entry; (entry = readdir(dir));)
		count += text_starts(entry->d_name, "step_");
	closedir(dir);
	return count;
}

static void all_that_a_resume_needs_is_read_back(void **state)
{
	(void)state;
	sr_error err = { 0 };
	weights a = weights_new(1), b = weights_new(2);
	training_state read = { 0 };
	const char *path = in_scratch("a.safetensors");
	assert_true(checkpoint_save(path, a.list, a.o, &somewhere, &err));
	assert_true(checkpoint_load(path, b.list, b.o, &read, &err));
	assert_fine(&err);
	assert_same(&a, &b);
	assert_memory_equal(&read, &somewhere, offsetof(training_state, finished));
	assert_false(read.finished);
	weights_free(&a);
	weights_free(&b);
}

static void an_undefined_best_value_is_kept_as_such(void **state)
{
	(void)state;
	sr_error err = { 0 };
	weights a = weights_new(1);
	training_state undefined = { .best = NAN, .finished = true }, read = { 0 };
	const char *path = in_scratch("a.safetensors");
	assert_true(checkpoint_save(path, a.list, NULL, &undefined, &err));
	assert_true(checkpoint_load(path, a.list, NULL, &read, &err));
	assert_true(isnan(read.best) && read.finished);
	weights_free(&a);
}

static void weights_alone_hold_no_moments(void **state)
{
	(void)state;
	sr_error err = { 0 };
	weights a = weights_new(1);
	const char *path = in_scratch("model.safetensors");
	assert_true(checkpoint_save(path, a.list, NULL, &somewhere, &err));
	safetensors *file = safetensors_open(path, &err);
	assert_int_equal(safetensors_count(file), 2);
	assert_non_null(safetensors_find(file, "w.event.item"));
	safetensors_close(file);
	assert_false(checkpoint_load(path, a.list, a.o, NULL, &err));
	assert_says(&err, SR_MODEL, "m.");
	weights_free(&a);
}

static void weights_of_another_shape_are_refused(void **state)
{
	(void)state;
	sr_error err = { 0 };
	weights a = weights_new(1);
	params *other = params_new();
	param_new(other, PARAM_WEIGHT, 2, 3, INIT_ZERO, 0, "layer0.input");
	const char *path = in_scratch("a.safetensors");
	assert_true(checkpoint_save(path, a.list, NULL, &somewhere, &err));
	assert_false(checkpoint_load(path, other, NULL, NULL, &err));
	assert_says(&err, SR_MODEL, "layer0.input");
	params_free(other);
	weights_free(&a);
}

static void the_last_k_checkpoints_are_kept(void **state)
{
	(void)state;
	sr_error err = { 0 };
	weights a = weights_new(1), b = weights_new(2);
	training_state now = somewhere, read = { 0 };
	bool found;
	for (now.step = 8; now.step <= 12; now.step++) /* 10 comes behind 9: by number, not by name */
		assert_true(checkpoint_rotate(scratch, a.list, a.o, &now, 2, &err));
	assert_int_equal(checkpoints_here(), 2);
	assert_true(file_exists(in_scratch("step_12.safetensors")));
	assert_true(file_exists(in_scratch("step_11.safetensors")));
	size_t length;
	char *latest = file_read(in_scratch("latest"), 100, &length, &err);
	assert_string_equal(latest, "step_12.safetensors");
	free(latest);
	assert_true(checkpoint_resume(scratch, b.list, b.o, &read, &found, &err));
	assert_true(found);
	assert_int_equal(read.step, 12);
	assert_same(&a, &b);
	weights_free(&a);
	weights_free(&b);
}

static void weights_that_are_not_finite_are_never_saved(void **state)
{
	(void)state;
	static const real bad[] = { INFINITY, -INFINITY, NAN };
	weights a = weights_new(1), b = weights_new(2);
	training_state now = somewhere;
	sr_error err = { 0 };
	assert_true(checkpoint_rotate(scratch, a.list, a.o, &now, 1, &err));
	for (size_t i = 0; i < 6; i++) { /* in weights, first and second moments */
		sr_error diverged = { 0 };
		weights c = weights_new(1);
		real *where = i % 3 == 0 ? params_get(c.list, 1)->value : i % 3 == 1 ? c.o->mean[1] : c.o->square[1];
		where[i] = bad[i / 2];
		now.step++;
		assert_false(checkpoint_rotate(scratch, c.list, c.o, &now, 1, &diverged));
		assert_says(&diverged, SR_DIVERGED, "event.item is not finite");
		weights_free(&c);
	}
	bool found;
	training_state read = { 0 };
	assert_true(checkpoint_resume(scratch, b.list, b.o, &read, &found, &err));
	assert_true(found && read.step == somewhere.step);
	assert_int_equal(checkpoints_here(), 1);
	assert_same(&a, &b);
	weights_free(&a);
	weights_free(&b);
}

/* With a damaged file of step 60 in the way, keeping one checkpoint must not mean keeping that one. */
static void a_damaged_checkpoint_is_none_of_those_that_are_kept(void **state)
{
	(void)state;
	sr_error err = { 0 };
	weights a = weights_new(1), b = weights_new(2);
	training_state now = somewhere, read = { 0 };
	bool found;
	now.step = 60;
	assert_true(checkpoint_rotate(scratch, a.list, a.o, &now, 2, &err));
	flip_byte(in_scratch("step_60.safetensors"), 2000);
	now.step = 58;
	assert_true(checkpoint_rotate(scratch, a.list, a.o, &now, 1, &err));
	assert_int_equal(checkpoints_here(), 1);
	assert_true(checkpoint_resume(scratch, b.list, b.o, &read, &found, &err));
	assert_true(found && read.step == 58);
	weights_free(&a);
	weights_free(&b);
}

static void a_damaged_newest_checkpoint_falls_back_to_the_one_before(void **state)
{
	(void)state;
	weights a = weights_new(1), b = weights_new(2), c = weights_new(3);
	training_state now = somewhere;
	for (size_t at = 0; at < 2000; at += 97) { /* wherever the byte is */
		sr_error err = { 0 };
		training_state read = { 0 };
		bool found;
		now.step = 5;
		checkpoint_rotate(scratch, a.list, a.o, &now, 2, &err);
		now.step = 6;
		checkpoint_rotate(scratch, b.list, b.o, &now, 2, &err);
		flip_byte(in_scratch("step_6.safetensors"), at);
		assert_true(checkpoint_resume(scratch, c.list, c.o, &read, &found, &err));
		assert_true(found);
		assert_int_equal(read.step, 5);
		assert_same(&a, &c);
	}
	weights_free(&a);
	weights_free(&b);
	weights_free(&c);
}

static void damaged_checkpoints_alone_are_an_error_and_none_is_none(void **state)
{
	(void)state;
	sr_error err = { 0 };
	weights a = weights_new(1);
	training_state read = { 0 };
	bool found = true;
	assert_true(checkpoint_resume(scratch, a.list, a.o, &read, &found, &err));
	assert_false(found);
	checkpoint_rotate(scratch, a.list, a.o, &somewhere, 2, &err);
	flip_byte(in_scratch("step_57.safetensors"), 300);
	assert_false(checkpoint_resume(scratch, a.list, a.o, &read, &found, &err));
	assert_says(&err, SR_MODEL, "step_57.safetensors");
	weights_free(&a);
}

static void a_checkpoint_of_a_newer_program_is_refused_by_name(void **state)
{
	(void)state;
	sr_error err = { 0 };
	weights a = weights_new(1);
	const char *path = in_scratch("a.safetensors");
	static const float one[1] = { 1 };
	const safe_tensor lone = { "w.layer0.input", SAFE_F32, 1, { 1 }, one };
	assert_true(safetensors_write(path, &lone, 1, &(safe_note){ "checkpoint_format", "99" }, 1, &err));
	assert_false(checkpoint_load(path, a.list, NULL, NULL, &err));
	assert_says(&err, SR_MODEL, "newer seqrec (format 99");
	weights_free(&a);
}

static void a_checkpoint_without_its_notes_is_refused(void **state)
{
	(void)state;
	sr_error err = { 0 };
	weights a = weights_new(1);
	const char *path = in_scratch("a.safetensors");
	static const float one[1] = { 1 };
	const safe_tensor lone = { "w.layer0.input", SAFE_F32, 1, { 1 }, one };
	assert_true(safetensors_write(path, &lone, 1, &(safe_note){ "checkpoint_format", "1" }, 1, &err));
	assert_false(checkpoint_load(path, a.list, NULL, NULL, &err));
	assert_says(&err, SR_MODEL, "where training stood");
	weights_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(all_that_a_resume_needs_is_read_back),
		SCRATCH_TEST(an_undefined_best_value_is_kept_as_such),
		SCRATCH_TEST(weights_alone_hold_no_moments),
		SCRATCH_TEST(weights_of_another_shape_are_refused),
		SCRATCH_TEST(the_last_k_checkpoints_are_kept),
		SCRATCH_TEST(weights_that_are_not_finite_are_never_saved),
		SCRATCH_TEST(a_damaged_checkpoint_is_none_of_those_that_are_kept),
		SCRATCH_TEST(a_damaged_newest_checkpoint_falls_back_to_the_one_before),
		SCRATCH_TEST(damaged_checkpoints_alone_are_an_error_and_none_is_none),
		SCRATCH_TEST(a_checkpoint_of_a_newer_program_is_refused_by_name),
		SCRATCH_TEST(a_checkpoint_without_its_notes_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
