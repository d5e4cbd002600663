// masks.cpp - dropout masks on the device: the numbers of dropout.h in integer arithmetic of ATen, bit for bit.
#include "tensor/aten/aten.h"

// The low `bits` of what a shift to the right gives: int32 shifts copy the sign.
static at::Tensor shifted(const at::Tensor &x, int64_t by)
{
	return at::bitwise_and(at::bitwise_right_shift(x, by), (INT64_C(1) << (32 - by)) - 1);
}

// dropout_bits for each counter, as int32: products and sums wrap as those of uint32 do.
static at::Tensor bits_of(runtime *rt, const dropout &drop, const at::Tensor &counter)
{
	at::Tensor first, second;
	if (drop.operation >= SENT_DROPOUTS || !word_sent(rt, 2 * drop.operation, false, first) || !word_sent(rt, 2 * drop.operation + 1, false, second)) {
		forbid_recording(rt, "more dropout than keys are sent for");
		first = at::full({}, static_cast<int32_t>(drop.key[0]), counter.options());
		second = at::full({}, static_cast<int32_t>(drop.key[1]), counter.options());
	}
	at::Tensor x = at::bitwise_xor(counter, first);
	x = at::bitwise_xor(x, shifted(x, 16)).mul_(static_cast<int32_t>(0x21f0aaadu));
	x = at::bitwise_xor(x, shifted(x, 15)).add_(second).mul_(0x735a2d97);
	return at::bitwise_xor(x, shifted(x, 15));
}

at::Tensor mask_of(runtime *rt, const dropout &drop, int64_t rows, int64_t width)
{
	c10::AutoGradMode off(false);
	int64_t groups = (width + DROPOUT_GROUP - 1) / DROPOUT_GROUP;
	at::Tensor counter = at::arange(rows * groups * (DROPOUT_GROUP / 2), at::TensorOptions(at::kInt).device(state_of(rt)->device));
	at::Tensor bits = bits_of(rt, drop, counter).view({ rows, groups, DROPOUT_GROUP / 2 });
	at::Tensor halves = at::cat({ at::bitwise_and(bits, 0xffff), shifted(bits, 16) }, 2).view({ rows, groups * DROPOUT_GROUP });
	return halves.narrow(1, 0, width).ge(static_cast<int64_t>(drop.threshold)).to(at::kFloat).mul_(static_cast<double>(drop.scale));
}

at::Tensor drop_from(runtime *rt, const at::Tensor &x, const dropout &drop)
{
	return drop.threshold ? x * mask_of(rt, drop, x.size(0), x.size(1)) : x;
}
