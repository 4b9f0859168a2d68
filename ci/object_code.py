# SPDX-License-Identifier: Apache-2.0
"""What llvm-objdump and `swift demangle` say about object files, as values."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

# In 64-bit mode these bytes begin nothing but a VEX or an EVEX instruction, once the segment and
# address-size prefixes are gone, which are all that may stand before them.
VEX, EVEX = ("c4", "c5"), ("62",)
PREFIXES = ("26", "2e", "36", "3e", "64", "65", "67")

# The bytes are padded to ten of them; longer encodings reach the tab without a blank.
INSTRUCTION = re.compile(r"^\s*([0-9a-f]+): ((?:[0-9a-f]{2} ?)+)\s*\t(\S+)(?:\s+([^#\n]*))?")
FUNCTION = re.compile(r"^[0-9a-f]+ <(.*)>:$")
JUMP_TARGET = re.compile(r"^0x([0-9a-f]+)")
VECTOR = re.compile(r"%[xyz]mm\d")
# Where immediates begin with the sign that begins comments on x86.
ARM64_INSTRUCTION = re.compile(
    r"^\s*([0-9a-f]+): ([0-9a-f ]+?)\s*\t(\S+)(?:\s+([^\n]*?))?\s*(?://.*)?$"
)
# Symbols that tell code from data and begin no function.
ARM64_MAPPING = re.compile(r"^\$[xd](\..*)?$")
ARM64_JUMP = re.compile(r"^(?:b(?:\..*)?|cbn?z|tbn?z)$")
ARM64_VECTORS = re.compile(r"^\{?\s*(?:[qds]\d+|v\d+\.)")


def tool(name):
    """The tool of the toolchain that built the objects, or one from PATH."""
    swift = os.environ.get("SWIFT", "swift")
    info = subprocess.run([swift, "-print-target-info"], check=True, capture_output=True).stdout
    resources = Path(json.loads(info)["paths"]["runtimeResourcePath"])
    beside = resources.parent.parent / "bin" / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        raise SystemExit(f"{name} is neither beside swift nor in PATH")
    return found


def output_of(*command, text=None):
    return subprocess.run(command, check=True, capture_output=True, text=True, input=text).stdout


@dataclass(frozen=True)
class Symbol:
    """A defined symbol of an object file."""

    name: str
    is_weak: bool
    is_code: bool


@dataclass(frozen=True)
class Instruction:
    """One instruction in AT&T syntax: its last operand is where the result goes."""

    address: int
    encoding: tuple
    mnemonic: str
    operands: str

    @property
    def kind(self):
        """`VEX`, `EVEX` or empty."""
        first = next((byte for byte in self.encoding if byte not in PREFIXES), "")
        return "VEX" if first in VEX else "EVEX" if first in EVEX else ""

    @property
    def is_fma(self):
        """Whether it multiplies and adds: floats, or quanta of narrower numbers."""
        return self.mnemonic.startswith(
            ("vfmadd", "vfnmadd", "vfmsub", "vfnmsub", "vdpbf16ps", "vpdpbusd", "vpmaddwd")
        )

    def stack_use(self, registers):
        """`store` or `load` of a vector on the stack, which `registers` point to; else empty.

        An operand in memory counts as a load too, and so does a value that is broadcast from there.
        """
        if not VECTOR.search(self.operands):
            return ""
        memory = re.search(rf"\((?:{'|'.join(registers)})(?:,[^)]*)?\)", self.operands)
        if not memory:
            return ""
        is_result = not self.operands[memory.end() :].strip(" {}%kz01234567")
        return "store" if is_result else "load"

    @property
    def jump_target(self):
        match = JUMP_TARGET.match(self.operands) if self.mnemonic.startswith("j") else None
        return int(match[1], 16) if match else None


@dataclass(frozen=True)
class Arm64Instruction(Instruction):
    """One instruction of arm64: its first operand is where the result goes."""

    @property
    def kind(self):
        """Empty: all encodings are alike."""
        return ""

    @property
    def is_fma(self):
        # Of integers two instructions multiply the halves of a vector; this is the second.
        return self.mnemonic in ("fmla", "fmls", "smull2")

    def stack_use(self, registers):
        if not ARM64_VECTORS.match(self.operands):
            return ""
        if not re.search(rf"\[(?:{'|'.join(registers)})[,\]]", self.operands):
            return ""
        return {"st": "store", "ld": "load"}.get(self.mnemonic[:2], "")

    @property
    def jump_target(self):
        if not ARM64_JUMP.match(self.mnemonic):
            return None
        match = re.search(r"0x([0-9a-f]+)", self.operands.split(",")[-1])
        return int(match[1], 16) if match else None


@dataclass
class Function:
    """A function's instructions, in the order in which they lie."""

    name: str
    instructions: list = field(default_factory=list)

    @property
    def stack_registers(self):
        """The registers that point to the stack; without a frame, `rbp` is one like others.

        On arm64 those that are made from the stack pointer anywhere, for nothing else is a constant
        away from it.
        """
        if any(isinstance(i, Arm64Instruction) for i in self.instructions):
            made = (
                re.match(r"(x\d+), sp\b", i.operands)
                for i in self.instructions
                if i.mnemonic in ("add", "mov")
            )
            return ("sp", *{found[1] for found in made if found})
        has_frame = any(
            i.mnemonic.startswith("mov") and i.operands == "%rsp, %rbp" for i in self.instructions
        )
        return ("%rsp", "%rbp") if has_frame else ("%rsp",)

    def spills(self, instructions):
        """How many of them store a vector on the stack, and how many load one."""
        uses = [i.stack_use(self.stack_registers) for i in instructions]
        return uses.count("store"), uses.count("load")

    def innermost_loops(self):
        """The instructions of each loop that contains no other."""
        ends = [(i.jump_target, i.address) for i in self.instructions if i.jump_target is not None]
        loops = {(start, end) for start, end in ends if start <= end}
        innermost = [
            (start, end)
            for start, end in sorted(loops)
            if not any(start <= s and e < end for s, e in loops if (s, e) != (start, end))
        ]
        return [
            [i for i in self.instructions if start <= i.address <= end] for start, end in innermost
        ]


