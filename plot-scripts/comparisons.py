#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws what the arithmetic promises against what the clock shows, from any comparisons.csv.

    plot-scripts/comparisons.py FILE [-o FOLDER]    writes comparisons.png and comparisons.svg

The promise is 1 / mac_ratio, the measurement the speedup with its 95 % interval. Comparisons along
an axis (the columns after `reason`) are drawn over that axis, others one below the other.
"""

import argparse
from pathlib import Path

import figure as fig
from figure import plt
from panels import panels

PROMISED = {"marker": "D", "markersize": 7, "markerfacecolor": "none", "color": fig.BLACK}
INTERVAL = {"capsize": 3, "linestyle": "none", "markersize": 5.5}
# Panels side by side, and inches: a panel, a row of dots, a line of a heading.
COLUMNS, PANEL, ROW, HEAD = 3, (3.9, 3.0), 0.36, 1.1


def draw_measured(axes, points, colour, marker, is_horizontal):
    """The measured speedups of one series; hollow where the verdict is open."""
    for is_open in (False, True):
        some = [p for p in points if p.measured and p.is_open == is_open]
        if not some:
            continue
        values = [p.measured for p in some]
        low = [p.measured - (p.low or p.measured) for p in some]
        high = [(p.high or p.measured) - p.measured for p in some]
        places = [p.place for p in some]
        x, y = (values, places) if is_horizontal else (places, values)
        errors = {"xerr" if is_horizontal else "yerr": [low, high]}
        face = "white" if is_open else colour
        style = INTERVAL | {"marker": marker, "color": colour, "markerfacecolor": face}
        axes.errorbar(x, y, **errors, **style, zorder=3)


def is_missing(point, series):
    """Whether a cross stands for the point: among many kernels, some are always unsupported."""
    return not point.measured and not (len(series) > 1 and point.status == "unsupported")


def draw_missing(axes, points, series, is_horizontal):
    """Rows without a measurement: a cross on the line of no change, and why."""
    for p in points:
        if not is_missing(p, series):
            continue
        x, y = (1, p.place) if is_horizontal else (p.place, 1)
        axes.plot(x, y, marker="x", markersize=8, markeredgewidth=1.8, color=fig.ORANGE, zorder=4)
        if len(series) > 1:
            continue  # No room for words; the legend says what a cross is.
        offset, side = ((7, 0), "left") if is_horizontal else ((0, 7), "center")
        axes.annotate(
            p.status if p.status != "ok" else "not measured",
            (x, y),
            offset,
            textcoords="offset points",
            ha=side,
            va="center" if is_horizontal else "bottom",
            fontsize=7.5,
            color=fig.ORANGE,
            rotation=0 if is_horizontal else 90,
        )


def draw_panel(axes, points, is_horizontal):
    """Promise and measurements of a panel, around the line of no change."""
    line = axes.axvline if is_horizontal else axes.axhline
    line(1, color=fig.GREY, linewidth=1, zorder=1)
    series = sorted({p.series for p in points})
    promised = sorted({(p.row, p.promised) for p in points if p.promised})
    places, values = [place for place, _ in promised], [value for _, value in promised]
    if is_horizontal:
        for p in points:
            # The gap to the promise; with several kernels a row, lines would hide the marks.
            if p.promised and p.measured and len(series) == 1:
                axes.hlines(p.place, p.promised, p.measured, fig.GREY, linewidth=0.8, zorder=1)
        axes.plot(values, places, linestyle="none", **PROMISED)
    else:
        axes.plot(places, values, linestyle=":", linewidth=1, **PROMISED)
    for place, name in enumerate(series):
        some = [p for p in points if p.series == name]
        colour, marker = fig.COLOURS[place % 6], fig.MARKERS[place % 10]
        draw_measured(axes, some, colour, marker, is_horizontal)
    draw_missing(axes, points, series, is_horizontal)


def scale(axis, values):
    """A log₂ axis over all values, labelled with factors."""
    name, margin = axis.axis_name, (max(values) / min(values)) ** 0.06
    getattr(axis.axes, f"set_{name}scale")("log", base=2)
    getattr(axis.axes, f"set_{name}lim")(min(values) / margin, max(values) * margin)
    axis.set_major_locator(plt.FixedLocator(fig.factor_ticks(min(values), max(values))))
    axis.set_major_formatter(plt.FuncFormatter(fig.times))
    axis.set_minor_locator(plt.NullLocator())


def values_of(points):
    """Everything that the scale must hold; 1 is always there."""
    found = [v for p in points for v in (p.promised, p.measured, p.low, p.high) if v]
    return [*found, 1.0]


def draw_over_axis(cell, panel, values):
    """A curve over the axis."""
    title, name, points = panel
    draw_panel(cell, points, is_horizontal=False)
    scale(cell.yaxis, values)
    places = sorted({p.place for p in points})
    if places[-1] / places[0] >= 8:
        cell.set_xscale("log", base=2)
        cell.xaxis.set_minor_locator(plt.NullLocator())
    cell.set_xticks(places, [f"{place:g}" for place in places])
    cell.margins(x=0.08)
    cell.set_xlabel(name.replace("_", " "))
    cell.set_title(title)


def draw_rows(cell, panel, values):
    """Comparisons one below the other."""
    title, _, points = panel
    names = list(dict.fromkeys(p.label for p in points))
    place = {name: row for row, name in enumerate(reversed(names))}
    series = sorted({p.series for p in points})
    for p in points:
        # Kernels of one comparison stand a little apart, the promise on the row itself.
        shift = (series.index(p.series) - (len(series) - 1) / 2) * 0.7 / len(series)
        p.row = place[p.label]
        p.place = p.row - shift
    draw_panel(cell, points, is_horizontal=True)
    scale(cell.xaxis, values)
    cell.set_yticks(list(place.values()), list(place))
    cell.set_ylim(-0.6, len(names) - 0.4)
    cell.grid(False, axis="y")
    cell.set_xlabel("speedup of the contender (log scale)")
    cell.set_title(title)


def legend_entries(all_points):
    """One entry per kind of mark that occurs."""
    line = plt.Line2D
    entries = [line([], [], linestyle="none", label="promised: 1 / MAC ratio", **PROMISED)]
    series = sorted({p.series for p in all_points})
    for place, name in enumerate(series):
        style = {"marker": fig.MARKERS[place % 10], "color": fig.COLOURS[place % 6]}
        text = f"measured: {name}" if name else "measured, 95 % interval"
        entries.append(line([], [], linestyle="-", markersize=5.5, label=text, **style))
    if any(p.measured and p.is_open for p in all_points):
        style = {"marker": "o", "markerfacecolor": "white", "color": fig.BLUE, "linestyle": "-"}
        entries.append(line([], [], label="inconclusive", **style))
    if any(is_missing(p, series) for p in all_points):
        style = {"marker": "x", "color": fig.ORANGE, "linestyle": "none", "markeredgewidth": 1.8}
        entries.append(line([], [], label="not measured", **style))
    return entries


def row_height(points):
    """Inches of a row: more where many kernels share it."""
    return max(ROW, 0.07 * len({p.series for p in points}))


def draw(rows, title):
    """The figure of all rows."""
    found = list(panels(rows))
    curves = [panel for panel in found if panel[1]]
    lists = [panel for panel in found if not panel[1]]
    columns = 2 if len(curves) == 4 else min(COLUMNS, max(len(curves), 1))
    heights = [PANEL[1]] * -(-len(curves) // columns)
    heights += [HEAD + row_height(points) * len({p.label for p in points}) for *_, points in lists]
    width = PANEL[0] * columns if curves else 6.5
    figure = plt.figure(figsize=(max(width, 6.5), sum(heights) + 0.7), layout="constrained")
    grid = figure.add_gridspec(len(heights), columns, height_ratios=heights)
    values = [value for panel in found for value in values_of(panel[2])]
    for place, panel in enumerate(curves):
        cell = figure.add_subplot(grid[place // columns, place % columns])
        draw_over_axis(cell, panel, values)
        if place % columns == 0:
            cell.set_ylabel("speedup of the contender (log scale)")
    for place, panel in enumerate(lists):
        draw_rows(figure.add_subplot(grid[len(heights) - len(lists) + place, :]), panel, values)
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    entries = legend_entries([p for panel in found for p in panel[2]])
    figure.legend(handles=entries, loc="outside lower center", ncols=min(len(entries), 4))
    return figure


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, help="a comparisons.csv")
    parser.add_argument("-o", "--output", type=Path, help="folder of the figure (default: FILE's)")
    arguments = parser.parse_args()
    rows = fig.rows_of(arguments.file)
    if not rows:
        raise SystemExit(f"{arguments.file} has no rows to draw")
    suites = ", ".join(dict.fromkeys(row["suite"] for row in rows))
    figure = draw(rows, f"{suites}: promised and measured speedup")
    fig.save(figure, arguments.output or arguments.file.parent, "comparisons")


if __name__ == "__main__":
    main()
