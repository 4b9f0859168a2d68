# SPDX-License-Identifier: Apache-2.0
"""ReFrame's tests: each suite of the fleet on each kind of node.

`ci/fleet/run` starts them. A test runs one suite on a whole node, is sane where the program's exit
code says so, is kept in the history, and performs where no number misses its reference.
"""

import os
import shutil
import sys
import time
from pathlib import Path
from typing import ClassVar

import reframe as rfm
import reframe.utility.sanity as sn
from reframe.core.builtins import fixture, parameter, run_after, run_before, sanity_function
from reframe.core.exceptions import SanityError
from reframe.core.logging import getlogger

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import fleet as fleets
import machines
import references
import variables

HERE = Path(__file__).resolve().parent
FLEET = fleets.read(os.environ["CONVSCOPE_FLEET"])
# The runs of one call are one night of the history.
SESSION = time.strftime("%Y-%m-%dT%H%M%SZ", time.gmtime())
UNDECIDED = 4
MEANINGS = {
    1: "the run failed, or something is missing on the node",
    3: "a kernel computed a wrong result",
    64: "the command line is not understood",
    65: "an input file is not valid",
    66: "an input file is missing",
    130: "the run was stopped",
}


class Build(rfm.CompileOnlyRegressionTest):
    """The program, built once on each kind of node from the checkout's revision."""

    descr = "ConvScope's program"
    valid_systems = ["*"]
    valid_prog_environs = ["*"]
    sourcesdir = None
    build_system = "CustomBuild"
    # What is there already needs no node.
    build_locally = bool(FLEET.program)

    @run_before("compile")
    def command(self):
        kind = self.current_partition.name
        if FLEET.program:
            self.build_system.commands = [f"{FLEET.program!r} --version"]
        else:
            self.build_system.commands = [f"{HERE / 'build'} {str(FLEET.checkout(kind))!r}"]
        self.build_time_limit = FLEET.time_limit

    @sanity_function
    def says_its_version(self):
        return sn.assert_found(r"^convscope \d", self.build_stdout)

    @property
    def program(self):
        """The path of what was built."""
        own = FLEET.checkout(self.current_partition.name) / ".build/release/convscope"
        return FLEET.program or str(own)


class OnNode(rfm.RunOnlyRegressionTest):
    """What has a whole node to itself."""

    build = fixture(Build, scope="environment")
    valid_systems = ["*"]
    valid_prog_environs = ["*"]
    sourcesdir = None
    num_tasks = 1
    exclusive_access = True
    time_limit = FLEET.time_limit

    @run_before("run")
    def take_whole(self):
        # All CPUs of the node for the one task, and each bound: what `--workers` then follows.
        self.job.launcher.options = ["--cpu-bind=cores", "--cpus-per-task=$SLURM_CPUS_ON_NODE"]


@rfm.simple_test
class NoiseFloor(OnNode):
    """What identical code differs by on a kind of node; `ci/fleet/run FLEET --floors` asks."""

    descr = "noise floor"
    tags: ClassVar = {"floor"}

    @run_before("run")
    def command(self):
        self.executable = quoted(self.build.program)
        self.executable_opts = ["machine", "--check"]

    @sanity_function
    def is_kept(self):
        """The program keeps it for 90 days, unless the node had other work."""
        if reason := sn.evaluate(sn.extractall(r"^not kept: (.*)", self.stdout, 1)):
            raise SanityError(f"not kept: {reason[0]}")
        return sn.assert_found(r"^kept for \d+ days", self.stdout)


@rfm.simple_test
class ConvScope(OnNode):
    """A suite."""

    suite = parameter(FLEET.suites)
    executable = str(HERE / "on-node")

    @run_before("run")
    def command(self):
        kind = FLEET.kinds[self.current_partition.name]
        self.descr = f"{self.suite} on {kind.name}"
        self.executable_opts = [
            quoted(word)
            for word in (self.build.program, "run", self.suite, *FLEET.options, *kind.options)
        ]
        # A node that goes down costs a job its node and not its run.
        self.job.options += ["--requeue", "--open-mode=append"]

    @sanity_function
    def ended_well(self):
        """By the program's exit code; 4, where nothing decides a case, is said and is no fault."""
        codes = sn.evaluate(sn.extractall(r"^convscope exit code: (\d+)", self.stdout, 1, int))
        if not codes:
            raise SanityError("the run did not come to its end")
        if codes[-1] not in (0, UNDECIDED):
            raise SanityError(
                f"exit code {codes[-1]}: {MEANINGS.get(codes[-1], 'unexpected')}; {self.last_words}"
            )
        try:
            self.result = variables.Run(Path(self.stagedir) / "run")
        except variables.RunError as error:
            raise SanityError(str(error)) from None
        if not self.result.is_complete:
            raise SanityError(f"{self.result.folder}: the run did not come to its end")
        if faults := self.result.faults():
            raise SanityError("; ".join(faults))
        if codes[-1] == UNDECIDED:
            getlogger().info(f"{self.descr}: undecided: {self.last_words}")
        return True

    @property
    def last_words(self):
        """What the program said last."""
        lines = (Path(self.stagedir) / self.stderr.evaluate()).read_text(errors="replace")
        return next((one for one in reversed(lines.splitlines()) if "convscope:" in one), "")

    @run_after("sanity")
    def keep(self):
        """Copies the run into the history, where it is whole or not at all, and never twice."""
        history = FLEET.history(self.current_partition.name)
        history.mkdir(parents=True, exist_ok=True)
        final = history / f"{SESSION}-{self.job.jobid}"
        unfinished = history / f".{final.name}"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(
            self.result.folder, unfinished, ignore=shutil.ignore_patterns("earlier", ".*")
        )
        for source, name in ((self.stdout, "job.out"), (self.stderr, "job.err")):
            shutil.copyfile(Path(self.stagedir) / source.evaluate(), unfinished / name)
        (unfinished / machines.SESSION_FILE).write_text(f"{SESSION}\n")
        unfinished.rename(final)

    @run_before("performance")
    def judge(self):
        """Sets what is judged: all numbers of the run, and what those with a reference may be."""
        place = self.current_partition.fullname
        found = self.result.variables()
        machine, known = references.read(FLEET.references(self.current_partition.name))
        own = machines.key(self.result.environment)
        if known and own != machine:
            getlogger().info(f"{self.descr}: undecided: the references are of {machine}, not {own}")
            known = {}
        self.perf_variables = {}
        expected = {}
        for name, variable in found.items():
            reference = known.get(name)
            pace = reference and reference.pace
            value = float(f"{references.at_pace(variable, pace):.5g}")
            self.add(name, value, variable.unit)
            if reference:
                expected[name] = references.bounds(name, variable, reference)
        self.reference = {place: expected}
        suites = tuple(f" of {suite}, " for suite in self.result.suites)
        lost = [name for name in known if name not in found and any(s in name for s in suites)]
        if lost:
            getlogger().info(f"{self.descr}: undecided: no value of {'; '.join(lost)}")
        self.add("undecided comparisons", self.result.undecided(), "1")

    def add(self, name, value, unit):
        self.perf_variables[name] = sn.make_performance_function(sn.defer(value), unit)


def quoted(word):
    """A word for the shell of a job script."""
    return "'" + word.replace("'", "'\\''") + "'"
