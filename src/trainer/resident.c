/* resident.c - see resident.h: between the training loop and the runtime. */
#include "resident.h"

#include "seqrec/log.h"

bool resident_start(workers *w, const optimizer *o, uint64_t skipped_in_row, sr_error *err)
{
	adam now = optimizer_state(o);
	now.skipped_in_row = skipped_in_row;
	now.skips_most = SKIPS_MOST;
	runtime_learn(w->runtime[0], &now);
	return runtime_status(w->runtime[0], err);
}

/* Once. */
static void say_unrecorded(workers *w)
{
	const char *why = w->padded && !w->told_unrecorded ? runtime_about(w->runtime[0]).unrecorded : NULL;
	if (why)
		log_info("steps run operation by operation, not as one recorded graph: %s", why);
	w->told_unrecorded = w->told_unrecorded || why;
}

bool resident_read(workers *w, training_state *state, double *loss, double *norm, uint64_t *behind, sr_error *err)
{
	updates_told told = { 0 };
	runtime_told(w->runtime[0], &told);
	if (!runtime_status(w->runtime[0], err))
		return false;
	say_unrecorded(w);
	state->loss_sum += told.loss_sum;
	state->loss_count += told.updates;
	state->skipped += told.skipped;
	state->skipped_in_row = told.skipped_in_row;
	*loss = told.loss;
	*norm = told.norm;
	*behind = told.behind;
	return true;
}

bool resident_fetch(workers *w, optimizer *o, sr_error *err)
{
	if (!o) {
		runtime_fetch(w->runtime[0], NULL);
		return runtime_status(w->runtime[0], err);
	}
	adam now = optimizer_state(o);
	runtime_fetch(w->runtime[0], &now);
	o->step = now.step;
	return runtime_status(w->runtime[0], err);
}
