#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Checks ./convscope with stand-ins for swift, dpkg-query and apt-get: it installs and builds nothing
# on this machine.
set -euo pipefail

launcher=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../convscope
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder" && rm -rf "$folder"' EXIT
checkout=$folder/checkout
failures=0
checks=0

# A file that can be executed, from standard input.
stand_in() {
  cat >"$1"
  chmod +x "$1"
}

# The toolchain: says a version, and “builds” a program that shows what it was given.
stand_in_swift() {
  stand_in "$folder/bin/swift" <<EOF
#!/bin/sh
case \$1 in
  --version) echo "Swift version $1 (swift-$1-RELEASE)" ;;
  build)
    echo "\$@" >>"$folder/builds"
    echo compiling
    echo "\$\$" >"$folder/building"
    sleep "\${BUILD_SECONDS:-0}"
    while [ "\$1" != --package-path ]; do shift; done
    package=\$2
    while [ "\$1" != --scratch-path ]; do shift; done
    if [ -e "\$2/module-cache" ] && [ "\$(cat "\$2/module-cache")" != "\$package" ]; then
      echo "error: the module cache is of \$(cat "\$2/module-cache")"
      exit 1
    fi
    mkdir -p "\$2/release"
    echo "\$package" >"\$2/module-cache"
    echo "inputs: [\"\$package/Sources/Core/Core.swift\"]" >"\$2/release.yaml"
    printf '#!/bin/sh\\npwd\\necho "args:\$*"\\necho "\$0"\\necho "pid:\$\$"\\nexit 7\\n' >"\$2/release/convscope"
    chmod +x "\$2/release/convscope"
    ;;
  test)
    # A program that a test has started, in a group of its own.
    setsid sleep 600 &
    echo "\$\$ \$!" >"$folder/building"
    sleep 600
    ;;
esac
EOF
}

# The packages that are installed: stand_in_packages NAME…
stand_in_packages() {
  printf 'installed %s, \n' "$@" >"$folder/installed"
}

# The version of every package: stand_in_version VERSION
stand_in_version() { printf '%s\n' "$1" >"$folder/version"; }

everything=(
  libncurses6 libsqlite3-0 libcurl4 libxml2 binutils libc6-dev libpapi-dev libopenblas-dev
)

prepare() {
  mkdir -p "$folder/bin" "$folder/home" "$checkout"/{ci,Sources/Core,suites,counter-groups}
  cp "$launcher" "$checkout/convscope"
  touch "$checkout/Package.swift" "$checkout/Sources/Core/Core.swift"
  stand_in "$folder/bin/dpkg-query" <<<"#!/bin/sh
case \$2 in
  *Version*) cat '$folder/version' ;;
  *) cat '$folder/installed' ;;
esac"
  stand_in_version 2.6.3-1
  stand_in "$folder/bin/apt-get" <<<"#!/bin/sh
echo \"\$@\" >>'$folder/apt'"
  stand_in "$folder/bin/sudo" <<<"#!/bin/sh
exec \"\$@\""
  stand_in_swift 6.2.1
  stand_in_packages "${everything[@]}" "libstdc++-13-dev, libstdc++-dev"
}

# Runs the launcher; leaves `out`, `err` and `status`.
run() {
  status=0
  "${program:-$checkout/convscope}" "$@" >"$folder/out" 2>"$folder/err" || status=$?
  out=$(<"$folder/out")
  err=$(<"$folder/err")
}

# expect WHAT ACTUAL PATTERN
expect() {
  checks=$((checks + 1))
  # shellcheck disable=SC2053  # a pattern is meant
  if [[ $2 != $3 ]]; then
    failures=$((failures + 1))
    printf 'launcher: %s: wanted “%s”, got “%s”\n' "$1" "$3" "$2" >&2
  fi
}

builds() { wc -l <"$folder/builds"; }

check_passing_through() {
  cd "$folder"
  run run --no-install quick --budget 5s -- --with
  expect "exit code of the program" "$status" 7
  expect "arguments and folder" "$out" "$folder"$'\n'"args:run quick --budget 5s -- --with"$'\n'*
  expect "a build says so" "$err" "*building release;*"
  run list
  expect "quiet when nothing is to do" "$err" ""
  expect "built once" "$(builds)" 1
  "$checkout/convscope" list >"$folder/out" &
  wait $! || true
  expect "becomes the program" "$(<"$folder/out")" "*pid:$!"
  run
  expect "help without a verb" "$out" "*args:--help*"
  ln -s "$checkout/convscope" "$folder/link"
  program=$folder/link run list
  expect "through a symlink" "$out" "*args:list*"
}

check_architectures() {
  local name
  for name in "aarch64 7" "riscv64 1"; do
    stand_in "$folder/bin/uname" <<<"#!/bin/sh
echo Linux ${name% *}"
    run list
    expect "exit code on ${name% *}" "$status" "${name#* }"
  done
  rm "$folder/bin/uname"
}

check_building() {
  touch "$checkout/Sources/Core/Core.swift"
  run list
  expect "built again after an edit" "$(builds)" 2
  rm "$checkout/Sources/Core/Core.swift"
  run list
  expect "built again after a removal" "$(builds)" 3
  stand_in_packages "${everything[@]}" "libstdc++-13-dev, libstdc++-dev" libdnnl-dev
  run list
  expect "built again with another trait" "$(tail -n 1 "$folder/builds")" "*--traits OneDNN*"
  stand_in_swift 6.4
  run list
  expect "built again by another Swift" "$(builds)" 5
  touch "$checkout/Package.swift"
  BUILD_SECONDS=0.5 run list &
  BUILD_SECONDS=0.5 run list
  wait
  expect "two at once build once" "$(builds)" 6
}

