# SPDX-License-Identifier: Apache-2.0
"""The rows of a comparisons.csv, sorted into panels: what is drawn where, and what it is called."""

from dataclasses import dataclass

import figure as fig


@dataclass
class Point:
    """One row: where it stands, what was promised, and what was measured if anything."""

    place: object
    row: object
    label: str
    series: str
    promised: float | None
    measured: float | None
    low: float | None
    high: float | None
    verdict: str
    status: str

    @property
    def is_open(self):
        """Whether the interval decides nothing."""
        return self.verdict == "inconclusive" or self.low is None


def axis_names(rows):
    """The columns after `reason` in which the rows differ."""
    names = list(rows[0])
    return [n for n in names[names.index("reason") + 1 :] if len({row[n] for row in rows}) > 1]


def main_axis(rows, axes):
    """The numeric axis with the most values, or None where rows have no axis to be drawn over."""
    numeric = [n for n in axes if all((fig.number(row[n]) or 0) > 0 for row in rows if row[n])]
    counted = {n: len({row[n] for row in rows if row[n]}) for n in numeric}
    best = max(counted, key=counted.get, default=None)
    return best if best and counted[best] > 2 else None


def point(row, place, label, series):
    mac_ratio = fig.number(row["mac_ratio"])
    is_measured = row["status"] == "ok"
    names = ("speedup", "speedup_lo", "speedup_hi")
    measured = [fig.number(row[name]) if is_measured else None for name in names]
    promised = 1 / mac_ratio if mac_ratio else None
    return Point(place, place, label, series, promised, *measured, row["verdict"], row["status"])


def heading(row, names):
    """What tells this panel's rows from those of other panels."""
    plain = {"comparison", "suite", "contender_case"}
    parts = [row[n] if n in plain else f"{n.replace('_', ' ')} {row[n]}" for n in names if row[n]]
    return ", ".join(parts)


def differing(rows, names):
    return [name for name in names if len({row[name] for row in rows}) > 1]


def series_name(row, rows):
    """The kernels, where more than one pair of them computed the same thing."""
    same = ("comparison", "baseline_case", "contender_case", "workers", "cache")
    twins = [r for r in rows if all(r[n] == row[n] for n in same)]
    kernels = differing(twins, ("baseline_kernel", "contender_kernel"))
    return " / ".join(row[name] for name in kernels)


def panels(rows):
    """(heading, axis name or None, points): a panel for each curve's surroundings."""
    axes = axis_names(rows)
    main = main_axis(rows, axes)
    others = [name for name in axes if name != main]
    names = differing(rows, ["suite", "comparison"]) if main else differing(rows, ["suite"])
    names += [*others, *differing(rows, ["workers", "cache"])] if main else []

    def panel_key(row):
        return (*(row[name] for name in names), bool(main and row[main]))

    found = {}
    for row in rows:
        found.setdefault(panel_key(row), []).append(row)
    for group in found.values():
        axis = main if main and group[0][main] else None
        labels = [label(row, group, rows) for row in group]
        points = [
            point(row, fig.number(row[axis]) if axis else text, text, series_name(row, rows))
            for row, text in zip(group, labels, strict=True)
        ]
        yield heading(group[0], names), axis, points


def label(row, group, rows):
    """A row's name among those of its panel: the comparison, else the contender's case."""
    names = differing(group, ["comparison"]) or ["contender_case"]
    twins = [other for other in group if all(other[n] == row[n] for n in names)]
    more = ["contender_case", *axis_names(rows), "workers", "cache"]
    return heading(row, names + differing(twins, more))
