#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws where the cases of a run stand under the machine's roofs.

    plot-scripts/roofline.py RUN [-o FOLDER]    writes roofline.png, .svg and .pdf

RUN is the folder of a run, of one of its suites, or a measurements.csv; the roofs are those that
the run measured and wrote into its run.json. A run of several suites has a panel for each, on as
many pages as it takes; where there are few points they are numbered.
"""

import argparse
import math
from dataclasses import dataclass
from pathlib import Path

import figure as fig
from figure import plt
from runs import RunError, measured_rows, number, record_of

# Points are numbered where they are at most this many; a list beside the panel names the cases.
MOST_NUMBERED = 36
# Inches of a panel: one or two, or many, side by side; and what stands around them.
ALONE, SMALL, AROUND = (5.2, 3.9), 2.05, 1.1
LEVEL_LINES = ("-", "--", "-.", ":")


@dataclass
class Place:
    """One measurement: its intensity, its rate, and what it is."""

    row: dict

    def __post_init__(self):
        self.at = number(self.row["flop_per_byte"]), number(self.row["gflop_per_s"])
        self.workers = int(self.row["workers"])

    @property
    def is_shown(self):
        return self.row["status"] == "ok" and all(value and value > 0 for value in self.at)


def places_of(path):
    """The timed rows that have a place in the figure."""
    places = [Place(row) for row in measured_rows(path)]
    return [place for place in places if place.is_shown]


def family(row):
    """The algorithm, which is the first part of the kernel's id; those of a chain together."""
    # An id has at least two parts, so `reorder` of `onednn/any+reorder` is none.
    ids = [part for part in row["kernel"].split("+") if "/" in part] or [row["kernel"]]
    return "+".join(dict.fromkeys(one.split("/")[0] for one in ids))


def arithmetic(instruction_set, data_type):
    """How a peak is named: f32, the usual type, goes without saying."""
    usual = data_type in (None, "", "f32")
    return instruction_set if usual else f"{instruction_set} {data_type}"


def roofs(limits, workers, places):
    """Peaks by arithmetic and bandwidths by level for a number of workers.

    Of the peaks only those of what computed a row in `places`, the highest of f32, and scalar code.
    """
    peaks, floats = {}, {}
    for peak in limits.get("peaks", []):
        if peak["workers"] == workers:
            name = arithmetic(peak["instructionSet"], peak.get("dataType"))
            peaks[name] = peak["gflopPerSecond"]
            if not peak.get("dataType"):
                floats[name] = peak["gflopPerSecond"]
    used = {arithmetic(place.row["isa"], place.row.get("dt")) for place in places}
    used |= {"scalar", max(floats, key=floats.get, default=None)}
    shown = {name: peak for name, peak in peaks.items() if name in used}
    levels = {
        level["level"]: level["readGBPerSecond"]
        for level in limits.get("bandwidths", [])
        if level["workers"] == workers
    }
    return shown, levels


def frame_of(places, peaks, levels):
    """(lowest and highest intensity, lowest and highest rate) that a panel shows."""
    top = max(peaks.values())
    at = [top / bandwidth for bandwidth in levels.values()] + [p.at[0] for p in places]
    low, high = min(at) / 2, max(at) * 2
    rates = [p.at[1] for p in places]
    floor = min([*rates, *(low * bandwidth for bandwidth in levels.values())])
    # Variants that transform first pass the peak, for all taps count.
    return low, high, floor / 1.3, max([top, *rates]) * 1.7


def draw_roofs(axes, peaks, levels, frame):
    """A level line per instruction set, a rising one per memory level."""
    low, high, *_ = frame
    top = max(peaks.values())
    for peak in peaks.values():
        start = max(low, peak / max(levels.values(), default=peak / low))
        axes.plot([start, high], [peak, peak], color=fig.BLACK, linewidth=1.2, zorder=2)
    for place, bandwidth in enumerate(levels.values()):
        ridge = min(top / bandwidth, high)
        style = {"color": fig.GREY, "linewidth": 1.1, "linestyle": LEVEL_LINES[place % 4]}
        axes.plot([low, ridge], [low * bandwidth, ridge * bandwidth], **style)


def name_roofs(axes, peaks, levels, frame, taken):
    """Writes at each roof what it is, on the side of its line where nothing else stands."""
    low, high, *_ = frame
    for name, peak in sorted(peaks.items(), key=lambda item: -item[1]):
        text = f"{name} FMA peak {peak:.0f} GFLOP/s"
        style = {"ha": "right", "fontsize": 7, "xytext": (-2, 2), "textcoords": "offset points"}
        write(axes, taken, text, (high, peak), [style | {"va": "bottom"}, BELOW | style | UNDER])
    for name, bandwidth in levels.items():
        text = f"{name} {bandwidth:.0f} GB/s"
        turned = {
            "rotation": slope(axes, low, bandwidth), "rotation_mode": "anchor", "fontsize": 7,
            "color": "#555555", "textcoords": "offset points",
        }  # fmt: skip
        for shift in (1.25, 1.7, 2.3, 3.1):
            at = (low * shift, bandwidth * low * shift)
            sides = [
                turned | {"va": "baseline", "xytext": (-1, 2)},
                turned | {"va": "top", "xytext": (2, -1)},
            ]
            if write(axes, taken, text, at, sides):
                break


