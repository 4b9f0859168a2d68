# SPDX-License-Identifier: Apache-2.0
"""A Slurm cluster on this machine alone: munge, slurmctld, and a slurmd for each node.

Everything lies in one folder and listens on loopback; nothing is installed, and no service of the
machine's own is touched. Where Slurm is not installed, Debian's packages are unpacked there. A node
is one core: the others are reserved on it, so that Slurm binds its jobs to that core's CPUs.
"""

import contextlib
import ctypes
import os
import re
import resource
import signal
import socket
import subprocess
import time
from pathlib import Path

PACKAGES = ("munge", "slurmctld", "slurmd", "slurm-client")
DAEMONS = ("munged", "slurmctld", "slurmd", "slurmstepd")
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
LIBC = ctypes.CDLL(None, use_errno=True)
# What daemons need at most in order to answer, or to end.
PATIENCE_SECONDS = 20


class ClusterError(Exception):
    """Why there is no cluster here; for people."""


class UnavailableError(ClusterError):
    """No fault of the cluster: this machine has no Slurm and gets none, or is too small."""


class Cluster:
    """The daemons of a cluster, which end with this object's `stop` or with this process."""

    def __init__(self, folder, nodes):
        self.folder = Path(folder)
        self.nodes = list(nodes)
        self.processes = {}
        self.environment = dict(os.environ)
        # What daemons leave behind comes back to this process and is not lost to init.
        LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1)

    def start(self):
        """Starts all daemons and waits until each node is idle. Raises ClusterError."""
        for name in ("log", "state", *self.nodes):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.find_programs()
        self.cores = self.topology()
        self.write_configuration()
        self.spawn("munged", "--foreground", "--force", *self.munge_options())
        self.wait("munge", lambda: (self.folder / "munge.socket").exists())
        self.spawn("slurmctld", "-D")
        self.wait("slurmctld", lambda: self.call("scontrol", "ping").returncode == 0)
        for node in self.nodes:
            self.start_node(node)
        self.wait("slurmd", lambda: all(self.state(node) == "idle" for node in self.nodes))

    def start_node(self, node):
        """Starts the daemon of a node, as after a boot: what ran before is no more."""
        stepd = self.program("slurmstepd")
        self.spawn("slurmd", "-D", "-c", "-N", node, "-d", stepd, name=node)

    def kill_node(self, node):
        """The node goes down from one moment to the next, with everything that runs on it."""
        daemon = self.processes.pop(node)
        jobs = self.call("squeue", "-h", "-w", node, "-t", "R", "-o", "%i").stdout.split()
        daemon.kill()
        daemon.wait()
        # Those that would tell the controller first: to it, the node is silent.
        steps = [p for p in descendants() if is_step_of(p, jobs)]
        tasks = [p for p in descendants() if f"SLURMD_NODENAME={node}" in environment(p)]
        for process in steps + tasks:
            kill(process)
        return jobs

    def state(self, node):
        """A node's state as sinfo says it, without marks such as `*` for silent."""
        return self.call("sinfo", "-h", "-n", node, "-o", "%T").stdout.strip().rstrip("*~#$@+")

    def call(self, *command):
        """Runs one of Slurm's commands."""
        program = self.program(command[0])
        return subprocess.run(
            [program, *command[1:]], env=self.environment, capture_output=True, text=True
        )

    def stop(self):
        """Ends everything, by force where asking does not help; says what was left."""
        for name in reversed(self.processes):
            self.processes[name].terminate()
        deadline = time.monotonic() + PATIENCE_SECONDS / 4
        for process in self.processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
        # Steps and jobs; a child that is killed may leave children of its own to this process.
        while left := descendants():
            for process in left:
                kill(process)
            reap()
            if time.monotonic() > deadline + PATIENCE_SECONDS:
                raise ClusterError(f"processes that cannot be killed: {left}")
            time.sleep(0.05)
        reap()
        self.processes.clear()

    # --- Programs ---------------------------------------------------------------------------------

    def find_programs(self):
        """Installed ones, or those of Debian's packages, unpacked in the folder."""
        self.root = self.folder / "packages"
        if not all(self.program(name) for name in DAEMONS):
            self.unpack()
        if missing := [name for name in DAEMONS if not self.program(name)]:
            raise ClusterError(f"{', '.join(missing)}: not installed, and not in the packages")
        if not self.root.is_dir():
            return
        libraries = [f for f in (self.root / "usr/lib").rglob("*.so*") if f.is_file()]
        folders = sorted({str(file.parent) for file in libraries}, key=len)
        self.environment["LD_LIBRARY_PATH"] = ":".join(folders)
        path = [str(self.root / "usr/bin"), str(self.root / "usr/sbin"), os.environ["PATH"]]
        self.environment["PATH"] = ":".join(path)

    def program(self, name):
        """The path of a program; None where there is none."""
        folders = [self.root / "usr/sbin", self.root / "usr/bin"]
        folders += [Path(f) for f in (*os.environ["PATH"].split(":"), "/usr/sbin", "/sbin") if f]
        # Debian's alternatives are links that only an installation makes.
        for folder in folders:
            for file in (folder / name, folder / f"{name}-wlm"):
                if os.access(file, os.X_OK):
                    return str(file)
        return None

    def unpack(self):
        """Fetches the packages and what they need that is not installed; needs no root."""
        archive = self.folder / "archive"
        archive.mkdir(exist_ok=True)
        install = ["apt-get", "install", "--simulate", "--no-install-recommends", *PACKAGES]
        try:
            plan = subprocess.run(install, capture_output=True, text=True)
            names = re.findall(r"^Inst (\S+)", plan.stdout, re.MULTILINE)
            if plan.returncode or not names:
                raise UnavailableError(
                    "apt-get knows no Slurm: " + (plan.stderr.strip() or "nothing to install")
                    + "; `apt-get update` first, or install " + " ".join(PACKAGES)
                )  # fmt: skip
            fetch = subprocess.run(
                ["apt-get", "download", "-qq", *names], cwd=archive, capture_output=True, text=True
            )
            if fetch.returncode:
                raise UnavailableError(f"apt-get download: {fetch.stderr.strip()}")
            for file in sorted(archive.glob("*.deb")):
                subprocess.run(["dpkg", "-x", file, self.root], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise UnavailableError(
                f"Slurm is not installed and cannot be unpacked: {error}"
            ) from None

    # --- Configuration ----------------------------------------------------------------------------

    def topology(self):
        """How Slurm sees this machine: sockets, cores and threads. Raises ClusterError."""
        found = self.call("slurmd", "-C").stdout
        wanted = ("CPUs", "SocketsPerBoard", "CoresPerSocket", "ThreadsPerCore")
        numbers = {n: int(m[1]) for n in wanted if (m := re.search(rf"\b{n}=(\d+)", found))}
        if len(numbers) < len(wanted):
            raise ClusterError(f"slurmd -C said: {found.strip() or 'nothing'}")
        cores = numbers["SocketsPerBoard"] * numbers["CoresPerSocket"]
        if cores < len(self.nodes):
            raise UnavailableError(f"{len(self.nodes)} nodes take as many cores; here are {cores}")
        if len(os.sched_getaffinity(0)) < numbers["CPUs"]:
            raise UnavailableError("this process may not use all CPUs, so Slurm may not either")
        return numbers

    def munge_options(self):
        names = ("key-file=munge.key", "socket=munge.socket", "pid-file=munged.pid",
                 "log-file=log/munged.log", "seed-file=munged.seed")  # fmt: skip
        return [f"--{one.replace('=', f'={self.folder}/')}" for one in names]

    def write_configuration(self):
        """munge.key and slurm.conf."""
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        threads = self.cores["ThreadsPerCore"]
        cpus = range(self.cores["CPUs"])
        host = socket.gethostname().split(".")[0]
        user = subprocess.run(["id", "-un"], capture_output=True, text=True).stdout.strip()
        ports = free_ports(1 + len(self.nodes))
        lines = [
            "ClusterName=convscope",
            f"SlurmctldHost={host}(127.0.0.1)", f"SlurmctldPort={ports[0]}",
            f"SlurmUser={user}", f"SlurmdUser={user}", "AuthType=auth/munge",
            # A job that is requeued waits for as long as its credentials hold.
            f"AuthInfo=socket={self.folder}/munge.socket,cred_expire=5",
            f"StateSaveLocation={self.folder}/state", f"SlurmdSpoolDir={self.folder}/%n/spool",
            f"SlurmctldPidFile={self.folder}/slurmctld.pid",
            f"SlurmdPidFile={self.folder}/%n/slurmd.pid",
            f"SlurmctldLogFile={self.folder}/log/slurmctld.log",
            f"SlurmdLogFile={self.folder}/log/%n.log",
            "ProctrackType=proctrack/linuxproc", "TaskPlugin=task/affinity",
            "SelectType=select/cons_tres", "SelectTypeParameters=CR_Core", "MpiDefault=none",
            # A node that registers again says at once which jobs it has lost.
            "BatchStartTimeout=1", "MessageTimeout=3",
            "ReturnToService=2", "SlurmdTimeout=10", "KillWait=2",
            "SchedulerParameters=sched_interval=2,batch_sched_delay=0",
            "AccountingStorageType=accounting_storage/none",
            "JobAcctGatherType=jobacct_gather/none",
        ]  # fmt: skip
        if self.root.is_dir():
            plugins = next(self.root.rglob("auth_munge.so")).parent
            lines.append(f"PluginDir={plugins}")
        for number, (node, port) in enumerate(zip(self.nodes, ports[1:], strict=True)):
            reserved = [c for c in cpus if c // threads != number]
            lines += [
                f"NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} "
                f"Sockets={self.cores['SocketsPerBoard']} "
                f"CoresPerSocket={self.cores['CoresPerSocket']} ThreadsPerCore={threads} "
                f"CpuSpecList={','.join(map(str, reserved))}",
                f"PartitionName={node} Nodes={node}",
            ]
        file = self.folder / "slurm.conf"
        file.write_text("\n".join(lines) + "\n")
        self.environment["SLURM_CONF"] = str(file)

    # --- Processes --------------------------------------------------------------------------------

    def spawn(self, program, *words, name=None):
        """Starts a daemon as a child that ends when this process does."""
        name = name or program
        with (self.folder / f"log/{name}.out").open("a") as log:
            self.processes[name] = subprocess.Popen(
                [self.program(program), *words], env=self.environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, cwd=self.folder, start_new_session=True,
                preexec_fn=ending_with(os.getpid()),
            )  # fmt: skip

    def wait(self, what, is_ready):
        """Until `is_ready`, while all daemons live."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not is_ready():
            ended = [name for name, one in self.processes.items() if one.poll() is not None]
            if ended or time.monotonic() > deadline:
                name = ended[0] if ended else what
                logs = sorted((self.folder / "log").glob(f"{name}*"))
                tail = "\n".join(file.read_text(errors="replace")[-1500:] for file in logs)
                fate = "ended" if ended else f"does not answer after {PATIENCE_SECONDS} s"
                raise ClusterError(f"{name} {fate}:\n{tail}")
            time.sleep(0.1)


def ending_with(parent):
    """For a child before it becomes its program: it is killed when this process ends."""

    def prepare():
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def free_ports(count):
    """Ports of loopback that nobody listens on just now."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def descendants():
    """Every living process below this one."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            # Behind the name, which may hold anything: state, parent.
            fields = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
            if fields[0] != "Z":
                parents[int(entry.name)] = int(fields[1])
    found, own = [], {os.getpid()}
    while next_ones := [p for p, parent in parents.items() if parent in own and p not in found]:
        found += next_ones
        own |= set(next_ones)
    return found


def is_step_of(process, jobs):
    """Whether a process is the slurmstepd of one of the jobs."""
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{process}/cmdline").read_text(errors="replace")
        step = re.search(r"slurmstepd\S*: \[(\d+)\.", words)
        return bool(step and step[1] in jobs)
    return False


def environment(process):
    """The variables that a process was started with."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/environ").read_text(errors="replace").split("\0")
    return []


def kill(process):
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def reap():
    """Takes notice of children that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
