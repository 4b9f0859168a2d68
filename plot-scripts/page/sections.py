# SPDX-License-Identifier: Apache-2.0
"""What stands in each section of a run's page."""

import math
from dataclasses import dataclass, field
from statistics import geometric_mean, median

import libraries
import panels as data
import scaling
from runs import LAYER_CLASSES, layer_class, rows_of
from runs import number as value_of
from trends import axis_names, base, runtime

from page import charts, words
from page.run import disturbed_share
from page.tables import Cell, Table, number, realised, text, verdict


@dataclass
class Card:
    """One sign of the run's health."""

    value: str
    name: str
    # good, poor, bad or plain: shown as a word, too.
    state: str
    hint: str = ""


def health(run):
    """Whether the run can be relied on, at a glance."""
    rows = run.measured
    wrong = [r for r in rows if r["status"] in ("wrong", "mistrusted", "failed")]
    compared = [r for suite in run.suites for r in suite.compared if r["status"] == "ok"]
    opened = sum(1 for row in compared if row["verdict"] == "inconclusive")
    share = disturbed_share(run.suites)
    floor = value_of(run.record.get("noiseFloor"))
    return [
        Card(str(len(wrong)), f"wrong or failed of {len(rows)}", "bad" if wrong else "good",
             "; ".join(f"{r['case']} ({r['kernel']}): {r['status']}" for r in wrong[:5])),
        Card(f"{opened} of {len(compared)}", "comparisons undecided",
             "plain" if not compared else "poor" if opened > len(compared) / 4 else "good",
             "the interval of the speedup contains no decision"),
        Card(words.percent(share), "of rounds disturbed",
             "plain" if share is None else "poor" if share > 0.25 else "good",
             "the machine did something else, too, while they were measured"),
        Card(words.percent(floor), "noise floor", "plain",
             str(run.record.get("noiseFloorSource", ""))),
        counters_card(run),
        *([Card("interrupted", "the run did not end", "bad")]
          if run.record.get("interrupted") or not run.record.get("endedAt") else []),
    ]  # fmt: skip


def counters_card(run):
    """Whether anything was counted in hardware."""
    counters = run.record.get("counters")
    events = counters.get("events", []) if isinstance(counters, dict) else []
    sources = [str(event.get("source", "")) for event in events]
    hardware = sum(1 for s in sources if s.startswith(("hardware", "scaled")))
    simulated = sum(1 for s in sources if s.startswith("simulated"))
    reason = next((s for s in sources if s.startswith("unavailable")), "")
    if hardware:
        return Card(str(hardware), "hardware counters", "good", reason)
    if simulated:
        return Card(str(simulated), "simulated counters", "plain", reason)
    return Card("none", "hardware counters", "plain", reason)


def facts(run):
    """Machine, commit, command and time."""
    env, record = run.environment, run.record
    cpus = env.get("allowedCPUs")
    where = [
        env.get("cpuModel"),
        cpus and words.count(len(cpus), "CPU"),
        "virtual machine" if env.get("virtualMachine") else "",
        env.get("distribution"),
        env.get("compiler"),
    ]
    yield "Machine", ", ".join(str(part) for part in where if part)
    yield "Program", f"ConvScope {record.get('version', '')}, commit {env.get('revision') or '?'}"
    peaks = [
        peak
        for peak in run.limits.get("peaks", [])
        if peak.get("workers") == 1 and not peak.get("dataType")
    ]
    if peaks:
        best = max(peaks, key=lambda peak: peak["gflopPerSecond"])
        rate = words.significant(best["gflopPerSecond"])
        yield "FMA peak", f"{rate} GFLOP/s a worker ({best['instructionSet']})"
    libraries = record.get("libraries")
    if isinstance(libraries, dict) and libraries:
        yield (
            "Libraries",
            ", ".join(
                name if str(text) == "present" else str(text) for name, text in libraries.items()
            ),
        )
    took = f", took {duration(run.duration)}" if run.duration else ""
    yield "Begun", f"{record.get('startedAt', 'not known')}{took}"


def duration(seconds):
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{round(seconds)} s"
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


# --- The question table --------------------------------------------------------------------------


@dataclass
class Question:
    """A suite's line: its sentence, and its promise and measurement as bars."""

    suite: object
    sentence: str
    promised: float | None
    measured: float | None
    bars: tuple
    decided: str


