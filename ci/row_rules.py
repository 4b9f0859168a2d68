# SPDX-License-Identifier: Apache-2.0
"""What must hold within a row of a run's CSV files, and between a comparison and its cases."""

import math
import re

from run_files import COUNTER, IMBALANCE, SOURCE, number, numbers

STATUSES = {
    "ok", "unsupported", "wrong", "mistrusted", "failed", "interrupted", "disturbed", "budget",
}  # fmt: skip
VERDICTS = {"faster", "slower", "same", "inconclusive"}
STOPPED_BY = {"precision", "noise_stable", "budget", "rounds", "interrupted", "failed"}
PROVENANCE = re.compile(
    r"(hardware|software|scaled\([01]\.\d\d\)|simulated)( as \S.*)?|unavailable: .+", re.DOTALL
)
# Cells are written with six significant digits; a product of two of them is off by more.
CELL, PRODUCT = 1e-5, 1e-4
# What the arithmetic promises in the comparisons that every machine runs.
PROMISED = {
    "32 groups against one": {"mac_ratio": 1 / 32, "parameter_ratio": 1 / 32},
    "depthwise against dense": {"mac_ratio": 1 / 128, "parameter_ratio": 1 / 128},
    "depthwise + pointwise against dense": {"mac_ratio": (9 + 128) / (9 * 128)},
    "3x3 dilated by 2 against 5x5": {"mac_ratio": 9 / 25, "parameter_ratio": 9 / 25},
}


def close(value, expected, tolerance=CELL):
    return value is not None and math.isclose(value, expected, rel_tol=tolerance)


def cell_faults(row, columns, counters):
    """Emptiness, numbers, and the words of closed sets."""
    for column in columns:
        cell = row.get(column.name, "")
        if not cell and not column.may_be_empty:
            yield f"`{column.name}` is empty"
        if cell and column.unit and number(cell) is None:
            yield f"`{column.name}` is no number: {cell}"
    for name, words in (("status", STATUSES), ("verdict", VERDICTS), ("stopped_by", STOPPED_BY)):
        if row.get(name) and row[name] not in words:
            yield f"`{name}` is {row[name]}, none of {', '.join(sorted(words))}"
    if row.get("status", "ok") != "ok" and not row["reason"]:
        yield f"status {row['status']} without a reason"
    for name in counters:
        yield from counter_faults(name, row[COUNTER + name], row[SOURCE + name])


def counter_faults(name, value, source):
    if not PROVENANCE.fullmatch(source):
        yield f"counter {name} has the source `{source}`"
    elif source.startswith("unavailable") != (value == ""):
        yield f"counter {name} is `{value}` while its source is `{source}`"
    elif value and number(value) is None:
        yield f"counter {name} is no number: {value}"


def imbalance_faults(row):
    """Largest over mean of the workers: from 1 (even) to their number (one does all)."""
    for name in row:
        value = number(row[name]) if name.startswith(IMBALANCE) and row[name] else None
        if value is not None and not 1 - CELL <= value <= int(row["workers"]) * (1 + CELL):
            yield f"`{name}` is {value} with {row['workers']} workers"


def interval_faults(row, low, middle, high):
    """lo ≤ median ≤ hi, both bounds or none."""
    if (row[low] == "") != (row[high] == ""):
        yield f"only one of `{low}` and `{high}` is there"
    bounds = numbers(row, low, middle, high)
    if bounds and not bounds[0] <= bounds[1] <= bounds[2]:
        yield f"`{low}` … `{high}` does not hold `{middle}`: {bounds}"
    if row[low] and not row[middle]:
        yield f"an interval without `{middle}`"


