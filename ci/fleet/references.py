#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Derives what the runs of a fleet are judged by from those that are stored.

    ci/fleet/references.py FLEET [KIND…]      writes FLEET/references/KIND.json
    ci/fleet/references.py --self-test

A reference is the median over the newest runs of a kind on its machine and CPU set. Its tolerance
is the largest of: the smallest difference that matters; what identical code differs by, as the runs
state it (`machine --check` measures it: interleaved for speedups, from run to run for times); and
what these runs differ by, so that one unchanged kind of node in a hundred misses a reference.
"""

import argparse
import json
import math
import random
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import change_points
import fleet as fleets
import machines
import variables

# The smallest difference that matters, as the gate has it.
THRESHOLD = 0.02
# What two runs of identical code are taken to differ by where nobody has measured it.
USUAL_BETWEEN_RUNS = 0.08
# Older runs are of older code.
MOST_RUNS = 20
# Probability of any false alarm over all variables of a kind.
FALSE_ALARMS = 0.01
SCHEMA = 1


@dataclass(frozen=True)
class Reference:
    """What a variable is expected to be, and by which share it may miss that."""

    value: float
    tolerance: float
    unit: str
    runs: int
    # The FMA pace that a time is stated at, GFLOP/s.
    pace: float | None = None


def derive(runs):
    """Name → Reference of complete runs of one machine, oldest first."""
    series = {}
    for run in runs:
        for name, variable in run.variables().items():
            series.setdefault(name, []).append(variable)
    series = {name: values[-MOST_RUNS:] for name, values in series.items()}
    paces = {name: median(paces) for name, v in series.items() if (paces := paces_of(v))}
    logs = {name: [math.log(at_pace(v, paces.get(name))) for v in s] for name, s in series.items()}
    between = max(
        (run.record.get("noiseFloorBetweenRuns") or USUAL_BETWEEN_RUNS for run in runs), default=0
    )
    within = max((run.record.get("noiseFloor") or 0 for run in runs), default=0)
    spreads = tolerances_of_spread(logs)
    references = {}
    for name, values in series.items():
        floor = within if name.startswith("speedup") else between
        # One run alone says by its interval how well it knows the value.
        seen = spreads.get(name) or values[0].half_width or 0
        references[name] = Reference(
            value=math.exp(median(logs[name])),
            tolerance=max(THRESHOLD, floor, seen),
            unit=values[0].unit,
            runs=len(values),
            pace=paces.get(name),
        )
    return references


def bounds(name, variable, reference):
    """ReFrame's reference: value, shares that may be missed below and above, unit.

    A time may only be too long and a share of the peak too small. A speedup may not change either
    way, for where it rises its baseline may have become slower. What this run does not know itself
    to that tolerance is nobody's fault.
    """
    tolerance = max(reference.tolerance, variable.half_width or 0)
    low, high = -min(tolerance, 1.0), tolerance
    if name.startswith("time"):
        low = None
    if name.startswith("share"):
        high = None
    return (float(f"{reference.value:.5g}"), low, high, reference.unit)


def paces_of(values):
    """The FMA paces of a series that has one in every run; else nothing."""
    paces = [value.pace for value in values]
    return paces if all(paces) else []


def at_pace(variable, pace):
    """A time as it would be at another pace of the machine; any other value as it is."""
    return variable.value * variable.pace / pace if pace and variable.pace else variable.value


def tolerances_of_spread(logs):
    """Name → how far a further run may lie from the median by chance alone.

    Few runs do not know the spread of one variable, but all variables of a sort together do; the
    larger of the two counts, for some vary more than others. What moves a run moves all its times
    and shares, so these know no more than one variable of each suite does; a speedup was measured
    in one slice of time, apart from the others.
    """
    found = {}
    for sort in ("speedup", "time", "share"):
        own = {n: v for n, v in logs.items() if n.startswith(sort) and len(v) > 1}
        each = {n: len(v) - 1 for n, v in own.items()}
        if not own:
            continue
        pooled = math.sqrt(sum(map(squares, own.values())) / sum(each.values()))
        suites = {suite_of(name): runs for name, runs in each.items()}
        freedom = sum((each if sort == "speedup" else suites).values())
        bound = student_quantile(FALSE_ALARMS / len(logs), freedom)
        for name, values in own.items():
            spread = max(pooled, math.sqrt(squares(values) / each[name]))
            # The median of n runs is itself off by about 1.25/√n of the spread.
            found[name] = math.expm1(bound * spread * math.sqrt(1 + math.pi / 2 / len(values)))
    return found


def suite_of(name):
    """The suite in a variable's name."""
    return name.partition(" of ")[2].partition(", ")[0].removeprefix("peak of ")


def student_quantile(probability, freedom):
    """What |T| of Student's t exceeds with a probability."""
    low, high = 0.0, 1.0
    while change_points.student_tail(high, freedom) > probability:
        high *= 2
    while high - low > 1e-6 * high:
        middle = (low + high) / 2
        above = change_points.student_tail(middle, freedom) > probability
        low, high = (middle, high) if above else (low, middle)
    return high


def squares(values):
    """Sum of squared deviations from the mean."""
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values)


