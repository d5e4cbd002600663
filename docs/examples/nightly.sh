#!/bin/sh
# nightly.sh SHOP - one night: trains on the logs of the day, lets the new model serve only when it is good enough and not worse than the live one, predicts.
# SHOP is a folder with shop.json (task.kind column or as_of). Needs no environment but PATH; ends with seqrec's exit code, 10 when the live model stays.
set -u
cd "$1" && mkdir -p runs || exit 4
night=runs/$(date -u +%Y-%m-%d)
live=runs/live # a link to the run that serves

# An unfinished run of this night goes on where it stopped; a finished one is left alone.
seqrec -q train shop.json --run "$night" --deadline 06:00 --prometheus train.prom >"$night.report.txt" || exit
# Better than chance, whatever the live model does.
seqrec -q evaluate "$night" --gate "roc_auc.low>=0.5" >"$night.report.txt" || exit

if [ -f "$live/model/model.json" ]; then
	seqrec -q compare "$live" "$night" --require "roc_auc.low>=-0.02" >"$night.compare.txt" 2>"$night.compare.err"
	code=$?
	[ $code = 0 ] || [ $code = 3 ] || { cat "$night.compare.err" >&2; exit $code; } # 3: other test rows; the gate alone decides
fi
seqrec -q predict "$night" --out predictions.jsonl || exit
ln -sfn "$(basename "$night")" "$live"
