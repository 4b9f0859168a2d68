# SPDX-License-Identifier: Apache-2.0
"""What changed from one run to another, as `convscope report FIRST SECOND` judged it."""

import json
from dataclasses import dataclass

from runs import RunError

from page import words
from page.tables import SIGNS, Cell, Table, number, text

# First what is significant.
ORDER = {"slower": 0, "faster": 1, "inconclusive": 2, "same": 3}
SHOWN = ("slower", "faster")


@dataclass
class Changes:
    """Counts of all rows, a table of those that changed, and what else differs."""

    counts: dict
    table: Table
    undecided: list
    unmatched: list
    differences: list
    floor: str

    @property
    def sentence(self):
        """`2 faster, 1 slower, 46 same`."""
        said = [f"{self.counts[name]} {word}" for name, word in (
            ("faster", "faster"), ("slower", "slower"), ("same", "same"),
            ("inconclusive", "undecided"),
        ) if self.counts.get(name)]  # fmt: skip
        return ", ".join(said) + f" of {sum(self.counts.values())}"

    @property
    def is_of_two_machines(self):
        return any(difference["isOfMachine"] for difference in self.differences)


def read(file):
    """The judgement that the program wrote."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        rows = sorted(found["rows"], key=order)
        counts = {name: sum(1 for r in rows if r["verdict"] == name) for name in ORDER}
        return Changes(
            {name: count for name, count in counts.items() if count},
            table_of([row for row in rows if row["verdict"] in SHOWN]),
            [row for row in rows if row["verdict"] == "inconclusive"],
            found["unmatched"],
            # What one run does not say is no key of the file.
            [{"first": None, "second": None} | one for one in found["differences"]],
            found["noiseFloor"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(f"{file}: no comparison of two runs: {error!r}") from error


def order(row):
    """What is slower first, and what changed most."""
    ratio = row["ratio"]
    return ORDER.get(row["verdict"], 9), -max(ratio, 1 / ratio), row["suite"], row["case"]


def table_of(rows):
    columns = [
        ("suite", "", False), ("case", "", False), ("kernel", "", False), ("workers", "", True),
        ("before", "", True), ("after", "", True),
        ("change of time", "after against before", True),
        ("speedup", "time before over time after", True), ("interval", "", True),
        ("verdict", "", False),
    ]  # fmt: skip
    table = Table("changes", columns, choice=len(columns) - 1)
    for row in rows:
        change = 1 / row["ratio"] - 1
        bounds = row.get("low"), row.get("high")
        width = bounds[1] / bounds[0] if all(bounds) else None
        name = row["verdict"]
        table.rows.append([
            text(row["suite"]), text(row["case"], row["cache"]), text(row["kernel"]),
            number(row["workers"], str(row["workers"])),
            *(number(row.get(n), words.time(row.get(n))) for n in ("firstNs", "secondNs")),
            number(change, f"{100 * change:+.1f} %"),
            number(row["ratio"], words.factor(row["ratio"])),
            number(width, words.interval(*bounds)), Cell(f"{SIGNS[name]} {name}", name, name),
        ])  # fmt: skip
    return table