def questions(suites):
    """A line for each suite that compares something; bars share one logarithmic scale."""
    found = [suite for suite in suites if not suite.is_of_cases]
    means = {suite.name: headline(suite) for suite in found}
    values = [1.0, *(v for pair in means.values() for v in pair if v)]
    low, high = math.log(min(values)), math.log(max(max(values), 2))

    def bar(value):
        """(start, width) of a bar from 1 to the value, in percent."""
        if not value:
            return None
        ends = sorted((0.0, math.log(value)))
        return tuple(round(100 * (e - low) / (high - low), 2) for e in ends)

    for suite in found:
        promised, measured = means[suite.name]
        timed = [row for row in suite.own if row["status"] == "ok"]
        opened = sum(1 for row in timed if row["verdict"] == "inconclusive")
        decided = f"{len(timed) - opened} of {len(suite.own)}"
        sentence = suite.answer.sentence or said(suite)
        yield Question(suite, sentence, promised, measured, (bar(promised), bar(measured)), decided)


def headline(suite):
    """Geometric means over the comparisons: (promised or None, measured or None)."""
    rows = rivals_at_best(suite) if suite.is_of_libraries else suite.own
    points = [data.Point(row, 0) for row in rows]
    measured = [p.measured for p in points if p.measured]
    promised = [p.promised for p in points if p.measured and p.promised]
    promises = any(abs(p - 1) > 0.01 for p in promised)
    return (
        geometric_mean(promised) if promises else None,
        geometric_mean(measured) if measured else None,
    )


def rivals_at_best(suite):
    """For each case the comparison with the fastest rival that sums products as well."""
    best = {}
    for row in suite.own:
        key = row["baseline_case"], row["baseline_kernel"], row["workers"], row["cache"]
        time = value_of(row["baseline_time_ns"])
        exact = suite.by_key.get(key, {}).get("accuracy") != "fast"
        if not time or not exact or not value_of(row["speedup"]):
            continue
        place = row["contender_case"], row["contender_kernel"], row["workers"], row["cache"]
        if place not in best or time < value_of(best[place]["baseline_time_ns"]):
            best[place] = row
    return list(best.values())


def said(suite):
    """A sentence from the numbers alone, where the answers have none that is short."""
    rows = rivals_at_best(suite) if suite.is_of_libraries else suite.own
    points = [p for p in (data.Point(row, 0) for row in rows) if p.measured]
    if not points:
        return "Nothing was measured that would answer it."
    least, most = (f(points, key=lambda p: p.measured) for f in (min, max))
    spread = words.factor(least.measured)
    if most.measured > 1.005 * least.measured:
        spread += f" to {words.factor(most.measured)}"
    if suite.is_of_libraries:
        verdicts = [p.row["verdict"] for p in points]
        return (
            f"Against the fastest exact rival of each case: faster on {verdicts.count('faster')}, "
            f"slower on {verdicts.count('slower')} of {len(points)} ({spread})."
        )
    promised = [p.promised for p in points if p.promised]
    if not promised or max(abs(p - 1) for p in promised) < 0.01:
        return f"Measured is {spread} the speed at equal arithmetic."
    ends = words.factor(min(promised)), words.factor(max(promised))
    spread_promised = ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
    return f"Promised is {spread_promised}, measured {spread}."


# --- A suite -------------------------------------------------------------------------------------


@dataclass
class Section:
    """A suite's part of the page."""

    suite: object
    charts: list
    kernels: dict
    tables: list
    maps: list
    command: str
    files: list
    counts: dict = field(default_factory=dict)
    sentence: str = ""


def section(run, suite, page):
    """Chart, table, words, caveats and command of a suite that compares something."""
    rows = suite.compared
    is_map = suite.is_of_libraries
    panels = [] if is_map else list(data.panels(rows))
    names = ("faster", "slower", "same", "inconclusive")
    own = suite.own
    counts = {n: sum(1 for r in own if r["status"] == "ok" and r["verdict"] == n) for n in names}
    counts["not measured"] = sum(1 for r in own if r["status"] != "ok")
    return Section(
        suite,
        list(charts.charts_of(suite, panels)),
        {letter: kernel for kernel, letter in data.kernel_letters(panels).items()},
        [] if is_map else [comparisons(suite)],
        [heat_table(suite, found) for found in libraries.heat_maps(rows, suite.measured)]
        if is_map
        else [],
        run.repeating(suite.name),
        files(run, suite, page),
        {name: number for name, number in counts.items() if number},
        suite.answer.sentence or said(suite),
    )


