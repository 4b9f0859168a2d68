// SPDX-License-Identifier: Apache-2.0

/// A constant table in memory of its own, for kernels that read it through a raw pointer.
final class PlainTable<Element: BitwiseCopyable> {
  /// The first entry.
  let pointer: UnsafePointer<Element>
  /// Number of entries.
  let count: Int
  private let memory: UnsafeMutablePointer<Element>

  /// A copy of `entries`.
  init(_ entries: [Element]) {
    memory = .allocate(capacity: max(1, entries.count))
    for (place, entry) in entries.enumerated() { (memory + place).initialize(to: entry) }
    pointer = UnsafePointer(memory)
    count = entries.count
  }

  deinit { memory.deallocate() }
}
