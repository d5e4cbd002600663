#!/usr/bin/env python3
"""Writes holm_golden.h: Holm's correction as statsmodels has it (it is not among the requirements; any of its versions gives these numbers).
python3 -m venv V && V/bin/pip install statsmodels && V/bin/python tests/golden/make_holm.py > tests/golden/holm_golden.h"""
import statsmodels
from statsmodels.stats.multitest import multipletests

CASES = ([.01, .04, .03, .005, .5], [.01, .04, .03, .005, .04, .5], [1.0, 1.0, .2], [.0005, .9999, .25, .25, .02, .02, .0125, .05, .7, .001])

print(f"/* Made by make_holm.py with statsmodels {statsmodels.__version__}: multipletests(p, method=\"holm\"); do not edit. */")
print("#include <stddef.h>\n")
print("static const struct {\n\tsize_t count;\n\tdouble p[10], adjusted[10];\n} golden_holm[] = {")
for p in CASES:
    adjusted = [float(x) for x in multipletests(p, method="holm")[1]]
    print(f"\t{{ {len(p)}, {{ {', '.join(map(repr, p))} }}, {{ {', '.join(map(repr, adjusted))} }} }},")
print("};")
