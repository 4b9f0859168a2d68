#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the page of a run: one HTML file that works without a network.

    plot-scripts/report.py RUN [-o FILE]                      writes RUN/report.html
    plot-scripts/report.py FIRST SECOND --changes FILE        what changed, into SECOND/report.html
    plot-scripts/report.py --agreement FILE -o PAGE           which answers hold on all machines

`convscope report` and `agree` call it; FILE is the judgement of that program.
"""

import argparse
import sys
from pathlib import Path

import environment  # noqa: F401  (first, for it may start the process anew)
from page import writing
from page.run import Run
from runs import RunError


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path, nargs="?", help="folder of a run")
    parser.add_argument("second", type=Path, nargs="?", help="a later one, to be compared with it")
    parser.add_argument("--changes", type=Path, help="what `convscope report` judged of the two")
    parser.add_argument("--agreement", type=Path, help="what `convscope agree` found")
    parser.add_argument("-o", "--output", type=Path, help="the page (default: report.html in RUN)")
    # Folders may stand before and behind the options.
    arguments = parser.parse_intermixed_args()
    last = arguments.second or arguments.run
    if bool(last) == bool(arguments.agreement) or not (last or arguments.output):
        parser.error("accepted are folders of runs, or --agreement FILE with --output PAGE")
    page = arguments.output or last / "report.html"
    if arguments.second and not arguments.changes:
        parser.error("two runs are judged by `convscope report FIRST SECOND`")
    try:
        if arguments.agreement:
            text = writing.page_of_agreement(arguments.agreement)
        elif arguments.second:
            text = writing.page_of_two(
                Run(arguments.run), Run(arguments.second), arguments.changes, page
            )
        else:
            text = writing.page_of(Run(arguments.run), page)
        page.parent.mkdir(parents=True, exist_ok=True)
        writing.write_whole(page, text)
    except (OSError, RunError) as error:
        print(f"report: {error}", file=sys.stderr)
        # What scripts know as an invalid input file.
        return 65 if isinstance(error, RunError) else 1
    print(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
