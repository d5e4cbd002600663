#!/usr/bin/env python3
"""Writes statistics_golden.h: intervals and calibration maps as scipy and scikit-learn have them.  .venv/bin/python tests/golden/make_statistics.py > tests/golden/statistics_golden.h"""
import numpy as np
import scipy
import sklearn
from scipy import optimize, stats
from sklearn import metrics
from sklearn.calibration import _SigmoidCalibration
from sklearn.isotonic import IsotonicRegression

rng = np.random.default_rng(7)


def array(kind, name, values):
    print(f"static const {kind} {name}[] = {{ {', '.join(repr(v) for v in np.ravel(values).tolist())} }};")


print(f"/* Made by make_statistics.py with scikit-learn {sklearn.__version__}, scipy {scipy.__version__} and numpy {np.__version__}; do not edit. */")
print("#include <stdint.h>\n")

shares = [(0, 10), (10, 10), (1, 10), (3, 20), (50, 100), (999, 1000), (110, 159), (123456, 1000000)]
array("uint64_t", "golden_shares", shares)
for method in ("exact", "wilson"):
    found = [stats.binomtest(k, n).proportion_ci(method=method) for k, n in shares]
    array("double", "golden_" + method, [[i.low, i.high] for i in found])
array("double", "golden_quantile_at", [1e-12, .001, .025, .2, .5, .8, .975, .9999])
array("double", "golden_quantile", stats.norm.ppf([1e-12, .001, .025, .2, .5, .8, .975, .9999]))

label = (rng.random(200) < .35).astype(np.uint32)
score = np.round(1 / (1 + np.exp(-(1.6 * label - 1.2 + rng.normal(size=200) * 1.3))), 3)
array("uint32_t", "golden_calibration_label", label)
array("double", "golden_calibration_score", score)
odds = np.log(score) - np.log1p(-score)
platt = _SigmoidCalibration().fit(odds, label)
array("double", "golden_platt", platt.predict(odds))
isotonic = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(score, label)
array("double", "golden_isotonic_at", np.linspace(0, 1, 41))
array("double", "golden_isotonic", isotonic.predict(np.linspace(0, 1, 41)))


def loss(log_t):
    z = odds / np.exp(log_t)
    return np.sum(np.logaddexp(0, z) - label * z)


array("double", "golden_temperature", [np.exp(optimize.minimize_scalar(loss, bounds=(-4, 4), method="bounded", options={"xatol": 1e-10}).x)])

value = np.round(rng.exponential(size=60), 3)
array("double", "golden_mean_value", value)
for method in ("percentile", "BCa"):
    found = stats.bootstrap((value,), np.mean, n_resamples=50000, method=method, random_state=1).confidence_interval
    array("double", "golden_mean_" + method.lower(), [found.low, found.high])
    found = stats.bootstrap((label, score), lambda y, s: metrics.roc_auc_score(y, s), paired=True, vectorized=False, n_resamples=5000, method=method, random_state=1).confidence_interval
    array("double", "golden_auc_" + method.lower(), [found.low, found.high])
