#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How good the cost model is on this machine, from what `convscope tune --table FILE` wrote.

    ci/fit-costs.py FILE... [--worst 20] [--by kernel|family] [--clock GHZ]

Prints, for each family of variants, measured cycles over predicted ones (geometric mean, spread),
and the regret of the choice: the time of the variant predicted fastest over that of the fastest.
Without the core's clock, it is taken to be what makes the median row right: then the means say how
families compare, and nothing about all of them.
"""

import argparse
import csv
import math
import statistics
import sys
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """A variant on a problem: predicted and measured cycles of a worker."""

    case: str
    kernel: str
    predicted: float
    nanoseconds: float
    cycles: float = 0

    @property
    def family(self):
        """The variant's algorithm, layout and instruction set."""
        parts = self.kernel.split("/")
        return "/".join([*parts[:2], parts[-1]])


def rows(path):
    """The rows of a table that have a time and a prediction."""
    with path.open(newline="") as file:
        for cells in csv.DictReader(file):
            if cells["status"] == "ok" and cells["predicted_cycles"]:
                yield Row(
                    f"{cells['case']} workers={cells['workers']}",
                    cells["kernel"],
                    float(cells["predicted_cycles"]),
                    float(cells["time_ns"]),
                )


def clocked(found, gigahertz):
    """The rows with measured cycles."""
    if not gigahertz:
        gigahertz = statistics.median(row.predicted / row.nanoseconds for row in found)
        print(f"the median row is right at {gigahertz:.2f} GHz")
    return [replace(row, cycles=row.nanoseconds * gigahertz) for row in found]


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
    parser.add_argument("--clock", type=float, metavar="GHZ", help="the core's clock")
    parser.add_argument("--worst", type=int, default=15, help="how many regrets are listed")
    parser.add_argument("--by", choices=["kernel", "family"], default="family")
    arguments = parser.parse_args()
    found = [row for path in arguments.tables for row in rows(path)]
    if not found:
        print("no row with a time and a prediction", file=sys.stderr)
        return 65
    found = clocked(found, arguments.clock)
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
