# SPDX-License-Identifier: Apache-2.0
"""What all figures share: their looks, their files, and how a number is said."""

import environment  # noqa: F401  (first, for it may start the process anew)
import matplotlib
from matplotlib.path import Path as Outline

matplotlib.use("Agg")
import math

import matplotlib.pyplot as plt

# Okabe and Ito's colours, told apart by most colour-blind readers; every mark also has a shape.
BLACK, BLUE, ORANGE, GREEN, GREY = "#000000", "#0072b2", "#d55e00", "#009e73", "#8c8c8c"
COLOURS = (BLUE, ORANGE, GREEN, "#cc79a7", "#56b4e9", "#e69f00")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "*")

# A figure has one column of a page: inches, and dots an inch of its PNG file.
WIDTH, TALLEST, DPI = 7.4, 9.8, 160
# More panels than these on one page are too small to be read.
MOST_PANELS = 12

plt.rcParams.update(
    {
        "font.size": 8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "#e4e4e4",
        "grid.linewidth": 0.6,
        "axes.titlesize": 8,
        "axes.titlelocation": "left",
        "axes.labelsize": 8,
        "xtick.labelsize": 7,
        "ytick.labelsize": 7,
        "legend.frameon": False,
        "legend.fontsize": 7.5,
        "figure.dpi": 100,
        "savefig.dpi": DPI,
        # The same data give the same SVG.
        "svg.hashsalt": "convscope",
        "pdf.fonttype": 42,
    }
)


def significant(value, digits=3):
    """A number of three digits, never in powers of ten: 1024, 58.2, 0.0123."""
    if value == 0:
        return "0"
    places = digits - 1 - math.floor(math.log10(abs(value)))
    text = f"{round(value, places):.{max(places, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def times(value, _position=None):
    """A factor as a reader says it: 1024×, 4×, 1.5×, ½× stays 0.5×."""
    # Four digits where three would change a power of two.
    return f"{significant(value, 4 if value >= 1000 else 3)}×"


def shortened(text, most):
    """Cut in the middle: names differ at their ends."""
    return text if len(text) <= most else f"{text[: most // 2]}…{text[-most // 2 + 1 :]}"


def factor_ticks(low, high):
    """Ticks of a log₂ axis of factors: powers of two, finer where all is near 1."""
    if high / low < 4:
        return [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4]
    first, last = math.floor(math.log2(low)), math.ceil(math.log2(high))
    step = 1 if last - first <= 6 else 2
    return [2.0**exponent for exponent in range(first, last + 1) if exponent % step == 0]


def factor_scale(axis, values):
    """A log₂ axis over all values, labelled with factors."""
    name, margin = axis.axis_name, (max(values) / min(values)) ** 0.06 * 1.02
    getattr(axis.axes, f"set_{name}scale")("log", base=2)
    getattr(axis.axes, f"set_{name}lim")(min(values) / margin, max(values) * margin)
    axis.set_major_locator(plt.FixedLocator(factor_ticks(min(values), max(values))))
    axis.set_major_formatter(plt.FuncFormatter(times))
    axis.set_minor_locator(plt.NullLocator())


def heading(figure, text):
    """The line above all panels."""
    figure.suptitle(text, x=0.01, ha="left", fontsize=10, fontweight="bold")


def add_legend(figure, entries, most=5):
    """The legend below all panels, in as many columns as stand beside each other."""
    renderer = figure.canvas.get_renderer()
    for columns in range(min(most, len(entries)), 0, -1):
        legend = figure.legend(handles=entries, loc="outside lower left", ncols=columns)
        if columns == 1 or legend.get_window_extent(renderer).width <= figure.bbox.width:
            return
        legend.remove()


def shown_texts(figure):
    """Every text of a drawn figure that has letters and lies in the picture."""
    figure.draw_without_rendering()
    unseen = unseen_labels(figure)
    for text in figure.findobj(plt.Text):
        if text.get_visible() and text.get_text().strip() and id(text) not in unseen:
            outline = corners(text)
            if figure.bbox.overlaps(outline.get_extents()):
                yield text, outline


def unseen_labels(figure):
    """Labels of ticks outside their axis' limits: they exist, but are not drawn."""
    found = set()
    for axes in figure.findobj(plt.Axes):
        for axis in (axes.xaxis, axes.yaxis):
            drawn = {id(tick) for tick in axis._update_ticks()}
            for tick in axis.get_major_ticks() + axis.get_minor_ticks():
                if id(tick) not in drawn:
                    found |= {id(tick.label1), id(tick.label2)}
    return found


def corners(text, margin=-1.0):
    """The outline of a text, turned as it is; a margin below 0 forgives letters that touch."""
    turn = text.get_rotation()
    mode = text.get_rotation_mode()
    text.set_rotation(0)
    box = text.get_window_extent()
    anchor = text.get_transform().transform(text.get_unitless_position())
    text.set_rotation(turn)
    turned_box = text.get_window_extent()
    flat = [
        (box.x0 - margin, box.y0 - margin), (box.x1 + margin, box.y0 - margin),
        (box.x1 + margin, box.y1 + margin), (box.x0 - margin, box.y1 + margin),
    ]  # fmt: skip
    angle = math.radians(turn)
    cosine, sine = math.cos(angle), math.sin(angle)
    if mode == "anchor":
        centre, target = anchor, anchor
    else:
        centre = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
        target = ((turned_box.x0 + turned_box.x1) / 2, (turned_box.y0 + turned_box.y1) / 2)
    turned = [
        (
            target[0] + (x - centre[0]) * cosine - (y - centre[1]) * sine,
            target[1] + (x - centre[0]) * sine + (y - centre[1]) * cosine,
        )
        for x, y in flat
    ]
    return Outline([*turned, turned[0]], closed=True)


def overlapping(figure, shown=None):
    """Pairs of texts of which one stands on the other; of those `shown`, where they are known."""
    texts = shown if shown is not None else shown_texts(figure)
    found = [(text.get_text(), o, o.get_extents()) for text, o in texts]
    return [
        (one, other)
        for place, (one, outline, box) in enumerate(found)
        for other, second, beside in found[place + 1 :]
        if box.x0 < beside.x1
        and beside.x0 < box.x1
        and box.y0 < beside.y1
        and beside.y0 < box.y1
        and outline.intersects_path(second, filled=True)
    ]


def save(figures, folder, name):
    """Writes NAME.png, .svg and .pdf, with NAME-2 and so on where there are pages, and says where.

    Pages of an earlier drawing that had more of them are removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"{name}*"):
        if old.suffix in (".png", ".svg", ".pdf") and is_page(old.stem, name):
            old.unlink()
    for page, figure in enumerate(figures, start=1):
        stem = name if page == 1 else f"{name}-{page}"
        for suffix, metadata in (("png", None), ("svg", {"Date": None}), ("pdf", {})):
            path = folder / f"{stem}.{suffix}"
            if suffix == "pdf":
                metadata = {"CreationDate": None}
            figure.savefig(path, metadata=metadata)
            print(path)
        plt.close(figure)


def is_page(stem, name):
    """Whether a file's name is that of a page of the figure."""
    return stem == name or stem.removeprefix(f"{name}-").isdigit()