def files(run, suite, page):
    """The CSV files of a suite, as links."""
    return [
        (file.name, run.link(file, page))
        for file in sorted(suite.folder.glob("*.csv"))
        if file.stat().st_size
    ]


def comparisons(suite):
    """The comparisons of a suite, every axis a column."""
    rows = suite.compared
    axes = [n for n in axis_names(rows) if len({r[n] for r in rows}) > 1 and n != "contender"]
    shown = [n for n in ("workers", "cache") if len({row[n] for row in rows}) > 1]
    columns = [("comparison", "", False)]
    columns += [(name.replace("_", " "), "axis", True) for name in axes + shown]
    has_runtimes = len({runtime(row["contender_kernel"]) for row in rows}) > 1
    columns += [("runtime", "whose kernels", False)] if has_runtimes else []
    columns += [
        ("promised", "1 / MAC ratio; between data types by their peaks", True),
        ("measured", "median speedup over the rounds", True),
        ("95 % interval", "", True),
        ("realised", "measured share of the promise", True),
        ("of the roof", "what the contender reaches of the lower roof", True),
        ("verdict", "", False),
        ("kernel", "the contender's", False),
    ]
    table = Table(suite.anchor + "-table", columns, choice=len(columns) - 2)
    for row in rows:
        whose = [text(runtime(row["contender_kernel"]) or "ours")] if has_runtimes else []
        table.rows.append([*names_of(row, axes, shown), *whose, *cells_of(suite, row)])
    return table


def names_of(row, axes, shown):
    name = base(row) if axes else row["comparison"]
    yield text(name or row["contender_case"], row["contender_case"])
    for axis in axes + shown:
        value = value_of(row[axis])
        yield number(value, row[axis]) if value is not None else text(row[axis])


def cells_of(suite, row):
    point = data.Point(row, 0)
    measured = suite.contender(row)
    roof = value_of(measured.get("roofline_percent"))
    yield number(point.promised, words.factor(point.promised))
    yield number(point.measured, words.factor(point.measured), row["reason"])
    low, high = point.low, point.high
    width = high / low if low and high else None
    yield number(width, words.interval(low, high), "sorted by its width")
    yield realised(value_of(row["realised"]) if point.measured else None)
    where = f"{roof:.0f} % {measured['bound']}" if roof is not None else "—"
    yield number(roof, where, measured.get("reason", ""))
    yield verdict(row)
    yield text(row["contender_kernel"], f"against {row['baseline_kernel']}")


@dataclass
class HeatTable:
    """A map of problems and rivals, as a table that is sorted by any rival."""

    title: str
    table: Table
    cells: int


def heat_table(suite, found):
    """Cells say the rival's time over ours; colour and sign say what is decided."""
    columns = [("problem", "", False), ("class", "", False), ("ours", "", False)]
    columns += [(rival, "its time over ours", True) for rival in found.rivals]
    table = Table(f"{suite.anchor}-map-{found.setting[0]}-{found.setting[1]}", columns, choice=1)
    for kind, lines in found.classes:
        for name, cells in lines:
            ours = next(iter(cells.values()))["contender_kernel"]
            first = [text(name), Cell(kind, LAYER_CLASSES.index(kind) if kind in LAYER_CLASSES
                                      else 99), text(ours)]  # fmt: skip
            table.rows.append(first + [heat_cell(cells.get(r)) for r in found.rivals])
    title = data.setting_text(found.setting)
    return HeatTable(title, table, len(found.rows))


def heat_cell(row):
    if row is None:
        return Cell("", None, "heat")
    speedup = value_of(row["speedup"]) if row["status"] == "ok" else None
    if not speedup:
        return Cell("–", None, "heat missing", f"{row['status']}: {row['reason']}")
    bounds = words.interval(value_of(row["speedup_lo"]), value_of(row["speedup_hi"]))
    hint = (
        f"{row['contender_case']}: {row['baseline_kernel']} takes {words.factor(speedup)} "
        f"({bounds}) of ours, {row['verdict']}; "
        f"{words.time(value_of(row['baseline_time_ns']))} against "
        f"{words.time(value_of(row['contender_time_ns']))}"
    )
    strength = min(4, 1 + int(abs(math.log2(speedup)) / 0.5))
    kind = f" {row['verdict']} s{strength}" if row["verdict"] in ("faster", "slower") else " open"
    sign = {"faster": "▲", "slower": "▼"}.get(row["verdict"], "")
    return Cell(f"{words.significant(speedup)}{sign}", speedup, "heat" + kind, hint)


