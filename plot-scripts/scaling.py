#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws what more workers bring, case by case.

    plot-scripts/scaling.py RUN [-o FOLDER]    writes scaling.png, .svg and .pdf

RUN is the folder of a run or of one of its suites, measured with several numbers of workers. The
speedup is that of scaling.csv: from rounds in which both ran. Where a suite has none, as in older
runs, it is the median time with the fewest workers over that with more, and its bounds are the
widest that the two times' intervals allow.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import figure as fig
from figure import plt
from runs import RunError, number, rows_of, suite_folders

# Inches: a case's line in a list, a small panel, and what stands around them.
ROW, SMALL, AROUND = 0.2, 2.1, 1.3


@dataclass
class Gain:
    """One case and kernel with more workers, against the fewest that it was measured with."""

    suite: str
    case: str
    kernel: str
    cache: str
    fewest: int
    workers: int
    speedup: float
    low: float
    high: float

    @property
    def ideal(self):
        return self.workers / self.fewest


def gains_of(rows):
    """A gain for each timed row with more workers than the fewest of its case and kernel."""
    timed = {}
    for row in rows:
        if row["status"] == "ok" and number(row["time_ns_median"]):
            key = row["suite"], row["case"], row["kernel"], row["cache"]
            timed.setdefault(key, {})[int(row["workers"])] = row
    for key, by_workers in timed.items():
        fewest = min(by_workers)
        for workers in sorted(set(by_workers) - {fewest}):
            yield gain(key, fewest, workers, by_workers[fewest], by_workers[workers])


def gains_in(path):
    """The gains of a run, of a suite, or of a measurements.csv."""
    for folder in [path.parent] if path.is_file() else suite_folders(path):
        file = folder / "scaling.csv"
        if file.is_file():
            yield from map(stored_gain, rows_of(file))
        else:
            yield from gains_of(rows_of(folder / "measurements.csv"))


def stored_gain(row):
    """A row of scaling.csv."""
    speedup = number(row["speedup"])
    low, high = (number(row[name]) or speedup for name in ("speedup_lo", "speedup_hi"))
    return Gain(
        row["suite"], row["case"], row["kernel"], row["cache"], int(row["fewest_workers"]),
        int(row["workers"]), speedup, low, high,
    )  # fmt: skip


def gain(key, fewest, workers, before, after):
    speedup = number(before["time_ns_median"]) / number(after["time_ns_median"])
    bounds = [number(row[f"time_ns_{side}"]) for row in (before, after) for side in ("lo", "hi")]
    if None in bounds or not all(bounds):
        return Gain(*key, fewest, workers, speedup, speedup, speedup)
    return Gain(*key, fewest, workers, speedup, bounds[0] / bounds[3], bounds[1] / bounds[2])


def draw_list(gains, title):
    """A suite: its cases one below the other, a mark for each number of workers."""
    cases = list(dict.fromkeys((g.case, g.kernel, g.cache) for g in gains))
    counts = sorted({g.workers for g in gains})
    height = min(AROUND + 0.3 + ROW * len(cases), fig.TALLEST)
    figure, axes = plt.subplots(figsize=(fig.WIDTH, height), layout="constrained")
    for place, workers in enumerate(counts):
        some = [g for g in gains if g.workers == workers]
        style = mark(place) | {"linestyle": "none", "capsize": 2.5, "elinewidth": 1}
        axes.errorbar(
            [g.speedup for g in some], [-cases.index((g.case, g.kernel, g.cache)) for g in some],
            xerr=errors(some), label=f"{workers} workers", **style,
        )  # fmt: skip
        for ideal in sorted({g.ideal for g in some}):
            axes.axvline(ideal, color=mark(place)["color"], linestyle="--", linewidth=1, zorder=1)
    fig.factor_scale(axes.xaxis, [1.0, *(v for g in gains for v in (g.low, g.high, g.ideal))])
    axes.axvline(1, color=fig.GREY, linewidth=1, zorder=1)
    axes.set_yticks([-place for place in range(len(cases))], names_of(cases))
    axes.set_ylim(-len(cases) + 0.4, 0.6)
    axes.grid(False, axis="y")
    axes.set_xlabel("speedup over the fewest workers (log scale)")
    finish(figure, title)
    return figure


def names_of(cases):
    """The cases' names, with kernel and cache where one case was computed in several ways."""
    several = {case for case, *_ in cases if sum(1 for other, *_ in cases if other == case) > 1}
    return [
        fig.shortened(f"{case} ({kernel}, {cache})" if case in several else case, 60)
        for case, kernel, cache in cases
    ]


