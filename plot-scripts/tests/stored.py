# SPDX-License-Identifier: Apache-2.0
"""The stored runs that the tests draw, and changed copies of them."""

import csv
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = sorted(file.parent for file in (ROOT / "results").glob("example*/run.json"))
# One worker, and nearly all is decided: what tests count in it stays when others are renewed.
EXAMPLE = ROOT / "results" / "example-avx2"


def suites(run):
    """The suites of a run that compare something."""
    for file in sorted(run.rglob("comparisons.csv")):
        with file.open(newline="") as stream:
            if next(csv.DictReader(stream), None):
                yield file.parent


def write(file, rows):
    """Writes rows, dictionaries of equal keys."""
    with file.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def read(file):
    with file.open(newline="") as stream:
        return list(csv.DictReader(stream))


def copy_of(suite, folder, run=EXAMPLE):
    """A run of one suite only, to be changed; its folder."""
    shutil.copytree(run / suite, folder / suite)
    shutil.copy(run / "run.json", folder)
    return folder


def of_one_worker(rows):
    return [row for row in rows if row["workers"] == "1"]


def asked(rows):
    """Comparisons as if they had been measured with two workers, and asked of a runtime, too."""
    names = ("speedup", "speedup_lo", "speedup_hi")

    def changed(row, power, **other):
        return row | {n: f"{float(row[n]) ** power:.5g}" for n in names if row[n]} | other

    theirs = {"baseline_kernel": "onnxruntime", "contender_kernel": "onnxruntime"}
    return [
        *rows,
        *(changed(row, 0.9, workers="2") for row in rows),
        *(changed(row, 0.6, **theirs) for row in rows),
        *(changed(row, 0.5, workers="2", **theirs) for row in rows),
    ]


def with_two_workers(folder, suite, gain=1.9):
    """Adds to a run's suite the same rows again, measured with two workers."""
    file = folder / suite / "measurements.csv"
    rows = [row for row in read(file) if row["workers"] == "1"]
    again = [dict(row, workers="2") for row in rows]
    for row in again:
        for name in ("time_ns_median", "time_ns_lo", "time_ns_hi", "time_ns_min"):
            if row[name]:
                row[name] = f"{float(row[name]) / gain:.1f}"
    write(file, rows + again)
    # What was measured of two workers is not what this says.
    (folder / suite / "scaling.csv").unlink(missing_ok=True)
    return sum(1 for row in rows if row["status"] == "ok")
