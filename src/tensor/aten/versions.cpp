// versions.cpp - see versions.h. Written for libtorch 2.11 to 2.15.
#include "tensor/aten/versions.h"

#include <torch/csrc/api/include/torch/version.h>

#if TORCH_VERSION_MAJOR != 2 || TORCH_VERSION_MINOR < 11
#error "libtorch 2.11 or later is needed"
#endif

void adam_update(adam_group &group, const at::Tensor &rate, const at::Tensor &skip)
{
	if (!group.value.empty())
		at::_fused_adamw_(group.value, group.gradient, group.mean, group.square, {}, group.steps, rate, group.beta1, group.beta2, group.weight_decay, group.epsilon,
			false, false, std::nullopt, skip);
}

void scale_all(std::vector<at::Tensor> &tensors, const at::Tensor &factor)
{
	if (!tensors.empty())
		at::_foreach_mul_(tensors, factor);
}

at::Tensor attention_by_starts(const at::Tensor &q, const at::Tensor &k, const at::Tensor &v, const at::Tensor &starts, int64_t longest, double drop, bool causal)
{
	return std::get<0>(at::_flash_attention_forward(q, k, v, starts, starts, longest, longest, drop, causal, false));
}
