#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Looks at what the compiler really made of the kernels.

1. No weak function of a kernel module for newer instruction sets exists in another module too: the
   linker keeps one of equally named weak symbols, so AVX code could run on a CPU without it, or be
   called with another convention for vectors. Harmless are data, and functions without a single
   instruction that a CPU may lack, such as those that the compiler adds for empty clean-ups.
2. Each module holds only instructions of its set, and its FMAs are on its widest registers.
3. The hot loops do what `object-code-limits.txt` promises: FMAs in registers, no spills.

    ci/check-object-code.py [--build .build/release] [--all]    checks a build, prints the table
    ci/check-object-code.py --self-test                         checks the check on planted faults
"""

import argparse
import re
import sys
from collections import defaultdict
from pathlib import Path

import object_code as oc

ROOT = Path(__file__).resolve().parent.parent
LIMITS = ROOT / "ci" / "object-code-limits.txt"

# Per kernel module: which encodings may occur, which registers may not, and on which the FMAs are.
# Whatever is not listed is held to the rules of the baseline.
RULES = {
    "KernelsAVX2": ({"", "VEX"}, r"%zmm|%k[0-7]|%[xy]mm(?:1[6-9]|[23]\d)", "%ymm"),
    "KernelsAVX512": ({"", "VEX", "EVEX"}, None, "%zmm"),
}
BASELINE = ({""}, r"%[yz]mm", None)
# Legacy-encoded instructions that x86-64 without extensions lacks.
NEWER = re.compile(
    r"^(popcnt|lzcnt|movbe|crc32|pshufb|palign|phadd|pabs|blend|pblend|round[ps][sd]|dpp[sd]"
    r"|insertps|extractps|pmulld|pm(ax|in)(s[bd]|u[wd])|ptest|pmov[sz]x|pinsr[bdq]|pextr[bdq])"
)

# Functions that are compiled for a newer CPU by an attribute of their own, and called only after
# CPUID has been asked: here the FMAs of an experiment that checks the counters.
GUARDED = {("CPAPI", "cpapi_loop_fma"), ("CPlatform", "cplatform_scalar_fma")}


def objects_by_module(build):
    """Module → the object files that the program is linked from."""
    modules = defaultdict(list)
    for line in (build / "convscope.product" / "Objects.LinkFileList").read_text().splitlines():
        path = Path(line.strip().strip("'\""))
        modules[path.parent.name.removesuffix(".build")].append(path)
    return dict(modules)


def shared_code(symbols, newer):
    """Weak functions of an AVX module that other modules define as well.

    `newer` holds, by module, the functions with instructions beyond the baseline.
    """
    homes = defaultdict(dict)
    for module, found in symbols.items():
        for symbol in found:
            if symbol.is_code:
                weak = homes[symbol.name].get(module, True) and symbol.is_weak
                homes[symbol.name][module] = weak
    for name, modules in sorted(homes.items()):
        avx = [m for m, weak in modules.items() if m in RULES and weak and name in newer[m]]
        # A strong symbol of a module for every CPU wins over all weak ones.
        is_safe = any(not weak for module, weak in modules.items() if module not in RULES)
        if avx and len(modules) > 1 and not is_safe:
            yield f"weak function in {', '.join(sorted(modules))}: {name}"


def shared_data(symbols):
    """How many weak data symbols the AVX modules share with others."""
    homes = defaultdict(set)
    for module, found in symbols.items():
        for symbol in found:
            if symbol.is_weak and not symbol.is_code:
                homes[symbol.name].add(module)
    return sum(1 for modules in homes.values() if len(modules) > 1 and modules & set(RULES))


def is_foreign(instruction, module):
    """Whether a CPU that this module is for may lack the instruction."""
    encodings, registers, _ = RULES.get(module, BASELINE)
    return bool(
        instruction.kind not in encodings
        or (registers and re.search(registers, instruction.operands))
        or (module not in RULES and NEWER.match(instruction.mnemonic))
    )


def foreign_instructions(module, functions):
    """Instructions that the CPUs of this module may lack; one line per function."""
    for function in functions:
        found = next((i for i in function.instructions if is_foreign(i, module)), None)
        if found and (module, function.name) not in GUARDED:
            yield f"{module} has `{found.mnemonic} {found.operands}` in {function.name}"


def missing_fma(module, functions):
    """A module without an FMA on its widest registers was compiled with the wrong flags."""
    register = RULES[module][2] if module in RULES else None
    fma = (i for function in functions for i in function.instructions if i.is_fma)
    if register and not any(register in i.operands for i in fma):
        yield f"{module} has no FMA on {register}"


def hot_loops(module, functions):
    """Rows of the table: module, function, FMAs and spills of its hot loop, spills of all of it."""
    for function in functions:
        loop = function.hot_loop()
        fma = sum(i.is_fma or is_baseline_multiply(module, i) for i in loop)
        if fma:
            spills = sum(i.is_spill for i in loop)
            yield module, function.name, fma, spills, sum(i.is_spill for i in function.instructions)


def is_baseline_multiply(module, instruction):
    """Without FMA a product is counted by its multiplication."""
    return module == "KernelsBaseline" and instruction.mnemonic == "mulps"


def read_limits(path):
    """Rows of (module, least FMAs, most spills, pattern of the demangled name)."""
    limits = []
    for line in path.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            module, fma, spills, pattern = line.split(maxsplit=3)
            limits.append((module, int(fma), int(spills), pattern.strip()))
    return limits


def broken_limits(rows, limits):
    """Limits that a hot loop breaks, or that match no function any more."""
    for module, least, most, pattern in limits:
        matching = [row for row in rows if row[0] == module and re.search(pattern, row[1])]
        if not matching:
            yield f"no function of {module} matches the limit `{pattern}`"
        for _, name, fma, spills, _ in matching:
            if fma < least:
                yield f"{module}: {fma} FMAs in the hot loop, at least {least} wanted: {name}"
            if spills > most:
                yield f"{module}: {spills} spills in the hot loop, at most {most} wanted: {name}"


def check(modules, limits, demangle=oc.demangled):
    """All faults, the rows of the table, and the number of shared data symbols."""
    objdump = oc.tool("llvm-objdump")
    symbols, newer, rows, faults = {}, {}, [], []
    for module, paths in sorted(modules.items()):
        symbols[module] = [symbol for path in paths for symbol in oc.symbols(objdump, path)]
        functions = [function for path in paths for function in oc.functions(objdump, path)]
        newer[module] = {
            f.name for f in functions if any(is_foreign(i, "baseline") for i in f.instructions)
        }
        faults += foreign_instructions(module, functions)
        faults += missing_fma(module, functions)
        if module.startswith("Kernels"):
            rows += hot_loops(module, functions)
    faults += shared_code(symbols, newer)
    names = demangle([row[1] for row in rows]) if rows else {}
    rows = [(row[0], names[row[1]], *row[2:]) for row in rows]
    return faults + list(broken_limits(rows, limits)), rows, shared_data(symbols)


def print_table(rows, limits, show_all):
    """The hot loops that a limit names, or all of them."""
    print(f"{'module':16} {'FMA':>5} {'spills':>6} {'outside':>7}  function")
    for module, name, fma, spills, all_spills in rows:
        if show_all or any(m == module and re.search(p, name) for m, _, _, p in limits):
            print(f"{module:16} {fma:5} {spills:6} {all_spills - spills:7}  {name[:120]}")


def main():
    parser = argparse.ArgumentParser(description="Checks the object code of a build.")
    parser.add_argument("--build", type=Path, default=ROOT / ".build" / "release")
    parser.add_argument("--all", action="store_true", help="table of all loops with an FMA")
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    if arguments.self_test:
        from object_code_faults import self_test

        return self_test(check)
    limits = read_limits(LIMITS)
    modules = objects_by_module(arguments.build)
    faults, rows, data = check(modules, limits)
    print_table(rows, limits, arguments.all)
    count = sum(len(paths) for paths in modules.values())
    print(f"{count} objects, {len(rows)} hot loops, {data} weak data symbols shared")
    print(*faults, sep="\n", file=sys.stderr, end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
