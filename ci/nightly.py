#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A night: run the suites, add the run to a history, look for change points, tell what is new.

    ci/nightly.py HISTORY                      runs `all` and analyses
    ci/nightly.py HISTORY --suites quick       another choice of suites
    ci/nightly.py HISTORY --only-analyse       no run, only the analysis of what is there
    ci/nightly.py --self-test                  made-up histories with and without a step

Exit codes: 0 nothing new, 2 a new change point for the worse, 1 the run or the analysis failed,
64 usage, 130 stopped by a signal. One series per case, kernel, workers and cache; a step is told
three nights after it happened or later, once, and is remembered in HISTORY/known-changes.json.
"""

import argparse
import contextlib
import csv
import fcntl
import json
import math
import os
import random
import re
import sys
import tempfile
import time
from pathlib import Path

import change_points
import children
import history as history_page
import machines

ROOT = Path(__file__).resolve().parent.parent
KNOWN, REPORT, LOCK = "known-changes.json", "summary.md", ".lock"
INTERRUPTED, USAGE = 130, 64
# What `run` ends with where there are results to analyse: 4 is a case that nothing could decide.
GOOD_RUNS = (0, 4)
# An analysis of one night more may move a change point by a run or two.
SAME_CHANGE_RUNS = 3


class NightError(Exception):
    """Why there is no night; for people."""


class Words(argparse.ArgumentParser):
    """Words that are not understood end with 64, as the program's: 2 is a change point."""

    def error(self, message):
        """Says what is wrong."""
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"nightly: {message}\n")


