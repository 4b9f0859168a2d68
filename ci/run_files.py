# SPDX-License-Identifier: Apache-2.0
"""The files of a run: their schema as docs/CSV.md states it, and their rows."""

import csv
import math
import re
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "plot-scripts"))

from runs import text_of_cell

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "CSV.md"
FILES = ("measurements.csv", "comparisons.csv", "workers.csv", "samples.csv", "metrics.csv")
# Files that a suite has only where there is something to write.
OPTIONAL = ("scaling.csv",)
COUNTER = "counter:"
SOURCE = "counter_source:"
IMBALANCE = "counter_imbalance:"
# The columns of each counter, in order, in the files that have some.
COUNTER_COLUMNS = {
    "measurements.csv": (COUNTER, SOURCE),
    "workers.csv": (COUNTER, SOURCE, IMBALANCE),
}


@dataclass(frozen=True)
class Column:
    """A column as the document describes it."""

    name: str
    unit: str
    may_be_empty: bool


def documented_columns(document=DOCUMENT):
    """File name → its fixed columns, in order."""
    columns, file = {}, None
    for line in document.read_text().splitlines():
        if line.startswith("## "):
            file = line[3:].strip()
        elif file in FILES + OPTIONAL and (match := re.match(r"\| `([a-z_]+)` \|(.*)\|$", line)):
            unit, _, empty = (cell.strip() for cell in match[2].split("|"))
            columns.setdefault(file, []).append(Column(match[1], unit, empty != "never"))
    return columns


@dataclass
class Table:
    """A CSV file: its header, and its rows by column name."""

    path: Path
    header: list
    rows: list

    @property
    def counters(self):
        return [name.removeprefix(COUNTER) for name in self.header if name.startswith(COUNTER)]


class MalformedError(Exception):
    """A file that is no rectangular RFC 4180."""


def read_table(path):
    """Reads a file strictly: closed quotes, equal row lengths, a line feed at the end."""
    text = path.read_bytes().decode("utf-8")
    if not text.endswith("\n"):
        raise MalformedError("the last line is not complete")
    check_quotes(text)
    header, *rows = list(csv.reader(text.splitlines(keepends=True), strict=True))
    if len(set(header)) != len(header):
        raise MalformedError("two columns have one name")
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise MalformedError(f"row {number} has {len(row)} cells, the header {len(header)}")
    return Table(
        path, header, [dict(zip(header, map(text_of_cell, row), strict=True)) for row in rows]
    )


def check_quotes(text):
    """Python reads a stray quote inside a bare cell as text; RFC 4180 does not allow it."""
    cell = r'(?:"(?:[^"]|"")*"|[^",\r\n]*)'
    end = 0
    for match in re.finditer(rf"{cell}(?:,{cell})*\r?\n", text):
        if match.start() != end:
            break
        end = match.end()
    if end != len(text):
        raise MalformedError(f"line {text.count(chr(10), 0, end) + 1} is no RFC 4180")


def number(cell):
    """The cell as a finite number, or None where it is none."""
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) and re.fullmatch(r"[-+0-9.eE]+", cell) else None


def numbers(row, *names):
    """The cells as numbers, or None where any is empty or no number."""
    values = [number(row.get(name, "")) for name in names]
    return None if None in values else values
