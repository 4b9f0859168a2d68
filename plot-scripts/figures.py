#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws every figure of a run, each beside the files that it shows.

    plot-scripts/figures.py RUN

comparisons (curves, lists and heat maps) and roofline for each suite, and roofline and scaling for
the whole run; PNG, SVG and PDF.
"""

import argparse
import contextlib
from pathlib import Path

import comparisons
import figure as fig
import roofline
import scaling
from runs import RunError, compared_rows, suite_folders


def figures_of(run):
    """(folder, name, figures), one after the other."""
    for folder in suite_folders(run):
        file = folder / "comparisons.csv"
        if file.is_file() and compared_rows(file):
            yield folder, "comparisons", comparisons.figures_of(file)
        if roofline.places_of(folder):
            yield folder, "roofline", roofline.figures_of(folder)
    if roofline.places_of(run):
        yield run, "roofline", roofline.figures_of(run)
    # Where all was measured with one number of workers there is nothing to draw.
    with contextlib.suppress(RunError):
        yield run, "scaling", scaling.figures_of(run)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path, help="folder of a run")
    arguments = parser.parse_args()
    try:
        for folder, name, figures in figures_of(arguments.run):
            fig.save(figures, folder, name)
    except RunError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