def slope(axes, low, bandwidth):
    """How steep a level's line is in the picture, in degrees."""
    (x, y), (u, v) = (axes.transData.transform((at, at * bandwidth)) for at in (low, 2 * low))
    return math.degrees(math.atan2(v - y, u - x))


BELOW, UNDER = {"va": "top"}, {"va": "top", "xytext": (-2, -2)}


def write(axes, taken, text, at, styles):
    """Writes the text in the first style in which it covers no other; else not at all."""
    for style in styles:
        written = axes.annotate(text, at, zorder=4, **style)
        written.set_in_layout(False)
        outline = fig.corners(written, margin=1)
        box = outline.get_extents()
        panel = axes.get_window_extent()
        inside = panel.x0 <= box.x0 and box.x1 <= panel.x1 and panel.y0 <= box.y0
        if inside and not any(
            box.overlaps(other.get_extents()) and outline.intersects_path(other, filled=True)
            for other in taken
        ):
            taken.append(outline)
            return True
        written.remove()
    return False


def number_points(axes, places, numbers, taken):
    """Beside each point the number of its case; with a line to it where it stands farther off."""
    points = [axes.transData.transform(place.at) for place in places]
    for place, (x, y) in zip(places, points, strict=True):
        # A point is taken, too, but not for its own number.
        others = [dot(u, v) for u, v in points if (u, v) != (x, y)]
        text = str(numbers[place.row["case"]])
        styles = [
            {
                "xytext": (step * math.cos(turn), step * math.sin(turn)), "ha": "center",
                "va": "center", "textcoords": "offset points", "fontsize": 6.5,
                "arrowprops": {"arrowstyle": "-", "linewidth": 0.4, "color": fig.GREY}
                if step > 9 else None,
            }
            for step in (7, 9, 13, 18, 24, 31, 39)
            for turn in (0.4, 2.7, -0.4, 3.6, 1.57, -1.57, 0.9, 2.2, -0.9, -2.2)
        ]  # fmt: skip
        taken_here = taken + others
        if write(axes, taken_here, text, place.at, styles):
            taken.append(taken_here[-1])


def dot(x, y, half=4):
    """The outline of a point."""
    corners = [
        (x - half, y - half),
        (x + half, y - half),
        (x + half, y + half),
        (x - half, y + half),
    ]
    return fig.Outline([*corners, corners[0]], closed=True)


def mark(place, is_small=False):
    """How the points of the family at this place look."""
    return {
        "marker": fig.MARKERS[place % 10],
        "color": fig.COLOURS[place % 6],
        "markeredgecolor": "white",
        "markeredgewidth": 0.4 if is_small else 0.6,
        "markersize": 4.2 if is_small else 6,
        "linestyle": "none",
    }


@dataclass
class Panel:
    """The measurements of one suite on one number of workers."""

    title: str
    workers: int
    places: list


def panels_of(places):
    """A panel for each suite and number of workers."""
    found = {}
    for place in places:
        found.setdefault((place.row["suite"], place.workers), []).append(place)
    many_suites = len({suite for suite, _ in found}) > 1
    for (suite, workers), some in sorted(found.items()):
        words = "1 worker" if workers == 1 else f"{workers} workers"
        title = f"{suite}, {words}" if many_suites else words
        yield Panel(title, workers, some)


def draw_panel(axes, panel, limits, families, frame):
    """The roofs and points of a panel."""
    peaks, levels = roofs(limits, panel.workers, panel.places)
    draw_roofs(axes, peaks, levels, frame)
    for name in sorted({family(p.row) for p in panel.places}):
        some = [p.at for p in panel.places if family(p.row) == name]
        style = mark(families.index(name), len(panel.places) > MOST_NUMBERED)
        axes.plot(*zip(*some, strict=True), **style, zorder=3)
    for axis, limit in (("x", frame[:2]), ("y", frame[2:])):
        getattr(axes, f"set_{axis}scale")("log", base=2)
        getattr(axes, f"set_{axis}lim")(*limit)
        line = getattr(axes, f"{axis}axis")
        line.set_major_formatter(plt.FuncFormatter(lambda v, _: fig.significant(v, 4)))
        line.set_minor_locator(plt.NullLocator())
    axes.set_title(panel.title)


def frame_of_all(panels, limits):
    """The frame that holds all panels, so that they can be compared."""
    frames = []
    for panel in panels:
        peaks, levels = roofs(limits, panel.workers, panel.places)
        if not peaks:
            raise RunError(f"run.json has no FMA peak for {panel.workers} workers")
        frames.append(frame_of(panel.places, peaks, levels))
    lows, highs, floors, tops = zip(*frames, strict=True)
    return min(lows), max(highs), min(floors), max(tops)


