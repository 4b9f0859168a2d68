# SPDX-License-Identifier: Apache-2.0
"""Runs the calling script in an environment with the packages it needs, made on first use.

To be imported before any of them. The environment is plot-scripts/.venv; where this folder may only
be read, one in the user's cache.
"""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REQUIREMENTS = "requirements.txt"


def folder():
    """Where the environment is, or is to be."""
    local = HERE / ".venv"
    if is_current(local) or os.access(HERE, os.W_OK):
        return local
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "convscope" / "plot-scripts"


def is_current(place):
    """Whether the environment is complete and holds the versions of today's list."""
    try:
        return (place / REQUIREMENTS).read_bytes() == (HERE / REQUIREMENTS).read_bytes()
    except OSError:
        return False


def make(place):
    """Fills the environment; of two scripts that start at once, one waits for the other."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with (place.parent / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_current(place):
            return
        if subprocess.run([HERE / "setup", place], stdout=sys.stderr).returncode != 0:
            raise SystemExit(f"the packages of figures and pages are missing: {HERE / 'setup'}")


def enter():
    """Replaces this process by the same script under the environment's Python."""
    place = folder()
    if Path(sys.prefix) == place:
        return
    if not is_current(place):
        make(place)
    python = place / "bin" / "python3"
    os.execv(python, [str(python), *sys.orig_argv[1:]])


enter()
