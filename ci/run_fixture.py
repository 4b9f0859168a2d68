# SPDX-License-Identifier: Apache-2.0
"""A small run with known contents, and planted faults, for the self-test of check-csv.py."""

import csv
import json
import sys
import tempfile
from pathlib import Path

from run_files import COUNTER, COUNTER_COLUMNS, IMBALANCE, SOURCE, documented_columns

COUNTERS = ("instructions", "page_faults")
NO_PMU = 'unavailable: this virtual machine has no PMU, "perf" cannot help'
DENSE = {
    "groups": 1, "batch": 1, "in_channels": 64, "in_height": 8, "in_width": 8, "out_channels": 64,
    "out_height": 8, "out_width": 8, "kernel_height": 3, "kernel_width": 3, "stride_height": 1,
    "stride_width": 1, "pad_top": 1, "pad_left": 1, "pad_bottom": 1, "pad_right": 1,
    "dilation_height": 1, "dilation_width": 1,
}  # fmt: skip
IDENTITY = {"suite": "quick", "kernel": "direct/nchw8c/6x2/avx2", "workers": 1, "cache": "warm"}


def measurement(case, groups, time):
    """A timed row; its costs follow from the shape."""
    parameters = 64 * 64 // groups * 9
    macs, traffic = parameters * 64, 4 * (64 * 64 + parameters + 64 * 64)
    return IDENTITY | DENSE | {
        "case": case, "problem": f"g{groups}ic64ih8oc64kh3ph1", "isa": "avx2", "layout": "nchw8c",
        "rounds": 7, "time_ns_median": time, "time_ns_lo": time - 1, "time_ns_hi": time + 2,
        "time_ns_min": time - 3, "gflop_per_s": f"{2 * macs / time:.6g}", "macs": macs,
        "parameters": parameters, "traffic_bytes": traffic,
        "flop_per_byte": f"{2 * macs / traffic:.6g}", "stopped_by": "budget", "status": "ok",
        "groups": groups, "multiplicity": 1, "iterations": 10, "processes": 1,
        "warm_up_iterations": 3, "dt": "f32",
        COUNTER + "instructions": "", SOURCE + "instructions": NO_PMU,
        COUNTER + "page_faults": "0.0", SOURCE + "page_faults": "software as perf::PAGE-FAULTS",
    }  # fmt: skip


def good_run():
    """File → rows, as dictionaries; absent cells are empty."""
    cases = [measurement("dense", 1, 50000.0), measurement("grouped", 4, 20000.0)]
    unsupported = measurement("dilated", 1, 50000.0) | {
        "kernel": "onednn", "status": "unsupported", "reason": "no dilation, says the library",
    }  # fmt: skip
    for name in unsupported:
        if name.startswith("time_") or name in (
            "rounds", "gflop_per_s", "stopped_by", "processes", "warm_up_iterations",
        ):  # fmt: skip
            unsupported[name] = ""
    comparison = {
        "suite": "quick", "comparison": "4 groups against one", "baseline_case": "dense",
        "contender_case": "grouped", "baseline_kernel": IDENTITY["kernel"],
        "contender_kernel": IDENTITY["kernel"], "workers": 1, "cache": "warm", "rounds": 7,
        "baseline_time_ns": 50000.0, "contender_time_ns": 20000.0, "speedup": 2.5,
        "speedup_lo": 2.4, "speedup_hi": 2.6, "mac_ratio": 0.25, "parameter_ratio": 0.25,
        "traffic_ratio": f"{(8192 + 9216) / (8192 + 36864):.6g}", "realised": 0.625,
        "verdict": "faster", "status": "ok", "groups": 4,
    }  # fmt: skip
    names = ("suite", "case", "kernel", "workers", "cache")
    identities = [{name: row[name] for name in names} for row in cases]
    counters = {name: cases[0][name] for name in cases[0] if name.startswith("counter")}
    counters[IMBALANCE + "page_faults"] = 1
    return {
        "measurements.csv": [*cases, unsupported],
        "comparisons.csv": [comparison],
        "workers.csv": [row | counters | {"worker": 0, "busy_ns": 1.0} for row in identities],
        "samples.csv": [
            row | {"round": place, "iterations": 10, "counted": 1, "process": 0,
                   "time_ns": case["time_ns_median"] + place - 3}
            for row, case in zip(identities, cases, strict=True)
            for place in range(7)
        ],
        "metrics.csv": [
            row | {"metric": "IPC", "unit": "instructions/cycle", "reason": "no cycles"}
            for row in identities
        ],
    }  # fmt: skip


def header(file):
    """The fixed columns of the document, and those that this run adds."""
    extra = {
        file: [prefix + name for name in COUNTERS for prefix in prefixes]
        for file, prefixes in COUNTER_COLUMNS.items()
    }
    extra["comparisons.csv"] = ["groups"]
    return [column.name for column in documented_columns()[file]] + extra.get(file, [])


