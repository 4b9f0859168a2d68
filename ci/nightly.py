#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A night: run the suites, add the run to a history, look for change points, tell what is new.

    ci/nightly.py HISTORY                      runs `all` and analyses
    ci/nightly.py HISTORY --suites quick       another choice of suites
    ci/nightly.py HISTORY --only-analyse       no run, only the analysis of what is there
    ci/nightly.py --self-test                  a made-up history with one step in it

Exit codes: 0 nothing new, 2 a new change point for the worse, 1 the run or the analysis failed.
Change points are found by Apache Otava (PyPI, a version of its own in HISTORY/.otava), one series
per case; one that was told once is remembered in HISTORY/known-changes.json and not told again.
Otava needs some runs before and after a change: a step shows a few nights after it happened.
"""

import argparse
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OTAVA = "apache-otava==0.8.0"
TABLE, KNOWN, REPORT = "otava.csv", "known-changes.json", "summary.md"
# Fewer runs than this show no change point that could be believed.
LEAST_RUNS = 8
# An analysis of one night more may move a change point by a run or two.
SAME_CHANGE_RUNS = 3
# Smaller steps than this are lost in what one night differs from the next by.
LEAST_MAGNITUDE = 0.03
P_VALUE = 0.001


def otava_program(history):
    """Otava in an environment of its own, installed once."""
    folder = history / ".otava"
    program = folder / "bin" / "otava"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", OTAVA], check=True)
    return program


def measure(arguments, history):
    """Runs the suites into a new folder of the history; its exit code."""
    folder = history / time.strftime("%Y-%m-%dT%H%M%SZ", time.gmtime())
    command = [arguments.program, "run", *arguments.suites, "--output", folder, "--no-progress"]
    if arguments.budget:
        command += ["--budget", arguments.budget]
    return subprocess.run(command, check=False).returncode


def series(history, program):
    """Case → [(time, commit, nanoseconds)], from the runs that are complete."""
    found = {}
    for record in sorted(history.glob("*/run.json")):
        if not json.loads(record.read_text()).get("endedAt"):
            continue
        table = record.parent / TABLE
        if not table.exists():
            text = subprocess.run(
                [program, "export", "--format", "otava", record.parent],
                check=True, capture_output=True, text=True,
            ).stdout  # fmt: skip
            table.write_text(text)
        for row in csv.DictReader(io.StringIO(table.read_text())):
            when, commit = row.pop("time"), row.pop("commit")
            row.pop("version")
            for name, value in row.items():
                found.setdefault(name, []).append((when, commit, float(value)))
    return found


def write_series(folder, found):
    """One CSV file per case, since Otava reads no empty cells, and the configuration."""
    tests = {}
    for number, (_name, points) in enumerate(sorted(found.items())):
        file = folder / f"case{number}.csv"
        with file.open("w", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(["time", "commit", "time_ns"])
            writer.writerows(points)
        tests[f"case{number}"] = {
            "type": "csv", "file": str(file), "time_column": "time", "attributes": ["commit"],
            "metrics": {"time_ns": {"column": "time_ns", "direction": -1}},
            "csv_options": {"delimiter": ",", "quotechar": '"'},
        }  # fmt: skip
    # JSON is YAML.
    (folder / "otava.yaml").write_text(json.dumps({"tests": tests}))
    return sorted(found)


def change_points(otava, found):
    """[(case, index, commit, percent)] of all series that are long enough."""
    long_enough = {name: points for name, points in found.items() if len(points) >= LEAST_RUNS}
    if not long_enough:
        return []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        names = write_series(folder, long_enough)
        changes = []
        for number, case in enumerate(names):
            output = subprocess.run(
                [
                    otava, "analyze", "--config-file", folder / "otava.yaml", f"case{number}",
                    "--output", "json", "--since", "2000-01-01", "-P", str(P_VALUE),
                    "-M", str(LEAST_MAGNITUDE),
                ],
                check=True, capture_output=True, text=True,
            ).stdout  # fmt: skip
            for point in json.loads(output).get(f"case{number}", []):
                for change in point["changes"]:
                    percent = float(change["forward_change_percent"])
                    commit = point["attributes"].get("commit", "")
                    changes.append((case, int(change["index"]), commit, percent))
    return changes


def is_known(change, known):
    """Whether a change was told before, perhaps at a neighbouring run."""
    case, index, _, percent = change
    return any(
        case == other["case"]
        and abs(index - other["index"]) < SAME_CHANGE_RUNS
        and (percent > 0) == (other["percent"] > 0)
        for other in known
    )


def summary(found, changes, new):
    """Markdown: how much there is, what is new, what was known."""
    lines = [
        "### Nightly benchmarks", "",
        f"{len(found)} cases, {max(map(len, found.values()), default=0)} runs.",
    ]  # fmt: skip
    if max(map(len, found.values()), default=0) < LEAST_RUNS:
        lines.append(f"Change points are looked for from {LEAST_RUNS} runs on.")
    for title, some in (("New", new), ("Known", [c for c in changes if c not in new])):
        if some:
            lines += ["", f"{title} change points:", ""]
            lines += ["| case | commit | time |", "|---|---|--:|"]
            lines += [f"| {c[0]} | {c[2]} | {c[3]:+.0f} % |" for c in some]
    if not new:
        lines.append("No new change point.")
    return "\n".join(lines) + "\n"


def analyse(history, program, otava):
    """Tells what is new and remembers it; the exit code."""
    found = series(history, program)
    changes = change_points(otava, found)
    file = history / KNOWN
    known = json.loads(file.read_text()) if file.exists() else []
    new = [change for change in changes if not is_known(change, known)]
    known += [dict(zip(("case", "index", "commit", "percent"), c, strict=True)) for c in new]
    file.write_text(json.dumps(known, indent=1) + "\n")
    text = summary(found, changes, new)
    (history / REPORT).write_text(text)
    print(text)
    if github := os.environ.get("GITHUB_STEP_SUMMARY"):
        with open(github, "a") as stream:
            stream.write(text)
    return 2 if any(change[3] > 0 for change in new) else 0


def made_up(history, runs, step):
    """A history whose second case becomes slower by `step` two thirds of the way."""
    for number in range(runs):
        folder = history / f"2026-01-{number + 1:02}T000000Z"
        folder.mkdir(parents=True)
        (folder / "run.json").write_text('{"endedAt": "x"}')
        wobble = 1 + (number * 7 % 5 - 2) / 400
        slow = step if number >= 2 * runs // 3 else 1
        (folder / TABLE).write_text(
            'time,commit,version,"a, b",c\n'
            f"2026-01-{number + 1:02}T00:00:00Z,c{number},1,{100 * wobble},{50 * wobble * slow}\n"
        )


def self_test():
    """A step is told once, a steady history never."""
    failures = []
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        otava = otava_program(base)
        for title, step, expected in (("steady", 1, [0, 0]), ("step", 1.1, [2, 0])):
            made_up(base / title, 24, step)
            codes = [analyse(base / title, "none", otava) for _ in range(2)]
            if codes != expected:
                failures.append(f"{title}: exit codes {codes}, expected {expected}")
        known = json.loads((base / "step" / KNOWN).read_text())
        if [(c["case"], c["commit"]) for c in known] != [("c", "c16")]:
            failures.append(f"the step is told as {known}")
    print(*failures, sep="\n", file=sys.stderr, end="\n" if failures else "")
    print(f"nightly self-test: {len(failures)} failures")
    return 1 if failures else 0


def main():
    """Reads the arguments; runs, analyses."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("history", type=Path, nargs="?", help="folder of the runs so far")
    parser.add_argument("--suites", nargs="+", default=["all"])
    parser.add_argument("--budget", default="", help="time for all rounds, such as 30m")
    parser.add_argument("--program", default=str(ROOT / "convscope"))
    parser.add_argument("--only-analyse", action="store_true")
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    if arguments.self_test:
        return self_test()
    if not arguments.history:
        parser.error("the folder of the history is missing")
    history = arguments.history.resolve()
    history.mkdir(parents=True, exist_ok=True)
    try:
        if not arguments.only_analyse and (code := measure(arguments, history)) != 0:
            print(f"nightly: the run ended with exit code {code}", file=sys.stderr)
            return 1
        return analyse(history, arguments.program, otava_program(history))
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        print(f"nightly: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