def main():
    """Reads the arguments; runs, analyses."""
    parser = Words(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("history", type=Path, nargs="?", help="folder of the runs so far")
    parser.add_argument("--suites", nargs="+", default=["all"])
    parser.add_argument("--budget", default="", help="time for all groups, such as 30m")
    parser.add_argument("--program", default=str(ROOT / "convscope"))
    parser.add_argument("--only-analyse", action="store_true")
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    if arguments.self_test:
        return self_test()
    if not arguments.history:
        parser.error("the folder of the history is missing")
    history = arguments.history.resolve()
    if arguments.only_analyse and not history.is_dir():
        parser.error(f"{history} is no folder of a history")
    try:
        with owned(history):
            if not arguments.only_analyse:
                measure(arguments, history)
            return analyse(history, history_page.write)
    except children.StoppedError as stop:
        print(f"nightly: {stop}; no night was added", file=sys.stderr)
        return INTERRUPTED
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        print(f"nightly: {error.filename or history}: {error.strerror}", file=sys.stderr)
        return 1
    except NightError as error:
        print(f"nightly: {error}", file=sys.stderr)
        return 1


@contextlib.contextmanager
def owned(history):
    """The history, which no other night changes meanwhile; the lock ends with this process."""
    history.mkdir(parents=True, exist_ok=True)
    with (history / LOCK).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            owner = lock.read().strip() or "another process"
            raise NightError(f"{history}: a night of {owner} is under way") from None
        lock.truncate(0)
        with contextlib.suppress(OSError):
            lock.write(f"process {os.getpid()}\n")
            lock.flush()
        yield


def measure(arguments, history):
    """Runs the suites into a new folder of the history."""
    folder = new_folder(history)
    command = [arguments.program, "run", *arguments.suites, "--output", folder, "--no-progress"]
    if arguments.budget:
        command += ["--budget", arguments.budget]
    try:
        code = children.run(command)
    except OSError as error:
        raise NightError(f"--program {arguments.program}: {error.strerror}") from None
    finally:
        # What was refused has written nothing.
        with contextlib.suppress(OSError):
            folder.rmdir()
    if code not in GOOD_RUNS:
        where = f"; its folder is {folder}" if folder.exists() else ""
        raise NightError(f"the run ended with {ending(code)}{where}")


def ending(code):
    """An exit code of a child in words."""
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def new_folder(history):
    """A folder of this second that no other night has."""
    now = time.strftime("%Y-%m-%dT%H%M%SZ", time.gmtime())
    number = 1
    while True:
        folder = history / (now + (f"-{number}" if number > 1 else ""))
        try:
            folder.mkdir()
            return folder
        except FileExistsError:
            number += 1


def write_whole(file, text):
    """Writes a file that is there whole or as it was, also on a full disk."""
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        with unfinished.open("w") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(file)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        # A full disk is told without the file.
        raise OSError(error.errno, error.strerror, str(file)) from None


class Night:
    """A run that counts: when, of which commit, and its values by case."""

    def __init__(self, folder):
        record = read_record(folder / "run.json")
        self.when = str(record.get("startedAt", folder.name))
        self.environment = record.get("environment") or {}
        self.commit = str(self.environment.get("revision") or "unknown")
        self.session = machines.session(folder)
        self.values = {}
        for suite in record.get("suites", []):
            self.values |= read_values(folder / suite / "measurements.csv")


def read_record(file):
    """run.json of a run that came to its end."""
    try:
        record = json.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise NightError(f"{file.name} cannot be read ({error})") from None
    if not isinstance(record, dict):
        raise NightError(f"{file.name} is no JSON object")
    if not record.get("endedAt"):
        raise NightError("the run has no end")
    if record.get("interrupted"):
        raise NightError("the run was interrupted")
    return record


def read_values(file):
    """Case → (logarithm of the time, of the time in FMA paces or None)."""
    values = {}
    try:
        with file.open(newline="") as stream:
            for number, row in enumerate(csv.DictReader(stream), start=2):
                if row.get("status") != "ok" or not row.get("time_ns_median"):
                    continue
                nanoseconds = positive(row["time_ns_median"], file, number)
                pace = row.get("fma_gflop_per_s") or ""
                relative = nanoseconds * positive(pace, file, number) if pace else None
                name = ", ".join(
                    row.get(key) or "" for key in ("suite", "case", "kernel", "workers", "cache")
                )
                values[name] = (math.log(nanoseconds), math.log(relative) if relative else None)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise NightError(f"{file.name} cannot be read ({error})") from None
    return values


def positive(text, file, number):
    """A number above 0 that a file says."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise NightError(f"{file.parent.name}/{file.name}, line {number}: ‘{text}’ is no time")
    return value


def nights(history):
    """Machine → its nights, oldest first, the last one measured first; why others do not count."""
    counted, left_out = [], []
    for folder in machines.run_folders(history):
        try:
            counted.append(Night(folder))
        except NightError as reason:
            left_out.append((str(folder.relative_to(history)), str(reason)))
    counted.sort(key=lambda night: night.when)
    for night, key in zip(counted, machines.keys([n.environment for n in counted]), strict=True):
        night.machine = key
    # Times of another machine say nothing about the code.
    return machines.apart(counted, lambda n: n.machine, lambda n: n.session, lambda n: n.values), (
        left_out
    )


class Series:
    """The values of a case over the nights that have it."""

    def __init__(self, name, history):
        self.name = name
        self.nights = [night for night in history if name in night.values]
        pairs = [night.values[name] for night in self.nights]
        # The clock of a night is in its FMA pace, too; what remains is the code's.
        self.is_relative = all(relative is not None for _, relative in pairs)
        self.values = [relative if self.is_relative else plain for plain, relative in pairs]

    def place(self, change):
        """Where a known change lies in this series; None where its nights are gone."""
        for place, night in enumerate(self.nights):
            if night.when == change.get("date"):
                return place
        # The run was removed: the first later one, or that of the same commit.
        later = [p for p, n in enumerate(self.nights) if n.when > str(change.get("date", "~"))]
        same = [p for p, n in enumerate(self.nights) if n.commit == change.get("commit")]
        first = self.nights[0].when if self.nights else ""
        if str(change.get("date", "")) < first and not same:
            return None
        return (same or later or [None])[0]


def new_changes(machine, all_series, known):
    """The steps of a machine's newest night that were not told before."""
    known = [change for change in known if change.get("machine", machine) == machine]
    starts = []
    for one in all_series:
        places = [one.place(change) for change in known if change.get("case") == one.name]
        starts.append(max((place for place in places if place is not None), default=0))
    changes = []
    for step in change_points.steps([one.values for one in all_series], starts):
        one = all_series[step.series]
        night = one.nights[step.place]
        change = {
            "case": one.name, "commit": night.commit, "date": night.when,
            "percent": round(100 * step.change, 1), "machine": machine,
        }  # fmt: skip
        if not is_known(change, one, known):
            changes.append(change)
    return sorted(changes, key=lambda change: -change["percent"])


def is_known(change, series, known):
    """Whether a change was told before, perhaps at a neighbouring night."""
    place = series.place(change)
    for other in known:
        if other.get("case") != change["case"]:
            continue
        if (other.get("percent", 0) > 0) != (change["percent"] > 0):
            continue
        other_place = series.place(other)
        if other_place is not None and abs(place - other_place) < SAME_CHANGE_RUNS:
            return True
    return False


def read_known(file):
    """What was told before; a file that cannot be understood is kept under another name."""
    if not file.exists():
        return []
    try:
        known = json.loads(file.read_text())
        if isinstance(known, list) and all(isinstance(one, dict) for one in known):
            return known
        reason = "it is no list of changes"
    except ValueError as error:
        reason = str(error)
    number = 1
    while (aside := file.with_name(f"{file.name}.unread-{number}")).exists():
        number += 1
    file.rename(aside)
    print(f"nightly: {file}: {reason}; it is now {aside.name}", file=sys.stderr)
    return []


def analyse(history, write_page=None):
    """Tells what is new and remembers it, perhaps on a page as well; the exit code."""
    counted, left_out = nights(history)
    known = read_known(history / KNOWN)
    new, series = [], {}
    for machine, own in counted.items():
        names = sorted({name for night in own for name in night.values})
        series[machine] = [Series(name, own) for name in names]
        # A case that the newest night does not have has nothing new.
        current = [one for one in series[machine] if one.nights[-1] is own[-1]]
        new += new_changes(machine, current, known) if current else []
    text = summary(counted, series, new, known, left_out)
    print(text, flush=True)
    write_whole(history / REPORT, text)
    if github := os.environ.get("GITHUB_STEP_SUMMARY"):
        with open(github, "a") as stream:
            stream.write(text)
    # Last: what could not be told is told again.
    if new:
        write_whole(history / KNOWN, json.dumps(known + new, indent=1, ensure_ascii=False) + "\n")
    if write_page:
        write_page(history, known, new, left_out)
    return 2 if any(change["percent"] > 0 for change in new) else 0


def shown(text):
    """A text from a run as Markdown shows it: no cell, code, link or HTML of its own."""
    visible = "".join(c if c.isprintable() else f"\\u{{{ord(c):X}}}" for c in str(text))
    escaped = re.sub(r"([\\`|\[\]])", r"\\\1", visible)
    return escaped.replace("&", "&amp;").replace("<", "&lt;")


def summary(counted, series, new, known, left_out):
    """Markdown: how much there is, what is new, what was known."""
    least = change_points.LEAST_BEFORE + change_points.LOOKS[0]
    lines = ["### Nightly benchmarks", ""]
    for machine, own in counted.items():
        few = f"; change points are looked for from {least} on" if len(own) < least else ""
        lines.append(f"- {shown(machine)}: {len(series[machine])} cases, {len(own)} nights{few}")
    if not counted:
        lines.append("No night that counts.")
    for title, some in (("New", new), ("Known", known)):
        if some:
            lines += ["", f"{title} change points:", ""]
            lines += ["| case | machine | first night | commit | time |", "|---|---|---|---|--:|"]
            lines += [
                f"| {shown(c.get('case'))} | {shown(c.get('machine', ''))} | {c.get('date', '')} "
                f"| {shown(c.get('commit'))} | {c.get('percent', 0):+.1f} % |"
                for c in some
            ]
    if not new:
        lines += ["", "No new change point."]
    plain = [one.name for own in series.values() for one in own if not one.is_relative]
    if plain:
        lines += ["", f"{len(plain)} cases have no FMA pace; their times stand as they are."]
    if left_out:
        lines += ["", "Left out:", ""] + [
            f"- {shown(name)}: {shown(reason)}" for name, reason in left_out
        ]
    return "\n".join(lines) + "\n"


def made_up(history, number, factors, generator, suite="s", **environment):
    """Adds a night whose cases take `factors` times 100 ns, with 1 % of noise and a clock of its
    own."""
    folder = history / f"2026-01-{number + 1:02}T000000Z{suite.strip('s')}"
    (folder / suite).mkdir(parents=True)
    record = {
        "endedAt": "x", "startedAt": f"2026-01-{number + 1:02}T00:00:00Z", "suites": [suite],
        "environment": {"machine": "m", "revision": f"c{number}"} | environment,
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(record))
    pace = 100 * math.exp(generator.gauss(0, 0.1))
    rows = ["suite,case,kernel,workers,cache,status,time_ns_median,fma_gflop_per_s"]
    for case, factor in enumerate(factors):
        nanoseconds = 1e4 * factor * math.exp(generator.gauss(0, 0.01)) / pace
        rows.append(f"{suite},case{case},k,1,warm,ok,{nanoseconds},{pace}")
    (folder / suite / "measurements.csv").write_text("\n".join(rows) + "\n")
    return folder


def quietly(function, *arguments):
    """The result of a function that prints."""
    with contextlib.redirect_stdout(None), contextlib.redirect_stderr(None):
        return function(*arguments)


def self_test():
    """A step is told once, a steady history never; nights that cannot be read are left out."""
    generator = random.Random(1)
    failures = []

    def expect(what, found, expected):
        if found != expected:
            failures.append(f"{what}: {found}, expected {expected}")

    with tempfile.TemporaryDirectory() as name:
        history = Path(name)
        codes = []
        for number in range(24):
            step = 1.05 if number >= 15 else 1
            folder = made_up(history, number, [1, step, 1, 1], generator)
            codes.append(quietly(analyse, history))
        failed = [number for number, code in enumerate(codes) if code]
        expect("nights that fail", len(failed), 1)
        expect("the third night behind the step at the latest", failed[0] <= 17, True)
        known = json.loads((history / KNOWN).read_text())
        told = [(c["case"], c["commit"], c["date"]) for c in known]
        expect("what is told", told, [("s, case1, k, 1, warm", "c15", "2026-01-16T00:00:00Z")])
        # Old runs are removed: what is known stays known.
        for old in sorted(history.glob("2026-*"))[:10]:
            (old / "run.json").unlink()
        expect("after old runs went", quietly(analyse, history), 0)
        expect("what is then known", json.loads((history / KNOWN).read_text()), known)
        for spoil in (
            lambda: (folder / "run.json").write_text('{"endedAt": "x", "sui'),
            lambda: (folder / "run.json").write_text('{"suites": ["s"]}'),
            lambda: (folder / "run.json").write_text('{"endedAt": "x", "interrupted": true}'),
            lambda: made_up(history, 24, [1, 1.05, 1, 1], generator),
            lambda: (history / "2026-01-25T000000Z/s/measurements.csv").write_bytes(b"status\xff"),
        ):
            spoil()
            expect("a night that cannot be read", quietly(analyse, history), 0)
        expect("who is left out", len(nights(history)[1]), 12)
        (history / KNOWN).write_text('[{"case": "s, ca')
        expect("what nobody remembers is told again", quietly(analyse, history), 2)
        expect("are kept", (history / f"{KNOWN}.unread-1").read_text(), '[{"case": "s, ca')
        expect("two nights in one second", new_folder(history) != new_folder(history), True)
        before = sorted(history.iterdir())
        for program, reason in (
            ("false", "exit code 1"),
            ("/no/such", "--program /no/such: No such"),
        ):
            night = argparse.Namespace(program=program, suites=["all"], budget="")
            try:
                measure(night, history)
                failures.append(f"{program}: no error")
            except NightError as error:
                expect(f"what {program} says", reason in str(error), True)
        expect("a run that is refused leaves nothing", sorted(history.iterdir()), before)
    with tempfile.TemporaryDirectory() as name:
        failures += several_machines(Path(name), generator)
    false = sum(false_nights(generator, cases=12, count=40, sd=0.03) for _ in range(10))
    expect("false nights of 400, at most 1 %", false <= 4, True)
    print(*failures, sep="\n", file=sys.stderr, end="\n" if failures else "")
    print(f"nightly self-test: {len(failures)} failures, {false} false nights of 400")
    return 1 if failures else 0


def several_machines(history, generator):
    """What is not as it should be where two kinds of node have a folder each in one history."""
    kinds = {"a": [0], "b": [1]}
    for number in range(20):
        for kind, cpus in kinds.items():
            step = 1.06 if kind == "b" and number >= 10 else 1
            # Two suites of one session are one night.
            for suite, factors in (("s", [1, step, 1]), ("s2", [1, 1])):
                folder = made_up(
                    history / kind, number, factors, generator, suite, fingerprint="f",
                    allowedCPUs=cpus, onlineCPUs=2,
                )  # fmt: skip
                (folder / machines.SESSION_FILE).write_text(f"{number}\n")
        quietly(analyse, history)
    found, left_out = nights(history)
    known = json.loads((history / KNOWN).read_text())
    seen = {name: (len(own), len(own[-1].values)) for name, own in found.items()}
    expected = {f"m-f, CPUs {cpus[0]}": (20, 5) for cpus in kinds.values()}
    told = [(change["case"], change["machine"]) for change in known]
    caches = {"machine": "m", "caches": [{"level": 1, "bytes": 48}]}
    other = {"machine": "m", "caches": [{"level": 1, "bytes": 32}]}
    keys = machines.keys([caches, caches | {"fingerprint": "f"}, other])
    failures = [] if seen == expected and not left_out else [f"nights of machines: {seen}"]
    if told != [("s, case1, k, 1, warm", "m-f, CPUs 1")]:
        failures.append(f"a step on one machine is told as {told}")
    if keys != ["m-f", "m-f", "m"]:
        failures.append(f"runs without fingerprints are of {keys}")
    return failures


def false_nights(generator, cases, count, sd, correlation=0.3):
    """How many of `count` nights of unchanged cases tell a step."""
    series = [correlated(generator, count, sd, correlation) for _ in range(cases)]
    starts, false = [0] * cases, 0
    for night in range(1, count + 1):
        found = change_points.steps([values[:night] for values in series], starts)
        false += bool(found)
        for step in found:
            starts[step.series] = step.place
    return false


def correlated(generator, count, sd, correlation):
    """Logarithms of nights, each alike to the one before."""
    values, value = [], generator.gauss(0, 1)
    for _ in range(count):
        values.append(sd * value)
        value = correlation * value + math.sqrt(1 - correlation**2) * generator.gauss(0, 1)
    return values


if __name__ == "__main__":
    sys.exit(main())
