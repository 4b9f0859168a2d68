// SPDX-License-Identifier: Apache-2.0

import Counters
import Foundation

/// The folder of the group files that the project ships.
let shippedGroups = repository + "/counter-groups"

/// The project's root folder.
let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path()

/// Maps `count` pages that have never been used and writes to each.
func touchFreshPages(_ count: Int) {
  let size = 4096
  guard
    let memory = mmap(
      nil, count * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
    memory != MAP_FAILED
  else { return }
  madvise(memory, count * size, MADV_NOHUGEPAGE)
  for page in 0..<count { memory.storeBytes(of: 1, toByteOffset: page * size, as: UInt8.self) }
  munmap(memory, count * size)
}

/// Names of the group files that the project ships.
let shippedGroupNames = CounterGroup.names(in: [shippedGroups])