def of_kind(fleet, kind):
    """(machine, complete runs of the machine that was measured last, why others are left out)."""
    history = fleet.history(kind)
    runs, left_out = [], []
    folders = list(machines.run_folders(history)) if history.is_dir() else []
    for folder in folders:
        try:
            run = variables.Run(folder)
        except variables.RunError as error:
            left_out.append(str(error))
            continue
        if run.is_complete:
            runs.append(run)
        else:
            left_out.append(f"{folder}: the run did not come to its end")
    if not runs:
        raise fleets.FleetError(f"{history} has no complete run; ci/fleet/run makes some")
    runs.sort(key=lambda run: str(run.record.get("startedAt")))
    keys = machines.keys([run.environment for run in runs])
    newest = keys[-1]
    same = [run for run, own in zip(runs, keys, strict=True) if own == newest]
    left_out += [f"{r.folder}: of another machine or CPU set" for r in runs if r not in same]
    return newest, same, left_out


def write(fleet, kind):
    """Derives the references of a kind and writes them; says what they are made of."""
    machine, runs, left_out = of_kind(fleet, kind)
    references = derive(runs)
    file = fleet.references(kind)
    file.parent.mkdir(parents=True, exist_ok=True)
    record = {
        "schema": SCHEMA, "machine": machine, "runs": [run.folder.name for run in runs],
        "variables": {name: asdict(one) for name, one in sorted(references.items())},
    }  # fmt: skip
    unfinished = file.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    unfinished.replace(file)
    for reason in left_out:
        print(f"{kind}: left out: {reason}", file=sys.stderr)
    for sort in ("speedup", "time", "share"):
        own = [one.tolerance for name, one in references.items() if name.startswith(sort)]
        if own:
            print(
                f"{kind}: {len(own)} references of {sort}, {len(runs)} runs, "
                f"tolerances {100 * min(own):.1f} to {100 * max(own):.1f} %"
            )


def read(file):
    """(machine, name → Reference); (None, {}) where there is no file. Raises FleetError."""
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None, {}
    except (OSError, ValueError) as error:
        raise fleets.FleetError(f"{file}: {error}") from None
    try:
        if record["schema"] != SCHEMA:
            raise fleets.FleetError(f"{file}: schema {record['schema']}; accepted is {SCHEMA}")
        return record["machine"], {n: Reference(**v) for n, v in record["variables"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise fleets.FleetError(f"{file}: these are no references ({error})") from None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("fleet", type=Path, nargs="?", help="folder with fleet.toml")
    parser.add_argument("kinds", nargs="*", help="kinds of node (default: all)")
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    if arguments.self_test:
        return self_test()
    if not arguments.fleet:
        parser.error("the fleet's folder is missing")
    try:
        fleet = fleets.read(arguments.fleet)
        for kind in arguments.kinds or fleet.kinds:
            if kind not in fleet.kinds:
                raise fleets.FleetError(f"no kind ‘{kind}’; there are {', '.join(fleet.kinds)}")
            write(fleet, kind)
    except (OSError, fleets.FleetError) as error:
        print(f"references: {error}", file=sys.stderr)
        return 65 if isinstance(error, fleets.FleetError) else 1
    return 0


def self_test():
    """Tolerances hold what unchanged runs differ by, and do not hold a step beyond it."""
    failures = []
    generator = random.Random(1)
    names = [f"speedup of s, case{number}" for number in range(20)]
    spread, trials = 0.01, 300
    alarms, found, common = 0, 0, 0
    for _ in range(trials):
        logs = {n: [generator.gauss(0, spread) for _ in range(4)] for n in names}
        tolerances = tolerances_of_spread(logs)

        def misses(name, value, logs=logs, tolerances=tolerances):
            return abs(math.expm1(value - median(logs[name]))) > tolerances[name]

        alarms += any(misses(n, generator.gauss(0, spread)) for n in names)
        found += misses(names[0], generator.gauss(0, spread) - math.log(1.10))
        # All times of a run move together.
        runs = [generator.gauss(0, spread) for _ in range(5)]
        times = {n.replace("speedup", "time"): runs[:4] for n in names}
        tolerance = min(tolerances_of_spread(times).values())
        common += abs(math.expm1(runs[4] - median(runs[:4]))) > tolerance
    for what, count in (("speedups", alarms), ("times", common)):
        if count > 0.03 * trials:
            failures.append(f"{count} false alarms of {what} in {trials} trials")
    if found < 0.95 * trials:
        failures.append(f"10 % were found in {found} of {trials} trials")
    if not 4.60 < student_quantile(0.01, 4) < 4.61:
        failures.append(f"Student's t of 4 degrees: {student_quantile(0.01, 4)}, expected 4.604")
    slow = variables.Variable(110, None, "ns", pace=90.0)
    if abs(at_pace(slow, 100.0) - 99) > 1e-9:
        failures.append(f"at 100 GFLOP/s: {at_pace(slow, 100.0)}, expected 99")
    print(*failures, sep="\n", file=sys.stderr, end="\n" if failures else "")
    print(
        f"references self-test: {len(failures)} failures; {alarms} and {common} false alarms, "
        f"10 % found {found} times, in {trials} trials"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
