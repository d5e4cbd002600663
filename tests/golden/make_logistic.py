#!/usr/bin/env python3
"""Writes logistic_golden.h: a small design and scikit-learn's LogisticRegression on it.  .venv/bin/python tests/golden/make_logistic.py > tests/golden/logistic_golden.h"""
import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression

rng = np.random.default_rng(21)
ROWS, L2 = 120, .7


def array(kind, name, values, mark=""):
    print(f"static const {kind} {name}[] = {{ {', '.join(repr(v) + mark for v in np.ravel(values).tolist())} }};")


def fitted(x, label, weight):
    model = LogisticRegression(C=1 / L2, tol=1e-12, max_iter=100000).fit(x, label, sample_weight=weight)
    return model.predict_proba(x)[:10]


print(f"/* Made by make_logistic.py with scikit-learn {sklearn.__version__}; do not edit. */")
print("#include <stdint.h>\n")
number = np.round(np.c_[rng.normal(5, 2, ROWS), rng.exponential(300, ROWS), rng.integers(0, 4, ROWS), np.full(ROWS, 3)], 2).astype(np.float32)
code = np.c_[rng.integers(0, 4, ROWS), rng.integers(0, 3, ROWS)]
weight = np.round(rng.random(ROWS) * 2 + .1, 2).astype(np.float32)
drive = .8 * (number[:, 0] - 5) - .002 * number[:, 1] + np.array([-1, 0, .5, 1])[code[:, 0]]
label = (rng.random(ROWS) < 1 / (1 + np.exp(-drive))).astype(int)
label3 = np.clip(np.round(drive + rng.normal(0, .8, ROWS)) + 1, 0, 2).astype(int)
wide = number.astype(float)
spread = np.where(wide.std(0) > 0, wide.std(0), 1)
x = np.c_[(wide - wide.mean(0)) / spread, np.eye(4)[code[:, 0]], np.eye(3)[code[:, 1]]]

print(f"enum {{ LOGISTIC_ROWS = {ROWS}, LOGISTIC_NUMBERS = 4, LOGISTIC_CATEGORIES = 2, LOGISTIC_SHOWN = 10 }};")
print(f"static const double logistic_l2 = {L2};")
array("float", "logistic_number", number, "f")
array("uint32_t", "logistic_code", code)
array("float", "logistic_weight", weight, "f")
array("uint32_t", "logistic_label", label)
array("uint32_t", "logistic_label3", label3)
array("double", "logistic_two", fitted(x, label, None))
array("double", "logistic_two_weighted", fitted(x, label, weight))
array("double", "logistic_three", fitted(x, label3, None))
