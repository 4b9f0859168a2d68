# SPDX-License-Identifier: Apache-2.0
"""The rows of a comparisons.csv, sorted into panels: what is drawn where, and what it is called."""

from dataclasses import dataclass, field

import trends
from runs import number


@dataclass
class Point:
    """One row: where it stands, what was promised, and what was measured if anything."""

    row: dict
    place: float
    label: str = ""

    def __post_init__(self):
        row, is_measured = self.row, self.row["status"] == "ok"
        ratio = number(row["mac_ratio"])
        self.promised = 1 / ratio if ratio else None
        names = ("speedup", "speedup_lo", "speedup_hi")
        values = [number(row[name]) if is_measured else None for name in names]
        # A factor of a log scale is above 0.
        self.measured, self.low, self.high = (v if v and v > 0 else None for v in values)

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


def panels(rows):
    """The panels of one suite's rows: first those along axes."""
    found, rest = trends.all_trends(rows)
    settings = {trends.setting(row) for row in rows}
    repeated = any(trends.repetitions(rows))
    grouped = {}
    for trend in found:
        contender = trend.others.get("contender", "")
        title = heading(trend, trend.setting if len(settings) > 1 else None)
        panel = grouped.setdefault((title, trend.axis), Panel(title, trend.axis, []))
        name = contender
        if repeated:
            kernels = f"{trend.rows[0]['baseline_kernel']} / {trend.rows[0]['contender_kernel']}"
            name = ", ".join(filter(None, (contender, kernels)))
        points = [Point(r, p) for r, p in zip(trend.rows, trend.places, strict=True)]
        panel.series.append(Series(name, points))
    return [*grouped.values(), *lists(rest, rows, settings, repeated)]


def heading(trend, setting):
    """What tells this panel's rows from those of other panels."""
    text = stem(trend.rows[0])
    others = [
        f"{name.replace('_', ' ')} {value}"
        for name, value in trend.others.items()
        if name != "contender"
    ]
    return ", ".join(filter(None, [text, *others, setting and setting_text(setting)]))


def setting_text(setting):
    """As a sentence names it."""
    workers, cache = setting
    where = "filter cold" if cache == "cold-filter" else f"caches {cache}"
    return f"{workers} worker{'' if workers == '1' else 's'}, {where}"


def lists(rest, rows, settings, repeated):
    """Panels of the rows that follow no axis: one for each setting and kind of comparison."""
    grouped = {}
    for row in rest:
        key = (stem(row) if has_axes(row, rest) else "", trends.setting(row))
        grouped.setdefault(key, []).append(row)
    for (kind, setting), some in grouped.items():
        title = ", ".join(filter(None, [kind, len(settings) > 1 and setting_text(setting)]))
        panel = Panel(title, None, [])
        for place, row in enumerate(some):
            name = row.get("contender") or ""
            if not any(series.name == name for series in panel.series):
                panel.series.append(Series(name))
            series = next(series for series in panel.series if series.name == name)
            series.points.append(Point(row, -place, row_name(row, kind, repeated)))
        yield panel


def stem(row):
    """The comparison's name without axis values and without the contender."""
    return trends.base(row).removesuffix(row.get("contender") or "").rstrip(" ,")


def has_axes(row, rows):
    """Whether axis values follow the comparison's name, or several rows share it."""
    return sum(1 for other in rows if stem(other) == stem(row)) > 1


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
    """A letter for each contender's kernel, where a curve's kernel changes along its axis."""
    curves = [series for panel in panels if panel.axis for series in panel.series]
    if not any(len({p.kernel for p in series.points}) > 1 for series in curves):
        return {}
    kernels = dict.fromkeys(p.kernel for series in curves for p in series.points)
    return {kernel: chr(ord("a") + number) for number, kernel in enumerate(kernels)}
