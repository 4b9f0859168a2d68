#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the imports of every Swift file with the target graph that Package.swift declares.

SwiftPM does not enforce that graph: once any target has built a sibling, an undeclared import of it
compiles. The kernels have a stricter rule of their own, see `kernel_violations`.

    ci/check-layering.py              checks this package; exit 1 and one line per violation
    ci/check-layering.py --drawing    prints the drawing of the modules for docs/Architecture.md
    ci/check-layering.py --self-test  checks the check on a small tree with known violations
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*"
    r"(?:(?:public|package|internal|fileprivate|private)\s+)?"
    r"import\s+(?:(?:struct|class|enum|protocol|typealias|func|var|let|actor)\s+)?(\w+)"
)

# What a kernel may not name. Each of these makes the compiler emit specialisations as weak symbols
# under one name in every instruction set's module, of which the linker keeps only one. This is a
# rough reading of the text; `check-object-code.py` looks at what was really emitted.
KERNEL_WORDS = re.compile(
    r"\b(Array|ContiguousArray|ArraySlice|Dictionary|Set|String|Substring|Character)\b"
    r"|\[[A-Z]\w*\]"  # [Float], but not [4 of Float]
    r"|\bprint\("
    r"|\.(map|flatMap|compactMap|filter|reduce|sorted|enumerated|joined) ?[({]"
)
KERNEL_FOLDERS = ("Kernels", "NarrowKernels")

# What few modules do, because it is easily done wrong: the folders it holds for, a pattern, the
# modules, and why. Children opens the null device, ExternalPeers files that a contender maps;
# BoundaryTests wants to see the error of a process that cannot be started.
SOLE_TASKS = [
    (
        ("Sources", "Tests"),
        re.compile(r"\bProcess\(\)|\b(?:posix_spawnp?|popen|system|v?fork)\("),
        ("Children", "BoundaryTests"),
        "starts a process by itself; a `Command` of Children ends with us and passes signals on",
    ),
    (
        ("Sources",),
        re.compile(r"\.write\(to:|FileHandle\(forWriting|\bcreateFile\(|, O_(?:WRONLY|RDWR)"),
        ("Boundary", "Children", "ExternalPeers"),
        "writes a file by itself; those of Boundary are whole or absent, and say why",
    ),
]
KERNEL_IMPORTS = {"CVector", "Convolution", "Swift"}


def declared_graph(package):
    """Target name → names of the targets it declares, whatever trait they depend on."""
    command = [os.environ.get("SWIFT", "swift"), "package", "dump-package"]
    manifest = json.loads(
        subprocess.run(command, cwd=package, check=True, capture_output=True).stdout
    )
    return {
        target["name"]: {name for entry in target["dependencies"] for name in dependency(entry)}
        for target in manifest["targets"]
    }


def dependency(entry):
    """The target's name in a dependency of the manifest: {"byName": ["Suites", condition]}."""
    return [value[0] for kind, value in entry.items() if kind in ("byName", "target")]


