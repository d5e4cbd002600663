#ifndef SEQREC_TENSOR_ATEN_VERSIONS_H
#define SEQREC_TENSOR_ATEN_VERSIONS_H
// versions.h - operations of ATen whose names begin with an underscore: they may change from one libtorch to the next, so they are called in versions.cpp alone.

#include <ATen/ATen.h>

#include <vector>

// AdamW on several parameters at once. All of `rate`, `steps`, `skip` are f32 scalars on the device; where skip is 1 nothing is changed.
struct adam_group {
	std::vector<at::Tensor> value, gradient, mean, square, steps;
	double beta1, beta2, epsilon, weight_decay;
};
void adam_update(adam_group &group, const at::Tensor &rate, const at::Tensor &skip);

// Each times the factor, an f32 scalar on the device.
void scale_all(std::vector<at::Tensor> &tensors, const at::Tensor &factor);

// Attention over sequences end to end, without padding: q, k, v are (T,H,D/H) in bfloat16, starts (S + 1) int32 -> (T,H,D/H). Dropout by the device's own generator.
at::Tensor attention_by_starts(const at::Tensor &q, const at::Tensor &k, const at::Tensor &v, const at::Tensor &starts, int64_t longest, double drop, bool causal);

#endif
