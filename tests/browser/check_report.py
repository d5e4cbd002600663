#!/usr/bin/env python3
"""check_report.py SEQREC - trains two small runs and opens their report.html in headless Chromium: no console message, nothing wider than its window,
narrow and wide, light and dark; and what the page shows stands in report.json. Exit code 77 with the reason where there is no Chromium."""
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request

chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if not chromium:
    print("skipped: no Chromium found (chromium, chromium-browser, google-chrome)")
    sys.exit(77)
seqrec = os.path.abspath(sys.argv[1])
here = os.path.dirname(os.path.abspath(__file__))
configs = os.path.join(here, "..", "..", "configs")

HARNESS = """<!DOCTYPE html><meta charset=utf-8><body style="margin:0">%s<pre id=out>waiting</pre><script>
addEventListener("load", () => { document.getElementById("out").textContent = [...document.querySelectorAll("iframe")].map(f => {
  const page = f.contentDocument, root = page.documentElement;
  const wide = [...page.querySelectorAll("body *")].filter(e => !e.closest(".wide,svg") && e.getBoundingClientRect().right > root.clientWidth + 1).map(e => e.tagName);
  return f.width + ":" + root.scrollWidth + "<=" + root.clientWidth + ":" + wide.join(",") + ":" + page.querySelectorAll("svg").length + ":" + getComputedStyle(page.body).backgroundColor; }).join(";"); });
</script>"""


def browse(folder, url, *flags):
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", "--user-data-dir=" + os.path.join(folder, "profile"),
               "--enable-logging=stderr", "--v=0", "--virtual-time-budget=4000", *flags, "--dump-dom", "file://" + urllib.request.pathname2url(url)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    said = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert not said, said
    return done.stdout


def fits(folder, page, least):
    """No console message, nothing wider than the window, at least so many pictures."""
    text = open(page, encoding="utf-8").read()
    assert len(text) < 1 << 20, len(text)
    assert "<script" not in text and not re.search(r"""(src|href)\s*=\s*["']?https?:""", text), "the page loads something"
    browse(folder, page)
    harness = os.path.join(folder, "harness.html")
    with open(harness, "w", encoding="utf-8") as out:
        out.write(HARNESS % "".join('<iframe width=%d height=900 src="file://%s"></iframe>' % (width, urllib.request.pathname2url(page)) for width in (320, 390, 1280)))
    for flags in ((), ("--blink-settings=preferredColorScheme=0",)):
        found = html.unescape(re.search(r"<pre id=\"?out\"?>(.*?)</pre>", browse(folder, harness, *flags), re.S).group(1))
        print(page, found)
        for one in found.split(";"):
            width, sizes, wide, pictures, _ = one.split(":")
            scroll, client = map(int, sizes.split("<="))
            assert scroll <= client, (width, sizes)
            assert not wide, (width, wide)
            assert int(pictures) >= least, pictures
    return text


def check(folder, report):
    text = fits(folder, os.path.join(report, "report.html"), 4)
    values = json.load(open(os.path.join(report, "report.json"), encoding="utf-8"))
    assert html.escape(values["title"]).replace("&#x27;", "&#39;") in text
    test = values["splits"]["test"]
    for key in ("roc_auc", "average_precision", "hr@10", "ndcg@10"):
        if key in test:
            assert "%.4f" % test[key] in text, key


def train(folder, config, run, *sets):
    where = os.path.join(folder, run)
    subprocess.run([seqrec, "-q", "train", os.path.join(configs, config + ".json"), "--run", where, *(word for one in ("train.epochs=2", "model.width=16", "evaluate.resamples=100", *sets) for word in ("--set", one))],
                   check=True, stdout=subprocess.DEVNULL)
    return where


with tempfile.TemporaryDirectory() as folder:
    first = train(folder, "quickstart", "it's <b>&amp;")
    check(folder, os.path.join(first, "report"))
    check(folder, os.path.join(train(folder, "next_item", "next"), "report"))
    both = train(folder, "both_heads", "both", "evaluate.single_head=false", "train.epochs=1")
    check(folder, os.path.join(both, "report"))
    check(folder, os.path.join(both, "report", "next_item"))
    compared = os.path.join(folder, "compared.html")
    subprocess.run([seqrec, "-q", "compare", first, train(folder, "quickstart", "other", "run.seed=2"), "--html", compared, "--resamples", "100"], check=True, stdout=subprocess.DEVNULL)
    assert "&lt;b&gt;" in fits(folder, compared, 0)
print("the pages are whole")
