#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks what the pages say of the tree: links and their anchors, files and functions of the walk.

ci/check-docs.py              checks README.md, CHANGELOG.md and docs; a line per fault
ci/check-docs.py --self-test  checks the check on pages with known faults
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
# `Module/File.swift` and behind it, in backquotes of their own, functions that it has.
SOURCE = re.compile(r"`(?:Sources/)?(\w+/[\w+/]+\.swift)`((?:,? `\w+`)*)")


def pages(root):
    """The pages whose links are followed."""
    own = [root / "README.md", root / "CHANGELOG.md"]
    return [page for page in [*own, *sorted((root / "docs").rglob("*.md"))] if page.exists()]


def anchor(heading):
    """What a heading is linked by, as GitHub makes it."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
    return re.sub(r"[^\w\- ]", "", text.lower()).strip().replace(" ", "-")


def anchors(page):
    return {anchor(text) for text in HEADING.findall(FENCE.sub("", page.read_text()))}


def left_out(root, file):
    """Whether git leaves the file out, so that a clone will not have it."""
    ask = ["git", "-C", root, "check-ignore", "--quiet", file]
    return (root / ".git").exists() and subprocess.run(ask, check=False).returncode == 0


def link_faults(root, page, text):
    """Links to files or headings that are not there, or not in a clone."""
    for target in LINK.findall(text):
        if re.match(r"\w+:", target):
            continue
        path, _, fragment = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists():
            yield f"{target}: there is no such file"
        elif left_out(root, file):
            yield f"{target}: git ignores that file, so a clone has none"
        elif fragment and file.suffix == ".md" and fragment not in anchors(file):
            yield f"{target}: there is no such heading"


def source_faults(root, text):
    """Swift files and functions that are not there."""
    for path, functions in SOURCE.findall(text):
        file = root / "Sources" / path
        if not file.exists():
            yield f"{path}: there is no such file in Sources"
            continue
        for name in re.findall(r"\w+", functions):
            if not re.search(rf"\bfunc {name}\b", file.read_text()):
                yield f"{path}: it has no function {name}"


def faults(root):
    """One line per fault, with the page."""
    found = []
    for page in pages(root):
        text = FENCE.sub("", page.read_text())
        for fault in [*link_faults(root, page, text), *source_faults(root, text)]:
            found.append(f"{page.relative_to(root)}: {fault}")
    return found


def self_test():
    files = {
        "README.md": "# A\n[b](docs/b.md) [c](docs/c.md)\n"
        "[d](docs/b.md#two-words) [e](docs/b.md#x)\n",
        "docs/b.md": "# Two `words`\n[up](../README.md#a) [web](https://example.org)\n"
        "```\n[no](link)\n# heading\n```\n`M/F.swift` `run`, `stop` and `M/G.swift`\n",
        "Sources/M/F.swift": "func run() {}\n",
        "docs/c/d.md": "[e](../../results/e.md)\n",
        "results/e.md": "# E\n",
        ".gitignore": "results/*\n",
    }
    expected = [
        "README.md: docs/c.md: there is no such file",
        "README.md: docs/b.md#x: there is no such heading",
        "docs/b.md: M/F.swift: it has no function stop",
        "docs/b.md: M/G.swift: there is no such file in Sources",
        "docs/c/d.md: ../../results/e.md: git ignores that file, so a clone has none",
    ]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        subprocess.run(["git", "init", "--quiet", root], check=True)
        found = faults(root)
    if found != expected:
        print("self-test failed; found:", *found, sep="\n  ", file=sys.stderr)
        return 1
    print(f"docs self-test: {len(expected)} faults found as planted")
    return 0


def main():
    parser = argparse.ArgumentParser(description="Checks the links and names of the pages.")
    parser.add_argument("--self-test", action="store_true")
    if parser.parse_args().self_test:
        return self_test()
    found = faults(ROOT)
    print(*found, sep="\n", file=sys.stderr) if found else print(
        f"{len(pages(ROOT))} pages link to what is there"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
