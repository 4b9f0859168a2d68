# SPDX-License-Identifier: Apache-2.0
"""The page of a history: what `nightly.py` calls at its end.

Reads the nights once more with everything that a chart shows, works out what changed against the
night before and against the fortnight, and has plot-scripts/history.py write HISTORY/history.html.
A night that cannot be read is skipped, and said on the page.
"""

import csv
import json
import math
import subprocess
import sys
from pathlib import Path
from statistics import median

import machines

SCRIPT = Path(__file__).resolve().parent.parent / "plot-scripts" / "history.py"
PAGE = "history.html"
# What is shown; older nights stay in their folders.
MOST_NIGHTS, FORTNIGHT = 60, 14
# Two nights of identical code differ by this much easily: less is not marked.
NOTICED = 0.05


def write(history, known, new, left_out):
    """Writes the page; why it could not, on standard error: the night itself is complete."""
    try:
        data = json.dumps(gathered(history, known, new, left_out))
        done = subprocess.run([SCRIPT, history / PAGE], input=data, text=True, stdout=sys.stderr)
        if done.returncode:
            print(f"nightly: no page: {SCRIPT.name} ended with {done.returncode}", file=sys.stderr)
    except OSError as error:
        print(f"nightly: no page: {error}", file=sys.stderr)


def gathered(history, known, new, left_out):
    """Everything that the page shows, as JSON has it."""
    nights, skipped = read_nights(history)
    for night, key in zip(nights, machines.keys([n["machine"] for n in nights]), strict=True):
        night["machine"] = key
    # The machine of the newest night first.
    found = machines.apart(
        nights, lambda n: n["machine"], lambda n: n["session"], lambda n: n["cases"]
    )
    return {
        "machines": [shown(name, own[-MOST_NIGHTS:]) for name, own in found.items()],
        "known": known,
        "new": new,
        "leftOut": sorted((skipped | dict(left_out)).items()),
    }


def read_nights(history):
    """(nights that can be read, oldest first; why the others are skipped)."""
    found, skipped = [], {}
    for folder in machines.run_folders(history):
        try:
            found.append(read_night(folder))
        except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
            skipped[str(folder.relative_to(history))] = str(error) or type(error).__name__
    return sorted(found, key=lambda night: night["when"]), skipped


def read_night(folder):
    """One run: when, of which commit, on which machine, and its cases."""
    record = json.loads((folder / "run.json").read_text())
    if not isinstance(record, dict) or not record.get("endedAt") or record.get("interrupted"):
        raise ValueError("the run did not come to its end")
    environment = record.get("environment") or {}
    cases = {}
    for suite in record.get("suites", []):
        with (folder / suite / "measurements.csv").open(newline="", encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                if row.get("status") == "ok" and (values := values_of(row)):
                    cases[case_name(row)] = values
    return {
        "when": str(record.get("startedAt", folder.name)),
        "commit": str(environment.get("revision") or "unknown"),
        "machine": environment,
        "session": machines.session(folder),
        "cases": cases,
    }


def case_name(row):
    """As the changes name it."""
    return ", ".join(row.get(n) or "" for n in ("suite", "case", "kernel", "workers", "cache"))


def values_of(row):
    """Time, bounds, pace and the simulated count of a row; None where it has no time."""
    time, low, high, pace = (
        positive(row.get(name))
        for name in ("time_ns_median", "time_ns_lo", "time_ns_hi", "fma_gflop_per_s")
    )
    if time is None:
        return None
    return {"time": time, "low": low, "high": high, "pace": pace, "count": simulated(row)}


def simulated(row):
    """(name, value) of the first counter that Valgrind counted."""
    for name, source in row.items():
        if name and name.startswith("counter_source:") and (source or "").startswith("simulated"):
            counter = name.removeprefix("counter_source:")
            value = positive(row.get(f"counter:{counter}"))
            if value:
                return [counter, value]
    return None


def positive(text):
    try:
        value = float(text)
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) and value > 0 else None


def shown(machine, nights):
    """A machine's nights, its pace, and a series for each case of the last of them."""
    paces = [night_pace(night) for night in nights]
    names = sorted(nights[-1]["cases"])
    return {
        "name": machine,
        "nights": [{"when": night["when"], "commit": night["commit"]} for night in nights],
        "pace": paces,
        "series": sorted((series(n, nights) for n in names), key=change_first),
        "gone": sorted({name for night in nights[:-1] for name in night["cases"]} - set(names)),
    }


def night_pace(night):
    """What the FMA loop reached beside the rounds, GFLOP/s; None where nothing tells.

    Of the cases with the fewest workers and one instruction set it would be the machine's; over
    all cases of a night the median moves with it just as well.
    """
    paces = [case["pace"] for case in night["cases"].values() if case["pace"]]
    return median(paces) if paces else None


def series(name, nights):
    """A case over the nights: times at the machine's usual pace, and what changed."""
    cases = [night["cases"].get(name) for night in nights]
    paces = [case["pace"] for case in cases if case and case["pace"]]
    usual = median(paces) if paces and len(paces) == sum(1 for c in cases if c) else None

    def at_usual(key):
        return [scaled(case, key, usual) for case in cases]

    values = at_usual("time")
    last = values[-1]
    earlier = [value for value in values[:-1] if value]
    before = values[-2] if len(values) > 1 else None
    fortnight = median(earlier[-FORTNIGHT:]) if earlier else None
    counts = [case["count"] if case else None for case in cases]
    return {
        "case": name,
        "isRelative": usual is not None,
        "values": values,
        "low": at_usual("low"),
        "high": at_usual("high"),
        "measured": [case and rounded(case["time"]) for case in cases],
        "counts": [count and count[1] for count in counts] if any(counts) else None,
        "counter": next((count[0] for count in counts if count), None),
        "last": last,
        "toBefore": last / before - 1 if before else None,
        "toFortnight": last / fortnight - 1 if fortnight else None,
    }


def scaled(case, key, usual):
    """A time as it would be at the machine's usual pace: a slow night is not the code's fault."""
    if not case or not case[key]:
        return None
    return rounded(case[key] * (case["pace"] / usual if usual else 1))


def rounded(value):
    return float(f"{value:.5g}")


def change_first(one):
    """Sorted by how much the last night differs from the fortnight."""
    return -abs(one["toFortnight"] or 0), one["case"]