def without_comments_and_strings(text):
    """The text with both blanked out, and its lines still where they were."""
    pattern = r'"""(?:.|\n)*?"""|"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*(?:.|\n)*?\*/'
    return re.sub(pattern, lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def numbered_lines(path):
    return enumerate(without_comments_and_strings(path.read_text()).splitlines(), start=1)


def import_violations(path, target, graph):
    """Imports of sibling targets that `target` does not declare."""
    for number, line in numbered_lines(path):
        match = IMPORT.match(line)
        if match and match[1] in graph and match[1] not in graph[target] | {target}:
            yield number, f"{target} imports {match[1]}, which Package.swift does not declare"


def kernel_violations(path):
    """What kernels may not use: anything but SIMD types, inline arrays and pointers."""
    for number, line in numbered_lines(path):
        imported = IMPORT.match(line)
        if imported and imported[1] not in KERNEL_IMPORTS:
            yield (
                number,
                f"a kernel imports {imported[1]}; only {sorted(KERNEL_IMPORTS)} are allowed",
            )
        for word in KERNEL_WORDS.finditer(line):
            yield number, f"a kernel uses {word[0]}, which is emitted as weak symbols"


def task_violations(path, target, root):
    """What another module does for all."""
    for number, line in numbered_lines(path):
        for roots, pattern, owners, why in SOLE_TASKS:
            if root in roots and target not in owners and pattern.search(line):
                yield number, f"{target} {why}"


def folder_of(package, target):
    return next(
        (f for f in (package / "Sources" / target, package / "Tests" / target) if f.is_dir()), None
    )


def violations(package, graph):
    """All violations as lines `path:line: text`; a folder shared by symlinks is read once."""
    found = {}
    for target in graph:
        folder = folder_of(package, target)
        for path in sorted(folder.resolve().rglob("*.swift")) if folder else []:
            place = path.relative_to(package.resolve())
            for number, text in import_violations(path, target, graph):
                found[place, number, text] = True
            for number, text in task_violations(path, target, place.parts[0]):
                found[place, number, text] = True
            if place.parts[0] == "Sources" and place.parts[1] in KERNEL_FOLDERS:
                for number, text in kernel_violations(path):
                    found[place, number, text] = True
    return [f"{place}:{number}: {text}" for place, number, text in sorted(found)]


def unlisted_folders(package, graph):
    """Folders under Sources that no target names; kernels are there through their symlinks, some of
    which are targets on another architecture only."""
    folders = [f for f in (package / "Sources").iterdir() if f.is_dir()]
    names = {f.name for f in folders if f.resolve().name not in KERNEL_FOLDERS}
    return [f"Sources/{name}: no target of this name" for name in sorted(names - set(graph))]


DRAWING_PAGE = "docs/Architecture.md"


def arrows(graph):
    """Which module builds on which, without what follows from other arrows."""

    def reached(start, through=None):
        found, rest = set(), [n for n in graph[start] if n != through]
        while rest:
            name = rest.pop()
            if name not in found:
                found.add(name)
                rest += graph.get(name, ())
        return found

    return sorted(
        (name, used)
        for name, uses in graph.items()
        for used in uses
        if used not in reached(name, through=used)
    )


def drawing(package, graph):
    """The modules of Sources as a Mermaid drawing, arrows from a module to what it builds on."""
    ours = {name for name in graph if (package / "Sources" / name).is_dir()}
    inner = {name: uses & ours for name, uses in graph.items() if name in ours}
    lines = [f"  {name} --> {used}" for name, used in arrows(inner)]
    return "\n".join(["```mermaid", "flowchart BT", *lines, "```"])


def drawing_violations(package, graph):
    """The page's drawing, where it is not that of the declared graph."""
    page = package / DRAWING_PAGE
    if page.exists() and drawing(package, graph) in page.read_text():
        return []
    return [f"{DRAWING_PAGE}: its drawing is not that of `ci/check-layering.py --drawing`"]


def self_test():
    graph = {"App": {"Core"}, "Core": set(), "Fast": {"Convolution"}, "Convolution": set()}
    graph["AppTests"] = set()
    files = {
        "Sources/App/Main.swift": """\
import Core
// import Convolution
let text = "import Convolution"
let child = Process()  // and not Process(1)
let again = Processor(), system = 1
try data.write(to: file)
""",
        "Sources/Core/Core.swift": """\
@_exported public import struct App.Main
/*
import Convolution
*/
""",
        "Sources/Kernels/Kernel.swift": """\
internal import Foundation
public import Convolution
let a: [Float] = []
let b: [4 of Float] = [0, 0, 0, 0]
// a String
let c = filter.map { $0 } + arguments.filter
""",
        "Sources/Convolution/C.swift": "let names: [String] = []\n",
        "Sources/Stray/S.swift": "",
        "Tests/AppTests/T.swift": "try Data().write(to: file)\nlet run = Process()\n",
    }
    expected = [
        "docs/Architecture.md: its drawing is not that of `ci/check-layering.py --drawing`",
        f"Sources/App/Main.swift:4: App {SOLE_TASKS[0][-1]}",
        f"Sources/App/Main.swift:6: App {SOLE_TASKS[1][-1]}",
        "Sources/Core/Core.swift:1: Core imports App, which Package.swift does not declare",
        "Sources/Kernels/Kernel.swift:1: a kernel imports Foundation; "
        f"only {sorted(KERNEL_IMPORTS)} are allowed",
        "Sources/Kernels/Kernel.swift:3: a kernel uses [Float], which is emitted as weak symbols",
        "Sources/Kernels/Kernel.swift:6: a kernel uses .map {, which is emitted as weak symbols",
        f"Tests/AppTests/T.swift:2: AppTests {SOLE_TASKS[0][-1]}",
        "Sources/Stray: no target of this name",
    ]
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder)
        for name, text in files.items():
            (package / name).parent.mkdir(parents=True, exist_ok=True)
            (package / name).write_text(text)
        (package / "Sources" / "Fast").symlink_to(KERNEL_FOLDERS[0])
        (package / "docs").mkdir()
        (package / DRAWING_PAGE).write_text(
            drawing(package, graph).replace("App --> Core", "Core --> App")
        )
        found = [*drawing_violations(package, graph), *violations(package, graph)]
        found += unlisted_folders(package, graph)
    if found != expected:
        print(
            "self-test failed; found:", *found, "expected:", *expected, sep="\n  ", file=sys.stderr
        )
        return 1
    print(f"layering self-test: {len(expected)} violations found as planted")
    return 0


def main():
    parser = argparse.ArgumentParser(description="Compares imports with the declared target graph.")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--drawing", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        return self_test()
    graph = declared_graph(ROOT)
    if options.drawing:
        print(drawing(ROOT, graph))
        return 0
    found = violations(ROOT, graph) + unlisted_folders(ROOT, graph)
    found += drawing_violations(ROOT, graph)
    print(*found, sep="\n", file=sys.stderr) if found else print(
        f"{len(graph)} targets import only what they declare"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
