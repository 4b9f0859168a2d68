#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shows how much of the distance from the peak `profile --why` explains, and whether it is right.

    ci/evidence/why.py                 asks why of each of CASES; a row per part and problem
    ci/evidence/why.py --check         then measures anew, in fresh processes, what the largest part
                                       that a problem shows gains there, beside what was said
    ci/evidence/why.py --runs 0        what the rows come to

Parts are what was measured: the case without its border, with full vectors and tiles, and its costs
with data in level 1. Where nothing fits there, what is left to the inner loop counts as
not explained. Run nothing beside it.
"""

import csv
import json
import math
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import children
import table

# Layers of the suites, of all classes, from 2 µs to 2 ms.
CASES = (
    "ic64ih56oc64kh3ph1", "ic128ih28oc128kh3ph1", "ic256ih14oc256kh3ph1", "ic512ih7oc512kh3ph1",
    "ic64ih14oc64kh3ph1", "ic32ih14oc32kh3ph1", "ic64ih14oc128kh1", "ic256ih14oc1024kh1",
    "ic64ih56oc256kh1", "ic96ih75oc24kh1", "ic32ih14oc64kh3sh2ph1", "ic128ih28oc128kh3sh2ph1",
    "ic3ih112oc64kh7sh2ph3", "g32ic128ih28oc128kh3ph1", "g32ic256ih28oc256kh3ph1",
    "g64ic64ih28oc64kh3ph1", "g128ic128ih14oc128kh3ph1", "g256ic256ih28oc256kh3ph1",
    "ic32ih14oc32kh3ph2dh1", "ic32ih14oc32kh5ph2",
)  # fmt: skip
COLUMNS = (
    "kind", "run", "started_at", "load_average", "case", "what", "microseconds", "share_percent",
    "gain", "lower", "upper", "problem",
)  # fmt: skip
PART = re.compile(
    r"^\s*(?P<what>\S.*?)\s{2,}(?P<microseconds>-?[\d.]+) µs\s+(?P<share_percent>-?\d+) %"
    r"(?:\s+(?P<lower>-?[\d.]+) … (?P<upper>-?[\d.]+) µs)?\s*$"
)
PROBLEM = re.compile(
    r"^\s*(?P<what>with\S* .*?)\s{2,}(?P<gain>[\d.]+)"
    r"(?: \((?P<lower>[\d.]+) … (?P<upper>[\d.]+)\))?\s+(?P<problem>\S+)\s*$"
)
INNER = "the inner loop"
# The parts that a problem shows, which is compared with the last before it, else with the case.
PLAIN = {
    "without its border": "taps that leave", "with full vectors and tiles": "vectors and tiles",
}  # fmt: skip
# All costs in level 1 are shown by the largest problem there: its rate follows from the others'.
NEAR_LEVEL, ROWS = "with data in level 1", "with twice the rows, there"
PRODUCTS, BOTH = "with twice the products in each output, there", "with both, there"
COSTS = ("starting", "beginning", INNER, "data beyond")
# A gain is as predicted within this share of it, in logarithms, within what processes differ by, or
# where its interval holds it.
NEAR, BETWEEN_PROCESSES = 0.2, 0.01


def common(kind, number, case):
    """What all rows have."""
    return {
        "kind": kind, "run": number, "started_at": table.now(),
        "load_average": f"{os.getloadavg()[0]:.2f}", "case": case,
    }  # fmt: skip


def ask(arguments, number, case):
    """The rows of `profile --why`."""
    with tempfile.TemporaryDirectory(prefix="convscope-why-") as folder:
        text, code = children.output(
            [arguments.program, "profile", case, "--why", "--seconds", "1s", "--output", folder],
            env=os.environ | {"COLUMNS": "400"},
        )
    own = common("why", number, case)
    matches = [PART.match(line) or PROBLEM.match(line) for line in text.splitlines()]
    found = [own | match.groupdict("") for match in matches if match]
    if code or not any(row["what"].startswith(INNER) for row in found):
        print(f"{case}: exit code {code}: {text[-300:].strip()}", file=sys.stderr)
        return []
    return found


def largest(rows, case):
    """(problem before, problem behind, what it is called, its gain) of the largest part."""
    own = [row for row in rows if row["kind"] == "why" and row["case"] == case]
    problems = {row["what"]: row for row in own if row["problem"]}
    candidates, before = [], case
    for what, named in PLAIN.items():
        if what in problems:
            gain = float(problems[what]["gain"])
            candidates.append((share(own, named), before, problems[what]["problem"], what, gain))
            before = problems[what]["problem"]
    if NEAR_LEVEL in problems:
        what, gain = level_one(problems)
        most = max(share(own, cost) for cost in COSTS)
        candidates.append((most, before, problems[what]["problem"], what, gain))
    return max(candidates)[1:] if candidates else None


def share(rows, named):
    """The share of a part of the distance, in percent."""
    return next((int(row["share_percent"]) for row in rows if row["what"].startswith(named)), 0)


def level_one(problems):
    """The largest problem in level 1, and its rate over that of the problem outside of it."""
    near, rows = (float(problems[what]["gain"]) for what in (NEAR_LEVEL, ROWS))
    if BOTH not in problems:
        return ROWS, near * rows
    # In times of the first: an iteration, outputs and products cost 1; rows double the last two.
    twice_rows, twice_products = 2 / rows, 2 / float(problems[PRODUCTS]["gain"])
    return BOTH, near * 4 / (twice_rows + 2 * (twice_products - 1))


def check(arguments, number, case, rows):
    """What a run finds the problem that shows the largest part to gain; None where it cannot."""
    found = largest(rows, case)
    if not found:
        return None
    before, after, what, _ = found
    comparison = {"name": "why", "baseline": before, "contender": after}
    with tempfile.TemporaryDirectory(prefix="convscope-why-") as name:
        suite, folder = Path(name) / "why.json5", Path(name) / "run"
        suite.write_text(json.dumps({"title": "Why", "comparisons": [comparison]}))
        code = children.run(
            [
                arguments.program, "run", suite, "--workers", "1", "--no-progress",
                "--output", folder,
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        if code:
            print(f"{case}: the run ended with exit code {code}", file=sys.stderr)
            return None
        with (folder / "why" / "comparisons.csv").open(newline="") as stream:
            pair = next(csv.DictReader(stream))
        with (folder / "why" / "measurements.csv").open(newline="") as stream:
            peaks = {one["problem"]: one["peak_percent"] for one in csv.DictReader(stream)}
    if not (pair["speedup_lo"] and peaks.get(before) and peaks.get(after)):
        print(f"{case}: {pair['status']} {pair['reason']}", file=sys.stderr)
        return None
    gain = float(peaks[after]) / float(peaks[before])
    scale = gain / float(pair["speedup"])
    return common("check", number, case) | {
        "what": what, "gain": f"{gain:.4f}",
        "lower": f"{scale * float(pair['speedup_lo']):.4f}",
        "upper": f"{scale * float(pair['speedup_hi']):.4f}", "problem": after,
    }  # fmt: skip


def summary(rows):
    """Tells what the rows come to."""
    attributed = []
    for case in CASES:
        own = [row for row in rows if row["kind"] == "why" and row["case"] == case]
        parts = {row["what"]: int(row["share_percent"]) for row in own if row["share_percent"]}
        if parts:
            is_near = any(row["what"] == NEAR_LEVEL for row in own)
            attributed.append(
                sum(v for k, v in parts.items() if is_near or not k.startswith(INNER))
            )
            text = ", ".join(f"{what.split(':')[0]} {share} %" for what, share in parts.items())
            print(f"{case}: {attributed[-1]} % explained: {text}")
    if attributed:
        print(
            f"{len(attributed)} cases, at least 80 % of the distance explained in "
            f"{sum(share >= 80 for share in attributed)}, in the median "
            f"{sorted(attributed)[len(attributed) // 2]} %"
        )
    near = checked = 0
    for row in (row for row in rows if row["kind"] == "check"):
        gain, predicted = float(row["gain"]), largest(rows, row["case"])[3]
        is_near = float(row["lower"]) <= predicted <= float(row["upper"])
        allowed = max(NEAR * abs(math.log(predicted)), BETWEEN_PROCESSES)
        is_near |= abs(math.log(gain / predicted)) <= allowed
        checked, near = checked + 1, near + is_near
        print(f"{row['case']}, {row['what']}: said {predicted:.3f}, found {gain}")
    if checked:
        print(f"{near} of {checked} gains are as said")


def main():
    """Reads the arguments."""
    parser = table.parser(__doc__, len(CASES), "why.csv")
    parser.add_argument("--check", action="store_true", help="measure what was said anew")
    arguments = parser.parse_args()
    rows = table.Table(arguments.csv, COLUMNS)
    arguments.runs = min(arguments.runs, len(CASES))
    for number in rows.to_do(arguments, "check" if arguments.check else "why"):
        case = CASES[number]
        if arguments.check:
            found = [row for row in [check(arguments, number, case, rows.rows)] if row]
        else:
            found = ask(arguments, number, case)
        for row in found:
            rows.append(row)
    summary(rows.rows)


if __name__ == "__main__":
    table.run(main)
