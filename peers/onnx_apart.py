# SPDX-License-Identifier: Apache-2.0
"""Runs foreign code in a process apart, so that it may crash, hang or want too much memory."""

import ctypes
import json
import os
import resource
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path

# What the process has mapped already, and libraries that map more than they use.
SPARE_BYTES = 4 << 30
_PARENT_DEATH_SIGNAL = 1


class ApartError(Exception):
    """The process apart gave no result; the text says why."""


def run_apart(work: Callable[[], object], seconds: float) -> object:
    """What `work` returns, which JSON must be able to say, of a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _work(work, writer)
    os.close(writer)
    try:
        answer = _read(reader, time.monotonic() + seconds)
    finally:
        os.close(reader)
        if not _has_ended(child):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    if answer is None:
        raise ApartError(f"it took more than {seconds:g} seconds")
    if not answer:
        raise ApartError("its process was ended by a signal")
    said = json.loads(answer)
    if "error" in said:
        raise ApartError(said["error"])
    return said["result"]


def _work(work: Callable[[], object], writer: int) -> None:
    """The life of the process apart."""
    try:
        # Whoever ends this reader ends the process, too.
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        _limit_memory()
        said = {"result": work()}
    except BaseException as error:
        said = {"error": str(error) or type(error).__name__}
    with os.fdopen(writer, "w") as stream:
        stream.write(json.dumps(said))
    os._exit(0)


def _limit_memory() -> None:
    """Has allocations fail where there is no memory, instead of another process being killed."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            limit = int(line.split()[1]) * 1024 + SPARE_BYTES
            _, most = resource.getrlimit(resource.RLIMIT_AS)
            if most == resource.RLIM_INFINITY or limit < most:
                resource.setrlimit(resource.RLIMIT_AS, (limit, most))


def _read(reader: int, deadline: float) -> bytes | None:
    """All that is written; None where that is not at an end in time."""
    parts = []
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([reader], [], [], left)[0]:
            return None
        part = os.read(reader, 1 << 16)
        if not part:
            return b"".join(parts)
        parts.append(part)


def _has_ended(child: int) -> bool:
    """Whether the process has ended, which it does right after its answer."""
    for _ in range(100):
        if os.waitpid(child, os.WNOHANG)[0]:
            return True
        time.sleep(0.001)
    return False
