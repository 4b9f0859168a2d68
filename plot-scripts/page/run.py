# SPDX-License-Identifier: Apache-2.0
"""A stored run as the page reads it."""

import os
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import runs
from panels import is_of_kernels, is_of_libraries
from trends import runtime

from page.answers import Answer, answers_of

# Options of `run` that name files or folders of the run itself: repeating it needs none of them.
OWN_OPTIONS = ("--output", "--resume")


@dataclass
class Suite:
    """The rows of one suite, and what is said about them."""

    name: str
    folder: Path
    measured: list
    compared: list
    answer: Answer = field(default_factory=Answer)

    @property
    def anchor(self):
        return "suite-" + "".join(c if c.isalnum() else "-" for c in self.name)

    @property
    def is_of_cases(self):
        """Whether it has cases only: nothing is compared but kernels on one case."""
        return not self.compared or is_of_kernels(self.compared)

    @property
    def is_network(self):
        return self.is_of_cases and self.name.startswith("networks/")

    @property
    def is_of_libraries(self):
        return is_of_libraries(self.compared)

    @cached_property
    def own(self):
        """The comparisons that the sentence speaks of: the fewest workers, and our kernels."""
        fewest = min((int(row["workers"]) for row in self.compared), default=1)
        rows = [row for row in self.compared if int(row["workers"]) == fewest]
        ours = [row for row in rows if not runtime(row["contender_kernel"])]
        whose = runtime(rows[0]["contender_kernel"]) if rows else ""
        return ours or [row for row in rows if runtime(row["contender_kernel"]) == whose]

    @cached_property
    def by_key(self):
        """(case, kernel, workers, cache) → row of measurements.csv."""
        return {
            (row["case"], row["kernel"], row["workers"], row["cache"]): row for row in self.measured
        }

    def contender(self, row):
        """The measurement of a comparison's contender."""
        key = row["contender_case"], row["contender_kernel"], row["workers"], row["cache"]
        return self.by_key.get(key, {})


class Run:
    """A folder that `convscope run` wrote."""

    def __init__(self, folder):
        self.folder = Path(folder)
        if not self.folder.is_dir():
            raise runs.RunError(f"{folder}: no such folder")
        if not (self.folder / "run.json").is_file():
            raise runs.RunError(f"{folder}: no run.json; is it the folder of a run?")
        self.record = runs.record_of(self.folder)
        answers, self.caveats = answers_of(self.folder)
        self.suites = [self.suite(place, answers) for place in runs.suite_folders(self.folder)]
        if not self.suites:
            raise runs.RunError(f"{folder}: no suite with a measurements.csv")

    def suite(self, place, answers):
        file = place / "comparisons.csv"
        measured = runs.rows_of(place / "measurements.csv")
        name = measured[0]["suite"] if measured else place.relative_to(self.folder).as_posix()
        compared = runs.rows_of(file) if file.is_file() else []
        return Suite(name, place, measured, compared, answers.get(name) or Answer())

    @property
    def measured(self):
        return [row for suite in self.suites for row in suite.measured]

    @property
    def environment(self):
        found = self.record.get("environment")
        return found if isinstance(found, dict) else {}

    @property
    def limits(self):
        found = self.record.get("limits")
        return found if isinstance(found, dict) else {}

    @property
    def command(self):
        words = self.record.get("command")
        return [str(word) for word in words] if isinstance(words, list) else []

    def repeating(self, suite):
        """The command that measures one suite again in the same way."""
        names = {one.name for one in self.suites} | {"all"}
        kept, skips = [], False
        for word in self.command[2:] or []:
            if skips:
                skips = False
            elif word.split("=")[0] in OWN_OPTIONS:
                skips = "=" not in word
            elif word not in names and not word.startswith("networks/"):
                kept.append(word)
        words = ["./convscope", "run", suite, *kept]
        return " ".join(w if w and all(c.isalnum() or c in "-_./=,:%+@" for c in w) else repr(w)
                        for w in words)  # fmt: skip

    def link(self, file, page):
        """The address of a file, as seen from the page."""
        return quote(Path(os.path.relpath(file, Path(page).resolve().parent)).as_posix())

    @property
    def duration(self):
        """Seconds from start to end; None where the run did not end."""
        try:
            ends = [datetime.fromisoformat(self.record[n]) for n in ("startedAt", "endedAt")]
        except (KeyError, TypeError, ValueError):
            return None
        return (ends[1] - ends[0]).total_seconds()


def disturbed_share(suites):
    """Disturbed rounds over all that were measured; None where the run does not tell."""
    rounds = disturbed = 0
    for suite in suites:
        file = suite.folder / "samples.csv"
        for row in runs.rows_of(file) if file.is_file() else []:
            rounds += 1
            disturbed += bool(row.get("disturbed"))
    return disturbed / rounds if rounds else None
