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
            "hotLoop",
            "1:\nvfmadd231ps %ymm0, %ymm1, %ymm2\nvmovups %ymm2, 32(%rsp)\ndec %rdi\njne 1b\nret",
        ),
    ],
    "KernelsAVX512": [("globl", "narrow", "vfmadd231ps %ymm0, %ymm1, %ymm2\nret")],
    "Measuring": [
        ("globl", "strongElsewhere", "ret"),
        ("globl", "leaked", "andn %rax, %rbx, %rcx\nret"),
    ],
}
LIMITS = [
    ("KernelsAVX2", 2, 0, "hotLoop"),
    ("KernelsAVX2", 1, 1, "hotLoop"),
    ("KernelsAVX512", 1, 0, "gone"),
]
EXPECTED = [
    "KernelsAVX2 has `vaddps %zmm0, %zmm1, %zmm2` in tooWide",
    "KernelsAVX2: 1 FMAs in the hot loop, at least 2 wanted: hotLoop",
    "KernelsAVX2: 1 spills in the hot loop, at most 0 wanted: hotLoop",
    "KernelsAVX512 has no FMA on %zmm",
    "KernelsBaseline has `popcntq %rax, %rax` in countsBits",
    "KernelsBaseline has `vaddps %xmm0, %xmm1, %xmm2` in tooNew",
    "Measuring has `andnq %rax, %rbx, %rcx` in leaked",
    "no function of KernelsAVX512 matches the limit `gone`",
    "weak function in KernelsAVX2, KernelsBaseline: alias",
    "weak function in KernelsAVX2, KernelsBaseline: shared",
]


def assemble(folder, module, functions):
    """An object file of these functions."""
    source = folder / f"{module}.s"
    text = "".join(FUNCTION.format(name, bind) + body + "\n" for bind, name, body in functions)
    source.write_text(text)
    target = source.with_suffix(".o")
    subprocess.run([oc.tool("clang"), "-c", str(source), "-o", str(target)], check=True)
    return target


def self_test(check):
    """Whether `check` finds exactly what is planted."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        modules = {m: [assemble(folder, m, functions)] for m, functions in SOURCES.items()}
        faults, rows, _ = check(modules, LIMITS, demangle=lambda names: {n: n for n in names})
    if sorted(faults) != EXPECTED or [row[1:] for row in rows] != [("hotLoop", 1, 1, 1)]:
        print("self-test failed; found:", *sorted(faults), *rows, sep="\n  ", file=sys.stderr)
        return 1
    print(f"object code self-test: {len(EXPECTED)} faults found as planted")
    return 0
