#!/usr/bin/env python3
"""Writes numbers_golden.h: scaling, quantile edges, buckets and piecewise linear columns of one column of numbers.  .venv/bin/python tests/golden/make_numbers.py > tests/golden/numbers_golden.h"""
import numpy as np

ROWS, BUCKETS = 60, 8


def array(kind, name, values, mark=""):
    print(f"static const {kind} {name}[] = {{ {', '.join(repr(v) + mark for v in np.ravel(values).tolist())} }};")


rng = np.random.default_rng(5)
fit = np.round(np.r_[rng.exponential(30, ROWS - 20), np.zeros(12), rng.normal(0, 5, 8)], 2).astype(np.float32)  # zeros are a fifth: some quantiles coincide
probe = np.r_[fit[:10], np.float32([-100, -1, 0, 1, 1e6])].astype(np.float32)
order = np.sort(fit)
edges = np.unique(order[np.floor(np.arange(BUCKETS + 1) / BUCKETS * (ROWS - 1) + .5).astype(int)])
logs = np.copysign(np.log1p(np.abs(fit.astype(float))), fit)
probe_logs = np.copysign(np.log1p(np.abs(probe.astype(float))), probe)
wide, wide_probe = fit.astype(float), probe.astype(float)
pieces = np.clip((wide_probe[:, None] - edges[:-1]) / np.diff(edges), 0, 1)
print(f"/* Made by make_numbers.py with numpy {np.__version__}; do not edit. */")
print("#include <stdint.h>\n")
print(f"enum {{ NUMBERS_ROWS = {ROWS}, NUMBERS_BUCKETS = {BUCKETS}, NUMBERS_EDGES = {len(edges)}, NUMBERS_PROBES = {len(probe)} }};")
array("float", "numbers_fit", fit, "f")
array("float", "numbers_probe", probe, "f")
array("float", "numbers_edge", edges, "f")
array("double", "numbers_standard", np.clip((wide_probe - wide.mean()) / wide.std(), -10, 10))
array("double", "numbers_log1p", np.clip((probe_logs - logs.mean()) / logs.std(), -10, 10))
array("double", "numbers_piecewise", pieces)
array("uint32_t", "numbers_bucket", np.clip(np.searchsorted(edges, probe, side="right"), 1, len(edges)))
