#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Feeds the readers of texts that others wrote with what libFuzzer thinks of.
#   ci/fuzz.sh SECONDS [TARGET…]   SECONDS in all, shared by the targets (default: all of them)
#   ci/fuzz.sh --self-test         feeds a reader that stops at a brace, and wants that to be found
# What a target learns goes to .build/fuzzing-corpus/TARGET, so that the next call goes on from there.
# Exit code 1 where a text trapped, hung or took too much memory; the text lies in
# .build/fuzzing-findings then, and belongs into Tests/FuzzingTests/Corpus/TARGET once it is mended.
# FUZZ_RUNS ends each target after so many executions instead.
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
readonly root
readonly all_targets=(suite descriptor batch log csv protocol entry formula callgrind record)
# A text of a few kilobytes that takes longer or more has no bound on its work.
readonly most_seconds=10 most_megabytes=1500 most_bytes=4096

usage() {
  echo "usage: ci/fuzz.sh SECONDS [TARGET…]; a TARGET is ${all_targets[*]}" >&2
  exit 64
}

seconds=${1:-}
[[ $seconds == --self-test || $seconds =~ ^[1-9][0-9]*$ ]] || usage
shift
targets=("$@")
((${#targets[@]})) || targets=("${all_targets[@]}")
for target in "${targets[@]}"; do
  [[ " ${all_targets[*]} " == *" $target "* ]] || usage
done

swift=${SWIFT:-$(type -P swift || echo /opt/swift/usr/bin/swift)}
build=$root/.build/fuzzing

# The part of libFuzzer that has no `main`: Swift's would be another one.
library() {
  local resources
  resources=$("$swift" -print-target-info |
    sed -n 's/.*"runtimeResourcePath": *"\(.*\)".*/\1/p' | head -n 1)
  # One of the two folders is missing, as a rule, and that is no failure.
  { find "$resources/clang/lib/linux" "$resources/../clang" \
    -name 'libclang_rt.fuzzer_no_main-x86_64.a' 2>/dev/null || true; } | head -n 1
}

fuzzer=$(library)
[[ -n $fuzzer ]] || {
  echo "this Swift toolchain has no libFuzzer; nothing is fuzzed" >&2
  exit 1
}
CONVSCOPE_FUZZING=1 "$swift" build --package-path "$root" --scratch-path "$build" -c release \
  --product fuzz -Xswiftc -enable-testing -Xlinker --whole-archive -Xlinker "$fuzzer" \
  -Xlinker --no-whole-archive -Xlinker -lstdc++ | tail -n 1

findings=$root/.build/fuzzing-findings
mkdir -p "$findings"

if [[ $seconds == --self-test ]]; then
  found=$(mktemp -d)
  trap 'rm -rf "$found"' EXIT
  if SWIFT_BACKTRACE=enable=no "$build/release/fuzz" self-test -runs=1000000 -seed=1 \
    -artifact_prefix="$found/" &>"$found/log" || [[ ! -s $(echo "$found"/crash-*) ]]; then
    echo "a reader that stops at a brace was not found out" >&2
    exit 1
  fi
  echo "fuzzing self-test: a reader that stops at a brace was found out"
  exit 0
fi
share=$(((seconds + ${#targets[@]} - 1) / ${#targets[@]}))

# Runs one target; says how far it came.
fuzz() {
  local target=$1 learned=$root/.build/fuzzing-corpus/$1 log status=0
  local -a given=("$root/Tests/FuzzingTests/Corpus/$target")
  [[ $target != suite ]] || given+=("$root/suites")
  [[ $target != formula ]] || given+=("$root/counter-groups")
  mkdir -p "$learned"
  log=$findings/$target.log
  local -a limit=(-max_total_time="$share")
  [[ -z ${FUZZ_RUNS:-} ]] || limit=(-runs="$FUZZ_RUNS")
  # Without Swift's own report of a trap, libFuzzer sees the signal and keeps the text.
  SWIFT_BACKTRACE=enable=no "$build/release/fuzz" "$target" "${limit[@]}" -timeout=$most_seconds \
    -rss_limit_mb=$most_megabytes -max_len=$most_bytes -handle_ill=1 -handle_trap=1 -verbosity=1 \
    -dict="$root/Tests/FuzzingTests/Dictionaries/$target.dict" \
    -artifact_prefix="$findings/$target-" "$learned" "${given[@]}" &>"$log" || status=$?
  printf '%-11s %s\n' "$target" "$(grep -E '^(Done|==.*ERROR|SUMMARY)' "$log" | head -n 1)"
  ((status == 0)) || {
    grep -E 'Test unit written to' "$log" || tail -n 5 "$log"
    return 1
  }
}

failed=0
for target in "${targets[@]}"; do fuzz "$target" || failed=1; done
for target in "${targets[@]}"; do cat "$findings/$target.log"; done |
  awk '$1 == "Done" { runs += $2 } END { printf "%d executions\n", runs }'
exit "$failed"
