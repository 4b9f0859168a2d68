#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shows how often the 95 % intervals of `run` hold, and whether `compare` cries wolf.

    ci/evidence/coverage.py --runs 30          runs `quick` so often; a row per interval
    ci/evidence/coverage.py --runs 30 --for 200
    ci/evidence/coverage.py --runs 0           what the rows come to

Of each case and comparison: how many of the runs' intervals contain the median over the runs, and
how many pairs of intervals exclude each other. Each run is also compared with the one before it.
The folders of the runs stay beside the file. Run nothing beside it.
"""

import csv
import itertools
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import children
import table

SUITE = "quick"
COLUMNS = (
    "run", "started_at", "load_average", "seconds", "quantity", "name", "workers", "value", "lower",
    "upper", "status",
)  # fmt: skip
# File, what it is about, the columns of its name, and those of its value.
SPEEDUPS = ("comparisons.csv", "speedup", ("comparison",), "speedup", "speedup_lo", "speedup_hi")
TIMES = (
    "measurements.csv", "time", ("case", "kernel", "part_of"), "time_ns_median", "time_ns_lo",
    "time_ns_hi",
)  # fmt: skip
CLAIMS = ("slower", "faster")


def measure(arguments, number, folder):
    """A run; its rows."""
    common = {
        "run": number, "started_at": table.now(), "load_average": f"{os.getloadavg()[0]:.2f}",
    }  # fmt: skip
    begin = time.monotonic()
    code = children.run(
        [arguments.program, "run", SUITE, "--no-progress", "--output", folder],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    common["seconds"] = f"{time.monotonic() - begin:.1f}"
    # 4 is a case that nothing could decide.
    if code not in (0, 4):
        return [common | {"quantity": "run", "status": f"exit code {code}"}]
    found = []
    for file, quantity, names, *values in (SPEEDUPS, TIMES):
        with (folder / SUITE / file).open(newline="") as stream:
            for row in csv.DictReader(stream):
                found.append(
                    common
                    | {"quantity": quantity, "name": ", ".join(filter(None, map(row.get, names)))}
                    | {"workers": row["workers"], "status": row["status"]}
                    | dict(zip(("value", "lower", "upper"), map(row.get, values), strict=True))
                )
    return found


def compare(arguments, number, first, second):
    """What `compare` says about two runs of one build."""
    end = subprocess.run(
        [arguments.program, "compare", first, second], check=False, capture_output=True, text=True
    )
    verdicts = [line.split()[-1] for line in end.stdout.splitlines() if line.strip()]
    return {
        "run": number, "started_at": table.now(), "quantity": "pair",
        "name": f"{number - 1} and {number}", "value": sum(word in CLAIMS for word in verdicts),
        "status": f"exit code {end.returncode}",
    }  # fmt: skip


def summary(rows):
    """Tells what the rows come to."""
    for quantity in ("speedup", "time"):
        series = {}
        for row in rows:
            if row["quantity"] == quantity and row["status"] == "ok" and row["lower"]:
                own = [float(row[key]) for key in ("value", "lower", "upper")]
                series.setdefault((row["name"], row["workers"]), []).append(own)
        held = total = apart = pairs = 0
        widths = []
        for own in series.values():
            middle = statistics.median(value for value, _, _ in own)
            held += sum(lower <= middle <= upper for _, lower, upper in own)
            total += len(own)
            for (_, low, high), (_, lower, upper) in itertools.combinations(own, 2):
                apart += high < lower or upper < low
                pairs += 1
            widths += [50 * (upper - lower) / value for value, lower, upper in own]
        if pairs:
            print(
                f"{quantity}: {total} intervals of {len(series)}, {100 * held / total:.1f} % hold "
                f"the median over the runs; of {pairs} pairs {100 * apart / pairs:.2f} % exclude "
                f"each other; median half-width {statistics.median(widths):.2f} %"
            )
    compared = [row for row in rows if row["quantity"] == "pair"]
    if compared:
        wrong = sum(row["value"] != "0" for row in compared)
        print(f"compare: {len(compared)} pairs, {wrong} with a claim")
    for row in rows:
        if row["quantity"] == "run" or (row["quantity"] == "speedup" and not row["lower"]):
            print(f"run {row['run']}: {row['quantity']} {row['name']}: {row['status']}")
    of_runs = {row["run"]: float(row["seconds"]) for row in rows if row["seconds"]}
    if of_runs:
        print(f"median {statistics.median(of_runs.values()):.1f} s a run")


def main():
    """Reads the arguments."""
    parser = table.parser(__doc__, 30, "coverage.csv")
    arguments = parser.parse_args()
    rows = table.Table(arguments.csv, COLUMNS)
    folders = arguments.csv.resolve().with_suffix(".runs")
    folders.mkdir(parents=True, exist_ok=True)
    for number in rows.to_do(arguments):
        # A run that was cut short is begun again.
        folder = folders / f"{number}-{int(time.time())}"
        found = measure(arguments, number, folder)
        before = sorted(folders.glob(f"{number - 1}-*"))
        if before and len(found) > 1:
            found.append(compare(arguments, number, before[-1], folder))
        for row in found:
            rows.append(row)
        print(f"{number}: {len(found)} rows, {found[0]['seconds']} s", flush=True)
    summary(rows.rows)


if __name__ == "__main__":
    table.run(main)
