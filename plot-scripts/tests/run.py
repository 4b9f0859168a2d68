#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the tests of figures and pages; arguments are those of `python3 -m unittest`."""

import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import environment  # noqa: E402, F401  (may start the process anew)

if __name__ == "__main__":
    names = sys.argv[1:] or ["discover", "-s", str(HERE), "-t", str(HERE)]
    unittest.main(module=None, argv=["run.py", *names])
