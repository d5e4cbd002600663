#!/usr/bin/env python3
"""run_blocks.py SEQREC PAGE - runs every ```sh block of a page, one after the other in one shell, in a folder that has the repository's data and configs,
build/release/seqrec (the program under test) and seqrec in PATH. A ```json block after "Save it as `NAME`" becomes that file. A block without a language that follows
a ```sh block shows its output: each line must stand there in order, "..." stands for any lines (or, at a line's end, for the rest of it), decimals may differ by 0.05 (processors round differently).

Lines that install or fetch are not run here, but only where a script that runs them is named below; any other line of that kind fails."""
import os
import re
import subprocess
import sys
import tempfile

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# What is run elsewhere: who runs it (the file must hold the line), and what stands for it here, or nothing.
ELSEWHERE = {
    "./scripts/quickstart": (".ci/run", "build/release/seqrec train configs/quickstart.json --fresh"),
    "./scripts/test": (".ci/run", ""),
    "./scripts/setup --tests": ("scripts/test", ""),
    "cmake --preset release": ("scripts/quickstart", ""),
    "cmake --build --preset release": ("scripts/quickstart", ""),
    "cmake --install build/release": ("tests/cli/cases/packages", ""),
    "cpack --config build/release/CPackConfig.cmake": ("tests/cli/cases/packages", ""),
}
FETCHES = re.compile(r"^\s*(\./scripts/|scripts/|git clone|sudo|apt|pip|.*\bpip3? install|cmake|cpack|curl|wget)")


def here(line):
    """The line as it is run here."""
    command = re.sub(r"\s+#.*$", "", line).strip()
    if not FETCHES.match(line):
        return line
    assert command in ELSEWHERE, f"nothing runs this line: {command!r}; name in ELSEWHERE who does"
    who, instead = ELSEWHERE[command]
    words = command.replace("./scripts/", "scripts/")
    assert words.split(" build/release")[0] in open(os.path.join(root, who)).read(), f"{who} no longer runs {command!r}"
    return instead


def blocks_of(page):
    """(language, line number, lines, the paragraph before) of each fenced block."""
    lines = open(os.path.join(root, page), encoding="utf-8").read().split("\n")
    found, at = [], 0
    while at < len(lines):
        if not lines[at].startswith("```"):
            at += 1
            continue
        end = next(k for k in range(at + 1, len(lines)) if lines[k] == "```")
        found.append((lines[at][3:], at + 1, lines[at + 1:end], "\n".join(lines[max(0, at - 4):at])))
        at = end + 1
    return found


def fits(shown, real):
    """Whether a line of the output is the shown one, but for decimals that round differently."""
    number = r"[-+]?\d+\.\d+(?:e[-+]\d+)?"
    plain = lambda line: re.sub(r"\s+", " ", re.sub(number, "#", line)).strip()
    if not (plain(real).startswith(plain(shown[:-3])) if shown.endswith("...") else plain(real) == plain(shown)):
        return False
    return all(abs(float(a) - float(b)) <= 0.05 + 0.1 * abs(float(a)) for a, b in zip(re.findall(number, shown), re.findall(number, real)))


def compare(shown, output, where):
    real, at = output.split("\n"), 0
    for line in shown:
        if line.strip() in ("...", ""):
            continue
        at = next((k + 1 for k in range(at, len(real)) if fits(line, real[k])), None)
        assert at, f"{where}: this line is not (or no longer) in the output:\n{line}\nThe output was:\n{output[:6000]}"


def script_of(page, folder):
    """The shell script of all blocks, and (number of the block before, shown lines, place) of each output."""
    script, shown, count, before = ["exec 3>&1 4>&2"], [], 0, ""
    for language, place, lines, words in blocks_of(page):
        where = f"{page}:{place}"
        if language == "sh":
            count += 1
            script += [f"echo '{where}' >block", f"exec >{count}.out 2>{count}.err"] + [here(line) for line in lines]
        elif language in ("json", "text", "ini", "c"):
            name = re.search(r"[Ss]ave it as `([^`]+)`", words)
            if name:
                script += [f"cat >'{name.group(1)}' <<'END OF FILE'"] + lines + ["END OF FILE"]
        elif language == "" and before == "sh":
            shown.append((count, lines, where))
        else:
            assert language == "", f"{where}: a block of {language} is not run by anybody; call it sh, json or text"
        before = language
    assert count, f"{page}: holds no ```sh block"
    return "\n".join(script) + "\n", shown


def main(seqrec, page):
    with tempfile.TemporaryDirectory(prefix="seqrec.") as folder:
        for name in ("data", "configs", "docs", "scripts"):
            os.symlink(os.path.join(root, name), os.path.join(folder, name))
        os.makedirs(os.path.join(folder, "build", "release"))
        os.symlink(os.path.abspath(seqrec), os.path.join(folder, "build", "release", "seqrec"))
        script, shown = script_of(page, folder)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SEQREC_") or name in ("SEQREC_ATEN",)}
        environment["PATH"] = os.path.join(folder, "build", "release") + ":" + environment["PATH"]
        done = subprocess.run(["sh", "-eu", "-c", script], cwd=folder, env=environment, stdin=subprocess.DEVNULL)
        read = lambda name: open(os.path.join(folder, name), encoding="utf-8", errors="replace").read()
        if done.returncode:
            last = max(int(name.split(".")[0]) for name in os.listdir(folder) if re.fullmatch(r"\d+\.out", name))
            sys.exit(f"the block at {read('block').strip()} failed with exit code {done.returncode}\n{read(f'{last}.out')}\n{read(f'{last}.err')}")
        for count, lines, where in shown:
            compare(lines, read(f"{count}.out") + read(f"{count}.err"), where)
        print(f"{page}: {script.count('>block')} blocks, {len(shown)} outputs")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
