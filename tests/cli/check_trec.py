"""check_trec.py RUN REPORT - pytrec_eval's HR, recall, NDCG and MRR of RUN and RUN.qrels must be those of REPORT's test part to 1e-9. Exit code 77: it is not installed.

With one relevant item a user, trec_eval's success_K and recall_K are both HR@K, and recip_rank of a list cut at K is MRR@K. trec_eval sorts by score (as f32)
and breaks ties by name, so the run file must not have any."""
import json
import sys

try:
    import pytrec_eval
except ImportError as missing:
    print(f"skipped: {missing} (scripts/setup --tests)")
    sys.exit(77)

CUTS = (1, 5, 10, 20)
path, report = sys.argv[1:]
run, qrels = {}, {}
for line in open(path):
    query, _, item, rank, score, _ = line.split(" ")
    assert item not in run.setdefault(query, {}), "an item stands twice"
    assert not run[query] or float(score) < last, f"{query}: scores do not fall"
    run[query][item] = last = float(score)
for line in open(path + ".qrels"):
    query, _, item, relevance = line.split(" ")
    qrels.setdefault(query, {})[item] = int(relevance)
test = json.load(open(report))["splits"]["test"]
assert len(qrels) == test["rows"] and all(len(one) == 1 for one in qrels.values()), "not a target a user"
assert all(len(one) >= max(CUTS) for one in run.values()), "lists are shorter than the cuts"


def mean(measure, lists=run):
    kind = measure.rsplit("_", 1)[0] if measure[-1].isdigit() else measure
    values = pytrec_eval.RelevanceEvaluator(qrels, {kind + "." + ",".join(map(str, CUTS)) if kind != measure else kind}).evaluate(lists)
    return sum(value[measure] for value in values.values()) / len(qrels)


for k in CUTS:
    cut = {query: dict(list(items.items())[:k]) for query, items in run.items()}
    found = {f"hr@{k}": [mean(f"success_{k}"), mean(f"recall_{k}")], f"ndcg@{k}": [mean(f"ndcg_cut_{k}")], f"mrr@{k}": [mean("recip_rank", cut)]}
    for name, values in found.items():
        for value in values:
            assert name not in test or abs(value - test[name]) <= 1e-9, (name, value, test[name])
assert 0 < test["hr@10"] < 1
print(f"{len(qrels)} targets: trec_eval agrees")
