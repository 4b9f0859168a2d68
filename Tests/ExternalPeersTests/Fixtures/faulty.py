# SPDX-License-Identifier: Apache-2.0
"""Contenders that misbehave, one class each, named on the command line."""

import json
import os
import signal
import subprocess
import sys
import time
from array import array

from honest import Contender, Fields, compute, serve


def say(text: str) -> None:
    """Prints past the protocol."""
    sys.stdout.write(text)
    sys.stdout.flush()


class ExitsAtHello(Contender):
    def hello(self, request: Fields) -> Fields:
        sys.stderr.write("ImportError: no module named library\n")
        sys.stderr.flush()
        os._exit(7)


class GarbageAtHello(Contender):
    def hello(self, request: Fields) -> Fields:
        os.write(1, b"\xff\xfe\x00garbage\n")
        return super().hello(request)


class TextInsteadOfHello(Contender):
    def hello(self, request: Fields) -> Fields:
        say("welcome to my library\n")
        time.sleep(600)
        return {}


class HelloWithoutVersion(Contender):
    def hello(self, request: Fields) -> Fields:
        answer = super().hello(request)
        del answer["version"]
        return answer


class OtherProtocol(Contender):
    def hello(self, request: Fields) -> Fields:
        return {"convscope": 99}


class WrongId(Contender):
    def prepare(self, request: Fields) -> Fields:
        return super().prepare(request) | {"id": -1}


class HangsInPrepare(Contender):
    def prepare(self, request: Fields) -> Fields:
        sys.stderr.write("compiling the model\n")
        sys.stderr.flush()
        time.sleep(600)
        return {}


class IgnoresTerminate(HangsInPrepare):
    def __init__(self) -> None:
        super().__init__()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


class HangsWithOffspring(HangsInPrepare):
    def __init__(self) -> None:
        super().__init__()
        self.child = subprocess.Popen(["sleep", "600"])

    def hello(self, request: Fields) -> Fields:
        return super().hello(request) | {"version": str(self.child.pid)}


class LeavesOffspring(HangsWithOffspring):
    def prepare(self, request: Fields) -> Fields:
        os._exit(3)


class HangsInRun(Contender):
    def run(self, request: Fields) -> Fields:
        time.sleep(600)
        return {}


class CrashesInRun(Contender):
    def run(self, request: Fields) -> Fields:
        os.kill(os.getpid(), signal.SIGSEGV)
        return {}


class RaisesInRun(Contender):
    def run(self, request: Fields) -> Fields:
        raise ValueError("bad stride")


class ClosesOutput(Contender):
    def run(self, request: Fields) -> Fields:
        os.close(1)
        time.sleep(600)
        return {}


class Talkative(Contender):
    def run(self, request: Fields) -> Fields:
        say("[info] running\n" * 20 + "no newline before the answer: ")
        sys.stderr.write("warning\n" * 20_000)
        return super().run(request)


class NeverStopsTalking(Contender):
    def run(self, request: Fields) -> Fields:
        while True:
            say("[debug] still here\n")


class EndlessLine(Contender):
    def run(self, request: Fields) -> Fields:
        while True:
            say("A" * 4096)


class FloodsErrors(Contender):
    def run(self, request: Fields) -> Fields:
        while True:
            sys.stderr.write("error\n")


class WrongValues(Contender):
    def output(self, request: Fields) -> Fields:
        values = compute(*self.prepared[request["handle"]])
        values[len(values) // 2] += 1
        with open(request["path"], "wb") as file:
            values.tofile(file)
        return {}


class Truncates(Contender):
    def output(self, request: Fields) -> Fields:
        with open(request["path"], "wb") as file:
            array("f", [1, 2, 3]).tofile(file)
        return {}


class WritesNothing(Contender):
    def output(self, request: Fields) -> Fields:
        return {}


class NegativeTime(Contender):
    def run(self, request: Fields) -> Fields:
        return {"time_ns": -5}


class NotANumber(Contender):
    def run(self, request: Fields) -> Fields:
        return {"time_ns": float("nan")}


class TooFast(Contender):
    def run(self, request: Fields) -> Fields:
        return {"time_ns": 1e-4}


class TooSlow(Contender):
    def run(self, request: Fields) -> Fields:
        return {"time_ns": 3.6e12}


class NoTime(Contender):
    def run(self, request: Fields) -> Fields:
        return {}


class Surroundings(Contender):
    """Says what it inherited."""

    def hello(self, request: Fields) -> Fields:
        with os.scandir("/proc/self/fd") as entries:
            open_files = sorted(int(entry.name) for entry in entries)
        about = {
            "cpus": sorted(os.sched_getaffinity(0)),
            "files": [file for file in open_files if os.path.exists(f"/proc/self/fd/{file}")],
            "group": os.getpgid(0) == os.getpid(),
        }
        return super().hello(request) | {"threads": json.dumps(about, sort_keys=True)}


if __name__ == "__main__":
    serve(globals()[sys.argv[1]]())
