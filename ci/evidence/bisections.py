#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shows whether `bisect` finds what was planted: the runs behind docs/lab/.

    ci/evidence/bisections.py --runs 10        a row per search in results/gates/bisections.csv
    ci/evidence/bisections.py --runs 10 --for 200

Each run makes a repository of 33 commits. Its launcher "builds" a commit by linking the objects of
--program anew, its functions in another order for each commit; from a drawn commit on, `serve` does
3 % of the work of one case of gate-check twice; three commits cannot be built. So git, gates and
programs are real, and what compiling would take is saved. `bisect` searches from the first commit
to the last. Run nothing beside it.
"""

import argparse
import json
import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import children
import gates
import table

COMMITS, SHARE, UNBUILDABLE = 33, "3%", 3
COLUMNS = (
    "run", "started_at", "load_average", "slowed", "planted", "commit", "unbuildable", "exit_code",
    "answer", "found", "gates", "seconds",
)  # fmt: skip
LAUNCHER = f"""#!/bin/sh
# Builds this commit.
exec {shlex.quote(sys.executable)} {shlex.quote(str(Path(__file__).resolve()))} \
--build "$(dirname "$0")"
"""
DESCRIPTION = "commit.json"


def git(repository, *words):
    """Runs git as somebody."""
    own = ["-c", "user.name=evidence", "-c", "user.email=evidence@example.com"]
    subprocess.run(["git", "-C", repository, *own, *words], check=True, capture_output=True)


def make(repository, program, culprit, slowed, unbuildable):
    """The repository: its first commit is the fast end, its last the slow one."""
    for folder in ("suites", "counter-groups"):
        shutil.copytree(table.ROOT / folder, repository / folder)
    (repository / "convscope").write_text(LAUNCHER)
    (repository / "convscope").chmod(0o755)
    (repository / ".gitignore").write_text(".build\n")
    git(repository, "init", "--quiet")
    for number in range(COMMITS):
        described = {
            "program": str(program), "seed": number + 1, "builds": number not in unbuildable,
            "slow_down": f"{slowed}={SHARE}" if number >= culprit else "",
        }  # fmt: skip
        (repository / DESCRIPTION).write_text(json.dumps(described))
        git(repository, "add", "--all")
        git(repository, "commit", "--quiet", "--message", f"commit {number}")
    # The program that searches looks for its repository above itself.
    place = repository / ".build" / "release" / "convscope"
    place.parent.mkdir(parents=True)
    shutil.copy2(program, place)
    return place


def build(folder):
    """What the launcher of a commit does: a program at .build/release/convscope."""
    described = json.loads((folder / DESCRIPTION).read_text())
    if not described["builds"]:
        sys.exit("this commit cannot be built")
    place = folder / ".build" / "release" / "convscope"
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    linked = gates.relinked(described["program"], described["seed"], place.with_name("linked"))
    own = f"--slow-down {shlex.quote(described['slow_down'])}" if described["slow_down"] else ""
    place.write_text(
        f'#!/bin/sh\nverb=$1\nshift\n[ "$verb" = serve ] && set -- {own} "$@"\n'
        f'exec {shlex.quote(str(linked))} "$verb" "$@"\n'
    )
    place.chmod(0o755)


def search(arguments, number, names):
    """One search; what it came to."""
    generator = random.Random(number)
    culprit = generator.randrange(1, COMMITS)
    slowed = names[number % len(names)]
    # Beside the one that is looked for, the answer could only be that it cannot be said.
    others = [n for n in range(1, COMMITS - 1) if n not in (culprit - 1, culprit)]
    unbuildable = generator.sample(others, UNBUILDABLE)
    row = {
        "run": number, "started_at": table.now(), "load_average": f"{os.getloadavg()[0]:.2f}",
        "slowed": slowed, "planted": SHARE, "commit": f"commit {culprit}",
        "unbuildable": " ".join(map(str, sorted(unbuildable))),
    }  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="convscope-bisect-") as name:
        repository = Path(name) / "repository"
        repository.mkdir()
        program = make(repository, Path(arguments.program).resolve(), culprit, slowed, unbuildable)
        command = [
            program, "bisect", f"HEAD~{COMMITS - 1}..HEAD", gates.SUITE, "--no-progress",
        ]  # fmt: skip
        begin = time.monotonic()
        text, code = children.output(
            command, env=os.environ | {"XDG_CACHE_HOME": str(Path(name) / "cache")}
        )
        row["seconds"] = f"{time.monotonic() - begin:.1f}"
    lines = text.splitlines()
    ends = ("slower since", "cannot say", "convscope:")
    answer = next((line for line in lines if line.startswith(ends)), text[-200:].strip())
    return row | {
        "exit_code": code, "answer": answer,
        "found": int(answer.startswith("slower since") and answer.endswith(f"commit {culprit}")),
        "gates": sum(" against " in line for line in lines),
    }  # fmt: skip


def summary(rows):
    """Tells what the rows come to."""
    named = [row for row in rows if row["answer"].startswith("slower since")]
    seconds = sorted(float(row["seconds"]) for row in rows)
    if rows:
        print(
            f"{len(rows)} searches: {sum(row['found'] == '1' for row in rows)} found the commit, "
            f"{sum(row['found'] != '1' for row in named)} named a wrong one, "
            f"{len(rows) - len(named)} could not say; median {seconds[len(seconds) // 2]:.0f} s"
        )


def main():
    """Reads the arguments."""
    parser = table.parser(__doc__, 10, "bisections.csv")
    parser.add_argument("--build", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.build:
        build(arguments.build)
        return
    names = gates.cases(arguments.program)
    rows = table.Table(arguments.csv, COLUMNS)
    for number in rows.to_do(arguments):
        row = search(arguments, number, names)
        rows.append(row)
        print(f"{number}: {row['commit']} of {row['slowed']}: {row['answer']}", flush=True)
    summary(rows.rows)


if __name__ == "__main__":
    table.run(main)
