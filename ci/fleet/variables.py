# SPDX-License-Identifier: Apache-2.0
"""The numbers of a run that are judged: speedups, times, and shares of the peak, by name."""

import csv
import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from run_files import MalformedError, number, read_table

# What a row may be without being anybody's fault: the machine was busy, or cannot compute it.
HARMLESS = ("ok", "disturbed", "unsupported")


class RunError(Exception):
    """A folder that is no complete run, said with its name."""


@dataclass(frozen=True)
class Variable:
    """One number with half its interval's relative width; None where it has no interval."""

    value: float
    half_width: float | None
    unit: str
    # What the FMA loop reached beside it, GFLOP/s; only times have one.
    pace: float | None = None


class Run:
    """A run's folder: its record, and its rows by suite."""

    def __init__(self, folder):
        self.folder = Path(folder)
        try:
            self.record = json.loads((self.folder / "run.json").read_text(encoding="utf-8"))
            self.suites = list(self.record["suites"])
            self.environment = dict(self.record["environment"])
            self.rows = {
                (suite, name): read_table(self.folder / suite / f"{name}.csv").rows
                for suite in self.suites
                for name in ("measurements", "comparisons")
            }
        except (OSError, ValueError, KeyError, TypeError, csv.Error, MalformedError) as error:
            raise RunError(f"{self.folder}: {error}") from None
        self.is_complete = bool(self.record.get("endedAt")) and not self.record.get("interrupted")

    def variables(self):
        """All numbers by name; a row that has none is left out."""
        found = {}
        for suite in self.suites:
            rows = self.rows[suite, "comparisons"]
            for name, row in named(rows, "comparison", ("baseline_kernel", "contender_kernel")):
                found |= entry(f"speedup of {suite}, {name}", row, "speedup", "x", "speedup")
            rows = self.rows[suite, "measurements"]
            for name, row in named(rows, "case", ("kernel",)):
                pace = number(row.get("fma_gflop_per_s", ""))
                found |= entry(f"time of {suite}, {name}", row, "time_ns_median", "ns", "time_ns",
                               pace)  # fmt: skip
                found |= entry(f"share of peak of {suite}, {name}", row, "peak_percent", "%", None)
        return found

    def faults(self):
        """What was computed wrongly or failed, in words."""
        return [
            f"{suite}, {row['case']}, {row['kernel']}: {row['status']}: {row['reason']}"
            for suite in self.suites
            for row in self.rows[suite, "measurements"]
            if row["status"] not in HARMLESS
        ]

    def undecided(self):
        """How many comparisons were measured and have no verdict."""
        return sum(
            row["verdict"] == "inconclusive" and row["status"] != "unsupported"
            for suite in self.suites
            for row in self.rows[suite, "comparisons"]
        )


def named(rows, first, kernels):
    """(name, row), where kernels are named only if one case has several."""

    def place(row):
        # ReFrame cuts its keys at colons.
        parts = [row[first], f"{row['workers']} workers", row["cache"], row.get("data_type") or ""]
        return ", ".join(part for part in parts if part).replace(":", "∶")

    counts = Counter(map(place, rows))
    for row in rows:
        name = place(row)
        yield name if counts[name] == 1 else f"{name}, {' / '.join(row[k] for k in kernels)}", row


def entry(name, row, column, unit, bounds, pace=None):
    """The variable of a cell as a dictionary of one; empty where there is no value."""
    value = number(row.get(column, ""))
    if row["status"] != "ok" or not value:
        return {}
    low, high = (number(row.get(f"{bounds}_{end}", "")) for end in ("lo", "hi"))
    half = None if low is None or high is None else (high - low) / (2 * value)
    return {name: Variable(value, half, unit, pace)}
