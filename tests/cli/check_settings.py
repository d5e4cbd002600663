#!/usr/bin/env python3
"""check_settings.py SEQREC PAGE... - every `section.key` in a page is a setting, every `seqrec COMMAND` a command, and every --flag behind it one of its flags; of values
behind a setting with choices (`model.encoder` transformer) at least the first is one of them."""
import json
import re
import subprocess
import sys

seqrec, pages = sys.argv[1], sys.argv[2:]
run = lambda *words: subprocess.run([seqrec, *words], capture_output=True, text=True, check=True).stdout
schema = json.loads(run("schema"))
sections = {name: set(part["properties"]) for name, part in schema["properties"].items() if "properties" in part}
commands = set(re.findall(r"^  ([a-z]+) ", run("help"), re.M))
flags = {name: set(re.findall(r"--([a-z][a-z-]*)", run("help", name))) for name in commands}
wrong = []
for page in pages:
    text = open(page, encoding="utf-8").read()
    for section, key in re.findall(r"(?<![\w./-])(%s)\.([a-z][a-z_]*)" % "|".join(sections), text):
        if key not in sections[section] and key not in ("json", "md", "onnx", "c", "h", "prom", "csv", "txt", "npy", "safetensors"):
            wrong.append(f"{page}: {section}.{key} is not a setting")
    for section, key, value in re.findall(r"`(%s)\.([a-z_]+)` ([a-z][a-z_0-9]*)\b" % "|".join(sections), text):
        choices = schema["properties"][section]["properties"].get(key, {}).get("enum")
        ordinary = {"is", "and", "or", "of", "with", "by", "to", "at", "for", "as", "in", "on", "does", "says", "has", "a", "decides", "weighs", "adds", "takes", "names", "refuses", "needs", "must", "may", "from", "where", "the", "that", "gives", "user"}
        if choices and value not in choices and value not in ordinary:
            wrong.append(f"{page}: {section}.{key} has no choice {value}")
    for line in re.findall(r"seqrec [^\n`|;&>]*", text):
        words = re.split(r"#| and ", line)[0].split()
        name = next((word for word in words[1:] if not word.startswith("-")), "")
        if name in commands:
            wrong += [f"{page}: seqrec {name} has no flag --{flag}" for flag in re.findall(r"(?<!\S)--([a-z][a-z-]*)", " ".join(words)) if flag not in flags[name]]
for one in wrong:
    print(one)
sys.exit(bool(wrong))
