#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The steps of `./convscope test`, which sources this file after its set-up.
# Uses from there: root, swift, build_folder, build_where_needed, swift_package.
# shellcheck disable=SC2154

readonly ruff_version=0.14.14

failed_steps=()

# Runs one step under a heading and notes whether it failed; later steps run all the same.
step() {
  local title=$1 started=$SECONDS
  shift
  printf '\n== %s\n' "$title"
  if ("$@") 2>&1 | tee "$begun/said"; then
    printf -- '-- %s: ok, %d s\n' "$title" $((SECONDS - started))
  else
    failed_steps+=("$title")
    tail -n 20 "$begun/said" >"$begun/failed.${#failed_steps[@]}"
    printf -- '-- %s: FAILED, %d s\n' "$title" $((SECONDS - started))
  fi
}

# The steps that failed with the last lines of what each said: it may be thousands of lines above.
show_failed_steps() {
  local index
  for index in "${!failed_steps[@]}"; do
    printf 'failed: %s\n' "${failed_steps[index]}"
    sed 's/^/    /' "$begun/failed.$((index + 1))"
  done
}

# Begins what needs no build of ours while the compiler works, most of whose time goes to one core.
begin() {
  local name=$1
  shift
  ("$@" && echo 0 >"$begun/$name.ok") &>"$begun/$name.out" &
  begun_processes[$name]=$!
}

# Waits for what was begun; its output, and whether it was well.
finish() {
  # A subshell cannot wait for a child of the shell.
  while kill -0 "${begun_processes[$1]}" 2>/dev/null; do sleep 0.2; done
  cat "$begun/$1.out"
  [[ -e $begun/$1.ok ]]
}

lint_python() {
  local venv=$root/.venv
  if [[ $("$venv/bin/ruff" --version 2>/dev/null) != "ruff $ruff_version" ]]; then
    python3 -m venv "$venv" && "$venv/bin/python3" -m pip install --quiet "ruff==$ruff_version" || return
  fi
  "$venv/bin/ruff" check "$root" && "$venv/bin/ruff" format --check "$root"
}

lint_shell() {
  if [[ -z $(type -P shellcheck) ]]; then
    echo "skipped: shellcheck is not installed"
    return
  fi
  local scripts
  mapfile -t scripts < <(shell_scripts)
  # Typographic quotes in messages are meant.
  (cd "$root" && shellcheck --external-sources --exclude=SC1111,SC1112 "${scripts[@]}") &&
    printf '%s\n' "${scripts[@]}"
}

# Every script of ours that says in its first line that it is one.
shell_scripts() {
  (
    cd "$root" &&
      find . -path ./.build -prune -o -name '.*env' -prune -o -path ./.git -prune -o \
        -path ./results -prune -o -type f -size -100k -print |
      xargs -d '\n' awk 'FNR == 1 && /^#!.*sh$/ { print FILENAME } FNR > 1 { nextfile }'
  )
}

# A check that cannot fail shows nothing: each breaks a small example and wants to see it found.
self_tests() {
  local check
  for check in "$root"/ci/check-*.py; do
    "$check" --self-test || return
  done
  "$root"/ci/nightly.py --self-test && "$root"/ci/pull-request.py --self-test &&
    "$root"/ci/fleet/references.py --self-test && "$root"/ci/mutate.py --check
}

# With the environment in which the program reads them, made once.
test_onnx_reader() {
  local python=$root/peers/.venv/bin/python
  if ! "$python" -c 'import onnx, onnxruntime' 2>/dev/null; then
    "$root/peers/setup" onnx || return
  fi
  "$python" "$root/peers/test_onnx_convolutions.py" && "$python" "$root/peers/test_onnx_networks.py" &&
    "$python" "$root/peers/test_onnx_graph.py"
}

test_import() {
  CONVSCOPE=$build_folder/release/convscope \
    "$root/peers/.venv/bin/python" "$root/peers/test_import.py"
}

# A folder of its own: `-enable-testing` changes the code that comes out, so that the program
# that is measured would be another one after each test, and be built anew.
run_swift_tests() {
  swift_package test "$build_folder/testing" -Xswiftc -enable-testing --disable-xctest \
    --xunit-output "$build_folder/testing.xml" "$@"
}

# All steps; with arguments only the Swift tests, with these.
run_tests() {
  rm -f "$build_folder/testing.xml"
  forget_builds_of_other_folders
  export SWIFT=$swift
  declare -A begun_processes=()
  begun=$(mktemp -d)
  trap 'rm -rf "$begun"' EXIT
  if (($# == 0)); then
    begin arm64 nice "$root/ci/check-arm64.sh" "$build_folder/arm64"
    begin figures nice "$root/plot-scripts/tests/run.py"
    step "format" "$root/ci/check-format.sh"
    step "launcher" "$root/ci/check-launcher.sh"
    step "layering" "$root/ci/check-layering.py"
    step "numbers" "$root/ci/check-numbers.py"
    step "docs" "$root/ci/check-docs.py"
    step "designs" "$root/ci/draw-regnet.py" --check
    step "self-tests of the checks" self_tests
    step "Python lint" lint_python
    step "shell lint" lint_shell
    step "ONNX models" test_onnx_reader
    step "build" build_where_needed
    step "object code" "$root/ci/check-object-code.py" --build "$build_folder/release"
    step "figures and pages" finish figures
    step "arm64 kernels" finish arm64
    step "suites" "$build_folder/release/convscope" list suites
    step "imported files" test_import
  fi
  step "tests" run_swift_tests "$@"
  printf '\n'
  show_failed_steps
  "$root/ci/check-tests.py" "$build_folder/testing.xml" && ((${#failed_steps[@]} == 0))
}
