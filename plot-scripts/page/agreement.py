# SPDX-License-Identifier: Apache-2.0
"""Which answers hold on all machines, as `convscope agree` found it."""

import json
from dataclasses import dataclass

from runs import RunError

from page import words
from page.tables import SIGNS, Cell, Table, number, text

# What stands for an answer besides its colour, and how it is coloured.
ANSWERS = {
    "differs": ("▲▼ differs", "slower"),
    "holds everywhere": ("✓ holds everywhere", "faster"),
    "undecided": ("? undecided", "inconclusive"),
}


@dataclass
class Agreement:
    """The columns, a table with a row for each comparison, and what else is not the same."""

    sentence: str
    columns: list
    table: Table
    facts: list
    # The letters of each machine's columns.
    machines: list


def read(file):
    """The finding that the program wrote."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        columns = found["columns"]
        machines = {}
        for column in columns:
            machines.setdefault(column["machine"], []).append(column["label"])
        rows = found["rows"]
        return Agreement(
            found["sentence"],
            columns,
            table_of(columns, rows),
            found["facts"],
            [", ".join(labels) for _, labels in sorted(machines.items())],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(f"{file}: no finding of `agree`: {error!r}") from error


def table_of(columns, rows):
    """Machines as columns, comparisons as rows."""
    caches = len({row["cache"] for row in rows}) > 1
    heads = [("suite", "", False), ("comparison", "", False)]
    heads += [("cache", "", False)] if caches else []
    choice = len(heads)
    heads += [("answer", "", False)]
    heads += [(column["label"], named(column), True) for column in columns]
    heads += [
        ("realised", "smallest and largest share of the promise over the columns", True),
        ("spread", "their difference, in points", True),
    ]  # fmt: skip
    table = Table("agreement", heads, choice=choice)
    for row in rows:
        shares = [cell["realised"] for cell in row["cells"] if cell and "realised" in cell]
        shown, kind = ANSWERS[row["answer"]]
        table.rows.append([
            text(row["suite"]), text(row["name"]), *([text(row["cache"])] if caches else []),
            Cell(shown, row["answer"], kind), *(cell_of(cell) for cell in row["cells"]),
            *spread(shares),
        ])  # fmt: skip
    return table


def named(column):
    """What a letter stands for."""
    workers = words.count(column["workers"], "worker")
    return ", ".join(part for part in (column["name"], workers, column["dataType"]) if part)


def cell_of(cell):
    """A verdict with its speedup and interval; the kernels where it is pointed at."""
    if cell is None:
        return Cell("—", None, "missing", "no such row")
    kernels = f"{cell['baselineKernel']} against {cell['contenderKernel']}"
    if cell["status"] != "ok" or cell.get("speedup") is None:
        return Cell(cell["status"], None, "missing", cell["reason"] or kernels)
    bounds = cell.get("lower"), cell.get("upper")
    interval = f" {words.interval(*bounds)}" if all(bounds) else ""
    shown = f"{SIGNS.get(cell['verdict'], '')} {words.factor(cell['speedup'])}{interval}"
    return Cell(shown, cell["speedup"], f"number {cell['verdict']}", kernels)


def spread(shares):
    """The range of the realised shares, and how wide it is."""
    if not shares:
        return number(None, ""), number(None, "")
    low, high = min(shares), max(shares)
    shown = (
        words.percent(low) if len(shares) == 1 else f"{words.percent(low)} … {words.percent(high)}"
    )
    wide = number(high - low, f"{100 * (high - low):.0f}") if len(shares) > 1 else number(None, "")
    return number(low, shown), wide
