# SPDX-License-Identifier: Apache-2.0
"""Child processes that end with us: signals are passed on to the whole group, our death, too."""

import atexit
import contextlib
import ctypes
import os
import signal
import subprocess
import tempfile

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Between passing a signal on and ending the group for good; what the child has to write fits in.
GRACE_SECONDS = 10.0
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


class StoppedError(Exception):
    """A signal asked to stop while a child ran; the child is gone."""

    def __init__(self, number):
        super().__init__(f"stopped by {signal.Signals(number).name}")
        self.number = number


def start(command, **options):
    """Starts `command` as the leader of a process group of its own, which ends with us."""
    parent = os.getpid()

    def die_with_parent():
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)

    child = subprocess.Popen(command, start_new_session=True, preexec_fn=die_with_parent, **options)
    # Also after an exception that nobody catches; a group that is gone is none of ours.
    atexit.register(lambda: child.poll() is None and send(child.pid, signal.SIGKILL))
    return child


def run(command, seconds=None, **options):
    """Runs `command` to its end and gives its exit code, negative where a signal ended it.

    The child leads a process group of its own. SIGINT, SIGTERM and SIGHUP are passed on to that
    group, which is killed where it outlives them; then `StoppedError` is raised. After `seconds`
    the group is killed and `TimeoutError` raised.
    """
    received = []
    expired = []
    child = None

    def pass_on(number, _frame):
        received.append(number)
        if child is None:
            return
        send(child.pid, number if len(received) == 1 else signal.SIGKILL)
        signal.setitimer(signal.ITIMER_REAL, GRACE_SECONDS)

    def give_up(_number, _frame):
        expired.append(seconds)
        send(child.pid, signal.SIGKILL)

    # nohup(1) wants a lost terminal to mean nothing.
    taken = [n for n in STOPPING if signal.getsignal(n) != signal.SIG_IGN or n != signal.SIGHUP]
    before = {number: signal.signal(number, pass_on) for number in taken}
    before[signal.SIGALRM] = signal.signal(signal.SIGALRM, give_up)
    try:
        child = start(command, **options)
        if received:
            send(child.pid, received[0])
        elif seconds is not None:
            signal.setitimer(signal.ITIMER_REAL, seconds)
        code = child.wait()
        # What it started and left behind; unlike a reaped leader, the group may still be there.
        send(child.pid, signal.SIGKILL)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
    if received:
        raise StoppedError(received[0])
    if expired:
        raise TimeoutError(f"no end within {seconds} s")
    return code


def output(command, seconds=None, **options):
    """Runs `command` as `run` does; what it printed on both streams, and its exit code."""
    with tempfile.TemporaryFile() as file:
        code = run(command, seconds, stdout=file, stderr=subprocess.STDOUT, **options)
        file.seek(0)
        return file.read().decode("utf-8", "replace"), code


def send(group, number):
    """Sends a signal to a process group, which may be gone."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)
