// draws.cpp - negatives drawn on the device: Philox4x32-10 (see random.c) in int64 arithmetic of ATen, and the search of negatives.c; bit for bit the same.
#include "tensor/aten/aten.h"

#include <cmath>

static const int64_t low_half = INT64_C(0xffffffff);

static at::Tensor high_of(const at::Tensor &x)
{
	return at::bitwise_and(at::bitwise_right_shift(x, 32), low_half);
}

static at::Tensor low_of(const at::Tensor &x)
{
	return at::bitwise_and(x, low_half);
}

// random_uniform(seed, stream, step, 0 .. count - 1). Products of two numbers of 32 bits wrap in int64, which keeps their bits.
static at::Tensor uniforms(runtime *rt, uint64_t seed, uint32_t stream, uint64_t step, int64_t count)
{
	at::Tensor c0 = at::arange(count, at::TensorOptions(at::kLong).device(state_of(rt)->device)), c1 = at::full_like(c0, static_cast<int64_t>(stream)), c2, c3;
	if (!word_sent(rt, 2 * SENT_DROPOUTS, true, c2) || !word_sent(rt, 2 * SENT_DROPOUTS + 1, true, c3)) {
		forbid_recording(rt, "a counter that was not sent");
		c2 = at::full_like(c0, static_cast<int64_t>(step & 0xffffffffu));
		c3 = at::full_like(c0, static_cast<int64_t>(step >> 32));
	}
	uint32_t key0 = static_cast<uint32_t>(seed), key1 = static_cast<uint32_t>(seed >> 32);
	for (int round = 0; round < 10; round++) {
		at::Tensor p0 = c0 * INT64_C(0xD2511F53), p1 = c2 * INT64_C(0xCD9E8D57);
		c0 = at::bitwise_xor(at::bitwise_xor(high_of(p1), c1), static_cast<int64_t>(key0));
		c2 = at::bitwise_xor(at::bitwise_xor(high_of(p0), c3), static_cast<int64_t>(key1));
		c1 = low_of(p1);
		c3 = low_of(p0);
		key0 += 0x9E3779B9u;
		key1 += 0xBB67AE85u;
	}
	return at::bitwise_or(at::bitwise_left_shift(c0, 21), at::bitwise_right_shift(c1, 11)).to(at::kDouble) * 0x1p-53;
}

static void table_send(runtime *rt, const draw_table *from)
{
	resident_params &kept = *state_of(rt)->resident;
	if (kept.drawn == from)
		return;
	int64_t rows = static_cast<int64_t>(from->rows);
	kept.below = at::from_blob(const_cast<double *>(from->below), { rows + 1 }, at::kDouble).to(state_of(rt)->device, at::kDouble, false, true);
	kept.log_share = at::from_blob(const_cast<float *>(from->log_share), { rows }, at::kFloat).to(state_of(rt)->device, at::kFloat, false, true);
	kept.drawn = from;
}

bool aten_draw(runtime *rt, const draw_table *from, uint64_t seed, uint64_t counter, index_array *out)
{
	return attempted(rt, "draw", [&] {
		table_send(rt, from);
		const at::Tensor &below = state_of(rt)->resident->below;
		at::Tensor at_sum = uniforms(rt, seed, from->random_stream, counter, static_cast<int64_t>(out->count)) * below.slice(0, -1);
		at::Tensor row = at::searchsorted(below.slice(0, 0, -1), at_sum, false, true) - 1; // the last whose sum does not lie above
		out->handle = &state_of(rt)->values.emplace_back(row.clamp(static_cast<int64_t>(from->first), static_cast<int64_t>(from->rows) - 1));
	});
}

at::Tensor shares_drawn(runtime *rt, const draw_table *from, const at::Tensor &ids)
{
	table_send(rt, from);
	float count = static_cast<float>(std::log(static_cast<double>(ids.size(0))));
	return state_of(rt)->resident->log_share.index_select(0, ids) + count;
}
