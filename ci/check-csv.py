#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the files of a run against docs/CSV.md and against each other.

Nothing here depends on how fast the machine is, or on whether it has hardware counters.

    ci/check-csv.py FOLDER       the folder that `convscope run --output FOLDER` wrote
    ci/check-csv.py --self-test  checks the check on a small run with planted faults
"""

import argparse
import itertools
import json
import statistics
import sys
from pathlib import Path

from row_rules import cell_faults, comparison_faults, imbalance_faults, measurement_faults
from run_files import (
    COUNTER_COLUMNS,
    FILES,
    OPTIONAL,
    MalformedError,
    documented_columns,
    number,
    read_table,
)


def header_faults(table, columns):
    """The fixed columns come first, in order; then those of the counters."""
    fixed = [column.name for column in columns]
    if table.header[: len(fixed)] != fixed:
        pairs = itertools.zip_longest(fixed, table.header[: len(fixed)], fillvalue="")
        expected, found = next((a, b) for a, b in pairs if a != b)
        yield f"column `{expected}` expected where `{found}` stands"
    if table.path.name in COUNTER_COLUMNS:
        prefixes = COUNTER_COLUMNS[table.path.name]
        wanted = [prefix + counter for counter in table.counters for prefix in prefixes]
        if table.header[len(fixed) :] != wanted:
            yield f"the columns after `{fixed[-1]}` are not {', '.join(prefixes)} of each counter"


def key(row):
    return row["case"], row["kernel"], row["workers"], row["cache"]


def sample_faults(samples, measured):
    """Each timed row has its rounds, and their median is the one it states."""
    times = {}
    for row in samples:
        if row["counted"] == "1":
            times.setdefault(key(row), {}).setdefault(row["process"], []).append(
                number(row["time_ns"])
            )
        elif row["counted"] != "0" or not row["disturbed"]:
            yield f"{key(row)}: round {row['round']} is left out and not marked as disturbed"
    for name, row in measured.items():
        processes = times.pop(name, {})
        rounds = [time for own in processes.values() for time in own]
        if None in rounds:
            yield f"{name}: a sample is no number"
        elif row["time_ns_median"] and number(row["rounds"]) != len(rounds):
            yield f"{name}: {row['rounds']} rounds stated, {len(rounds)} samples"
        elif row["time_ns_median"] and number(row["processes"]) != len(processes):
            yield f"{name}: {row['processes']} processes stated, samples of {len(processes)}"
        elif row["time_ns_median"] and rounds:
            # Rounds of one process are alike: with several, each has one voice.
            stated = number(row["time_ns_median"])
            median = statistics.median(statistics.median(own) for own in processes.values())
            if abs(stated - median) > 0.11:
                yield f"{name}: the samples' median is {median}, stated is {stated}"
    yield from (f"{name}: samples without a measurement" for name in times)


def worker_faults(workers, measured):
    """Workers belong to a measurement and are counted from 0."""
    for row in workers:
        if key(row) not in measured:
            yield f"{key(row)}: a worker without a measurement"
        elif not 0 <= int(row["worker"]) < int(row["workers"]):
            yield f"{key(row)}: worker {row['worker']} of {row['workers']}"
        yield from (f"{key(row)}: {fault}" for fault in imbalance_faults(row))


def metric_faults(metrics, measured):
    """Metrics belong to a measurement and have a value or a reason why not."""
    for row in metrics:
        name = f"{key(row)} {row['metric']}"
        if key(row) not in measured:
            yield f"{name}: a metric without a measurement"
        elif (row["value"] == "") == (row["reason"] == ""):
            yield f"{name}: value `{row['value']}` and reason `{row['reason']}`"


def scaling_faults(tables, measured):
    """Both sides of a gain were measured, the one with more workers than the other."""
    for row in tables["scaling.csv"].rows if "scaling.csv" in tables else ():
        sides = [
            (row["case"], row[kernel], row[workers], row["cache"])
            for kernel, workers in (("kernel", "workers"), ("fewest_kernel", "fewest_workers"))
        ]
        yield from (
            f"{side}: a gain without a measurement" for side in sides if side not in measured
        )
        if int(row["workers"]) <= int(row["fewest_workers"]):
            yield f"{sides[0]}: no more workers than {row['fewest_workers']}"


def suite_faults(folder):
    """All faults of one suite's folder, each with its file and row."""
    tables, columns = {}, documented_columns()
    present = [file for file in OPTIONAL if (folder / file).is_file()]
    for file in (*FILES, *present):
        try:
            table = tables[file] = read_table(folder / file)
        except (OSError, MalformedError, UnicodeDecodeError, StopIteration) as error:
            yield f"{file}: {error}"
            continue
        header = list(header_faults(table, columns[file]))
        yield from (f"{file}: {fault}" for fault in header)
        if header:
            del tables[file]
            continue
        for line, row in enumerate(table.rows, start=2):
            for fault in cell_faults(row, columns[file], table.counters):
                yield f"{file}:{line}: {fault}"
    if all(file in tables for file in FILES):
        yield from consistency_faults(tables)


def consistency_faults(tables):
    """What the rows say about themselves and about each other."""
    measurements = tables["measurements.csv"].rows
    measured = {key(row): row for row in measurements}
    if not measurements:
        yield "measurements.csv: no rows"
    for line, row in enumerate(measurements, start=2):
        yield from (f"measurements.csv:{line}: {fault}" for fault in measurement_faults(row))
    for line, row in enumerate(tables["comparisons.csv"].rows, start=2):
        yield from (
            f"comparisons.csv:{line}: {fault}" for fault in comparison_faults(row, measured)
        )
    yield from (
        f"samples.csv: {fault}" for fault in sample_faults(tables["samples.csv"].rows, measured)
    )
    yield from (
        f"workers.csv: {fault}" for fault in worker_faults(tables["workers.csv"].rows, measured)
    )
    yield from (f"scaling.csv: {fault}" for fault in scaling_faults(tables, measured))
    yield from (
        f"metrics.csv: {fault}" for fault in metric_faults(tables["metrics.csv"].rows, measured)
    )


def run_faults(folder):
    """All faults of a run."""
    try:
        record = json.loads((folder / "run.json").read_text())
    except (OSError, ValueError) as error:
        yield f"run.json: {error}"
        return
    for name in (
        "schema",
        "version",
        "startedAt",
        "command",
        "seed",
        "suites",
        "environment",
        "limits",
    ):
        if name not in record:
            yield f"run.json: no `{name}`"
    # A suite of a sub-folder, such as networks/vgg16, has its files there too.
    suites = sorted({path.parent for file in FILES for path in folder.rglob(file)})
    if not suites:
        yield "no folder of a suite"
    for suite in suites:
        yield from (f"{suite.relative_to(folder)}/{fault}" for fault in suite_faults(suite))


def main():
    parser = argparse.ArgumentParser(description="Checks the files of a run.")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    if arguments.self_test:
        from run_fixture import self_test

        return self_test(run_faults)
    if not arguments.folder:
        parser.error("name the folder of a run")
    faults = list(run_faults(arguments.folder))
    print(*faults, sep="\n", file=sys.stderr, end="\n" if faults else "")
    rows = sum(len(read_table(f).rows) for f in arguments.folder.rglob("*.csv") if not faults)
    print(f"{arguments.folder}: {len(faults)} faults" if faults else f"{rows} rows as documented")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
