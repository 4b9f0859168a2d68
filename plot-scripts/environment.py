# SPDX-License-Identifier: Apache-2.0
"""Runs the calling script in plot-scripts/.venv; to be imported before matplotlib."""

import os
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PYTHON = FOLDER / ".venv" / "bin" / "python3"


def enter():
    """Replaces this process by the same script under the environment's Python."""
    if Path(sys.prefix) == FOLDER / ".venv":
        return
    if not PYTHON.exists():
        raise SystemExit(f"the figures need their packages first: {FOLDER / 'setup'}")
    os.execv(PYTHON, [str(PYTHON), *sys.argv])


enter()