def mark(place):
    return {"color": fig.COLOURS[place % 6], "marker": fig.MARKERS[place % 10], "markersize": 4.5}


def errors(gains):
    low = [max(g.speedup - g.low, 0) for g in gains]
    return [low, [max(g.high - g.speedup, 0) for g in gains]]


def finish(figure, title):
    dashes = plt.Line2D([], [], color=fig.BLACK, linestyle="--", linewidth=1)
    dashes.set_label("as many times as there are workers")
    marks = figure.axes[0].get_legend_handles_labels()[0]
    figure.legend(handles=[*marks, dashes], loc="outside lower left", ncols=4)
    fig.heading(figure, title)


def draw_small(cell, gains, suite):
    """A suite's cases side by side at each number of workers, and their median."""
    counts = sorted({g.workers for g in gains})
    for workers in counts:
        some = [g for g in gains if g.workers == workers]
        spread = 0.5 / max(len(some), 1)
        places = [workers + (n - (len(some) - 1) / 2) * spread for n in range(len(some))]
        style = {"elinewidth": 0.7, "markersize": 3, "linestyle": "none", "marker": "o"}
        cell.errorbar(
            places, [g.speedup for g in some], yerr=errors(some), color=fig.BLUE, alpha=0.75,
            label="a case, 95 % interval" if workers == counts[0] else None, **style,
        )  # fmt: skip
        middle = median(g.speedup for g in some)
        cell.plot(
            [workers - 0.32, workers + 0.32], [middle, middle], color=fig.ORANGE, linewidth=1.6,
            label="median" if workers == counts[0] else None, zorder=4,
        )  # fmt: skip
    fewest = min(g.fewest for g in gains)
    cell.plot([fewest, counts[-1]], [1, counts[-1] / fewest], color=fig.BLACK, linestyle="--", lw=1)
    fig.factor_scale(cell.yaxis, [1.0, *(v for g in gains for v in (g.low, g.high, g.ideal))])
    cell.set_xticks([fewest, *counts])
    cell.set_xlim(fewest - 0.4, counts[-1] + 0.5)
    cell.set_xlabel("workers")
    cell.set_title(suite)


def draw_many(gains, title):
    """A page of suites."""
    suites = list(dict.fromkeys(g.suite for g in gains))
    columns = min(3, len(suites))
    rows = -(-len(suites) // columns)
    size = (fig.WIDTH, min(rows * SMALL + AROUND, fig.TALLEST))
    figure = plt.figure(figsize=size, layout="constrained")
    for place, suite in enumerate(suites, start=1):
        cell = figure.add_subplot(rows, columns, place)
        draw_small(cell, [g for g in gains if g.suite == suite], suite)
    figure.supylabel("speedup over the fewest workers", fontsize=8)
    finish(figure, title)
    return figure


def draw(gains):
    """The pages of a run."""
    suites = list(dict.fromkeys(g.suite for g in gains))
    title = "What more workers bring"
    if len(suites) == 1:
        cases = list(dict.fromkeys((g.case, g.kernel, g.cache) for g in gains))
        most = int((fig.TALLEST - AROUND - 0.3) / ROW)
        share = -(-len(cases) // -(-len(cases) // most))
        parts = [cases[start : start + share] for start in range(0, len(cases), share)]
        return [
            draw_list(
                [g for g in gains if (g.case, g.kernel, g.cache) in part], f"{suites[0]}: {title}"
            )
            for part in parts
        ]
    count = -(-len(suites) // fig.MOST_PANELS)
    share = -(-len(suites) // count)
    parts = [set(suites[start : start + share]) for start in range(0, len(suites), share)]
    return [draw_many([g for g in gains if g.suite in part], title) for part in parts]


def figures_of(path):
    """The figures of a run, a suite or a file."""
    gains = list(gains_in(path))
    if not gains:
        raise RunError(f"{path} has no case that was timed with several numbers of workers")
    return draw(gains)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path, help="folder of a run or suite, or a measurements.csv")
    parser.add_argument("-o", "--output", type=Path, help="folder of the figure (default: RUN's)")
    arguments = parser.parse_args()
    folder = arguments.run if arguments.run.is_dir() else arguments.run.parent
    try:
        figures = figures_of(arguments.run)
    except RunError as error:
        raise SystemExit(str(error)) from error
    fig.save(figures, arguments.output or folder, "scaling")


if __name__ == "__main__":
    main()
