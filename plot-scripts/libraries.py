# SPDX-License-Identifier: Apache-2.0
"""Kernels against each other on the same cases: a heat map of problems × rivals."""

import math
from dataclasses import dataclass

import figure as fig
from figure import plt
from matplotlib.colors import LinearSegmentedColormap
from panels import setting_text
from runs import LAYER_CLASSES, layer_class, number
from trends import setting

# Blue where ours is faster, orange where it is slower: also told apart without red and green.
COLOURS = LinearSegmentedColormap.from_list("ours", [fig.ORANGE, "#f7f7f7", fig.BLUE])
# A factor from which the colour changes no more.
STRONGEST = 4.0
# Inches of a line of the map, and of what stands around it.
LINE, AROUND = 0.2, 2.0


@dataclass
class HeatMap:
    """The comparisons of one setting: lines by class and case, columns by rival."""

    setting: tuple
    rivals: list
    # (class, [(name of the line, {rival: row})])
    classes: list

    @property
    def rows(self):
        return [row for _, lines in self.classes for _, cells in lines for row in cells.values()]


def heat_maps(rows, cases):
    """A map for each setting. The class of a case is that of its row of measurements.csv."""
    rows = [turned(row) if row["comparison"] == "kernels" else row for row in rows]
    kinds = {row["case"]: layer_class(row) for row in cases}
    accuracy = {row["kernel"]: row["accuracy"] for row in cases if row["accuracy"]}
    for key in dict.fromkeys(setting(row) for row in rows):
        some = [row for row in rows if setting(row) == key]
        yield HeatMap(key, rivals_of(some, accuracy), classes_of(some, kinds))


def turned(row):
    """A comparison of the first kernel with another one, read from the other's side."""
    sides = {"faster": "slower", "slower": "faster"}
    found = dict(row, verdict=sides.get(row["verdict"], row["verdict"]))
    for name in ("case", "kernel", "time_ns"):
        one, other = f"baseline_{name}", f"contender_{name}"
        found[one], found[other] = row[other], row[one]
    for name, other in (("speedup", "speedup"), ("speedup_lo", "speedup_hi")):
        for one, two in {(name, other), (other, name)}:
            value = number(row[two])
            found[one] = f"{1 / value:.6g}" if value else ""
    return found


def rivals_of(rows, accuracy):
    """The rivals' kernels: first those that sum products, the most often measured first."""
    counts = {row["baseline_kernel"]: 0 for row in rows}
    for row in rows:
        counts[row["baseline_kernel"]] += row["status"] == "ok"
    return sorted(counts, key=lambda kernel: (accuracy.get(kernel) == "fast", -counts[kernel]))


def classes_of(rows, kinds):
    """The lines of a map; a case that several of our kernels computed has one for each."""
    lines = {}
    for row in rows:
        key = row["contender_case"], row["contender_kernel"]
        lines.setdefault(key, {})[row["baseline_kernel"]] = row
    kernels = {}
    for case, kernel in lines:
        kernels.setdefault(case, set()).add(kernel)
    classes = {}
    for (case, kernel), cells in lines.items():
        name = case if len(kernels[case]) == 1 else f"{case} ({kernel})"
        classes.setdefault(kinds.get(case, "cases"), []).append((name, cells))
    order = {name: place for place, name in enumerate(LAYER_CLASSES)}
    return sorted(classes.items(), key=lambda item: order.get(item[0], len(order)))


def tint(row):
    """The colour of a cell: none where nothing is decided or measured."""
    speedup = number(row["speedup"]) if row["status"] == "ok" else None
    if not speedup or row["verdict"] not in ("faster", "slower"):
        return None
    share = math.log(speedup) / math.log(STRONGEST)
    return COLOURS(0.5 + max(-1.0, min(1.0, share)) / 2)


def text_of(row):
    """What a cell says."""
    if row["status"] != "ok" or not number(row["speedup"]):
        # Words would not fit; wrong results must be seen.
        return {"unsupported": "–", "wrong": "✗", "failed": "✗"}.get(row["status"], "?")
    return fig.significant(number(row["speedup"]))


def parts(heat_map):
    """The map's classes in pages of about equal length; a class may go on on the next."""
    room = int((fig.TALLEST - AROUND) / LINE)
    flat = [(kind, line) for kind, lines in heat_map.classes for line in lines]
    count = -(-(len(flat) + len(heat_map.classes)) // room)
    share = -(-len(flat) // count)
    for start in range(0, len(flat), share):
        page = {}
        for kind, line in flat[start : start + share]:
            page.setdefault(kind, []).append(line)
        yield list(page.items())


def draw(rows, cases):
    """The pages of all maps."""
    figures, suite = [], rows[0]["suite"]
    maps = list(heat_maps(rows, cases))
    for heat_map in maps:
        pages = list(parts(heat_map))
        for page, classes in enumerate(pages, start=1):
            title = f"{suite}: time of each rival over ours"
            if len(maps) > 1:
                title += f", {setting_text(heat_map.setting)}"
            if len(pages) > 1:
                title += f", page {page} of {len(pages)}"
            figures.append(draw_page(heat_map.rivals, classes, title))
    return figures


def draw_page(rivals, classes, title):
    count = sum(len(lines) + 1 for _, lines in classes)
    size = (fig.WIDTH, min(count * LINE + AROUND, fig.TALLEST))
    figure, axes = plt.subplots(figsize=size, layout="constrained")
    fig.heading(figure, title)
    line, labels = 0, []
    for kind, lines in classes:
        axes.text(-0.45, line, kind, fontsize=7.5, fontweight="bold", va="center")
        line += 1
        for name, cells in lines:
            labels.append((line, name))
            for column, rival in enumerate(rivals):
                if rival in cells:
                    draw_cell(axes, column, line, cells[rival])
            line += 1
    dress(axes, rivals, labels, line)
    add_legend(figure)
    return figure


def draw_cell(axes, column, line, row):
    colour = tint(row)
    face = colour or ("white" if row["status"] == "ok" else "#efefef")
    box = plt.Rectangle(
        (column - 0.48, line - 0.46), 0.96, 0.92, facecolor=face, edgecolor="#cccccc",
        linewidth=0.4,
    )  # fmt: skip
    box.set_gid("cell")
    axes.add_patch(box)
    is_dark = colour is not None and abs(math.log2(number(row["speedup"]))) > 1.1
    shade = "white" if is_dark else fig.BLACK if colour else "#707070"
    style = {"fontsize": 6.5, "ha": "center", "va": "center", "color": shade}
    axes.text(column, line, text_of(row), **style)


def dress(axes, rivals, labels, lines):
    axes.set_xlim(-0.5, len(rivals) - 0.5)
    axes.set_ylim(lines - 0.5, -0.6)
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0)
    axes.xaxis.tick_top()
    axes.set_xticks(range(len(rivals)), rivals, rotation=35, ha="left", rotation_mode="anchor")
    axes.set_yticks([place for place, _ in labels], [name for _, name in labels])


def add_legend(figure):
    box = plt.Rectangle
    entries = [
        box((0, 0), 1, 1, facecolor=COLOURS(0.92), label="ours is faster"),
        box((0, 0), 1, 1, facecolor=COLOURS(0.08), label="ours is slower"),
        box((0, 0), 1, 1, facecolor="white", edgecolor="#cccccc", label="undecided or the same"),
        box((0, 0), 1, 1, facecolor="#efefef", label="– unsupported, ✗ wrong or failed, ? no time"),
    ]
    figure.legend(handles=entries, loc="outside lower left", ncols=2)
