# SPDX-License-Identifier: Apache-2.0
"""The rows of a comparisons.csv, sorted into panels: what is drawn where, and what it is called."""

from dataclasses import dataclass, field

import trends
from runs import number


def promised(row):
    """The speedup that is promised: by the arithmetic and, between data types, by their peaks."""
    ratio, speedup, realised = (number(row[name]) for name in ("mac_ratio", "speedup", "realised"))
    if not ratio:
        return None
    has_types = speedup and realised and abs(speedup * ratio / realised - 1) > 0.01
    return speedup / realised if has_types else 1 / ratio


@dataclass
class Point:
    """One row: where it stands, what was promised, and what was measured if anything."""

    row: dict
    place: float
    label: str = ""
    # How far it stands from its place, where others share that.
    offset: float = 0.0

    def __post_init__(self):
        row, is_measured = self.row, self.row["status"] == "ok"
        self.promised = promised(row)
        names = ("speedup", "speedup_lo", "speedup_hi")
        values = [number(row[name]) if is_measured else None for name in names]
        # A factor of a log scale is above 0.
        self.measured, self.low, self.high = (v if v and v > 0 else None for v in values)

    @property
    def at(self):
        return self.place + self.offset

    @property
    def kernel(self):
        return self.row["contender_kernel"]

    @property
    def is_open(self):
        """Whether the interval decides nothing."""
        return self.row["verdict"] == "inconclusive" or self.low is None


@dataclass
class Series:
    """Points that belong together: one contender, under one choice of kernels."""

    name: str
    points: list = field(default_factory=list)

    @property
    def changes(self):
        """Whether not all points have one kernel."""
        return len({point.kernel for point in self.points}) > 1


@dataclass
class Panel:
    """Series over one axis; or, where the axis is None, comparisons one below the other."""

    title: str
    axis: str | None
    series: list

    @property
    def points(self):
        return [point for series in self.series for point in series.points]

    @property
    def promises(self):
        """Whether anything is promised: equal arithmetic promises nothing."""
        return any(p.promised and abs(p.promised - 1) > 0.01 for p in self.points)


def is_of_libraries(rows):
    """Whether rows set kernels against each other on the same cases."""
    return bool(rows) and all(row["baseline_case"] == row["contender_case"] for row in rows)


def is_of_kernels(rows):
    """Whether they are of a suite that compares nothing, whose cases several kernels computed."""
    return is_of_libraries(rows) and all(row["comparison"] == "kernels" for row in rows)


class Names:
    """What tells series, panels and rows from each other: only what differs among the rows."""

    def __init__(self, rows):
        self.has_workers = len({row["workers"] for row in rows}) > 1
        self.has_caches = len({row["cache"] for row in rows}) > 1
        self.has_runtimes = len({trends.runtime(row["contender_kernel"]) for row in rows}) > 1
        self.is_repeated = any(trends.repetitions(rows))
        # Several contenders of several runtimes would be more curves than a panel can hold.
        contenders = {row.get("contender") or "" for row in rows}
        self.splits_runtimes = self.has_runtimes and len(contenders) > 1

    def variant(self, row):
        """Whose kernels on how many workers: rows of one comparison that are drawn together."""
        parts = []
        if self.has_runtimes and not self.splits_runtimes:
            parts.append(trends.runtime(row["contender_kernel"]) or "ours")
        if self.has_workers:
            parts.append(f"{row['workers']} worker{'' if row['workers'] == '1' else 's'}")
        return ", ".join(parts)

    def series(self, row):
        parts = [row.get("contender") or "", self.variant(row)]
        if self.is_repeated:
            parts.append(f"{row['baseline_kernel']} / {row['contender_kernel']}")
        return ", ".join(filter(None, parts))

    def panel(self, row):
        """What a panel's title says beside what is compared."""
        parts = []
        if self.splits_runtimes:
            parts.append(trends.runtime(row["contender_kernel"]) or "ours")
        if self.has_caches:
            cold = row["cache"] == "cold-filter"
            parts.append("filter cold" if cold else f"caches {row['cache']}")
        return ", ".join(parts)


def panels(rows):
    """The panels of one suite's rows: first those along axes."""
    found, rest = trends.all_trends(rows)
    names = Names(rows)
    grouped = {}
    for trend in found:
        title = heading(trend, names.panel(trend.rows[0]))
        panel = grouped.setdefault((title, trend.axis), Panel(title, trend.axis, []))
        points = [Point(r, p) for r, p in zip(trend.rows, trend.places, strict=True)]
        panel.series.append(Series(names.series(trend.rows[0]), points))
    return [*grouped.values(), *lists(rest, names)]


def heading(trend, setting):
    """What tells this panel's rows from those of other panels."""
    text = stem(trend.rows[0])
    others = [
        f"{name.replace('_', ' ')} {value}"
        for name, value in trend.others.items()
        if name != "contender"
    ]
    return ", ".join(filter(None, [text, *others, setting]))


def setting_text(setting):
    """As a sentence names it."""
    workers, cache = setting
    where = "filter cold" if cache == "cold-filter" else f"caches {cache}"
    return f"{workers} worker{'' if workers == '1' else 's'}, {where}"


def lists(rest, names):
    """Panels of the rows that follow no axis: one for each kind of comparison and state of caches.

    The same comparison with other workers, or by another runtime, stands on the same line.
    """
    grouped = {}
    for row in rest:
        key = (stem(row) if has_axes(row, rest, names) else "", names.panel(row))
        grouped.setdefault(key, []).append(row)
    for (kind, setting), some in grouped.items():
        panel = Panel(", ".join(filter(None, [kind, setting])), None, [])
        variants = list(dict.fromkeys(names.variant(row) for row in some))
        lines = {}
        for row in some:
            label = row_name(row, kind, names.is_repeated)
            place = lines.setdefault((label, row["contender_case"]), len(lines))
            name = (row.get("contender") or "", names.variant(row))
            name = ", ".join(filter(None, name))
            if not any(series.name == name for series in panel.series):
                panel.series.append(Series(name))
            series = next(series for series in panel.series if series.name == name)
            shift = variants.index(names.variant(row)) - (len(variants) - 1) / 2
            series.points.append(Point(row, -place, label, -0.6 * shift / len(variants)))
        yield panel


def stem(row):
    """The comparison's name without axis values and without the contender."""
    return trends.base(row).removesuffix(row.get("contender") or "").rstrip(" ,")


def has_axes(row, rows, names):
    """Whether axis values follow the comparison's name, or several of one variant share it."""
    same = [other for other in rows if stem(other) == stem(row)]
    return sum(1 for other in same if names.variant(other) == names.variant(row)) > 1


def row_name(row, kind, repeated):
    """A row's name inside its panel: what the panel's title does not say."""
    name = row["comparison"] or row["contender_case"]
    if kind and name.startswith(kind):
        name = name[len(kind) :].lstrip(" ,") or row["contender_case"]
    values = [word.replace("=", " ") for word in name.split(" ") if "=" in word]
    words = " ".join(word for word in name.split(" ") if "=" not in word)
    name = ", ".join(filter(None, [words, *values])).replace("_", " ")
    if repeated:
        name += f" ({row['baseline_kernel']} / {row['contender_kernel']})"
    return name


def kernel_letters(panels):
    """A letter for each kernel of the curves along which it changes."""
    curves = [s for panel in panels if panel.axis for s in panel.series if s.changes]
    kernels = dict.fromkeys(p.kernel for series in curves for p in series.points)
    return {kernel: chr(ord("a") + number) for number, kernel in enumerate(kernels)}
