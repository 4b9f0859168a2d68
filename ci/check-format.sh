#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Formatting of all Swift sources, and the licence line in every source file.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

"${SWIFT:-swift}" format lint --strict --parallel --recursive Sources Tests Package.swift

source_files() {
  find . -name '.?*' -prune -o -type d \( -name results -o -name __pycache__ \) -prune -o -type f \
    \( -name '*.swift' -o -name '*.[ch]' -o -name '*.py' -o -name '*.sh' -o -name '*.json5' \) -print0
}

unlicensed=$(source_files | xargs -0 grep -L 'SPDX-License-Identifier: Apache-2.0' || true)
if [[ -n $unlicensed ]]; then
  printf 'no SPDX line in:\n%s\n' "$unlicensed" >&2
  exit 1
fi