def write(folder, run):
    """Writes the run; a value of type str in place of rows is the file's text."""
    (folder / "quick").mkdir()
    names = ("schema", "version", "startedAt", "command", "seed", "suites", "environment", "limits")
    (folder / "run.json").write_text(json.dumps(dict.fromkeys(names, 1)))
    for file, rows in run.items():
        with (folder / "quick" / file).open("w", newline="") as stream:
            if isinstance(rows, str):
                stream.write(rows)
                continue
            writer = csv.DictWriter(stream, header(file), restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def planted():
    """(file, row, cells, words of the fault): one change to a good run each."""
    measurements, comparisons = "measurements.csv", "comparisons.csv"
    promised = {"comparison": "depthwise against dense"}
    return [
        (measurements, 0, {"status": "fine"}, "`status` is fine"),
        (measurements, 0, {"warm_up_iterations": 1}, "1 iterations of warm-up"),
        (measurements, 0, {"warm_up_iterations": ""}, "warm_up_iterations empty"),
        (measurements, 2, {"reason": ""}, "status unsupported without a reason"),
        (measurements, 2, {"time_ns_median": 3.0}, "and yet timed"),
        (measurements, 0, {"time_ns_median": ""}, "time_ns_median empty"),
        (measurements, 0, {"time_ns_lo": 50001.0}, "does not hold `time_ns_median`"),
        (measurements, 0, {"time_ns_hi": ""}, "only one of"),
        (measurements, 0, {"time_ns_min": 0}, "`time_ns_min` 0.0"),
        (measurements, 0, {"gflop_per_s": 1}, "`gflop_per_s` is not"),
        (measurements, 0, {"flop_per_byte": "nan"}, "`flop_per_byte` is no number"),
        (measurements, 0, {"pad_top": 0}, "`out_height` does not follow"),
        (measurements, 0, {"parameters": 1}, "`parameters` is 1; the shape says"),
        (measurements, 0, {"problem": ""}, "`problem` is empty"),
        (measurements, 0, {"stopped_by": "me"}, "`stopped_by` is me"),
        (measurements, 0, {COUNTER + "instructions": 0}, "while its source is"),
        (measurements, 0, {SOURCE + "page_faults": "perhaps"}, "has the source"),
        (measurements, 0, {"rounds": 8}, "8 rounds stated, 7 samples"),
        (measurements, 0, {"processes": 2}, "2 processes stated, samples of 1"),
        (comparisons, 0, {"speedup_hi": 2.45}, "does not hold `speedup`"),
        (comparisons, 0, {"realised": 2.5}, "`realised` is not"),
        (comparisons, 0, {"mac_ratio": 0.5}, "`mac_ratio` is not that"),
        (comparisons, 0, {"verdict": "better"}, "`verdict` is better"),
        (comparisons, 0, {"speedup_lo": "", "speedup_hi": ""}, "without an interval"),
        (comparisons, 0, {"contender_case": "other"}, "is not in measurements.csv"),
        (comparisons, 0, promised, "promised is 0.0078125"),
        ("workers.csv", 0, {"worker": 1}, "worker 1 of 1"),
        ("workers.csv", 0, {"case": "other"}, "a worker without a measurement"),
        ("workers.csv", 0, {IMBALANCE + "page_faults": 1.5}, "is 1.5 with 1 workers"),
        ("metrics.csv", 0, {"value": 3.5}, "value `3.5` and reason `no cycles`"),
        ("metrics.csv", 0, {"case": "other"}, "a metric without a measurement"),
        ("samples.csv", 3, {"time_ns": 60000}, "the samples' median is"),
        # The last round alone in a process of its own has as much of a voice as the other six.
        ("samples.csv", 6, {"process": 1}, "processes stated, samples of 2"),
        ("samples.csv", 3, {"counted": 0}, "is left out and not marked"),
        ("samples.csv", 0, None, "row 2 has 1 cells"),
        ("samples.csv", 0, 'suite\nq"uick\n', "is no RFC 4180"),
        ("samples.csv", 0, "suite", "the last line is not complete"),
        ("samples.csv", 0, "suite,cash\n", "column `case` expected where `cash` stands"),
    ]


def faults_of(check, run):
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), run)
        return list(check(Path(name)))


def self_test(check):
    """Whether a good run passes and every planted fault is found."""
    failures = [f"in a good run: {fault}" for fault in faults_of(check, good_run())]
    for file, row, change, words in planted():
        run = good_run()
        if isinstance(change, dict):
            run[file][row] |= change
        else:
            run[file] = change or ",".join(header(file)) + "\nalone\n"
        found = faults_of(check, run)
        if not any(words in fault for fault in found):
            failures.append(f"{file} {change}: wanted “{words}”, found {found}")
    print(*failures, sep="\n", file=sys.stderr, end="\n" if failures else "")
    print(f"CSV self-test: {len(planted())} planted faults, {len(failures)} failures")
    return 1 if failures else 0