# --- Networks ------------------------------------------------------------------------------------


@dataclass
class Network:
    """One network under one setting: shares by class, layers by time."""

    suite: object
    title: str
    sentence: str
    time: float
    classes: Table
    layers: Table
    command: str
    files: list


def networks(run, page):
    """Every suite without comparisons whose cases are layers; never added up over networks."""
    for suite in sorted(run.suites, key=lambda suite: not suite.is_network):
        if not suite.is_of_cases or not suite.measured:
            continue
        for cache in dict.fromkeys(row["cache"] for row in suite.measured):
            rows = [row for row in suite.measured if row["cache"] == cache]
            found = network(run, suite, cache, rows, page)
            if found:
                yield found


def network(run, suite, cache, rows, page):
    """The network with the fewest workers, from the first kernel of each case.

    Other kernels are columns of its layers, and so is what the most workers bring.
    """
    counts = sorted({int(row["workers"]) for row in rows})
    setting, most = (str(counts[0]), cache), counts[-1]
    more = [row for row in rows if int(row["workers"]) == most and most > counts[0]]
    rows = [row for row in rows if int(row["workers"]) == counts[0]]
    layers, others = {}, {}
    for row in rows:
        # A block is the same layers again.
        if row["groups"] and not row["part_of"]:
            kinds = others.setdefault(row["case"], [])
            kinds.append(row)
            layers.setdefault(row["case"], row)
    layers = layers or {row["case"]: row for row in rows}
    timed = {case: r for case, r in layers.items() if value_of(r["time_ns_median"])}
    if not timed:
        return None
    weights = {case: weighted(row, "time_ns_median") for case, row in timed.items()}
    total, macs = sum(weights.values()), sum(weighted(r, "macs") for r in timed.values())
    rate = words.significant(2 * macs / total)
    count = sum(int(value_of(r["multiplicity"]) or 1) for r in timed.values())
    sentence = (
        f"{words.count(count, 'convolution')}, {len(timed)} different, take {words.time(total)} "
        f"one after the other: {rate} GFLOP/s."
    )
    if lost := len(layers) - len(timed):
        sentence += f" {words.count(lost, 'layer')} without a time are missing."
    name = suite.name.removeprefix("networks/")
    title = f"{name}, {data.setting_text(setting)}"
    anchor = f"{suite.anchor}-{setting[0]}-{setting[1]}"
    return Network(
        suite, title, sentence, total, shares(anchor, timed, total, macs),
        layer_table(anchor, timed, weights, total, others, faster(timed, more, most)),
        run.repeating(suite.name),
        files(run, suite, page),
    )  # fmt: skip


def faster(timed, more, workers):
    """The name of the column of what more workers bring, and how much that is, by case."""
    times = {(row["case"], row["kernel"]): value_of(row["time_ns_median"]) for row in more}
    ratios = {}
    for case, row in timed.items():
        if time := times.get((case, row["kernel"])):
            ratios[case] = value_of(row["time_ns_median"]) / time
    return (f"{workers} workers", ratios) if ratios else None


def weighted(row, name):
    return (value_of(row[name]) or 0) * (value_of(row["multiplicity"]) or 1)


def shares(anchor, timed, total, macs):
    """MACs against time, by class."""
    columns = [
        ("class", "", False), ("layers", "", True), ("share of MACs", "", True),
        ("share of time", "", True), ("time", "", True), ("GFLOP/s", "", True),
    ]  # fmt: skip
    table = Table(anchor + "-classes", columns)
    for kind in LAYER_CLASSES:
        rows = [row for row in timed.values() if layer_class(row) == kind]
        if not rows:
            continue
        time = sum(weighted(row, "time_ns_median") for row in rows)
        work = sum(weighted(row, "macs") for row in rows)
        layers = sum(int(value_of(row["multiplicity"]) or 1) for row in rows)
        table.rows.append([
            text(kind), number(layers, str(layers)),
            number(work / macs, words.percent(work / macs), bar=work / macs),
            number(time / total, words.percent(time / total), bar=time / total),
            number(time, words.time(time)),
            number(2 * work / time, words.significant(2 * work / time)),
        ])  # fmt: skip
    return table


