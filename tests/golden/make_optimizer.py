#!/usr/bin/env python3
"""Writes optimizer_golden.h: the update of torch.optim.AdamW after torch.nn.utils.clip_grad_norm_, in the order of operations that torch documents, in numpy's float64.
.venv/bin/python tests/golden/make_optimizer.py > tests/golden/optimizer_golden.h"""
import numpy as np

STEPS, RATE, DECAY, CLIP = 12, .05, .1, 1.5
BETA1, BETA2, EPS = .9, .999, 1e-8


def array(name, values):
    print(f"static const double {name}[] = {{ {', '.join(repr(v) for v in np.ravel(values).tolist())} }};")


rng = np.random.default_rng(3)
first = rng.normal(size=9).round(2)
decay = np.r_[np.full(6, DECAY), np.zeros(3)]  # a (2,3) weight and a bias of 3
# some steps are beyond the clipping norm, some are not
gradient = np.array([(rng.normal(size=9) * (.2 if step % 3 else 2)).round(2) for step in range(STEPS)])
w, m, v, after = first.copy(), np.zeros(9), np.zeros(9), []
for step, g in enumerate(gradient, 1):
    g = g * min(1, CLIP / (np.linalg.norm(g) + 1e-6))
    w *= 1 - RATE * decay
    m += (1 - BETA1) * (g - m)
    v = BETA2 * v + (1 - BETA2) * g * g
    denominator = np.sqrt(v) / np.sqrt(1 - BETA2**step) + EPS
    w -= RATE / (1 - BETA1**step) * m / denominator
    after.append(w.copy())
print(f"/* Made by make_optimizer.py with numpy {np.__version__}; do not edit. */")
print(f"enum {{ OPTIMIZER_STEPS = {STEPS}, OPTIMIZER_VALUES = 9 }};")
print(f"static const double optimizer_rate = {RATE}, optimizer_decay = {DECAY}, optimizer_clip = {CLIP};")
array("optimizer_first", first)
array("optimizer_gradient", gradient)
array("optimizer_after", after)
