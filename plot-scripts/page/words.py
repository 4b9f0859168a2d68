# SPDX-License-Identifier: Apache-2.0
"""Numbers as a page shows them."""

from figure import significant, times

__all__ = ["count", "factor", "interval", "percent", "significant", "time", "times"]


def factor(value):
    """`1.87×`, or a dash."""
    return times(value) if value else "—"


def interval(low, high):
    """`1.85 … 1.90`, or a dash."""
    return f"{significant(low)} … {significant(high)}" if low and high else "—"


def percent(share):
    """`18 %` of a share."""
    if share is None:
        return "—"
    return f"{100 * share:.1f} %" if abs(share) < 0.095 else f"{100 * share:.0f} %"


def time(nanoseconds):
    """`12.3 ms` of nanoseconds."""
    if not nanoseconds:
        return "—"
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= 0.9995 * size:
            return f"{significant(nanoseconds / size)} {unit}"
    return f"{significant(nanoseconds)} ns"


def count(number, one, many=None):
    """`1 row`, `2 rows`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
