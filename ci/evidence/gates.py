#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shows how often a gate cries wolf, and what it finds: the runs behind docs/lab/.

Each run is one `convscope gate` over a suite of twelve cases; one row per run goes to a CSV file as
soon as it is over, so the script can be stopped and goes on where it was.

    ci/evidence/gates.py same --runs 66         the build against itself, each second run under load
    ci/evidence/gates.py relinked --runs 34     against itself with its functions in another order
    ci/evidence/gates.py same2 --runs 6         against itself with two workers
    ci/evidence/gates.py slow3 --runs 36        one case does 3 % of its work twice, each in turn
    ci/evidence/gates.py slow3x2 --runs 6       the same with two workers
    ci/evidence/gates.py slow10 --runs 10       one case does 10 % of its work twice
    ci/evidence/gates.py detectable --runs 36   one case does as much of it twice as the gate before
                                                called detectable there
    ci/evidence/gates.py everywhere15 --runs 20 every case does 1.5 % of its work twice
    ci/evidence/gates.py everywhere10 --runs 20 the same with 1 %
    ci/evidence/gates.py summary                what the rows come to

`same` and `relinked` may run beside anything; --part load takes only the runs of `same` under load,
--part quiet the others. What is slowed says what a quiet machine finds: run nothing beside it.
--for 200 begins no run after 200 s. --prefix names a command to put before each run, such as
`flock FILE` or `taskset -c 0,1`.
"""

import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import children
import table

SUITE = "gate-check"
COLUMNS = (
    "kind", "run", "started_at", "load", "load_average", "slowed", "exit_code", "outcome",
    "seconds", "slower", "found", "false_alarms", "inconclusive", "detectable_slowdown",
    "measured_ratio", "disturbed_rounds", "rounds", "together", "together_ratio", "planted",
)  # fmt: skip
DETECTABLE = "detectable"
SHARES = {
    "same": None, "relinked": None, "same2": None, "slow3": "3%", "slow3x2": "3%", "slow10": "10%",
    DETECTABLE: DETECTABLE, "everywhere15": "1.5%", "everywhere10": "1%",
}  # fmt: skip
TWO_WORKERS = ("same2", "slow3x2")
EVERYWHERE = "*"
# In `same`, every second run has a busy process on each CPU, nothing to do with the gate.
LOAD_EVERY = 2
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
    try:
        listing = subprocess.run(
            [program, "list", "cases", SUITE], check=True, capture_output=True, text=True
        ).stdout
    except OSError as error:
        sys.exit(f"gates: --program {program}: {error.strerror}; build it first")
    except subprocess.CalledProcessError as error:
        sys.exit(f"gates: {program} list cases {SUITE}: {error.stderr.strip()}")
    return [line.split()[2] for line in listing.splitlines()[2:]]


def gate(arguments, base, slowed, share, is_loaded, folder):
    """Runs the gate; its report, or None where it wrote none, and its exit code."""
    command = [
        *shlex.split(arguments.prefix), *([sys.executable, "-c", LOADED] if is_loaded else []),
        arguments.program, "gate", "--against", base, SUITE,
        "--no-progress", "--output", folder,
    ]  # fmt: skip
    if share:
        command += ["--slow-down", f"{slowed}={share}"]
    if arguments.kind in TWO_WORKERS:
        command += ["--workers", "2"]
    code = children.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    report = Path(folder) / "gate.json"
    return (json.loads(report.read_text()) if report.exists() else None), code


def relinked(program, seed, other=None):
    """The program with its functions in another order, beside it or as `other`; whoever calls
    removes it."""
    original = Path(program).resolve()
    plan = original.parent.parent.parent / f"{original.parent.name}.yaml"
    for line in plan.read_text().splitlines():
        name, _, words = line.strip().partition(": ")
        if name == "args" and '"-emit-executable"' in words:
            words = json.loads(words)
            place = words.index("-o") + 1
            if Path(words[place]).name == original.name:
                break
    else:
        sys.exit(f"gates: {plan} does not say how {original} was linked")
    other = other or original.with_name(f"{original.name}-relinked-{seed}")
    words[place] = str(other)
    subprocess.run(
        [*words, "-use-ld=lld", "-Xlinker", f"--shuffle-sections=*={seed}"], check=True,
        capture_output=True,
    )  # fmt: skip
    return other


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
    mean = report.get("all_cases") or {"verdict": "", "screening": {}}
    together = mean.get("confirmation") or mean["screening"]
    is_meant = slowed == EVERYWHERE
    claimed = slower + by_verdict.get("faster", [])
    false = 0 if is_meant else len([problem for problem in claimed if problem != slowed])
    if not slowed and mean["verdict"] in ("slower", "faster"):
        false += 1
    found = mean["verdict"] == "slower" if is_meant else slowed in slower
    return {
        "exit_code": code, "outcome": report["outcome"], "seconds": f"{report['seconds']:.1f}",
        "slower": " ".join(slower), "found": int(found) if slowed else "",
        "false_alarms": false,
        "inconclusive": len(by_verdict.get("inconclusive", [])),
        "detectable_slowdown": report.get("detectable_slowdown", ""),
        "measured_ratio": decisive.get("time_ratio", ""),
        "disturbed_rounds": sum(stage["disturbed_rounds"] for stage in stages),
        "rounds": sum(stage["rounds"] for stage in stages), "together": mean["verdict"],
        "together_ratio": together.get("time_ratio", ""),
    }  # fmt: skip


def under_load(kind, number):
    """Whether a run has busy processes beside it."""
    return kind == "same" and number % LOAD_EVERY == LOAD_EVERY - 1


def detectable_shares(arguments):
    """What a gate of the build against itself calls detectable, by case."""
    with tempfile.TemporaryDirectory(prefix="convscope-gate-") as folder:
        report, code = gate(arguments, arguments.program, "", None, False, folder)
    if report is None:
        sys.exit(f"gates: the gate that says what is detectable ended with exit code {code}")
    return {case["problem"]: case.get("detectable_slowdown") for case in report["cases"]}


def run(arguments, rows):
    """Runs what is not there yet."""
    names = cases(arguments.program)
    detectable = {}
    for number in rows.to_do(arguments, arguments.kind):
        is_loaded = under_load(arguments.kind, number)
        if arguments.part and (arguments.part == "load") != is_loaded:
            continue
        share = SHARES[arguments.kind]
        slowed = names[number % len(names)] if share else ""
        if arguments.kind.startswith("everywhere"):
            slowed = EVERYWHERE
        if share == DETECTABLE:
            # Anew for each time around.
            if not detectable or number % len(names) == 0:
                detectable = detectable_shares(arguments)
            if not detectable.get(slowed):
                print(f"{arguments.kind} {number}: nothing is detectable in {slowed}", flush=True)
                continue
            share = f"{100 * detectable[slowed]:.3f}%"
        started, average = table.now(), os.getloadavg()[0]
        base = arguments.against or arguments.program
        other = None
        if arguments.kind == "relinked":
            base = other = relinked(arguments.program, number + 1)
        try:
            with tempfile.TemporaryDirectory(prefix="convscope-gate-") as folder:
                report, code = gate(arguments, str(base), slowed, share, is_loaded, folder)
        finally:
            if other:
                other.unlink()
        row = {
            "kind": arguments.kind, "run": number, "started_at": started, "load": int(is_loaded),
            "load_average": f"{average:.2f}", "slowed": slowed, "planted": share or "",
        } | row_of(report, slowed, code)  # fmt: skip
        rows.append(row)
        print(f"{arguments.kind} {number}: {row['outcome']}, {row.get('seconds')} s", flush=True)


def summary(rows):
    """Tells what the rows come to."""
    for kind in SHARES:
        own = [row for row in rows if row["kind"] == kind and row["seconds"]]
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
    parser = table.parser(__doc__, 66, "gates.csv")
    parser.add_argument("kind", choices=[*SHARES, "summary"])
    parser.add_argument("--part", choices=["quiet", "load"], help="only these runs of `same`")
    parser.add_argument("--against", default="", help="the other build (default: the same file)")
    parser.add_argument("--prefix", default="", help="command to put before each gate run")
    arguments = parser.parse_args()
    rows = table.Table(arguments.csv, COLUMNS)
    if arguments.kind != "summary":
        run(arguments, rows)
    summary(rows.rows)


if __name__ == "__main__":
    table.run(main)
