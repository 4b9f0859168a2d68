#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Breaks statistics, comparisons and readers in small ways and sees whether their tests notice.

A coverage figure says which lines ran, not whether a test would fail if they were wrong. Each
mutation of ci/mutations.toml changes one place, is built, and tested; a mutation that survives the
tests is a test that is missing.

    ci/mutate.py                   runs every mutation; exit 1 where fewer than 90 % are caught
    ci/mutate.py --check           only sees that each still applies to exactly one place
    ci/mutate.py --only Verdict    those whose file or reason contains the word
    ci/mutate.py --sample 40 --seed 1            forty drawn at random, always the same
    ci/mutate.py --folder DIR --outcomes FILE    keeps the build, and goes on where it was stopped

Works on a copy: the folders of the modules under test, with a manifest of their own, so that a
mutation builds these modules and not the whole package. The quick tests run first; the simulations
only for what those let through.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

import children

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "ci" / "mutations.toml"

# Modules and the modules that they import; those under test have their tests in Tests/<name>Tests.
MODULES = {
    "Boundary": [],
    "Inputs": ["Boundary"],
    "Machine": ["Inputs"],
    "Statistics": [],
    "Comparing": ["Boundary", "Inputs", "Machine", "Statistics"],
}
TESTED = ("Statistics", "Comparing", "Inputs", "Boundary")
# Tests that simulate thousands of measurements and take most of the time.
SLOW_TESTS = ["CoverageTests", "ErrorRateTests"]

# Fewer caught than this and the tests are not good enough.
LEAST_CAUGHT = 0.9

# A mutation may loop for ever, which a test run notices as well.
LONGEST_TEST_SECONDS = 900
NO_END = "no end"

MANIFEST = """// swift-tools-version: 6.2
import PackageDescription

let package = Package(name: "Mutated", targets: [
{targets}
])
"""

TARGET = """  .target(
    name: "{name}", dependencies: {imports},
    swiftSettings: [.enableUpcomingFeature("InternalImportsByDefault")]),"""
TESTS = """  .testTarget(name: "{name}Tests", dependencies: {imports}),"""


@dataclass(frozen=True)
class Mutation:
    """One small fault: exact text of one place in a file, and what stands there instead."""

    file: str
    old: str
    new: str
    why: str

    @property
    def key(self):
        """What tells it from the others, also when the table has changed around it."""
        return f"{Path(self.file).name}: {self.why}"

    def applied(self, text):
        """The text with the fault in it."""
        places = text.count(self.old)
        if places != 1:
            raise ValueError(f"{self.file}: {self.old!r} found in {places} places, not in one")
        return text.replace(self.old, self.new)


def mutations():
    """All mutations of the table."""
    with TABLE.open("rb") as file:
        return [Mutation(**row) for row in tomllib.load(file)["mutation"]]


def faults_of_table(table):
    """What is wrong with the table itself."""
    faults = []
    for mutation in table:
        try:
            mutation.applied((ROOT / mutation.file).read_text())
        except (OSError, ValueError) as error:
            faults.append(str(error))
    return faults


def copy_package(folder):
    """A package of the modules under test alone; files that are there and equal stay so."""
    places = [f"Sources/{name}" for name in MODULES] + [f"Tests/{name}Tests" for name in TESTED]
    for place in places:
        copy_folder(ROOT / place, folder / place)
    targets = [TARGET.format(name=n, imports=json.dumps(i)) for n, i in MODULES.items()]
    targets += [TESTS.format(name=n, imports=json.dumps([n, *MODULES[n]])) for n in TESTED]
    (folder / "Package.swift").write_text(MANIFEST.format(targets="\n".join(targets)))


def copy_folder(source, copy):
    """Makes `copy` the same; what is equal keeps its date, so that it is not built again."""
    copy.mkdir(parents=True, exist_ok=True)
    names = {path.name for path in source.iterdir()}
    for path in copy.iterdir():
        if path.name not in names:
            path.unlink()
    for name in names:
        text = (source / name).read_bytes()
        if not (copy / name).exists() or (copy / name).read_bytes() != text:
            (copy / name).write_bytes(text)


def swift(folder, *arguments, timeout=None):
    """Runs Swift in the package; what it printed, and whether it succeeded."""
    # Not a release build: that compiles a module as a whole and then everything that imports it.
    # This one compiles the changed file, optimised because the tests simulate.
    command = [os.environ.get("SWIFT", "swift"), *arguments, "-Xswiftc", "-O"]
    try:
        text, code = children.output(command, timeout, cwd=folder)
    except TimeoutError:
        return NO_END, False
    return text, code == 0


