# SPDX-License-Identifier: Apache-2.0
"""What all figures share: their looks, their files, and reading CSV."""

import csv
import math

import environment  # noqa: F401  (first, for it may start the process anew)
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

# Okabe and Ito's colours, told apart by most colour-blind readers; every mark also has a shape.
BLACK, BLUE, ORANGE, GREEN, GREY = "#000000", "#0072b2", "#d55e00", "#009e73", "#8c8c8c"
COLOURS = (BLUE, ORANGE, GREEN, "#cc79a7", "#56b4e9", "#e69f00")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "*")

plt.rcParams.update(
    {
        "font.size": 9,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "#e4e4e4",
        "grid.linewidth": 0.6,
        "axes.titlesize": 9.5,
        "axes.titlelocation": "left",
        "legend.frameon": False,
        "figure.dpi": 100,
        "savefig.dpi": 160,
        # The same data give the same SVG.
        "svg.hashsalt": "convscope",
    }
)


def rows_of(path):
    """The rows of a CSV file as dictionaries."""
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def number(cell):
    """A cell's number, or None where it is empty or none."""
    try:
        value = float(cell)
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None


def times(value, _position=None):
    """A factor as a reader says it: 4×, 1.5×, ½× stays 0.5×."""
    return f"{value:.3g}×"


def factor_ticks(low, high):
    """Ticks of a log₂ axis of factors: powers of two, finer where all is near 1."""
    if high / low < 4:
        return [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4]
    first, last = math.floor(math.log2(low)), math.ceil(math.log2(high))
    step = 1 if last - first <= 6 else 2
    return [2.0**exponent for exponent in range(first, last + 1) if exponent % step == 0]


def save(figure, folder, name):
    """Writes NAME.png and NAME.svg and says where."""
    folder.mkdir(parents=True, exist_ok=True)
    for suffix in ("png", "svg"):
        path = folder / f"{name}.{suffix}"
        metadata = {"Date": None} if suffix == "svg" else None
        figure.savefig(path, bbox_inches="tight", metadata=metadata)
        print(path)
    plt.close(figure)