# The state of a process, once it has ended or two seconds have passed: empty where it is gone. Whose
# parent is gone stays a zombie where the machine's first process does not reap, as in some containers.
state_after_a_while() {
  local state=
  for _ in {1..20}; do
    state=$(sed -n 's/^State:[[:space:]]*\([^ZX]\).*/\1/p' "/proc/$1/status" 2>/dev/null || true)
    [[ -n $state ]] || break
    sleep 0.1
  done
  printf '%s' "$state"
}

check_stopping() {
  local signal
  for signal in INT TERM HUP; do
    touch "$checkout/Package.swift"
    rm -f "$folder/building"
    # In the background, or below nohup, these signals may be ignored, which no trap can undo.
    set -m
    BUILD_SECONDS=600 env --default-signal=INT,TERM,HUP "$checkout/convscope" list &>"$folder/out" &
    set +m
    for _ in {1..1200}; do
      [[ ! -s $folder/building ]] || break
      sleep 0.05
    done
    status=0
    kill -s "$signal" "$!"
    wait "$!" || status=$?
    expect "$signal while it builds: exit code" "$status" 130
    expect "$signal ends the build" "$(state_after_a_while "$(<"$folder/building")")" ""
  done
}

check_stopping_tests() {
  local signal process
  cp "$(dirname "$launcher")/ci/test.sh" "$checkout/ci/"
  for signal in INT TERM HUP; do
    rm -f "$folder/building"
    set -m
    env --default-signal=INT,TERM,HUP "$checkout/convscope" test --filter X &>"$folder/out" &
    set +m
    until [[ -s $folder/building ]]; do sleep 0.05; done
    status=0
    kill -s "$signal" "$!"
    wait "$!" || status=$?
    expect "$signal while it tests: exit code" "$status" 130
    for process in $(<"$folder/building"); do
      expect "$signal ends the tests" "$(state_after_a_while "$process")" ""
    done
  done
}

check_onednn() {
  # As Debian 12 has it, with its epoch, and as newer releases do.
  local version before
  stand_in_packages "${everything[@]}" "libstdc++-13-dev, libstdc++-dev" libdnnl-dev
  for version in 3.6.2+ds-2 3.1-1 1:3.0-1 20-1; do
    stand_in_version "$version"
    touch "$checkout/Package.swift"
    run list
    expect "oneDNN $version: built" "$status" 7
    expect "oneDNN $version: left out" "$(tail -n 1 "$folder/builds")" "!(*OneDNN*)"
    expect "oneDNN $version: a note" "$err" "*oneDNN is left out: libdnnl-dev is version*oneDNN 2*"
  done
  before=$(builds)
  run list
  expect "left out and current" "$(builds) $err" "$before "
  stand_in_version 1:2.6-1
  run list
  expect "oneDNN 2 is measured" "$(tail -n 1 "$folder/builds")" "*--traits OneDNN*"
}

check_moving() {
  run list
  mv "$checkout" "$folder/moved here"
  program="$folder/moved here/convscope" run list
  expect "moved: exit code" "$status" 7
  expect "moved: a note" "$err" "*built in another folder*"
  cp -a "$folder/moved here" "$checkout"
  run list
  expect "copied: exit code" "$status" 7
  expect "copied: a note" "$err" "*built in another folder*"
  program="$folder/moved here/convscope" run list
  expect "the original is as it was" "$status $err" "7 "
  rm -rf "$folder/moved here"
}

check_swift() {
  stand_in_swift 6.1.3
  # By name, for this machine may have a newer one at a place where the launcher looks too.
  SWIFT=$folder/bin/swift run list
  expect "too old: exit code" "$status" 1
  expect "too old: what is needed" "$err" "*Swift 6.2 or newer*6.1.3*swift.org/install/linux*"
  stand_in_swift 6.10
  run list
  expect "6.10 is newer than 6.2" "$status" 7
}

check_packages() {
  stand_in_packages binutils
  run run --no-install --with=xnnpack
  expect "refused: exit code" "$status" 1
  expect "refused: the line" "$err" \
    "*apt-get install -y --no-install-recommends * libstdc++-12-dev *libxnnpack-dev*"
  expect "refused: nothing on standard output" "$out" ""
  run list
  expect "installs what is missing" "$(tail -n 1 "$folder/apt")" "*install -y*libpapi-dev*"
  expect "but not what is there" "$(tail -n 1 "$folder/apt")" "!(*binutils*)"
  expect "and goes on" "$status" 7
  run --with valgrind list
  expect "installs valgrind on request" "$(tail -n 1 "$folder/apt")" "*install -y* valgrind*"
  run --with arm64 list
  expect "installs a cross compiler on request" "$(tail -n 1 "$folder/apt")" \
    "*install -y* gcc-aarch64-linux-gnu * qemu-user*"
  run --with onednn,vulkan run
  expect "unknown library: exit code" "$status" 64
  run --with= run
  expect "empty list: exit code" "$status" 64
}

check_reading_only() {
  # Root may write everywhere, so the folder itself is made impossible.
  rm -rf "$checkout/.build"
  touch "$checkout/.build"
  run list
  expect "built in the cache" "$out" "*args:list*$folder/home/.cache/convscope/*"
  expect "suites are found from there" "$(echo "$folder"/home/.cache/convscope/*/suites)" "*/suites"
}

shopt -s extglob
unset SWIFT XDG_CACHE_HOME
export HOME=$folder/home PATH=$folder/bin:/usr/bin:/bin
prepare
check_passing_through
check_architectures
check_building
check_stopping
check_stopping_tests
check_onednn
check_moving
check_swift
check_packages
check_reading_only
printf 'launcher: %d checks, %d failures\n' "$checks" "$failures"
((failures == 0))