def measurement_faults(row):
    """What follows from the row itself: arithmetic, intervals, and that ok means timed."""
    yield from interval_faults(row, "time_ns_lo", "time_ns_median", "time_ns_hi")
    timed = ["rounds", "time_ns_median", "time_ns_min", "stopped_by", "warm_up_iterations"]
    # Work without multiply-accumulates has no rate of them; a zero would be a lie.
    if number(row["macs"]):
        timed.append("gflop_per_s")
    elif row["gflop_per_s"] or row["peak_percent"] or row["flop_per_byte"]:
        yield "a rate of multiply-accumulates where there are none"
    missing = [name for name in timed if not row[name]]
    if row["status"] == "ok" and missing:
        yield f"status ok, but {', '.join(missing)} empty"
    if row["status"] in ("unsupported", "wrong", "mistrusted") and row["time_ns_median"]:
        yield f"status {row['status']}, and yet timed"
    if row["warm_up_iterations"]:
        count, least = int(row["warm_up_iterations"]), 3 if row["cache"] == "warm" else 0
        if count < least:
            yield f"{count} iterations of warm-up; caches are {row['cache']}"
    if (time := numbers(row, "time_ns_min", "time_ns_median")) and not 0 < time[0] <= time[1]:
        yield f"`time_ns_min` {time[0]} is not within 0 … the median {time[1]}"
    macs, traffic = number(row["macs"]), number(row["traffic_bytes"])
    if macs and traffic and not close(number(row["flop_per_byte"]), 2 * macs / traffic):
        yield "`flop_per_byte` is not 2 · macs / traffic_bytes"
    if (rate := numbers(row, "gflop_per_s", "time_ns_median")) and macs:
        # The time is written with one digit after the point: coarse where it is short.
        tolerance = PRODUCT + 0.05 / rate[1]
        if not close(rate[0], 2 * macs / rate[1], tolerance):
            yield "`gflop_per_s` is not 2 · macs / time_ns_median"
    if row["groups"]:
        yield from problem_faults(row)


def problem_faults(row):
    """A single convolution: its output and its costs follow from its shape."""
    size = {
        name: int(row[name])
        for name in row
        if re.match(r"(in|out|kernel|stride|pad|dilation)_", name)
    }
    groups, batch = int(row["groups"]), int(row["batch"])
    for axis, before, after in (("height", "top", "bottom"), ("width", "left", "right")):
        reach = size[f"dilation_{axis}"] * (size[f"kernel_{axis}"] - 1) + 1
        padded = size[f"in_{axis}"] + size[f"pad_{before}"] + size[f"pad_{after}"]
        if size[f"out_{axis}"] != (padded - reach) // size[f"stride_{axis}"] + 1:
            yield f"`out_{axis}` does not follow from the shape"
    parameters = (
        size["out_channels"]
        * (size["in_channels"] // groups)
        * size["kernel_height"]
        * size["kernel_width"]
    )
    pixels = batch * size["out_height"] * size["out_width"]
    inputs = batch * size["in_channels"] * size["in_height"] * size["in_width"]
    expected = {
        "parameters": parameters,
        "macs": parameters * pixels,
        "traffic_bytes": 4 * (inputs + parameters + size["out_channels"] * pixels),
    }
    for name, value in expected.items():
        if number(row[name]) != value:
            yield f"`{name}` is {row[name]}; the shape says {value}"


def comparison_faults(row, measured):
    """The promise follows from the two cases' own rows, the realised share from the speedup."""
    yield from interval_faults(row, "speedup_lo", "speedup", "speedup_hi")
    if row["status"] == "ok" and not row["speedup"]:
        yield "status ok without a speedup"
    if row["status"] == "disturbed" and (row["speedup"] or row["realised"]):
        yield "status disturbed, and yet a speedup"
    if row["verdict"] in ("faster", "slower", "same") and not row["speedup_lo"]:
        yield f"verdict {row['verdict']} without an interval"
    if (values := numbers(row, "speedup", "mac_ratio", "realised")) and not close(
        values[2], values[0] * values[1], PRODUCT
    ):
        yield "`realised` is not speedup · mac_ratio"
    sides = [
        measured.get((row[f"{side}_case"], row[f"{side}_kernel"], row["workers"], row["cache"]))
        for side in ("baseline", "contender")
    ]
    if None in sides:
        yield "one of its cases is not in measurements.csv"
        return
    for ratio, cost in (
        ("mac_ratio", "macs"),
        ("parameter_ratio", "parameters"),
        ("traffic_ratio", "traffic_bytes"),
    ):
        baseline, contender = number(sides[0][cost]), number(sides[1][cost])
        if baseline and contender and not close(number(row[ratio]), contender / baseline):
            yield f"`{ratio}` is not that of the two cases' `{cost}`"
    for name, value in PROMISED.get(row["comparison"], {}).items():
        if row["suite"] == "quick" and not close(number(row[name]), value):
            yield f"`{name}` of “{row['comparison']}” is {row[name]}, promised is {value:.6g}"
