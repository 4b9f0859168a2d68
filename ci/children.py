# SPDX-License-Identifier: Apache-2.0
"""Child processes that end with us: signals are passed on to the whole group, our death, too."""

import contextlib
import ctypes
import os
import signal
import subprocess

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


def run(command, **options):
    """Runs `command` to its end and gives its exit code, negative where a signal ended it.

    The child leads a process group of its own. SIGINT, SIGTERM and SIGHUP are passed on to that
    group, which is killed where it outlives them; then `StoppedError` is raised.
    """
    parent = os.getpid()

    def die_with_parent():
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)

    received = []
    child = None

    def pass_on(number, _frame):
        received.append(number)
        if child is None:
            return
        send(child.pid, number if len(received) == 1 else signal.SIGKILL)
        signal.setitimer(signal.ITIMER_REAL, GRACE_SECONDS)

    def give_up(_number, _frame):
        send(child.pid, signal.SIGKILL)

    # nohup(1) wants a lost terminal to mean nothing.
    taken = [n for n in STOPPING if signal.getsignal(n) != signal.SIG_IGN or n != signal.SIGHUP]
    before = {number: signal.signal(number, pass_on) for number in taken}
    before[signal.SIGALRM] = signal.signal(signal.SIGALRM, give_up)
    try:
        child = subprocess.Popen(
            command, start_new_session=True, preexec_fn=die_with_parent, **options
        )
        if received:
            send(child.pid, received[0])
        code = child.wait()
        # What it started and left behind; unlike a reaped leader, the group may still be there.
        send(child.pid, signal.SIGKILL)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
    if received:
        raise StoppedError(received[0])
    return code


def send(group, number):
    """Sends a signal to a process group, which may be gone."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)
