#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the page of a history; `ci/nightly.py` calls it.

    plot-scripts/history.py PAGE < DATA

DATA is JSON as ci/history.py gathers it.
"""

import argparse
import json
import sys
from pathlib import Path

import environment  # noqa: F401  (first, for it may start the process anew)
from page import writing


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", type=Path, help="the file to write")
    arguments = parser.parse_args()
    try:
        writing.write_whole(arguments.page, writing.page_of_history(json.load(sys.stdin)))
    except (OSError, ValueError) as error:
        print(f"history: {error}", file=sys.stderr)
        return 1
    print(arguments.page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
