#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Looks for conversions of numbers that trap, or that drop what is no number, in silence.

`Int(x)` of a Double traps where x is too large, infinite or no number, and `Int(text)` says nothing
about the range. So modules that meet numbers from outside, or times divided by times, convert only
with a label that says what happens: `Int(reading:in:)`, `Int(clamping:to:)`, `Double(reading:in:)`
of the module Inputs, and the standard library's own `exactly:`, `clamping:`, `truncatingIfNeeded:`,
`bitPattern:` and the like. A widening of one integer type to another, which cannot fail, is marked
with `// widens` at the end of its line.

    ci/check-numbers.py              checks Sources; exit 1 and one line per violation
    ci/check-numbers.py --self-test  checks the check on a small file with known violations
"""

import argparse
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Kernels and what plans them convert integers that a valid problem bounds; Inputs is the place for
# conversions; Statistics has its own numbers only, which its tests cover.
MODULES = [
    "Advising",
    "Boundary",
    "Children",
    "Comparing",
    "Counters",
    "ExternalPeers",
    "Gating",
    "Machine",
    "Measuring",
    "Planning",
    "Predicting",
    "Reporting",
    "Suites",
    "Workers",
    "convscope",
]

# What a harmless one has in its parentheses: nothing, a label, a constant of C, a clock's field.
HARMLESS = r"(?!\s*\w+:)(?!\))(?![A-Z_][A-Z0-9_]+\))(?!time\.tv_n?sec\))"
INTEGER = re.compile(r"(?<![\w.])(?:U?Int(?:8|16|32|64)?|C(?:Int|Long|UInt))\(" + HARMLESS)
# A Double made of text says so with an optional or a closure; one made of an integer does not.
TEXT_TO_DOUBLE = re.compile(
    r"(?:guard|if|while)(?: case)? (?:let|var) [^=\n]*= Double\((?!\s*\w+:)"
    r"|, let \w+ = Double\((?!\s*\w+:)"
    r"|(?:flatMap|compactMap)\s*\(?\{[^\n})]*?(?<!\w)Double\((?!\s*\w+:)"
    r"|, \{ Double\(\$0\) \}"
)
EXCUSED = re.compile(r"//.*\bwidens\b")


def without_comments_and_strings(text):
    """The text with both blanked out, and its lines still where they were."""
    pattern = r'"""(?:.|\n)*?"""|"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*(?:.|\n)*?\*/'
    return re.sub(pattern, lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def call(text, start):
    """What stands in the parentheses that open just before `start`."""
    depth = 1
    for end in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        if depth == 0:
            return text[start:end]
    return text[start:]


def violations(path, name):
    """One line for each conversion that traps or drops."""
    text = path.read_text()
    lines = text.splitlines()
    code = without_comments_and_strings(text)
    found = []
    for match in INTEGER.finditer(code):
        # Digits of another base are read as an optional, whatever their number.
        if "radix:" not in call(code, match.end()):
            found.append((match, f"{match[0]}…) may trap; `reading:in:` or `clamping:to:` cannot"))
    for match in TEXT_TO_DOUBLE.finditer(code):
        found.append((match, "Double(text) takes nan and inf; `reading:in:` does not"))
    for match, complaint in sorted(found, key=lambda entry: entry[0].start()):
        number = code.count("\n", 0, match.start()) + 1
        if not EXCUSED.search(lines[number - 1]):
            yield f"{name}:{number}: {complaint}"


def self_test():
    text = """\
let a = Int(time / 2)
let b = Int(reading: text, in: 0...1)
let c = UInt64(ticks)  // widens
let d = fields.flatMap { Double($0) }
guard let e = Double(text), e > 0 else { return }
let m = all.compactMap(\\.value).reduce(0, +) / Double(all.count)
let f = Double(count) / 2
// Int(comment)
let g = "Int(text)"
let h = "\\(Int(share))"
let i = values.map { UInt8(truncatingIfNeeded: $0) } + [Int]()
let j = text.flatMap(Int.init)
let l = Int(text, radix: 16) ?? Int(
  clamping: time, to: 0...9)
let k = sysconf(Int32(_SC_CLK_TCK)) + Int(time.tv_sec)
"""
    expected = [1, 4, 5]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "Example.swift"
        path.write_text(text)
        found = [int(line.split(":")[1]) for line in violations(path, "Example.swift")]
    if found != expected:
        sys.exit(f"found lines {found}, expected {expected}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--self-test", action="store_true")
    if parser.parse_args().self_test:
        return self_test()
    found = [
        line
        for module in MODULES
        for path in sorted((ROOT / "Sources" / module).rglob("*.swift"))
        for line in violations(path, path.relative_to(ROOT))
    ]
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
