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
    "NarrowKernelsAVX512BF16": [
        (
            "globl",
            "pairs",
            "1:\nvdpbf16ps %zmm0, %zmm1, %zmm2\nvdpbf16ps 64(%rsp), %zmm1, %zmm3\ndec %rdi\n"
            "jne 1b\nret",
        ),
    ],
    "Measuring": [
        ("globl", "strongElsewhere", "ret"),
        ("globl", "leaked", "andn %rax, %rbx, %rcx\nret"),
    ],
}
# For arm64: by the stack pointer and by a register made from it; loads from elsewhere are none.
ARM64_SOURCES = {
    "KernelsNEON": [
        (
            "globl",
            "tile",
            "add x8, sp, #32\n1:\nld1r {v3.4s}, [x0]\nfmla v0.4s, v1.4s, v3.s[0]\n"
            "str q0, [sp, #16]\nldp q1, q2, [x8]\nfmla v2.4s, v1.4s, v3.4s\nldr q4, [x1]\n"
            "subs x2, x2, #1\nb.ne 1b\nret",
        ),
        (
            "globl",
            "product",
            "1:\nfmls v0.4s, v1.4s, v2.4s\nfmla v1.4s, v1.4s, v2.4s\ncbnz x0, 1b\nret",
        ),
        ("globl", "tooNew", "ptrue p0.s\nld1w {z0.s}, p0/z, [x0]\nret"),
    ],
    "NarrowKernelsNEON": [
        (
            "globl",
            "bytes",
            "1:\nsmull v2.4s, v0.4h, v1.4h\nsmull2 v3.4s, v0.8h, v1.8h\naddp v2.4s, v2.4s, v3.4s\n"
            "cbnz x0, 1b\nret",
        ),
    ],
}
# What the planted tiles would be called in Swift.
NAMES = {
    "tile": "<3, 1, 1, A.PackedSteps> of static A.DirectTile.sweep",
    "pairs": "<3, 1, 1, NarrowKernelsAVX512BF16.BF16Arithmetic, "
    "NarrowKernelsAVX512BF16.Broadcast> of static NarrowKernelsAVX512BF16.NarrowTile.sweep",
    "bytes": "<1, 1, 1, NarrowKernelsNEON.U8S8Arithmetic, NarrowKernelsNEON.Broadcast> of static "
    "NarrowKernelsNEON.NarrowTile.sweep",
    "product": "<1> of static A.WinogradProduct.run",
}
FAMILIES = [
    "Winograd", "chunked lines", "copied planes", "direct", "peak", "planes", "whole lines",
]  # fmt: skip
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
    *(
        f"KernelsBaseline: no symbol of the family `{family}` is found"
        for family in FAMILIES
        if family != "copied planes"
    ),
    "NarrowKernelsAVX512BF16: 0 stores and 1 loads of vectors on the stack in loops with FMAs: "
    + NAMES["pairs"],
    "NarrowKernelsAVX512BF16: 2 FMAs in the loop, at least 3 wanted: " + NAMES["pairs"],
    "NarrowKernelsAVX512BF16: no symbol of the family `narrow U8S8` is found",
    "NarrowKernelsAVX512BF16: no symbol of the family `narrow copied` is found",
    "NarrowKernelsAVX512BF16: no symbol of the family `narrow peak` is found",
    "NarrowKernelsAVX512BF16: no symbol of the family `narrow rolling` is found",
    "NarrowKernelsAVX512BF16: no symbol of the family `narrow strips` is found",
    "NarrowKernelsAVX512BF16: no symbol of the family `narrow widened` is found",
    "Measuring has `andnq %rax, %rbx, %rcx` in leaked",
    "weak function in KernelsAVX2, KernelsBaseline: alias",
    "weak function in KernelsAVX2, KernelsBaseline: shared",
]
ARM64_EXPECTED = [
    "KernelsNEON has `ptrue p0.s` in tooNew",
    "KernelsNEON: 1 stores and 1 loads of vectors on the stack in loops with FMAs: "
    + NAMES["tile"],
    "KernelsNEON: 2 FMAs in the loop, at least 3 wanted: " + NAMES["tile"],
    *(
        f"KernelsNEON: no symbol of the family `{family}` is found"
        for family in FAMILIES
        if family not in ("Winograd", "direct")
    ),
    "NarrowKernelsNEON: 1 FMAs in the loop, at least 2 wanted: " + NAMES["bytes"],
    *(
        f"NarrowKernelsNEON: no symbol of the family `narrow {family}` is found"
        for family in ("BF16", "peak", "strips")
    ),
]
# What the compiler once made of a tile: encodings of ten bytes, a frame, folded loads.
SPILL = Path(__file__).resolve().parent / "object-code-spill.txt"


def assemble(folder, module, functions, *options):
    """An object file of these functions."""
    source = folder / f"{module}.s"
    text = "".join(FUNCTION.format(name, bind) + body + "\n" for bind, name, body in functions)
    source.write_text(text)
    target = source.with_suffix(".o")
    command = [oc.tool("clang"), *options, "-c", str(source), "-o", str(target)]
    subprocess.run(command, check=True)
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
        arm64 = {
            m: [assemble(folder, m, functions, "--target=aarch64-linux-gnu", "-march=armv8-a+sve")]
            for m, functions in ARM64_SOURCES.items()
        }
        for planted, expected in ((modules, EXPECTED), (arm64, ARM64_EXPECTED)):
            faults, _, _ = check(
                planted, demangle=lambda names: {n: NAMES.get(n, n) for n in names}
            )
            if sorted(faults) != sorted(expected):
                print("self-test failed; found:", *sorted(faults), sep="\n  ", file=sys.stderr)
                return 1
    if reading() != (15, 3, 2, 3):
        print(f"self-test failed; read from {SPILL.name}: {reading()}", file=sys.stderr)
        return 1
    count = len(EXPECTED) + len(ARM64_EXPECTED)
    print(f"object code self-test: {count} faults found as planted, and a real spill")
    return 0
