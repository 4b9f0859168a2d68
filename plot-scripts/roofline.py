#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws where the cases of a run stand under the machine's roofs.

    plot-scripts/roofline.py RUN [-o FOLDER]    writes roofline.png and roofline.svg

RUN is the folder of a run, of one of its suites, or a measurements.csv; the roofs are those that
the run measured and wrote into its run.json.
"""

import argparse
import json
import math
from pathlib import Path

import figure as fig
from figure import plt

# Inches.
PANEL = (5.6, 4.2)
# Points are numbered where they are at most this many; a list beside the panels names the cases.
MOST_NUMBERED = 36
# Where a number may stand: its alignment, and points to the right and up.
SIDES = (("left", 5, 2), ("right", -5, 2), ("center", 0, -11))


def run_record(path):
    """The run.json beside or above the measurements."""
    for folder in (path, *path.resolve().parents):
        if (folder / "run.json").is_file():
            return json.loads((folder / "run.json").read_text(encoding="utf-8"))
    raise SystemExit(f"neither {path} nor a folder above it has a run.json")


def measured_rows(path):
    """The timed rows of one measurements.csv, or of all below a folder."""
    files = [path] if path.is_file() else sorted(path.rglob("measurements.csv"))
    rows = [row for file in files for row in fig.rows_of(file)]
    names = ("gflop_per_s", "flop_per_byte")
    return [r for r in rows if r["status"] == "ok" and all(fig.number(r[n]) for n in names)]


def family(row):
    """The algorithm, which is the first part of the kernel's id; those of a chain together."""
    # An id has at least two parts, so `reorder` of `onednn/any+reorder` is none.
    ids = [part for part in row["kernel"].split("+") if "/" in part] or [row["kernel"]]
    return "+".join(dict.fromkeys(one.split("/")[0] for one in ids))


def roofs(limits, workers, instruction_sets):
    """Peaks by instruction set and bandwidths by level for a number of workers.

    Of the instruction sets only those that computed something, the highest, and scalar code.
    """
    peaks = {
        peak["instructionSet"]: peak["gflopPerSecond"]
        for peak in limits["peaks"]
        if peak["workers"] == workers
    }
    highest = max(peaks, key=peaks.get, default=None)
    shown = {n: p for n, p in peaks.items() if n in instruction_sets | {highest, "scalar"}}
    levels = {
        level["level"]: level["readGBPerSecond"]
        for level in limits["bandwidths"]
        if level["workers"] == workers
    }
    return shown, levels


def draw_peaks(axes, peaks, levels, low, high):
    """A level line per instruction set, from where the fastest memory could feed it."""
    top = max(peaks.values())
    for name, peak in peaks.items():
        start = max(low, peak / max(levels.values(), default=peak / low))
        axes.plot([start, high], [peak, peak], color=fig.BLACK, linewidth=1.4, zorder=2)
        # Below its line where the next peak is close above it.
        is_below = any(peak < other < 1.25 * peak for other in peaks.values())
        axes.annotate(
            f"{name} FMA peak {peak:.0f} GFLOP/s",
            (min(1.3 * top / min(levels.values(), default=top / low), high / 8), peak),
            (0, -3 if is_below else 3),
            textcoords="offset points",
            va="top" if is_below else "bottom",
            fontsize=8,
        )


def draw_bandwidths(axes, levels, low, high, top):
    """A rising line per memory level, up to the highest peak, its name along it."""
    for name, bandwidth in levels.items():
        ridge = min(top / bandwidth, high)
        axes.plot([low, ridge], [low * bandwidth, ridge * bandwidth], color=fig.GREY, linewidth=1.2)
        # Under its line where the next level is close above it.
        is_below = any(bandwidth < other < 1.6 * bandwidth for other in levels.values())
        axes.text(
            (1.35 if is_below else 1.15) * low,
            1.25 * low * bandwidth,
            f"{name} {bandwidth:.0f} GB/s",
            rotation=math.degrees(math.atan(bandwidth)),
            rotation_mode="anchor",
            transform_rotates_text=True,
            va="top" if is_below else "baseline",
            fontsize=8,
            color="#555555",
        )


def draw_points(axes, rows, families, numbers):
    """A mark per row, its shape and colour by family, beside it the number of its case."""
    taken = []
    for row in rows:
        at = fig.number(row["flop_per_byte"]), fig.number(row["gflop_per_s"])
        axes.plot(*at, **mark(families.index(family(row))), zorder=3)
        if row["case"] in numbers:
            number_point(axes, str(numbers[row["case"]]), at, taken)