def layer_table(anchor, timed, weights, total, others, more):
    """Layers by time, with what they add up to so far, and what more workers bring.

    Each other kernel is a column.
    """
    most = max((len(rows) for rows in others.values()), default=1)
    columns = [
        ("layer", "", False), ("times", "", True), ("time", "of all times together", True),
        ("share", "", True), ("so far", "share of this and all slower layers", True),
        ("GFLOP/s", "", True), ("of the roof", "", True), ("kernel", "", False),
    ]  # fmt: skip
    if more:
        columns.insert(7, (more[0], "how much faster they are", True))
    names = []
    if most > 1:
        rivals = dict.fromkeys(column(r) for rows in others.values() for r in rows[1:])
        names = list(rivals)
        columns += [(name, "its time over that of the first kernel", True) for name in names]
    table = Table(anchor + "-layers", columns)
    so_far = 0.0
    for case in sorted(weights, key=weights.get, reverse=True):
        row, time = timed[case], weights[case]
        so_far += time / total
        roof, rate = value_of(row["roofline_percent"]), value_of(row["gflop_per_s"])
        times = int(value_of(row["multiplicity"]) or 1)
        cells = [
            text(case, row["problem"]), number(times, str(times)), number(time, words.time(time)),
            number(time / total, words.percent(time / total), bar=time / total),
            number(so_far, words.percent(so_far)),
            number(rate, words.significant(rate) if rate else "—"),
            number(roof, f"{roof:.0f} % {row['bound']}" if roof is not None else "—"),
            text(row["kernel"]),
        ]  # fmt: skip
        if more:
            ratio = more[1].get(case)
            cells.insert(7, number(ratio, words.factor(ratio)))
        own = value_of(row["time_ns_median"])
        by_kernel = {column(r): value_of(r["time_ns_median"]) for r in others.get(case, [])[1:]}
        for name in names:
            ratio = by_kernel.get(name) and by_kernel[name] / own
            cells.append(number(ratio, words.factor(ratio)))
        table.rows.append(cells)
    return table


def column(row):
    """The column of a kernel beside the first: its runtime, or its id where it is ours."""
    return runtime(row["kernel"]) or row["kernel"]


# --- Workers, counters, profiles -----------------------------------------------------------------


def workers(run):
    """(table of imbalance, chart of what more workers bring or None)."""
    columns = [
        ("suite", "", False), ("workers", "", True), ("cases", "", True),
        ("median imbalance", "busiest worker over the mean; 1 is even", True),
        ("largest", "", True), ("at", "", False),
    ]  # fmt: skip
    table = Table("imbalance", columns)
    for suite in run.suites:
        for count in sorted({int(row["workers"]) for row in suite.measured}):
            rows = [
                (value_of(row["worker_imbalance"]), row["case"])
                for row in suite.measured
                if int(row["workers"]) == count and value_of(row["worker_imbalance"])
            ]
            if count == 1 or not rows:
                continue
            middle, (most, where) = median(v for v, _ in rows), max(rows)
            table.rows.append([
                text(suite.name), number(count, str(count)), number(len(rows), str(len(rows))),
                number(middle, words.significant(middle)), number(most, words.significant(most)),
                text(where),
            ])  # fmt: skip
    gains = list(scaling.gains_in(run.folder))
    return table, charts.scaling_chart(gains) if gains else None


def counters(run):
    """Metrics by suite: median, least and most over its cases; None where none has a value."""
    columns = [
        ("suite", "", False), ("metric", "", False), ("median", "", True), ("least", "", True),
        ("most", "", True), ("unit", "", False), ("cases", "", True),
    ]  # fmt: skip
    table = Table("metrics", columns)
    for suite in run.suites:
        found = {}
        for row in metrics_of(suite):
            if (value := value_of(row["value"])) is not None:
                found.setdefault((row["metric"], row["unit"]), []).append(value)
        for (metric, unit), values in found.items():
            shown = [median(values), min(values), max(values)]
            table.rows.append([
                text(suite.name), text(metric),
                *(number(v, words.significant(v)) for v in shown), text(unit),
                number(len(values), str(len(values))),
            ])  # fmt: skip
    return table if table.rows else None


def metrics_of(suite):
    file = suite.folder / "metrics.csv"
    return rows_of(file) if file.is_file() else []


def profiles(run, page):
    """Timelines that `profile` wrote below the run."""
    return [
        (file.relative_to(run.folder).as_posix(), run.link(file, page))
        for file in sorted(run.folder.rglob("*trace.json"))
    ]
