#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Renews what the README shows of a stored run: its output, its figure, and the page.

    ci/pictures.py [--program ./convscope]
    ci/pictures.py --self-test

Needs chromium for the picture of the page; the figures' environment is made on first use.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "results" / "example-avx512"
IMAGES = ROOT / "docs" / "images"
# The suite that stands for all, and as much of its answer as a screen holds.
SUITE, MOST_LINES = "group-vs-standard", 24
WIDTH, HEIGHT = 1100, 860
# What the README has between them is replaced.
MARKS = ("<!-- {name}: ci/pictures.py writes this -->", "<!-- end of {name} -->")


def between(text, name, body):
    """The text with `body` between the marks of this name."""
    first, last = (mark.format(name=name) for mark in MARKS)
    if text.count(first) != 1 or text.count(last) != 1 or text.index(first) > text.index(last):
        raise SystemExit(f"README.md: {first} and {last} must stand in it once, in this order")
    return text[: text.index(first) + len(first)] + f"\n{body}\n" + text[text.index(last) :]


def screenful(lines):
    """The first lines; an ellipsis stands for those that are left out."""
    lines = [line.rstrip() for line in lines]
    while lines and not lines[0]:
        lines.pop(0)
    return lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], "  …"]


def machine(record):
    """Where the example was measured, in a sentence."""
    env = record["environment"]
    cpus = len(env["allowedCPUs"])
    where = f"{cpus} CPU{'' if cpus == 1 else 's'}"
    where += " of a virtual machine" if env.get("virtualMachine") else ""
    peaks = {
        peak["instructionSet"]: peak["gflopPerSecond"]
        for peak in record["limits"]["peaks"]
        if not peak.get("dataType")
    }
    words = " ".join(record["command"])
    folder = EXAMPLE.relative_to(ROOT)
    return (
        f"(`{words}` on {where}, {env['cpuModel']}, {max(peaks, key=peaks.get)}, of "
        f"{record['startedAt'][:10]}: [{folder}]({folder}/answers.md).)"
    )


def answer(program):
    """What the program says of the suite, in lines of a usual console."""
    environment = os.environ | {"COLUMNS": "100"}
    command = [program, "answer", EXAMPLE, SUITE]
    done = subprocess.run(command, env=environment, check=True, text=True, stdout=subprocess.PIPE)
    return done.stdout.splitlines()


def run(*command):
    """A quiet command that must succeed."""
    done = subprocess.run(command, text=True, capture_output=True)
    if done.returncode != 0:
        raise SystemExit(f"{command[0]}: {done.stderr.strip() or done.stdout.strip()}")


def draw(folder):
    """The figure of the suite, and the top of the page."""
    figure = EXAMPLE / SUITE / "comparisons.csv"
    run(ROOT / "plot-scripts" / "comparisons.py", figure, "-o", folder)
    shutil.copy(folder / "comparisons.png", IMAGES / f"{SUITE}.png")
    page = folder / "report.html"
    run(ROOT / "plot-scripts" / "report.py", EXAMPLE, "-o", page)
    browser = shutil.which("chromium")
    if not browser:
        raise SystemExit("no chromium here: apt-get install -y chromium")
    run(
        browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        f"--user-data-dir={folder / 'browser'}", f"--window-size={WIDTH},{HEIGHT}",
        "--virtual-time-budget=10000", f"--screenshot={IMAGES / 'report.png'}", page.as_uri(),
    )  # fmt: skip


def self_test():
    """Marks, and a long answer."""
    first, last = (mark.format(name="x") for mark in MARKS)
    assert between(f"a\n{first}\nold\n{last}\nb", "x", "new") == f"a\n{first}\nnew\n{last}\nb"
    try:
        between(f"{last}{first}", "x", "new")
    except SystemExit:
        pass
    else:
        raise AssertionError("marks in the wrong order are taken")
    long = screenful(["", *(f"line {n}  " for n in range(99))])
    assert len(long) == MOST_LINES and long[0] == "line 0" and long[-1] == "  …"
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("answer", "machine"):
        between(readme, name, "")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=ROOT / "convscope", help="the program to ask")
    parser.add_argument("--self-test", action="store_true", help="check this script itself")
    arguments = parser.parse_args()
    if arguments.self_test:
        self_test()
        return
    file = ROOT / "README.md"
    text = file.read_text(encoding="utf-8")
    lines = screenful(answer(arguments.program))
    text = between(text, "answer", "\n".join(["```", *lines, "```"]))
    record = json.loads((EXAMPLE / "run.json").read_text(encoding="utf-8"))
    text = between(text, "machine", machine(record))
    with tempfile.TemporaryDirectory() as folder:
        draw(Path(folder))
    file.write_text(text, encoding="utf-8")
    print(f"renewed: README.md, {IMAGES.relative_to(ROOT)}/{SUITE}.png, report.png")


if __name__ == "__main__":
    sys.exit(main())