def symbols(objdump, path):
    """The defined symbols of an object file."""
    found = []
    for line in output_of(objdump, "--syms", str(path)).splitlines():
        place, tab, rest = line.partition("\t")
        if not tab or "*UND*" in place:
            continue
        flags, section = place[17:24], place[25:]
        name = re.sub(r"^[0-9a-f]+ (\.(hidden|protected|internal) )?", "", rest)
        found.append(Symbol(name, "w" in flags, section.startswith(".text")))
    return found


def functions(objdump, path):
    """The functions of an object file, disassembled."""
    return parsed(output_of(objdump, "--disassemble", "--show-all-symbols", str(path)))


def parsed(disassembly):
    """The functions of a disassembly; names of one address share instructions."""
    found = []
    is_arm64 = "elf64-littleaarch64" in disassembly[:1000]
    pattern, kind = (
        (ARM64_INSTRUCTION, Arm64Instruction) if is_arm64 else (INSTRUCTION, Instruction)
    )
    for line in disassembly.splitlines():
        if header := FUNCTION.match(line):
            if ARM64_MAPPING.match(header[1]):
                continue
            is_alias = found and not found[-1].instructions
            found.append(Function(header[1], found[-1].instructions if is_alias else []))
        elif found and (match := pattern.match(line)):
            found[-1].instructions.append(
                kind(int(match[1], 16), tuple(match[2].split()), match[3], (match[4] or "").strip())
            )
    return found


def executed(log, link_map, paths):
    """The functions of objects whose code an emulator translated, and those elsewhere with FMAs.

    A program may have other copies of its functions: in Embedded Swift whoever imports a module
    compiles what it uses once more.
    """
    files = "|".join(re.escape(path.name) for path in paths)
    place = rf"^ *([0-9a-f]+) +[0-9a-f]+ +([0-9a-f]+) +\d+ +\S*/(?:{files}):\(\.text"
    parts = [
        (int(found[1], 16), int(found[1], 16) + int(found[2], 16))
        for found in re.finditer(place, link_map.read_text(), re.MULTILINE)
    ]
    names, foreign, name = set(), set(), ""
    for line in log.read_text().splitlines():
        if line.startswith("IN: "):
            name = line[4:]
        elif found := re.match(r"0x([0-9a-f]+): +\S+ +(\S+)", line):
            is_inside = any(start <= int(found[1], 16) < end for start, end in parts)
            if is_inside:
                names.add(name)
            elif found[2] in ("fmla", "fmls"):
                foreign.add(name)
    return names, foreign


def demangled(names):
    """Mangled name → name as it is written in Swift."""
    command = (os.environ.get("SWIFT", "swift"), "demangle", "--compact")
    return dict(zip(names, output_of(*command, text="\n".join(names)).splitlines(), strict=True))
