#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shows how often a gate cries wolf, and what it finds: the runs behind docs/Gates.md.

Each run is one `convscope gate` over a suite of twelve cases; one row per run goes to a CSV file as
soon as it is over, so the script can be stopped and goes on where it was.

    ci/gate-evidence.py same --runs 60     the build against itself; every third run under load
    ci/gate-evidence.py slow3 --runs 36    one case does 3 % of its work twice, another in each run
    ci/gate-evidence.py slow10 --runs 10   the same with 10 %
    ci/gate-evidence.py summary            what the rows come to

`same` may run beside anything. The other two say what a quiet machine finds: run nothing beside
them. --prefix names a command to put before each run, such as `flock FILE` or `taskset -c 0,1`.
"""

import argparse
import csv
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import children

ROOT = Path(__file__).resolve().parent.parent
SUITE = "gate-check"
COLUMNS = (
    "kind", "run", "started_at", "load", "load_average", "slowed", "exit_code", "outcome",
    "seconds", "slower", "found", "false_alarms", "inconclusive", "detectable_slowdown",
    "measured_ratio", "disturbed_rounds", "rounds",
)  # fmt: skip
SHARES = {"same": None, "slow3": "3%", "slow10": "10%"}
# In `same`, every third run has a busy process on each CPU, nothing to do with the gate.
LOAD_EVERY = 3
BUSY = "import hashlib\nwhile True: hashlib.sha256(bytes(1 << 20)).digest()"
# Runs its arguments beside a busy process per CPU and exits as they do. It stands behind --prefix:
# a run that waits for its turn must not load the machine for the one that has it.
LOADED = f"""
import os, subprocess, sys
busy = [subprocess.Popen([sys.executable, "-c", {BUSY!r}]) for _ in os.sched_getaffinity(0)]
try:
    code = subprocess.run(sys.argv[1:], check=False).returncode
finally:
    for process in busy:
        process.kill()
        process.wait()
sys.exit(code if code >= 0 else 128 - code)
"""


def cases(program):
    """The descriptors of the suite's cases."""
    listing = subprocess.run(
        [program, "list", "cases", SUITE], check=True, capture_output=True, text=True
    ).stdout
    return [line.split()[2] for line in listing.splitlines()[2:]]


def rows(file):
    """The rows that are there already."""
    if not file.exists():
        return []
    with file.open(newline="") as stream:
        return list(csv.DictReader(stream))


def append(file, row):
    """Writes one row, and the header before the first."""
    file.parent.mkdir(parents=True, exist_ok=True)
    is_new = not file.exists()
    with file.open("a", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        if is_new:
            writer.writeheader()
        writer.writerow(row)


def gate(arguments, slowed, share, is_loaded, folder):
    """Runs the gate; its report, or None where it wrote none, and its exit code."""
    command = [
        *shlex.split(arguments.prefix), *([sys.executable, "-c", LOADED] if is_loaded else []),
        arguments.program, "gate", "--against", arguments.against or arguments.program, SUITE,
        "--no-progress", "--output", folder,
    ]  # fmt: skip
    if share:
        command += ["--slow-down", f"{slowed}={share}"]
    code = children.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    report = Path(folder) / "gate.json"
    return (json.loads(report.read_text()) if report.exists() else None), code


def row_of(report, slowed, code):
    """What a report says about the slowed case and about the others."""
    if report is None:
        return {"exit_code": code, "outcome": "no report"}
    by_verdict = {}
    for case in report["cases"]:
        by_verdict.setdefault(case.get("verdict"), []).append(case["problem"])
    slower = by_verdict.get("slower", [])
    stages = [c[s] for c in report["cases"] for s in ("screening", "confirmation") if c.get(s)]
    own = next((c for c in report["cases"] if c["problem"] == slowed), {})
    decisive = own.get("confirmation") or own.get("screening") or {}
    return {
        "exit_code": code, "outcome": report["outcome"], "seconds": f"{report['seconds']:.1f}",
        "slower": " ".join(slower), "found": int(slowed in slower) if slowed else "",
        "false_alarms": len([problem for problem in slower if problem != slowed]),
        "inconclusive": len(by_verdict.get("inconclusive", [])),
        "detectable_slowdown": report.get("detectable_slowdown", ""),
        "measured_ratio": decisive.get("time_ratio", ""),
        "disturbed_rounds": sum(stage["disturbed_rounds"] for stage in stages),
        "rounds": sum(stage["rounds"] for stage in stages),
    }  # fmt: skip


def run(arguments):
    """Runs what is not there yet."""
    names = cases(arguments.program)
    done = {int(row["run"]) for row in rows(arguments.csv) if row["kind"] == arguments.kind}
    for number in (n for n in range(arguments.runs) if n not in done):
        share = SHARES[arguments.kind]
        slowed = names[number % len(names)] if share else ""
        is_loaded = arguments.kind == "same" and number % LOAD_EVERY == LOAD_EVERY - 1
        started, average = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), os.getloadavg()[0]
        with tempfile.TemporaryDirectory(prefix="convscope-gate-") as folder:
            report, code = gate(arguments, slowed, share, is_loaded, folder)
        row = {
            "kind": arguments.kind, "run": number, "started_at": started, "load": int(is_loaded),
            "load_average": f"{average:.2f}", "slowed": slowed,
        } | row_of(report, slowed, code)  # fmt: skip
        append(arguments.csv, row)
        print(f"{arguments.kind} {number}: {row['outcome']}, {row.get('seconds')} s", flush=True)


def summary(file):
    """Tells what the rows come to."""
    for kind in SHARES:
        own = [row for row in rows(file) if row["kind"] == kind and row["seconds"]]
        if not own:
            continue
        seconds = sorted(float(row["seconds"]) for row in own)
        alarms = sum(row["false_alarms"] != "0" for row in own)
        loaded = sum(row["load"] == "1" for row in own)
        text = f"{kind}: {len(own)} runs ({loaded} under load), {alarms} with a false alarm"
        if SHARES[kind]:
            text += f", found in {sum(row['found'] == '1' for row in own)}"
        middle = seconds[len(seconds) // 2]
        print(f"{text}; median {middle:.1f} s, longest {seconds[-1]:.1f} s")


def main():
    """Reads the arguments."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kind", choices=[*SHARES, "summary"])
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--program", default=str(ROOT / ".build" / "release" / "convscope"))
    parser.add_argument("--against", default="", help="the other build (default: the same file)")
    parser.add_argument("--prefix", default="", help="command to put before each gate run")
    parser.add_argument("--csv", type=Path, default=ROOT / "results" / "gates" / "evidence.csv")
    arguments = parser.parse_args()
    if arguments.kind != "summary":
        run(arguments)
    summary(arguments.csv)


if __name__ == "__main__":
    try:
        main()
    except children.StoppedError as stop:
        # What was seen so far stands in the file.
        sys.exit(f"gate-evidence: {stop}")
