"""same_predictions.py A.jsonl B.jsonl - the same rows, words and ranks, and numbers within 1e-5: kernels may add up in another order."""
import json
import sys


def same(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, float):
        return abs(a - b) <= 1e-5 * max(1, abs(a))
    return a == b


ours, theirs = ([json.loads(line) for line in open(path)] for path in sys.argv[1:])
if not ours or not same(ours, theirs):
    sys.exit("the predictions differ")
