# SPDX-License-Identifier: Apache-2.0
"""Small objects with planted faults, for the self-test of check-object-code.py."""

import subprocess
import sys
import tempfile
from pathlib import Path

import object_code as oc

FUNCTION = '.section .text.{0},"ax",@progbits\n.{1} {0}\n.type {0},@function\n{0}:\n'
ALIAS = ".weak alias\n.type alias,@function\nalias:\n"

# Per module: (binding, name, body).
SOURCES = {
    "KernelsBaseline": [
        ("weak", "shared", ALIAS + "ret"),
        ("weak", "harmless", "ret"),
        ("globl", "tooNew", "vaddps %xmm0, %xmm1, %xmm2\nret"),
        ("globl", "countsBits", "popcnt %rax, %rax\nret"),
        ("globl", "baselineIsFine", "movups (%rdi), %xmm0\nmulps %xmm1, %xmm0\nret"),
    ],
    "KernelsAVX2": [
        ("weak", "shared", ALIAS + "vzeroupper\nret"),
        ("weak", "strongElsewhere", "vzeroupper\nret"),
        ("weak", "harmless", "ret"),
        ("globl", "tooWide", "vaddps %zmm0, %zmm1, %zmm2\nret"),
        (
            "globl",
            "tile",
            "1:\nvfmadd231ps %ymm0, %ymm1, %ymm2\nvmovups %ymm2, 32(%rsp)\n"
            "vfmadd231ps 64(%rsp), %ymm1, %ymm3\nvmovups (%rbp), %ymm4\ndec %rdi\njne 1b\nret",
        ),
        (
            "globl",
            "product",
            "push %rbp\nmov %rsp, %rbp\n1:\nvfmadd231ps -32(%rbp), %ymm1, %ymm2\ndec %rdi\njne 1b\n"
            "pop %rbp\nret",
        ),
    ],
    "KernelsAVX512": [("globl", "narrow", "vfmadd231ps %ymm0, %ymm1, %ymm2\nret")],
    "Measuring": [
        ("globl", "strongElsewhere", "ret"),
        ("globl", "leaked", "andn %rax, %rbx, %rcx\nret"),
    ],
}
# What the planted tiles would be called in Swift.
NAMES = {
    "tile": "<3, 1, 1, A.PackedSteps> of static A.DirectTile.sweep",
    "product": "<1> of static A.WinogradProduct.run",
}
FAMILIES = ["Winograd", "chunked lines", "direct", "peak", "whole lines"]
EXPECTED = [
    "KernelsAVX2 has `vaddps %zmm0, %zmm1, %zmm2` in tooWide",
    "KernelsAVX2: 0 stores and 1 loads of vectors on the stack in loops with FMAs: "
    + NAMES["product"],
    "KernelsAVX2: 1 FMAs in the loop, at least 2 wanted: " + NAMES["product"],
    "KernelsAVX2: 1 stores and 1 loads of vectors on the stack in loops with FMAs: "
    + NAMES["tile"],
    "KernelsAVX2: 2 FMAs in the loop, at least 3 wanted: " + NAMES["tile"],
    *(
        f"KernelsAVX2: no symbol of the family `{family}` is found"
        for family in FAMILIES
        if family not in ("Winograd", "direct")
    ),
    "KernelsAVX512 has no FMA on %zmm",
    *(f"KernelsAVX512: no symbol of the family `{family}` is found" for family in FAMILIES),
    "KernelsBaseline has `popcntq %rax, %rax` in countsBits",
    "KernelsBaseline has `vaddps %xmm0, %xmm1, %xmm2` in tooNew",
    *(f"KernelsBaseline: no symbol of the family `{family}` is found" for family in FAMILIES),
    "Measuring has `andnq %rax, %rbx, %rcx` in leaked",
    "weak function in KernelsAVX2, KernelsBaseline: alias",
    "weak function in KernelsAVX2, KernelsBaseline: shared",
]
# What the compiler once made of a tile: encodings of ten bytes, a frame, folded loads.
SPILL = Path(__file__).resolve().parent / "object-code-spill.txt"


def assemble(folder, module, functions):
    """An object file of these functions."""
    source = folder / f"{module}.s"
    text = "".join(FUNCTION.format(name, bind) + body + "\n" for bind, name, body in functions)
    source.write_text(text)
    target = source.with_suffix(".o")
    subprocess.run([oc.tool("clang"), "-c", str(source), "-o", str(target)], check=True)
    return target


def reading():
    """FMAs, stores and loads that are read from the loop of a real spill."""
    (function,) = oc.parsed(SPILL.read_text())
    (loop,) = function.innermost_loops()
    return len(loop), sum(i.is_fma for i in loop), *function.spills(loop)


def self_test(check):
    """Whether `check` finds exactly what is planted, and the reader what is in a real spill."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        modules = {m: [assemble(folder, m, functions)] for m, functions in SOURCES.items()}
        faults, _, _ = check(modules, demangle=lambda names: {n: NAMES.get(n, n) for n in names})
    if sorted(faults) != EXPECTED:
        print("self-test failed; found:", *sorted(faults), sep="\n  ", file=sys.stderr)
        return 1
    if reading() != (15, 3, 2, 3):
        print(f"self-test failed; read from {SPILL.name}: {reading()}", file=sys.stderr)
        return 1
    print(f"object code self-test: {len(EXPECTED)} faults found as planted, and a real spill")
    return 0
