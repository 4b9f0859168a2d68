#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The kernels for arm64, and what plans and packs for them, on a machine of another architecture:
# compiled with Embedded Swift, linked by a cross compiler and run by an emulator.
#   ci/check-arm64.sh [FOLDER]    builds in FOLDER, .build/arm64 by default; where a tool is missing,
#                                 it says so and passes
#
# 1. Every variant computes every problem of the conformance tests: small integers exactly, random
#    numbers within their bounds, and nothing beside its output; every line kernel also by itself.
# 2. The tiles keep their sums in registers, and each of them has run.
# 3. The C modules compile for Linux on arm64, and their loops end.
# docs/Arm64.md says what that shows and what not.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=${1:-$root/.build/arm64}
swift=${SWIFT:-swift}
readonly target=aarch64-none-none-elf root folder swift

skip() {
  echo "skipped: $1"
  exit 0
}

# The compiler beside `swift`, and its library for the target.
compiler=$(dirname "$("$swift" -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')")
compiler=$(dirname "$compiler")
tables=$compiler/lib/swift/embedded/$target/libswiftUnicodeDataTables.a
[[ -f $tables ]] || skip "this Swift toolchain has no library for $target"
if [[ $(uname -m) == aarch64 ]]; then
  cc=(gcc) emulator=()
else
  cc=(aarch64-linux-gnu-gcc) emulator=(qemu-aarch64 -d in_asm -D "$folder/executed.log")
fi
for tool in "${cc[0]}" "${emulator[@]:0:1}"; do
  [[ -n $(type -P "$tool") ]] ||
    skip "$tool is missing; ./convscope --with arm64 installs what this check needs"
done

# A Clang module of one header, as the package manager would make it: c_module NAME
c_module() {
  mkdir -p "$folder/$1"
  printf 'module %s { header "%s" export * }\n' "$1" "$root/Sources/$1/include/$1.h" \
    >"$folder/$1/module.modulemap"
}

# Compiles a module from files: swift_module NAME OPTIONS… -- FILES…
swift_module() {
  local name=$1 options=()
  shift
  while [[ $1 != -- ]]; do
    options+=("$1")
    shift
  done
  shift
  # What Embedded Swift warns of is that other variants throw errors of any type.
  "$compiler/bin/swiftc" -target "$target" -enable-experimental-feature Embedded -wmo \
    -parse-as-library -O -swift-version 6 -suppress-warnings \
    -enable-upcoming-feature MemberImportVisibility \
    -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature ExistentialAny \
    -I "$folder" -I "$folder/CVector" -I "$folder/CPlatform" -I "$root/Tests/Arm64/Glibc" \
    "${options[@]}" -module-name "$name" -emit-module-path "$folder/$name.swiftmodule" \
    -c "$@" -o "$folder/$name.o"
}

# The modules in the order of their dependencies. Left out is what holds variants of any type, which
# is the choice among them, and what reads files.
compile() {
  local source=$root/Sources tests=$root/Tests catalog convolution
  c_module CVector
  c_module CPlatform
  swift_module Boundary -- "$tests/Arm64/ShownText.swift"
  swift_module Inputs -- "$source"/Inputs/{Int,Double}+Reading.swift "$tests/Arm64/NearestNames.swift"
  swift_module Statistics -- "$source/Statistics/SplitMix64.swift"
  swift_module TestSupport -- "$tests/TestSupport/SeededGenerator.swift"
  swift_module Machine -- "$tests/Arm64/Machine.swift"
  mapfile -t convolution < <(
    printf '%s\n' "$source"/Convolution/*.swift "$source"/Convolution/*/*.swift |
      grep -vE '/Coding\.swift$'
  )
  swift_module Convolution -- "${convolution[@]}" "$tests/Arm64/Coding.swift"
  swift_module KernelsNEON -DKERNELS_NEON -Xllvm -unroll-threshold=4000 -- "$source"/Kernels/*.swift
  swift_module NarrowKernelsNEON -DNARROW_NEON -Xllvm -unroll-threshold=4000 -- \
    "$source"/NarrowKernels/*.swift
  mapfile -t catalog < <(
    printf '%s\n' "$source"/KernelCatalog/*.swift "$source"/KernelCatalog/*/*.swift |
      grep -vE '/KernelCatalog(\+(Best|Chain|Tuned|Graph|Cycles))?\.swift$'
  )
  swift_module KernelCatalog -- "${catalog[@]}" \
    "$tests"/KernelCatalogTests/{EdgeProblems,SpecialValues}.swift \
    "$tests"/KernelCatalogTests/{,Deformable,Separable}Trial.swift \
    "$tests"/Arm64/{KernelCatalog,Checks,VariantChecks,NodeChecks,LineCheck,Main}.swift
}

link() {
  "${cc[@]}" -static -O2 -Wall -Werror -I "$root/Sources/CPlatform/include" \
    -I "$root/Sources/CPAPI/include" "$@"
}

link_programs() {
  local objects=("$folder"/{Boundary,Inputs,Statistics,TestSupport,Machine,Convolution,KernelCatalog}.o)
  # GNU ld refuses the protected symbols of Embedded Swift. The kernels come first: the catalog has
  # copies of them, of which the linker takes none then.
  link -fuse-ld=lld -B"$compiler/bin" -Wl,--gc-sections -Wl,-Map="$folder/conformance.map" \
    "$folder"/{,Narrow}KernelsNEON.o "${objects[@]}" "$folder/CPlatform.obj" "$tables" -lm \
    -o "$folder/conformance"
  link "$root/Tests/Arm64/loops.c" "$folder"/{CPlatform,Counter}Loops.obj -o "$folder/loops"
}

# All of the C, most of which no program here needs, by the compiler that the package manager takes.
compile_c() {
  local file sysroot=/usr/aarch64-linux-gnu
  [[ -d $sysroot ]] || sysroot=/usr
  for file in "$root"/Sources/{CPlatform,CPAPI}/*.c; do
    "$compiler/bin/clang" --target=aarch64-linux-gnu -O2 -Wall -Werror \
      -I "$(dirname "$file")/include" -idirafter "$sysroot/include" -idirafter /usr/include \
      -c "$file" -o "$folder/$(basename "$file" .c).obj"
  done
}

mkdir -p "$folder"
rm -f "$folder"/*.o
compile
compile_c
link_programs
echo "run by ${emulator[0]:-this CPU}:"
"${emulator[@]:0:1}" "$folder/loops"
"${emulator[@]}" "$folder/conformance"
executed=()
# The emulator writes down each piece of code that it translates.
((${#emulator[@]} == 0)) || executed=(--executed "$folder/executed.log" "$folder/conformance.map")
"$root/ci/check-object-code.py" --objects "$folder"/{,Narrow}KernelsNEON.o "${executed[@]}"
