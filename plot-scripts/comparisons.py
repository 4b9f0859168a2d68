#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws what the arithmetic promises against what the clock shows, from any comparisons.csv.

    plot-scripts/comparisons.py FILE [-o FOLDER]    writes comparisons.png, .svg and .pdf

The promise is 1 / mac_ratio, the measurement the speedup with its 95 % interval. Comparisons along
an axis are curves over it, the axis chosen as the answers choose it; others stand one below the
other, and kernels against each other on the same cases make a heat map. Where there is much, pages
follow: comparisons-2.png and so on.
"""

import argparse
import itertools
from pathlib import Path

import figure as fig
import libraries
import panels as data
from figure import plt
from runs import RunError, compared_rows

PROMISED = {"marker": "D", "markersize": 5.5, "markerfacecolor": "none", "linewidth": 1}
INTERVAL = {"capsize": 2.5, "markersize": 4.5, "elinewidth": 1.1}
# Inches: a row of dots, a list's title and scale, and what stands above and below all panels.
ROW, LIST, HEAD, FOOT = 0.2, 0.5, 0.7, 0.8
# Heights of a panel, by how many of them stand side by side.
PANEL_HEIGHTS = {1: 3.6, 2: 2.7, 3: 2.0}
# Where a kernel's letter may stand beside its point.
SIDES = ((7, -6), (-7, 6), (7, 6), (-7, -6), (0, -10), (0, 10), (12, 0), (-12, 0))


def draw_measured(axes, points, colour, marker, is_horizontal):
    """The measured speedups of one series; hollow where the verdict is open."""
    for is_open in (False, True):
        some = [p for p in points if p.measured and p.is_open == is_open]
        if not some:
            continue
        values = [p.measured for p in some]
        low = [max(p.measured - (p.low or p.measured), 0) for p in some]
        high = [max((p.high or p.measured) - p.measured, 0) for p in some]
        places = [p.at for p in some]
        x, y = (values, places) if is_horizontal else (places, values)
        errors = {"xerr" if is_horizontal else "yerr": [low, high]}
        style = INTERVAL | {"marker": marker, "color": colour, "linestyle": "none"}
        style["markerfacecolor"] = "white" if is_open else colour
        axes.errorbar(x, y, **errors, **style, zorder=3)


def draw_missing(axes, points, is_horizontal):
    """Rows without a measurement: a cross on the line of no change."""
    for p in points:
        if not p.measured:
            x, y = (1, p.at) if is_horizontal else (p.at, 1)
            axes.plot(x, y, **missing_mark(), zorder=4)


def missing_mark():
    return {
        "marker": "x", "markersize": 6, "markeredgewidth": 1.6, "color": fig.ORANGE,
        "linestyle": "none",
    }  # fmt: skip


def draw_promise(axes, panel, is_horizontal):
    """The promise: dashed along an axis; once where all series were promised the same."""
    if not panel.promises:
        return
    drawn = set()
    for number, series in enumerate(panel.series):
        points = [(p.place, p.promised) for p in series.points if p.promised]
        if not points or tuple(points) in drawn:
            continue
        drawn.add(tuple(points))
        places, values = zip(*points, strict=True)
        one = {tuple((p.place, p.promised) for p in s.points) for s in panel.series}
        colour = fig.BLACK if is_horizontal or len(one) == 1 else fig.COLOURS[number % 6]
        style = PROMISED | {"color": colour, "zorder": 2}
        if is_horizontal:
            axes.plot(values, places, linestyle="none", **style)
        else:
            axes.plot(places, values, linestyle="--", **style)


def draw_panel(axes, panel, names):
    """Promise and measurements of a panel, around the line of no change."""
    is_horizontal = panel.axis is None
    (axes.axvline if is_horizontal else axes.axhline)(1, color=fig.GREY, linewidth=1, zorder=1)
    if is_horizontal and panel.promises:
        for p in panel.points:
            if p.promised and p.measured:
                ends = [p.promised, p.measured], [p.place, p.at]
                axes.plot(*ends, color=fig.GREY, linewidth=0.8, zorder=1)
    draw_promise(axes, panel, is_horizontal)
    for series in panel.series:
        colour, marker = look(names.index(series.name))
        if not is_horizontal:
            measured = [p for p in series.points if p.measured]
            axes.plot(
                [p.place for p in measured], [p.measured for p in measured],
                color=colour, linewidth=1, zorder=2,
            )  # fmt: skip
        draw_measured(axes, series.points, colour, marker, is_horizontal)
        draw_missing(axes, series.points, is_horizontal)


def look(number):
    return fig.COLOURS[number % 6], fig.MARKERS[number % 10]


def values_of(panels):
    """Everything that the scale must hold; 1 is always there."""
    points = [point for panel in panels for point in panel.points]
    return [1.0, *(v for p in points for v in (p.promised, p.measured, p.low, p.high) if v)]


def draw_curves(cell, panel, names, values):
    """Curves over an axis."""
    draw_panel(cell, panel, names)
    fig.factor_scale(cell.yaxis, values)
    places = sorted({point.place for point in panel.points})
    if places[-1] / places[0] >= 8:
        cell.set_xscale("log", base=2)
        cell.xaxis.set_minor_locator(plt.NullLocator())
    cell.set_xticks(places, [fig.significant(place, 6) for place in places])
    cell.margins(x=0.09)
    cell.set_xlabel(panel.axis.replace("_", " "))
    cell.set_title(panel.title)


def draw_rows(cell, panel, names, values):
    """Comparisons one below the other."""
    draw_panel(cell, panel, names)
    fig.factor_scale(cell.xaxis, values)
    labels = {p.place: p.label for p in panel.points}
    cell.set_yticks(list(labels), list(labels.values()))
    places = list(labels)
    cell.set_ylim(min(places) - 0.6, max(places) + 0.6)
    cell.grid(False, axis="y")
    cell.set_title(panel.title)


def mark_kernels(cells, letters, names):
    """Writes the kernel's letter at a curve's first point and wherever it becomes another."""
    for cell, panel in cells:
        if not panel.axis or not letters:
            continue
        taken = []
        for series in panel.series:
            for name in ("measured", "promised"):
                line = [(p.place, getattr(p, name)) for p in series.points if getattr(p, name)]
                taken += along([tuple(cell.transData.transform(at)) for at in line])
        said = set()
        for series in panel.series:
            before = None
            for point in series.points if series.changes else ():
                if point.measured and point.kernel != before:
                    before = point.kernel
                    # More workers mostly mean the same kernels: once is enough.
                    if (point.place, before) not in said:
                        place_letter(cell, letters[before], point, taken, names, series)
                    said.add((point.place, before))


def along(points):
    """Places on the lines between points, close enough to keep a letter off them."""
    found = points[-1:]
    for (x, y), (u, v) in itertools.pairwise(points):
        found += [(x + (u - x) * step / 12, y + (v - y) * step / 12) for step in range(12)]
    return found


def place_letter(cell, letter, point, taken, names, series):
    """On the first side on which no point and no other letter stands, inside the panel."""
    x, y = cell.transData.transform((point.place, point.measured))
    scale = cell.figure.dpi / 72
    box = cell.get_window_extent()

    def room(side):
        at = x + side[0] * scale, y + side[1] * scale
        inside = box.x0 + 3 < at[0] < box.x1 - 3 and box.y0 + 5 < at[1] < box.y1 - 5
        others = [max(abs(at[0] - a) / 9, abs(at[1] - b) / 9) for a, b in taken if (a, b) != (x, y)]
        return (inside, min(others, default=9) >= 1, min(others, default=9))

    side = next((s for s in SIDES if room(s)[:2] == (True, True)), None) or max(SIDES, key=room)
    taken.append((x + side[0] * scale, y + side[1] * scale))
    cell.annotate(
        letter, (point.place, point.measured), side, textcoords="offset points", ha="center",
        va="center", fontsize=7, fontstyle="italic", color=look(names.index(series.name))[0],
        zorder=5,
    ).set_in_layout(False)  # fmt: skip


def legend_entries(panels, names):
    """One entry per kind of mark that occurs."""
    line, points = plt.Line2D, [point for panel in panels for point in panel.points]
    entries = []
    if any(panel.promises for panel in panels):
        style = "--" if any(panel.axis for panel in panels) else "none"
        label = "promised: 1 / MAC ratio"
        entries.append(line([], [], linestyle=style, color=fig.BLACK, label=label, **PROMISED))
    for number, name in enumerate(names):
        colour, marker = look(number)
        text = f"measured: {name}" if name else "measured, 95 % interval"
        style = {"marker": marker, "color": colour, "markersize": 5}
        entries.append(line([], [], linestyle="-", label=text, **style))
    if any(p.measured and p.is_open for p in points):
        style = {"marker": "o", "markerfacecolor": "white", "color": fig.BLUE, "linestyle": "-"}
        entries.append(line([], [], label="undecided", markersize=5, **style))
    if missing := {p.row["status"] for p in points if not p.measured}:
        reasons = ", ".join(sorted(missing - {"ok"})) or "no time"
        entries.append(line([], [], label=f"not measured: {reasons}", **missing_mark()))
    return entries


def columns_for(count):
    """How many panels of curves stand side by side."""
    return 1 if count == 1 else 2 if count <= 6 and count != 3 else 3


def pages(panels):
    """Panels in pages: at most so many, and none taller than a page."""
    curves = [panel for panel in panels if panel.axis]
    count = -(-len(curves) // fig.MOST_PANELS)
    size = -(-len(curves) // count) if count else 1
    found = [curves[place : place + size] for place in range(0, len(curves), size)]
    for panel in panels:
        for part in [] if panel.axis else shares_of(panel):
            if found and fits(found[-1], part):
                found[-1].append(part)
            else:
                found.append([part])
    return found


def shares_of(panel):
    """A list in parts that each fit on a page."""
    room = int((fig.TALLEST - HEAD - FOOT - LIST) / row_height(panel))
    count = len({p.place for p in panel.points})
    share = -(-count // -(-count // room))
    for start in range(0, count, share):
        places = range(start, start + share)
        yield data.Panel(
            panel.title,
            None,
            [
                data.Series(one.name, [p for p in one.points if -p.place in places])
                for one in panel.series
                if any(-p.place in places for p in one.points)
            ],
        )


def heights_of(page):
    """Inches of the rows of curves and of each list, and how many curves stand side by side."""
    curves = sum(1 for panel in page if panel.axis)
    columns = columns_for(curves) if curves else 1
    heights = [PANEL_HEIGHTS[columns]] * -(-curves // columns)
    lists = [
        LIST + row_height(p) * len({point.place for point in p.points}) for p in page if not p.axis
    ]
    return heights, lists, columns


def row_height(panel):
    """Inches of a line, by how many marks stand on it."""
    marks = len({point.offset for point in panel.points})
    return ROW * max(1, 0.5 + 0.3 * marks)


def fits(page, part):
    return (
        len(page) < fig.MOST_PANELS
        and HEAD + FOOT + sum(map(sum, heights_of([*page, part])[:2])) <= fig.TALLEST
    )


def draw_page(panels, title):
    """One page: curves above, lists below, each with margins of their own."""
    tall, low, columns = heights_of(panels)
    names = list(dict.fromkeys(series.name for panel in panels for series in panel.series))
    size = (fig.WIDTH, min(HEAD + sum(tall) + sum(low) + FOOT, fig.TALLEST))
    figure = plt.figure(figsize=size, layout="constrained")
    figure.get_layout_engine().set(w_pad=0.06, h_pad=0.05)
    ratios = [sum(heights) for heights in (tall, low) if heights]
    parts = figure.subfigures(len(ratios), 1, height_ratios=ratios, squeeze=False)[:, 0]
    values, cells = values_of(panels), []
    if tall:
        grid = parts[0].add_gridspec(len(tall), columns)
        for place, panel in enumerate(p for p in panels if p.axis):
            cell = parts[0].add_subplot(grid[place // columns, place % columns])
            draw_curves(cell, panel, names, values)
            cells.append((cell, panel))
        parts[0].supylabel("speedup of the contender (log scale)", fontsize=8)
    if low:
        grid = parts[-1].add_gridspec(len(low), 1, height_ratios=low)
        for place, panel in enumerate(p for p in panels if not p.axis):
            cell = parts[-1].add_subplot(grid[place, 0])
            draw_rows(cell, panel, names, values)
            cells.append((cell, panel))
        cells[-1][0].set_xlabel("speedup of the contender (log scale)")
    fig.heading(figure, title)
    add_legends(figure, panels, names, cells)
    return figure


def add_legends(figure, panels, names, cells):
    """What the marks mean, then which kernel a letter is."""
    letters = data.kernel_letters(panels)
    entries = legend_entries(panels, names)
    blank = {"linestyle": "none", "marker": ""}
    entries += [
        plt.Line2D([], [], label=f"{letter}  {k}", **blank) for k, letter in letters.items()
    ]
    fig.add_legend(figure, entries, most=4)
    figure.draw_without_rendering()
    mark_kernels(cells, letters, names)


def draw(rows, title, cases=()):
    """The pages of one suite's rows; `cases` are the rows of its measurements.csv."""
    if data.is_of_libraries(rows):
        return libraries.draw(rows, cases)
    found = pages(list(data.panels(rows)))
    numbered = [f"{title}, page {n} of {len(found)}" for n in range(1, len(found) + 1)]
    titles = [title] if len(found) == 1 else numbered
    return [draw_page(page, text) for page, text in zip(found, titles, strict=True)]


def figures_of(file):
    """The figures of a comparisons.csv."""
    rows = compared_rows(file)
    if not rows:
        raise RunError(f"{file} has no rows to draw")
    cases = file.parent / "measurements.csv"
    return [
        figure
        for suite in dict.fromkeys(row["suite"] for row in rows)
        for figure in draw(
            [row for row in rows if row["suite"] == suite],
            f"{suite}: promised and measured speedup",
            compared_rows(cases) if cases.is_file() else (),
        )
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, help="a comparisons.csv")
    parser.add_argument("-o", "--output", type=Path, help="folder of the figure (default: FILE's)")
    arguments = parser.parse_args()
    try:
        figures = figures_of(arguments.file)
    except RunError as error:
        raise SystemExit(str(error)) from error
    fig.save(figures, arguments.output or arguments.file.parent, "comparisons")


if __name__ == "__main__":
    main()
