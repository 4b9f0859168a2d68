# SPDX-License-Identifier: Apache-2.0
"""Along which axis comparisons are read: the same choice as that of the answers' sentences."""

from dataclasses import dataclass

from runs import number

# Fewer points show no turn.
SHORTEST = 3


@dataclass
class Trend:
    """Comparisons that differ in one axis only, in the order of its values."""

    axis: str
    base: str
    others: dict
    setting: tuple
    runtime: str
    rows: list

    @property
    def places(self):
        return [number(row[self.axis]) for row in self.rows]


def axis_names(rows):
    """The suite's axes: the columns behind the fixed ones."""
    names = list(rows[0]) if rows else []
    return names[names.index("reason") + 1 :] if "reason" in names else []


def base(row):
    """The comparison's name without the values of axes that it ends with."""
    return " ".join(word for word in row["comparison"].split(" ") if "=" not in word)


def setting(row):
    return row["workers"], row["cache"]


# Families of variants that are libraries linked into the program.
LINKED = {"onednn/": "onednn", "xnnpack/": "xnnpack", "im2col-openblas/": "openblas"}


def runtime(kernel):
    """Whose kernel it is: an empty text where it is ours; as the answers tell them apart."""
    for family, name in LINKED.items():
        if kernel.startswith(family):
            return name
    return "" if "/" in kernel or kernel == "best" else kernel


def repetitions(rows):
    """For each row how often the same comparison came before, with other kernels."""
    seen, found = {}, []
    for row in rows:
        whose = runtime(row["contender_kernel"])
        key = (row.get("suite"), row["comparison"], *setting(row), whose)
        found.append(seen.get(key, 0))
        seen[key] = found[-1] + 1
    return found


def all_trends(rows):
    """(trends, the rows that are in none), for the rows of one suite.

    First those along the axis that most rows follow, then those that the rest follow, until no axis
    has one. Of axes that equally many follow it is the later: its values change fastest.
    """
    axes = axis_names(rows)
    rest = list(zip(rows, repetitions(rows), strict=True))
    found = []
    while True:
        best = []
        for axis in axes:
            some = along(axis, rest, axes)
            if size(some) >= size(best):
                best = some
        if not best:
            return found, [row for row, _ in rest]
        found += best
        taken = {id(row) for trend in best for row in trend.rows}
        rest = [item for item in rest if id(item[0]) not in taken]


def size(trends):
    return sum(len(trend.rows) for trend in trends)


def along(axis, items, axes):
    """The trends along one axis."""
    groups = {}
    for row, repetition in items:
        if not is_whole(row[axis]):
            continue
        others = {name: row[name] for name in axes if name != axis and row[name]}
        whose = runtime(row["contender_kernel"])
        key = (base(row), *others.items(), repetition, setting(row), whose)
        group = groups.setdefault(key, (others, {}))
        # A point may belong to two comparisons, each along an axis of its own.
        group[1].setdefault(number(row[axis]), row)
    return [
        Trend(axis, key[0], others, *key[-2:], [points[place] for place in sorted(points)])
        for key, (others, points) in groups.items()
        if len(points) >= SHORTEST
    ]


def is_whole(cell):
    """Whether an axis' value can stand on a scale."""
    value = number(cell)
    return value is not None and value > 0 and value == int(value)
