#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds everything with a sanitizer of the toolchain, then runs it.
#   ci/sanitize.sh address|thread             `verify` of all suites, then all tests
#   ci/sanitize.sh address|thread SUITE…      only `verify` of these suites
#   ci/sanitize.sh address|thread --filter X  only these tests
#   ci/sanitize.sh address|thread --self-test a program with such a fault, which must be found out
# Reports of all processes, children included, are gathered; any is exit code 1. What is known, is not
# ours and cannot be mended here stands in ci/sanitizers/, each with its reason.
# It takes minutes to build and many more to run; the build stays in .build/sanitize-….
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
readonly root exit_usage=64
kind=${1:-}
shift || true
swift=${SWIFT:-swift}
[[ -n $(type -P "$swift") ]] || swift=/opt/swift/usr/bin/swift

# Libraries that were compiled without the sanitizer: their teams of threads meet in ways that
# ThreadSanitizer cannot see, so that every value they hand over looks like a race.
traits=()
case $kind in
  address) [[ ! -e /usr/include/dnnl.h ]] || traits+=(--traits OneDNN) ;;
  thread) ;;
  *)
    echo "usage: ci/sanitize.sh address|thread [SUITE…|--filter NAME|--self-test]" >&2
    exit "$exit_usage"
    ;;
esac

# Tests that cannot run so, with the reason.
skipped=(
  # Valgrind does not run programs of a sanitizer.
  SimulatedRunTests CountGateRunTests
  # Object files of a sanitizer's build are not those that are compared with.
  CodeComparisonTests
  # Limits of memory leave no room for a sanitizer's own.
  'BadInputTests/limits'
)

folder=$root/.build/sanitize-$kind
reports=$folder/reports
suppressions=$root/ci/sanitizers/$kind.supp

# What is built, as options of `swift build`.
build() {
  "$swift" build --package-path "$root" --scratch-path "$folder" -c release "$@" \
    --sanitize="$kind" "${traits[@]}" -Xswiftc -enable-testing
}

watched() {
  local common="log_path=$reports/report:exitcode=1:suppressions=$suppressions"
  env ASAN_OPTIONS="log_path=$reports/report:exitcode=1" \
    LSAN_OPTIONS="suppressions=$suppressions:print_suppressions=0" \
    TSAN_OPTIONS="$common:halt_on_error=0" "$@"
}

verify() { watched "$folder/release/convscope" verify --no-progress "$@" >"$folder/verify.txt"; }

run_tests() {
  local one skip=()
  for one in "${skipped[@]}"; do skip+=(--skip "$one"); done
  watched "$swift" test --package-path "$root" --scratch-path "$folder" -c release --skip-build \
    --disable-xctest --sanitize="$kind" "${traits[@]}" -Xswiftc -enable-testing "${skip[@]}" "$@"
}

# A write behind an array, or a number that two threads count up, in a program that ends as if all were well.
fault() {
  echo 'import Foundation'
  if [[ $kind == address ]]; then
    echo 'let numbers = UnsafeMutablePointer<Int>.allocate(capacity: 4); numbers[CommandLine.arguments.count + 3] = 1'
  else
    cat <<'SWIFT'
nonisolated(unsafe) var count = 0
let threads = (0..<2).map { _ in Thread { for _ in 0..<1000 { count += 1 } } }
threads.forEach { $0.start() }
sleep(1)
SWIFT
  fi
}

self_test() {
  local here=$folder/self-test
  rm -rf "$here"
  mkdir -p "$here"
  fault >"$here/main.swift"
  "${swift}c" -sanitize="$kind" "$here/main.swift" -o "$here/fault" 2>"$here/build.log"
  reports=$here
  watched "$here/fault" >/dev/null 2>&1 || true
  compgen -G "$here/report.*" >/dev/null || {
    echo "sanitize: a fault of the kind '$kind' was not found out" >&2
    exit 1
  }
  echo "sanitize self-test: a fault of the kind '$kind' was found out"
  exit 0
}

[[ ${1:-} != --self-test ]] || self_test
if (($#)) && [[ $1 != -* ]]; then
  build --product convscope
else
  build --build-tests --disable-xctest
fi
rm -rf "$reports"
mkdir -p "$reports"
status=0
if (($#)) && [[ $1 != -* ]]; then
  verify "$@" || status=$?
elif (($#)); then
  run_tests "$@" || status=$?
else
  verify all || status=$?
  run_tests || status=$?
fi
found=("$reports"/report.*)
if [[ -e ${found[0]} ]]; then
  cat "${found[@]}"
  printf 'sanitize: %d processes have reports, in %s\n' "${#found[@]}" "$reports"
  exit 1
fi
printf 'sanitize: no report, exit code %d\n' "$status"
exit "$status"
