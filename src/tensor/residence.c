/* residence.c - parameters that a backend keeps where it computes: the front of what only some backends can do. */
#include <string.h>
#include <unistd.h>

#include "tensor/checks.h"

bool runtime_reside(runtime *rt, runtime *with)
{
	return rt->inner->reside && rt->inner->reside(rt, with);
}

/* Whether the runtime is fit for an operation on resident parameters. */
static bool resides(runtime *rt, const char *operation)
{
	if (rt->inner->reside)
		return rt->failure.code == SR_OK;
	REFUSE(rt, operation, "this backend keeps no parameters");
	return false;
}

bool runtime_learn(runtime *rt, const adam *from)
{
	return resides(rt, "learn") && rt->inner->learn(rt, from);
}

bool runtime_update(runtime *rt, double rate)
{
	return resides(rt, "update") && rt->inner->update(rt, rate);
}

bool runtime_told(runtime *rt, updates_told *out)
{
	return resides(rt, "told") && rt->inner->told(rt, out);
}

bool runtime_fetch(runtime *rt, adam *to)
{
	return resides(rt, "fetch") && rt->inner->fetch(rt, to);
}

uint64_t runtime_waits(const runtime *rt)
{
	return rt->inner->waits ? rt->inner->waits(rt) : 0;
}

device_about runtime_about(const runtime *rt)
{
	return rt->inner->about ? rt->inner->about(rt) : (device_about){ .device = "cpu", .driver = "", .library = "" };
}

void runtime_send(runtime *rt, const pack_piece *piece, size_t pieces)
{
	if (!rt->inner->send || rt->failure.code != SR_OK)
		return;
	sent_words *words = arena_alloc(rt->memory, sizeof *words);
	pack_piece *all = arena_alloc(rt->memory, (pieces + 1) * sizeof *all);
	for (uint32_t i = 0; i < SENT_DROPOUTS; i++)
		memcpy(words->dropout[i], dropout_new(rt->dropout_key, i, 0.5).key, sizeof words->dropout[i]);
	words->counter[0] = (uint32_t)rt->draw_counter;
	words->counter[1] = (uint32_t)(rt->draw_counter >> 32);
	all[0] = (pack_piece){ words, sizeof *words / 4 };
	for (size_t i = 0; i < pieces; i++)
		all[i + 1] = piece[i];
	rt->inner->send(rt, all, pieces + 1);
}

void runtime_steady(runtime *rt, size_t longest)
{
	rt->steady = longest;
}

bool runtime_repeats(const runtime *rt)
{
	return rt->inner->repeats && rt->inner->repeats(rt);
}

bool runtime_can_retry(runtime *rt)
{
	return rt->failure.code != SR_OK && rt->inner->can_retry && rt->inner->can_retry(rt);
}

bool runtime_draws(const runtime *rt)
{
	return rt->inner->draw && rt->trains && !rt->gradients;
}

const index_array *runtime_draw(runtime *rt, const draw_table *from, uint64_t seed, uint64_t step, uint32_t stream, size_t count)
{
	index_array *index = arena_alloc(rt->memory, sizeof *index);
	*index = (index_array){ .count = count, .end = (uint32_t)from->rows };
	return rt->failure.code == SR_OK && rt->inner->draw(rt, from, seed, step << 16 ^ stream, index) ? index : NULL;
}

void runtime_measure(runtime *rt, bool on)
{
	if (rt->inner->measure)
		rt->inner->measure(rt, on);
}

void runtime_wait(runtime *rt)
{
	if (rt->inner->wait)
		rt->inner->wait(rt);
}

void runtime_narrow(runtime *rt, bool bfloat16)
{
	rt->narrow = bfloat16;
}

bool gpu_is_seen(void)
{
	static const char *const files[] = { "/dev/nvidiactl", "/dev/nvidia0", "/dev/dxg" };
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (access(files[i], F_OK) == 0)
			return true;
	return false;
}
