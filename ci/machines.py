# SPDX-License-Identifier: Apache-2.0
"""Which machine a run is of, and where the runs of a history lie.

A history holds the runs of any number of machines, in its own folder or in one folder for each
machine or kind of node. Runs are of one machine where CPU, fingerprint, CPU set and quota agree:
on other CPUs of the same machine the same code takes another time.
"""

# Beside run.json where several runs were measured in one go: they are one night.
SESSION_FILE = "session"


def key(environment):
    """A machine and its CPU set in words, as run.json describes them."""
    parts = [str(environment.get("machine") or "unknown")]
    if fingerprint := environment.get("fingerprint"):
        parts[0] += f"-{fingerprint}"
    allowed, online = environment.get("allowedCPUs"), environment.get("onlineCPUs")
    if isinstance(allowed, list) and len(allowed) != online:
        parts.append(f"CPUs {ranges(allowed)}")
    if quota := environment.get("cgroupCPUQuota"):
        parts.append(f"{quota:g} CPUs' time")
    return ", ".join(parts)


def keys(environments):
    """The key of each; a run of before there were fingerprints is of the one machine that fits.

    That has its name and its caches: virtual machines call different CPUs the same.
    """
    found = [key(environment) for environment in environments]
    plain = [
        (key({**environment, "fingerprint": None}), repr(environment.get("caches")))
        for environment in environments
    ]
    fitting = {}
    for own, place in zip(found, plain, strict=True):
        if place[0] != own:
            fitting.setdefault(place, set()).add(own)
    return [
        next(iter(fitting[place])) if place[0] == own and len(fitting.get(place, ())) == 1 else own
        for own, place in zip(found, plain, strict=True)
    ]


def ranges(cpus):
    """Numbers as Linux lists them: 0-3,8."""
    runs = []
    for cpu in sorted(cpus):
        if runs and cpu == runs[-1][1] + 1:
            runs[-1][1] = cpu
        else:
            runs.append([cpu, cpu])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def run_folders(history):
    """The folders that are runs or should be, sorted: in a history or in those of its machines."""
    found = []
    for folder in subfolders(history):
        inner = subfolders(folder)
        is_run = (folder / "run.json").exists() or not any((f / "run.json").exists() for f in inner)
        found += [folder] if is_run else inner
    return sorted(found)


def subfolders(folder):
    """The visible folders in a folder."""
    return sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))


def session(folder):
    """What tells the runs that were measured in one go; None where a run was measured alone."""
    file = folder / SESSION_FILE
    return file.read_text(encoding="utf-8").strip() or None if file.is_file() else None


def apart(nights, key, session, cases):
    """Machine → its nights, oldest first; that of the newest night first.

    `nights` are sorted. `key`, `session` and `cases` give what a night is told by and the
    dictionary of its cases: runs of one session without a common case become one night.
    """
    found = {}
    for night in nights:
        own = found.setdefault(key(night), [])
        for other in own:
            alike = session(night) and session(other) == session(night)
            if alike and not cases(other).keys() & cases(night).keys():
                cases(other).update(cases(night))
                break
        else:
            own.append(night)
    last = {name: place for place, night in enumerate(nights) for name in [key(night)]}
    return {name: found[name] for name in sorted(found, key=lambda name: -last[name])}