def outcome(folder):
    """`caught`, `no end`, `survived`, or `not built` with the compiler's first complaint."""
    text, built = swift(folder, "build", "--build-tests")
    if not built:
        complaints = [line for line in text.splitlines() if "error:" in line]
        return "not built: " + (complaints[0] if complaints else text[-200:])
    quick = [word for test in SLOW_TESTS for word in ("--skip", test)]
    for selection in (quick, [word for test in SLOW_TESTS for word in ("--filter", test)]):
        text, passed = swift(
            folder, "test", "--skip-build", *selection, timeout=LONGEST_TEST_SECONDS
        )
        if not passed:
            return text if text == NO_END else "caught"
    return "survived"


def run(table, folder, known, seconds):
    """The outcome of each mutation, told as it comes; None where the time was over before it."""
    copy_package(folder)
    # The tests pass without any mutation, or nothing is shown by their failing.
    if (unchanged := outcome(folder)) != "survived":
        sys.exit(f"mutate: without any mutation the tests do not pass ({unchanged})")
    began = time.monotonic()
    for number, mutation in enumerate(table, start=1):
        if mutation.key in known:
            continue
        if time.monotonic() - began > seconds:
            break
        path = folder / mutation.file
        original = path.read_text()
        start = time.monotonic()
        path.write_text(mutation.applied(original))
        known[mutation.key] = outcome(folder)
        path.write_text(original)
        print(
            f"{number:3}/{len(table)} {known[mutation.key]:9} {time.monotonic() - start:4.0f} s  "
            f"{Path(mutation.file).name}: {mutation.why}",
            flush=True,
        )
        yield known
    yield known


def read_outcomes(file):
    """What earlier calls found; what survived is tried again, for tests may have been added."""
    found = json.loads(file.read_text()) if file and file.exists() else {}
    return {key: outcome for key, outcome in found.items() if outcome in ("caught", NO_END)}


def write_outcomes(file, outcomes):
    """Keeps what is known."""
    if file:
        file.write_text(json.dumps(outcomes, indent=1, ensure_ascii=False) + "\n")


def summary(table, outcomes):
    """Tells the result; the exit code."""
    caught = outcomes.count("caught") + outcomes.count(NO_END)
    survivors = [m for m, o in zip(table, outcomes, strict=True) if o == "survived"]
    unbuilt = len(outcomes) - caught - len(survivors)
    print(f"{caught} of {len(outcomes)} mutations caught ({caught / len(outcomes):.1%})")
    for mutation in survivors:
        print(f"survived: {mutation.file}: {mutation.why}\n  {mutation.old!r} → {mutation.new!r}")
    if unbuilt:
        print(f"{unbuilt} did not compile and test nothing: mend ci/mutations.toml")
    return 1 if unbuilt or caught < LEAST_CAUGHT * len(outcomes) else 0


def main():
    """Reads the arguments, checks the table, runs it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="only check that all of them apply")
    parser.add_argument("--only", default="", metavar="WORD", help="those that contain the word")
    parser.add_argument("--sample", type=int, metavar="N", help="only N of them, drawn at random")
    parser.add_argument("--seed", type=int, default=1, help="of the sample (default 1)")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="where to build, and to stay")
    parser.add_argument("--outcomes", type=Path, metavar="FILE", help="keep outcomes, and go on")
    parser.add_argument(
        "--seconds", type=float, default=float("inf"), help="begin no mutation after this time"
    )
    arguments = parser.parse_args()
    table = mutations()
    if faults := faults_of_table(table):
        print("\n".join(faults), file=sys.stderr)
        return 1
    if arguments.check:
        print(f"{len(table)} mutations, each applies to one place")
        return 0
    table = [m for m in table if arguments.only in m.file + " " + m.why]
    if not table:
        print(f"no mutation contains {arguments.only!r}", file=sys.stderr)
        return 64
    if arguments.sample:
        table = random.Random(arguments.seed).sample(table, min(arguments.sample, len(table)))
    known = read_outcomes(arguments.outcomes)
    with tempfile.TemporaryDirectory(prefix="convscope-mutate-") as folder:
        folder = arguments.folder or Path(folder)
        for outcomes in run(table, folder, known, arguments.seconds):
            write_outcomes(arguments.outcomes, outcomes)
    done = [mutation for mutation in table if mutation.key in known]
    if len(done) < len(table):
        print(f"{len(done)} of {len(table)} done; the same command goes on")
        return 4
    return summary(table, [known[mutation.key] for mutation in table])


if __name__ == "__main__":
    sys.exit(main())