def draw_alone(panel, record, families):
    """A page for one panel: roofs named, points numbered where they are few."""
    cases = list(dict.fromkeys(place.row["case"] for place in panel.places))
    is_numbered = len(panel.places) <= MOST_NUMBERED
    numbers = {case: n for n, case in enumerate(cases, start=1)} if is_numbered else {}
    height = max(ALONE[1], 0.155 * len(numbers)) + AROUND
    figure = plt.figure(figsize=(fig.WIDTH, min(height, fig.TALLEST)), layout="constrained")
    axes = figure.add_subplot()
    limits = record["limits"]
    frame = frame_of_all([panel], limits)
    draw_panel(axes, panel, limits, families, frame)
    axes.set_ylabel("GFLOP/s")
    axes.set_xlabel("arithmetic intensity, FLOP per byte of compulsory traffic")
    add_families(figure, families)
    if numbers:
        add_numbers(figure, numbers)
    return figure, lambda: name_all(axes, panel, limits, frame, numbers)


def name_all(axes, panel, limits, frame, numbers):
    """What can be placed only when the panel has its size."""
    taken = []
    peaks, levels = roofs(limits, panel.workers, panel.places)
    name_roofs(axes, peaks, levels, frame, taken)
    if numbers:
        number_points(axes, panel.places, numbers, taken)


def draw_many(panels, record, families):
    """A page of small panels; a legend names the roofs."""
    columns = 2 if len(panels) <= 4 else 3
    rows = -(-len(panels) // columns)
    height = min(rows * SMALL + AROUND + 0.3, fig.TALLEST)
    figure = plt.figure(figsize=(fig.WIDTH, height), layout="constrained")
    frame = frame_of_all(panels, record["limits"])
    for place, panel in enumerate(panels, start=1):
        axes = figure.add_subplot(rows, columns, place)
        draw_panel(axes, panel, record["limits"], families, frame)
        if place + columns > len(panels):
            axes.set_xlabel("FLOP per byte of compulsory traffic")
    figure.supylabel("GFLOP/s", fontsize=8)
    add_families(figure, families, roof_entries(panels, record["limits"]))
    return figure


def roof_entries(panels, limits):
    """What the lines are, for each number of workers that occurs."""
    entries = []
    for workers in sorted({panel.workers for panel in panels}):
        some = [place for panel in panels for place in panel.places]
        peaks, levels = roofs(limits, workers, some)
        text = ", ".join(f"{name} {peak:.0f}" for name, peak in peaks.items())
        words = "1 worker" if workers == 1 else f"{workers} workers"
        entries.append(plt.Line2D([], [], color=fig.BLACK, label=f"{words}, GFLOP/s: {text}"))
        for place, (name, bandwidth) in enumerate(levels.items()):
            style = {"color": fig.GREY, "linestyle": LEVEL_LINES[place % 4]}
            entries.append(plt.Line2D([], [], label=f"{name} {bandwidth:.0f} GB/s", **style))
    return entries


def add_families(figure, families, more=()):
    marks = [plt.Line2D([], [], label=name, **mark(n)) for n, name in enumerate(families)]
    fig.add_legend(figure, [*marks, *more])


def add_numbers(figure, numbers):
    """The numbered cases beside the panel; long names are cut."""
    lines = [
        plt.Line2D([], [], linestyle="none", label=f"{n}  {fig.shortened(case, 44)}")
        for case, n in numbers.items()
    ]  # fmt: skip
    style = {"fontsize": 6.5, "handlelength": 0, "handletextpad": 0, "labelspacing": 0.35}
    figure.legend(handles=lines, loc="outside right upper", **style)


def draw(places, record):
    """The pages of a run."""
    panels = list(panels_of(places))
    families = sorted({family(place.row) for place in places})
    model = record.get("environment", {}).get("cpuModel", "")
    title = f"Roofline: {model}" if model else "Roofline"
    if len(panels) <= 2:
        suite = places[0].row["suite"]
        drawn = [draw_alone(panel, record, families) for panel in panels]
        for (figure, name), panel in zip(drawn, panels, strict=True):
            fig.heading(
                figure, f"{title}, {suite}, {panel.title}".replace(f"{suite}, {suite}", suite)
            )
            figure.draw_without_rendering()
            name()
        return [figure for figure, _ in drawn]
    count = -(-len(panels) // fig.MOST_PANELS)
    share = -(-len(panels) // count)
    figures = []
    for start in range(0, len(panels), share):
        some = panels[start : start + share]
        shown = {family(p.row) for panel in some for p in panel.places}
        figures.append(draw_many(some, record, [f for f in families if f in shown]))
        page = f", page {len(figures)} of {count}" if count > 1 else ""
        fig.heading(figures[-1], title + page)
    return figures


def figures_of(path):
    """The figures of a run, a suite or a file."""
    places = places_of(path)
    if not places:
        raise RunError(f"{path} has no timed rows to draw")
    return draw(places, record_of(path))


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
    fig.save(figures, arguments.output or folder, "roofline")


if __name__ == "__main__":
    main()
