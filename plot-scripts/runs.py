# SPDX-License-Identifier: Apache-2.0
"""Reading what a run wrote: run.json, and the CSV files of its suites."""

import csv
import json
import math
import re
from pathlib import Path


class RunError(Exception):
    """A folder or file that is no run, said with its name."""


def rows_of(path):
    """The rows of a CSV file as dictionaries."""
    try:
        with path.open(newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream, restkey=""))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RunError(f"{path}: {error}") from error
    # A row that was cut off is one that an interrupted run did not finish.
    whole = [row for row in rows if None not in row.values() and "" not in row]
    return [{column: text_of_cell(cell) for column, cell in row.items()} for row in whole]


def text_of_cell(cell):
    """What a cell says: without the apostrophe that keeps spreadsheets from computing it."""
    # Python alone reads 1_000 as a number.
    is_guarded = re.match(r"''*[-=+@＝＋－＠]", cell) and ("_" in cell or not is_number(cell[1:]))
    return cell[1:] if is_guarded else cell


def is_number(text):
    """Whether a program reads the text as a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def number(cell):
    """A cell's number, or None where it is empty or none."""
    try:
        value = float(cell)
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None


def record_of(path):
    """The run.json in the folder, beside the file, or above."""
    for folder in (path, *path.resolve().parents):
        file = folder / "run.json"
        if not file.is_file():
            continue
        try:
            record = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise RunError(f"{file}: {error}") from error
        if not isinstance(record, dict):
            raise RunError(f"{file}: not the record of a run")
        return record
    raise RunError(f"neither {path} nor a folder above it has a run.json")


def suite_folders(folder):
    """The folders of the suites below a run, or the folder itself where it is one."""
    return sorted(file.parent for file in folder.rglob("measurements.csv"))


def measured_rows(path):
    """The rows of one measurements.csv, or of all below a folder."""
    files = [path] if path.is_file() else [f / "measurements.csv" for f in suite_folders(path)]
    return [row for file in files for row in rows_of(file)]


def compared_rows(path):
    """The rows of one comparisons.csv, or of the one in a suite's folder."""
    return rows_of(path if path.is_file() else Path(path) / "comparisons.csv")


# What the layers of a network, or the problems of a list, are sorted by; as in the answers.
LAYER_CLASSES = (
    "depthwise", "grouped 1×1", "grouped", "dilated", "1×1", "3×3", "other dense",
    "blocks and chains",
)  # fmt: skip


def layer_class(row):
    """The class of a row of measurements.csv; the first that fits."""
    names = ("groups", "in_channels", "kernel_height", "kernel_width")
    groups, channels, height, width = (number(row.get(name)) for name in names)
    if None in (groups, channels, height, width):
        return "blocks and chains"
    dilation = max(number(row.get(f"dilation_{n}")) or 1 for n in ("height", "width"))
    if groups > 1:
        if groups == channels:
            return "depthwise"
        return "grouped 1×1" if height == width == 1 else "grouped"
    if height == width == 1:
        return "1×1"
    if dilation > 1:
        return "dilated"
    return "3×3" if height == width == 3 else "other dense"