def number_point(axes, text, at, taken):
    """Writes beside a point, on the first side on which no other number stands."""
    x, y = axes.transData.transform(at)

    def is_free(side):
        place = (x + 2 * side[1], y + side[2])
        return all(abs(place[0] - a) > 12 or abs(place[1] - b) > 9 for a, b in taken)

    alignment, dx, dy = next((side for side in SIDES if is_free(side)), SIDES[-1])
    taken.append((x + 2 * dx, y + dy))
    style = {"textcoords": "offset points", "fontsize": 7, "ha": alignment, "zorder": 4}
    axes.annotate(text, at, (dx, dy), **style)


def mark(place):
    """How the points of the family at this place look."""
    return {
        "marker": fig.MARKERS[place % 10],
        "color": fig.COLOURS[place % 6],
        "markeredgecolor": "white",
        "markeredgewidth": 0.6,
        "markersize": 7,
        "linestyle": "none",
    }


def draw_panel(axes, rows, limits, workers, families, numbers):
    """The roofs and points of one number of workers."""
    peaks, levels = roofs(limits, workers, {row["isa"] for row in rows})
    if not peaks:
        raise SystemExit(f"run.json has no FMA peak for {workers} workers")
    top = max(peaks.values())
    at = [top / bandwidth for bandwidth in levels.values()]
    at += [fig.number(row["flop_per_byte"]) for row in rows]
    low, high = min(at) / 2, max(at) * 2
    rates = [fig.number(row["gflop_per_s"]) for row in rows]
    floor = min([*rates, *(low * bandwidth for bandwidth in levels.values())])
    # Variants that transform first pass the peak, for all taps count.
    for axis, limit in (("x", (low, high)), ("y", (floor / 1.3, max([top, *rates]) * 1.7))):
        getattr(axes, f"set_{axis}scale")("log", base=2)
        getattr(axes, f"set_{axis}lim")(*limit)
        getattr(axes, f"{axis}axis").set_major_formatter(plt.FuncFormatter(lambda v, _: f"{v:g}"))
    draw_peaks(axes, peaks, levels, low, high)
    draw_bandwidths(axes, levels, low, high, top)
    draw_points(axes, rows, families, numbers)
    axes.set_xlabel("arithmetic intensity, FLOP per byte of compulsory traffic")
    axes.set_title("1 worker" if workers == 1 else f"{workers} workers")


def draw(rows, record):
    """The figure of all rows, a panel for each number of workers."""
    counts = sorted({int(row["workers"]) for row in rows})
    families = sorted({family(row) for row in rows})
    cases = list(dict.fromkeys(row["case"] for row in rows))
    numbers = {c: n for n, c in enumerate(cases, start=1)} if len(rows) <= MOST_NUMBERED else {}
    size = (PANEL[0] * len(counts) + (2.2 if numbers else 0), PANEL[1] + 0.8)
    figure, cells = plt.subplots(1, len(counts), figsize=size, squeeze=False, layout="constrained")
    title = f"Roofline: {record['environment']['cpuModel']}"
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    cells[0][0].set_ylabel("GFLOP/s")
    for cell, workers in zip(cells[0], counts, strict=True):
        some = [row for row in rows if int(row["workers"]) == workers]
        draw_panel(cell, some, record["limits"], workers, families, numbers)
    add_legends(figure, families, numbers)
    return figure


def add_legends(figure, families, numbers):
    """The families below the panels, the numbered cases beside them."""
    marks = [plt.Line2D([], [], label=name, **mark(n)) for n, name in enumerate(families)]
    figure.legend(handles=marks, loc="outside lower center", ncols=min(len(marks), 4))
    if numbers:
        lines = [
            plt.Line2D([], [], linestyle="none", label=f"{n}  {c}") for c, n in numbers.items()
        ]
        figure.legend(
            handles=lines, loc="outside right upper", fontsize=8, handlelength=0, handletextpad=0
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path, help="folder of a run or suite, or a measurements.csv")
    parser.add_argument("-o", "--output", type=Path, help="folder of the figure (default: RUN's)")
    arguments = parser.parse_args()
    rows = measured_rows(arguments.run)
    if not rows:
        raise SystemExit(f"{arguments.run} has no timed rows to draw")
    folder = arguments.run if arguments.run.is_dir() else arguments.run.parent
    figure = draw(rows, run_record(arguments.run))
    fig.save(figure, arguments.output or folder, "roofline")


if __name__ == "__main__":
    main()
