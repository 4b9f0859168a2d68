# SPDX-License-Identifier: Apache-2.0
"""A CSV file that a script of evidence adds to, a row for each run, so that it can be stopped."""

import argparse
import csv
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import children

ROOT = Path(__file__).resolve().parent.parent.parent


class Table:
    """The rows of a file, which has `columns`."""

    def __init__(self, file, columns):
        """Takes what is there already; ends the script where that has other columns."""
        self.file, self.columns, self.rows = file, tuple(columns), []
        if not file.exists():
            return
        with file.open(newline="") as stream:
            reader = csv.DictReader(stream)
            if tuple(reader.fieldnames or ()) != self.columns:
                sys.exit(
                    f"{file} has the columns {','.join(reader.fieldnames or ())}; accepted is a "
                    f"file with {','.join(self.columns)}, or another --csv"
                )
            self.rows = list(reader)

    def append(self, row):
        """Writes a row, and the header before the first."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        is_new = not self.file.exists()
        with self.file.open("a", newline="") as stream:
            writer = csv.DictWriter(stream, self.columns, lineterminator="\n")
            if is_new:
                writer.writeheader()
            writer.writerow(row)
        self.rows.append({key: str(row.get(key, "")) for key in self.columns})

    def to_do(self, arguments, kind=None):
        """The numbers of the runs that are not there, until the time of `arguments` is over."""
        begin = time.monotonic()
        done = {int(row["run"]) for row in self.rows if kind is None or row["kind"] == kind}
        for number in range(arguments.runs):
            if number not in done:
                if time.monotonic() - begin > arguments.seconds:
                    return
                yield number


def parser(text, runs, name):
    """A parser of the options that all these scripts have; `text` is the help."""
    parser = argparse.ArgumentParser(
        description=text, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=runs, help=f"default {runs}")
    parser.add_argument(
        "--for", dest="seconds", type=float, default=float("inf"), metavar="SECONDS",
        help="begin no run after so long",
    )  # fmt: skip
    parser.add_argument("--program", default=str(ROOT / ".build" / "release" / "convscope"))
    parser.add_argument("--csv", type=Path, default=ROOT / "results" / "gates" / name)
    return parser


def run(main):
    """Runs a script's `main`; where a signal stops it, what was seen so far stands in the file."""
    try:
        main()
    except children.StoppedError as stop:
        sys.exit(f"{Path(sys.argv[0]).stem}: {stop}")


def now():
    """The time, as the files have it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
