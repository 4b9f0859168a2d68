# SPDX-License-Identifier: Apache-2.0
"""Tables that a reader sorts and filters: cells know what they are sorted by."""

from dataclasses import dataclass, field

from page import words

# What stands for a verdict besides its colour.
SIGNS = {"faster": "▲", "slower": "▼", "same": "=", "inconclusive": "?"}
SAID = {"inconclusive": "undecided"}


@dataclass
class Cell:
    """What is shown, what it is sorted by, and what it explains when pointed at."""

    text: str
    order: object = None
    kind: str = ""
    hint: str = ""
    # A share of the cell's width that a bar fills.
    bar: float | None = None
    link: str = ""


@dataclass
class Table:
    """Columns are (name, hint, whether it holds numbers)."""

    name: str
    columns: list
    rows: list = field(default_factory=list)
    # The values of a column by which rows are chosen, and which column it is.
    choice: int | None = None

    @property
    def choices(self):
        return list(dict.fromkeys(row[self.choice].text for row in self.rows))


def text(value, hint=""):
    return Cell(value or "—", (value or "").lower(), hint=hint)


def number(value, shown, hint="", bar=None):
    """A number; an absent one is sorted behind all others."""
    return Cell(shown if value is not None else "—", value, "number", hint, bar)


def verdict(row):
    """The verdict of a row of comparisons.csv, or why there is none."""
    if row["status"] != "ok":
        return Cell(row["status"], "z" + row["status"], "missing", row["reason"])
    name = row["verdict"]
    return Cell(f"{SIGNS.get(name, '')} {SAID.get(name, name)}", name, name)


def realised(value):
    return number(value, words.percent(value) if value is not None else "—")
