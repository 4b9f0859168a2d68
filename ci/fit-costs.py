#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How good the cost model is on this machine, from what `convscope tune --table FILE` wrote.

    ci/fit-costs.py FILE... [--worst 20] [--by kernel|family]

Prints, for each family of variants, measured cycles over predicted ones (geometric mean and spread),
and the regret of the choice: the time of the variant predicted fastest over that of the fastest.
A cycle is what the FMA loop beside the rounds takes for its FMAs: --flop-per-cycle says how many
floating-point operations one core does in a cycle (two 512-bit pipes: 64, the default).
"""

import argparse
import csv
import math
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """A variant on a problem: predicted and measured cycles of a worker."""

    case: str
    kernel: str
    predicted: float
    nanoseconds: float
    cycles: float

    @property
    def family(self):
        """The variant's algorithm, layout and instruction set."""
        parts = self.kernel.split("/")
        return "/".join([*parts[:2], parts[-1]])


def rows(path, flop_per_cycle):
    """The rows of a table that have a time and a prediction."""
    with path.open(newline="") as file:
        for cells in csv.DictReader(file):
            pace = cells["calibration_gflop_per_s"]
            if cells["status"] != "ok" or not cells["predicted_cycles"] or not pace:
                continue
            workers = int(cells["workers"])
            clock = float(pace) / workers / flop_per_cycle
            time = float(cells["time_ns"])
            yield Row(
                f"{cells['case']} workers={workers}",
                cells["kernel"],
                float(cells["predicted_cycles"]),
                time,
                time * clock,
            )


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def spread(values):
    """The standard deviation of the logarithms, as a factor."""
    logs = [math.log(value) for value in values]
    mean = sum(logs) / len(logs)
    return math.exp(math.sqrt(sum((log - mean) ** 2 for log in logs) / len(logs)))


def errors(found, key):
    """Lines of measured over predicted cycles, by `key`."""
    groups = defaultdict(list)
    for row in found:
        groups[key(row)].append(row.cycles / row.predicted)
    yield f"{'measured / predicted cycles':36} {'rows':>5} {'mean':>6} {'spread':>6} {'range':>13}"
    for name, ratios in sorted(groups.items()):
        span = f"{min(ratios):.2f}…{max(ratios):.2f}"
        yield (
            f"{name:36} {len(ratios):5} {geometric_mean(ratios):6.2f} {spread(ratios):6.2f} "
            f"{span:>13}"
        )


def regrets(found):
    """Case → (regret, predicted fastest, fastest)."""
    cases = defaultdict(list)
    for row in found:
        cases[row.case].append(row)
    for case, rivals in cases.items():
        chosen = min(rivals, key=lambda row: row.predicted)
        fastest = min(rivals, key=lambda row: row.nanoseconds)
        yield case, chosen.nanoseconds / fastest.nanoseconds, chosen, fastest


def main():
    parser = argparse.ArgumentParser(description="How good the cost model is on a machine.")
    parser.add_argument("tables", type=Path, nargs="+")
    parser.add_argument("--flop-per-cycle", type=float, default=64)
    parser.add_argument("--worst", type=int, default=15, help="how many regrets are listed")
    parser.add_argument("--by", choices=["kernel", "family"], default="family")
    arguments = parser.parse_args()
    found = [row for path in arguments.tables for row in rows(path, arguments.flop_per_cycle)]
    if not found:
        print("no row with a time, a prediction and a pace of the FMA loop", file=sys.stderr)
        return 65
    print(*errors(found, lambda row: getattr(row, arguments.by)), sep="\n")
    ranked = sorted(regrets(found), key=lambda entry: -entry[1])
    values = [entry[1] for entry in ranked]
    print(
        f"\nregret of {len(values)} choices: geometric mean {geometric_mean(values):.3f}, "
        f"above 1.05: {sum(v > 1.05 for v in values)}, above 1.10: {sum(v > 1.1 for v in values)}, "
        f"most {values[0]:.2f}"
    )
    for case, regret, chosen, fastest in ranked[: arguments.worst]:
        if regret > 1:
            print(
                f"{regret:5.2f}  {case}: {chosen.kernel} "
                f"({chosen.cycles / chosen.predicted:.2f} of predicted), fastest {fastest.kernel} "
                f"({fastest.cycles / fastest.predicted:.2f})"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
