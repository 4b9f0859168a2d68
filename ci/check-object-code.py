#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Looks at what the compiler really made of the kernels.

1. No weak function of a kernel module for newer instruction sets exists in another module too: the
   linker keeps one of equally named weak symbols, so AVX code could run on a CPU without it, or be
   called with another convention for vectors. Harmless are data, and functions without a single
   instruction that a CPU may lack, such as those that the compiler adds for empty clean-ups.
2. Each module holds only instructions of its set, and its FMAs are on its widest registers.
3. The tiles keep their sums in registers: what each is compiled for stands in its symbol; its loop
   must have as many FMAs, and no innermost loop with FMAs may touch vectors on the stack, but for
   the stores in `STORED_PARTS`.

    ci/check-object-code.py [--build .build/release] [--table | --all]    checks a build
    ci/check-object-code.py --objects FILE… [--executed LOG MAP]          checks modules alone;
                                    of the program that was linked with MAP, an emulator must have
                                    translated its tiles, and FMAs of nothing else, by its LOG
    ci/check-object-code.py --self-test                                   checks the check
"""

import argparse
import re
import sys
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

import object_code as oc

ROOT = Path(__file__).resolve().parent.parent

SOURCE = r"<[^<>]*?(?:PermutedChannels<(?P<channels>\d+), \d+>|\w+)"
# The register tiles: family → its demangled functions. The groups multiplied are the least number
# of FMAs in the loop of the inside. The transforms of Winograd are no tiles: they are straight code
# over more values than there are registers.
TILES = {
    "peak": r"LimitKernels\.peakFMA",
    "direct": r"<(?P<pixels>\d+), (?P<vectors>\d+), \d+, \w+\.\w+> of static \w+\.DirectTile\.",
    "whole lines": SOURCE
    + r", (?P<pixels>\d+), (?P<taps>\d+), .*> of static \w+\.WholeLineTiles\.",
    "chunked lines": SOURCE + r", (?P<pixels>\d+), (?P<taps>\d+), .*> of static \w+\.Chunked",
    "planes": r"<(?P<channels>\d+), (?P<vectors>\d+)> of static \w+\.PlaneTile\.run",
    "copied planes": r"<(?P<pixels>\d+), (?P<planes>\d+), [12]> of static \w+\.HaloTiles\.run",
    "Winograd": r"<(?P<rows>\d+)> of static \w+\.WinogradProduct\.run",
}
# Those of bf16 and integers, in modules of their own.
NARROW = {
    "narrow peak": r" of static \w+\.PeakKernel\.run",
    **{
        f"narrow {name}": rf"<(?P<pixels>\d+), (?P<vectors>\d+), \d+, \w+\.{name}Arithmetic, "
        r"\w+\.\w+> of static \w+\.NarrowTile\."
        for name in ("BF16", "U8S8")
    },
    "narrow copied": r"<(?P<rows>\d+), (?P<pixels>\d+), (?P<vectors>\d+), \w+\.\w+Arithmetic, "
    r"\w+\.\w+> of static \w+\.CopiedTile\.sweep",
    "narrow strips": r"<(?P<pixels>\d+), (?P<vectors>\d+), \w+\.\w+Arithmetic> of static \w+"
    r"\.StripTile\.sweep",
    "narrow rolling": r" of static \w+\.RollingTile\.rows?\(",
    "narrow widened": r"<(?P<pixels>\d+), \d+, \d+> of static \w+\.WidenedTile\.compute",
}
KERNELS = ("Kernels", "NarrowKernels")
PEAK_CHAINS, LONG_PEAK_CHAINS = 12, 24
LONG_PEAKS = (" KernelsNEON.", "NarrowKernelsAVX512BF16")
WINOGRAD_VECTORS = 2

# Per kernel module: which encodings may occur, which registers may not, and on which the FMAs are.
# Whatever is not listed is held to the rules of the baseline.
RULES = {
    "KernelsAVX2": ({"", "VEX"}, r"%zmm|%k[0-7]|%[xy]mm(?:1[6-9]|[23]\d)", "%ymm"),
    "KernelsAVX512": ({"", "VEX", "EVEX"}, None, "%zmm"),
    "NarrowKernelsAVX2": ({"", "VEX"}, r"%zmm|%k[0-7]|%[xy]mm(?:1[6-9]|[23]\d)", "%ymm"),
    "NarrowKernelsAVX512BF16": ({"", "VEX", "EVEX"}, None, "%zmm"),
    # Whatever Armv8.0 has; scalable vectors came later.
    **{m: ({""}, r"\b[zp]\d+[./]", ".4s") for m in ("KernelsNEON", "NarrowKernelsNEON")},
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


@dataclass(frozen=True)
class Row:
    """What the innermost loops of a function do with FMAs: of these loops the most FMAs, and all
    stores and loads of vectors on the stack; then those of the whole function."""

    module: str
    name: str
    fma: int
    stores: int
    loads: int
    all_stores: int
    all_loads: int


def hot_loops(module, functions):
    """The rows of the functions whose innermost loops have FMAs."""
    for function in functions:
        count = {}
        for loop in function.innermost_loops():
            fma = sum(i.is_fma or is_baseline_multiply(module, i) for i in loop)
            if fma:
                count[fma, loop[0].address] = function.spills(loop)
        if count:
            stores, loads = (sum(numbers) for numbers in zip(*count.values(), strict=True))
            yield Row(
                module,
                function.name,
                max(count)[0],
                stores,
                loads,
                *function.spills(function.instructions),
            )


def is_baseline_multiply(module, instruction):
    """Without FMA a product is counted by its multiplication."""
    return module.endswith("Baseline") and instruction.mnemonic in ("mulps", "pmaddwd")


def families(module):
    """The families of tiles that a module has."""
    if not module.startswith("Narrow"):
        # 16 registers without FMA hold too few sums.
        return [f for f in TILES if f != "copied planes" or module != "KernelsBaseline"]
    # Without SSSE3 there is no permutation of bytes; what rolls takes dot products, and registers,
    # and copies take masks.
    wide = {"narrow copied", "narrow rolling", "narrow widened"}
    lacks = {"NarrowKernelsBaseline": {"narrow strips"} | wide}
    lacks |= {f"NarrowKernels{module}": wide for module in ("AVX2", "NEON")}
    return [family for family in NARROW if family not in lacks.get(module, ())]


def tile(name):
    """The family of a tile and the FMAs of one of its steps; nothing for other functions."""
    for family, pattern in (TILES | NARROW).items():
        if found := re.search(pattern, name):
            chains = LONG_PEAK_CHAINS if any(m in name for m in LONG_PEAKS) else PEAK_CHAINS
            fma = {"peak": chains, "narrow peak": chains, "Winograd": WINOGRAD_VECTORS}
            fma = fma.get(family, 1)
            if family == "narrow rolling":
                # A column of two vectors, which meets three columns of taps.
                fma *= 6
            elif family in ("narrow strips", "narrow widened"):
                # Two rows, or two numbers of a lane.
                fma *= 2
            elif family in NARROW and "AVX512BF16" not in name:
                # Two passes over a quantum.
                fma *= 2
            for number in found.groups():
                fma *= int(number or 1)
            # LLVM may start a sum from a product; borders leave out what is outside the image; a
            # single output may have a loop over its channels.
            if family.endswith("lines"):
                is_inside = re.match(r"(LineTiles\.)?inside", name[found.end() :])
                fma = fma - 1 if is_inside and found["pixels"] != "1" else 1
            return family, fma
    return None


# Stores alone, without a load, in four tiles of AVX2: there the store of a partial vector takes it
# apart in memory, and LLVM moves that into the loop. To be mended; no other tile may have any.
STORED_PARTS = {"3, 2, 2": 4, "4, 2, 1": 1, "5, 2, 1": 1, "6, 2, 1": 2}
STORED_TILE = re.compile(
    r"<(\d+, \d+, \d+), KernelsAVX2\.\w+Steps> of static KernelsAVX2\.DirectTile\.sweep"
)


def accepted_stores(name):
    """How many vectors the loop of a tile may store on the stack."""
    found = STORED_TILE.search(name)
    return STORED_PARTS.get(found[1], 0) if found else 0


def tile_faults(modules, rows):
    """Tiles with too few FMAs or with vectors on the stack, and families that a module lacks."""
    seen = set()
    for row in rows:
        if not (found := tile(row.name)):
            continue
        family, least = found
        seen.add((row.module, family))
        if row.fma < least:
            yield f"{row.module}: {row.fma} FMAs in the loop, at least {least} wanted: {row.name}"
        if row.loads or row.stores > accepted_stores(row.name):
            yield (
                f"{row.module}: {row.stores} stores and {row.loads} loads of vectors on the stack "
                f"in loops with FMAs: {row.name}"
            )
    for module in modules:
        for family in families(module):
            if (module, family) not in seen:
                yield f"{module}: no symbol of the family `{family}` is found"


def unexecuted(rows, executed):
    """Tiles that a run of the conformance problems never reached; names are still mangled."""
    demangled = oc.demangled([row.name for row in rows]) if rows else {}
    for row in rows:
        if tile(demangled[row.name]) and row.name not in executed:
            yield f"{row.module}: never executed: {demangled[row.name]}"


def check(modules, demangle=oc.demangled, executed=None):
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
        if module.startswith(KERNELS):
            rows += hot_loops(module, functions)
    faults += shared_code(symbols, newer)
    if executed is not None:
        faults += unexecuted(rows, executed)
    names = demangle([row.name for row in rows]) if rows else {}
    rows = [replace(row, name=names[row.name]) for row in rows]
    kernels = [module for module in sorted(modules) if module.startswith(KERNELS)]
    return faults + list(tile_faults(kernels, rows)), rows, shared_data(symbols)


def print_table(rows, show_all):
    """The loops of the tiles, or of all functions."""
    print(f"{'module':23} {'FMA':>5} {'stores':>6} {'loads':>6} {'outside':>9}  function")
    for row in rows:
        if show_all or tile(row.name):
            outside = f"{row.all_stores - row.stores}+{row.all_loads - row.loads}"
            print(
                f"{row.module:23} {row.fma:5} {row.stores:6} {row.loads:6} {outside:>9}  "
                f"{row.name.removeprefix('generic specialization ')[:120]}"
            )


def print_summary(rows):
    """How many tiles of each family there are."""
    found = [(row.module, family[0]) for row in rows if (family := tile(row.name))]
    for module, family in sorted(set(found)):
        print(f"{module:23} {found.count((module, family)):5} functions of tiles: {family}")


def main():
    parser = argparse.ArgumentParser(description="Checks the object code of a build.")
    parser.add_argument("--build", type=Path, default=ROOT / ".build" / "release")
    parser.add_argument("--objects", type=Path, nargs="+", help="one object a module, of its name")
    parser.add_argument("--executed", type=Path, nargs=2, metavar=("LOG", "MAP"))
    parser.add_argument("--table", action="store_true", help="table of the loops of all tiles")
    parser.add_argument("--all", action="store_true", help="table of all loops with an FMA")
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    if arguments.self_test:
        from object_code_faults import self_test

        return self_test(check)
    if arguments.objects:
        modules = {path.stem: [path] for path in arguments.objects}
    else:
        modules = objects_by_module(arguments.build)
    executed, foreign = None, set()
    if arguments.executed:
        executed, foreign = oc.executed(*arguments.executed, arguments.objects)
    faults, rows, data = check(modules, executed=executed)
    faults += [f"FMAs of another copy were executed: {name}" for name in sorted(foreign)]
    if arguments.table or arguments.all:
        print_table(rows, arguments.all)
    print_summary(rows)
    count = sum(len(paths) for paths in modules.values())
    print(f"{count} objects, {len(rows)} hot loops, {data} weak data symbols shared")
    print(*faults, sep="\n", file=sys.stderr, end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
