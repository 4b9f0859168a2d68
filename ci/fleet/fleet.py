# SPDX-License-Identifier: Apache-2.0
"""What fleet.toml says: which suites, on which kinds of node, and how Slurm is asked for them.

suites = ["quick", "depthwise-vs-dense"]   # names, or paths of suite files
options = ["--budget", "60s"]              # further options of `convscope run`
scheduler = "squeue"                       # where Slurm keeps no accounts; else "slurm"
time_limit = "30m"                         # of a job
program = "/opt/convscope"                 # instead of a build for each kind

[kinds.epyc]                               # one kind of node: the same CPU, caches, settings
access = ["--partition=epyc"]              # options of sbatch that lead to it
options = []                               # options of `run` on this kind only
"""

import re
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FILE = "fleet.toml"
SCHEDULERS = ("slurm", "squeue")


class FleetError(Exception):
    """A file of the fleet that is not what it should be, said with its name and key."""


@dataclass(frozen=True)
class Kind:
    """Nodes that are alike."""

    name: str
    access: list
    options: list


@dataclass(frozen=True)
class Fleet:
    """A fleet's folder: what is run on it, and what was measured there."""

    folder: Path
    suites: list
    options: list
    scheduler: str
    time_limit: str
    program: str
    kinds: dict = field(default_factory=dict)

    def history(self, kind):
        """Where the runs of a kind are kept."""
        return self.folder / "history" / kind

    def references(self, kind):
        """What its runs are judged by."""
        return self.folder / "references" / f"{kind}.json"

    def checkout(self, kind):
        """Where this kind's program is built."""
        return self.folder / "checkouts" / kind


def read(folder):
    """The fleet in a folder. Raises FleetError."""
    file = Path(folder).resolve() / FILE
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FleetError(f"{file}: {error}; docs/Fleet.md shows one") from None
    known = {"suites", "options", "scheduler", "time_limit", "program", "kinds"}
    if unknown := sorted(set(table) - known):
        raise FleetError(f"{file}: no key ‘{unknown[0]}’; accepted are {', '.join(sorted(known))}")
    scheduler = table.get("scheduler", SCHEDULERS[0])
    if scheduler not in SCHEDULERS:
        raise FleetError(f"{file}: scheduler is ‘{scheduler}’; accepted: {' or '.join(SCHEDULERS)}")
    return Fleet(
        folder=file.parent,
        suites=words(file, table, "suites", least=1),
        options=words(file, table, "options"),
        scheduler=scheduler,
        time_limit=text(file, table, "time_limit", "1h"),
        program=text(file, table, "program", ""),
        kinds=kinds(file, table.get("kinds")),
    )


def kinds(file, table):
    """The kinds of node by name."""
    if not isinstance(table, dict) or not table:
        raise FleetError(f"{file}: kinds is missing; accepted is a table [kinds.NAME] for each")
    found = {}
    for name, entry in table.items():
        # It names folders and a partition of ReFrame's.
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
            raise FleetError(f"{file}: kinds.{name}: accepted are letters, digits, - and _")
        if not isinstance(entry, dict) or set(entry) - {"access", "options"}:
            raise FleetError(f"{file}: kinds.{name} has access and options, nothing else")
        place = f"kinds.{name}."
        found[name] = Kind(
            name, words(file, entry, "access", place), words(file, entry, "options", place)
        )
    return found


def words(file, table, key, place="", least=0):
    """A list of texts."""
    value = table.get(key, [])
    if not (isinstance(value, list) and all(isinstance(word, str) for word in value)):
        raise FleetError(f"{file}: {place}{key} is {value!r}; accepted is a list of texts")
    if len(value) < least:
        raise FleetError(f"{file}: {place}{key} is empty; accepted are {least} or more")
    return value


def text(file, table, key, default):
    """A text, or the default."""
    value = table.get(key, default)
    if not isinstance(value, str):
        raise FleetError(f"{file}: {key} is {value!r}; accepted is a text")
    return value


def main():
    """Says what is wrong with a fleet's file; nothing where all is well."""
    try:
        read(sys.argv[1])
    except FleetError as error:
        print(f"fleet: {error}", file=sys.stderr)
        return 65
    return 0


if __name__ == "__main__":
    sys.exit(main())
