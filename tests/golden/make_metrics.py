#!/usr/bin/env python3
"""Writes metrics_golden.h: scores, and what scikit-learn 1.2 and numpy make of them.  .venv/bin/python tests/golden/make_metrics.py > tests/golden/metrics_golden.h"""
import json
import numpy as np
import sklearn
from sklearn import metrics

rng = np.random.default_rng(20)


def array(kind, name, values):
    print(f"static const {kind} {name}[] = {{ {', '.join(repr(v) for v in np.ravel(values).tolist())} }};")


def number(name, value):
    print(f"static const double {name} = {float(value)!r};")


def string(name, text):
    print(f"static const char {name}[] =")
    print("\n".join("\t" + json.dumps(line, ensure_ascii=False) for line in text.splitlines(keepends=True)) + ";")


def ovr(label, probability, of):
    return np.mean([of(label == k, probability[:, k]) for k in range(probability.shape[1])])


print(f"/* Made by make_metrics.py with scikit-learn {sklearn.__version__} and numpy {np.__version__}; do not edit. */")
print("#include <stdint.h>\n")

label = rng.integers(0, 2, 40)
score = np.round(np.clip(rng.normal(.35 + .3 * label, .25), 0, 1), 1)     # many ties, some 0 and 1
weight = np.round(rng.random(40) * 3, 2)
two = np.c_[1 - score, score]
array("uint32_t", "golden_label", label)
array("double", "golden_score", score)
array("double", "golden_weight", weight)
for suffix, w in (("", None), ("_weighted", weight)):
    number("golden_roc_auc" + suffix, metrics.roc_auc_score(label, score, sample_weight=w))
    number("golden_average_precision" + suffix, metrics.average_precision_score(label, score, sample_weight=w))
    number("golden_log_loss" + suffix, metrics.log_loss(label, two, sample_weight=w))
    number("golden_brier" + suffix, metrics.brier_score_loss(label, score, sample_weight=w))
print()

label3 = rng.integers(0, 3, 30)
score3 = rng.dirichlet([1, 1, 1], 30)
array("uint32_t", "golden_label3", label3)
array("double", "golden_score3", score3)
number("golden_log_loss3", metrics.log_loss(label3, score3))
number("golden_roc_auc3", metrics.roc_auc_score(label3, score3, multi_class="ovr", average="macro"))
number("golden_average_precision3", ovr(label3, score3, metrics.average_precision_score))
number("golden_brier3", ((score3 - np.eye(3)[label3]) ** 2).sum(1).mean())
print()


def report(name, true, predicted, names, digits):
    array("uint32_t", f"golden_{name}_true", true)
    array("uint32_t", f"golden_{name}_predicted", predicted)
    how = dict(labels=range(len(names)), target_names=names, zero_division=0)
    string(f"golden_{name}_text", metrics.classification_report(true, predicted, digits=digits, **how))
    string(f"golden_{name}_json", json.dumps(metrics.classification_report(true, predicted, output_dict=True, **how)))


report("two", label, (score >= .5).astype(int), ["ignore", "buy"], 2)
report("unicode", label3, score3.argmax(1), ["购买", "überlegen, dann kaufen", "não 🛒"], 4)
report("support", np.array([0, 0, 1, 1, 1]), np.array([0, 2, 2, 1, 0]), ["a", "b", "never true"], 3)
many = rng.integers(0, 14, 300)
report("many", many, np.where(rng.random(300) < .6, many, rng.integers(0, 14, 300)), [f"class {k}" for k in range(14)], 14)
report("none_right", np.array([0, 1, 1]), np.array([1, 0, 0]), ["a", "b"], 2)
