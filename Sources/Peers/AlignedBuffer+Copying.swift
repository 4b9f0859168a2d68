// SPDX-License-Identifier: Apache-2.0

internal import Convolution

extension AlignedBuffer {
  /// A buffer that holds `values`.
  /// - Throws: `MemoryError` where the system has not enough memory.
  convenience init(copying values: [Float]) throws(MemoryError) {
    try self.init(count: values.count)
    values.withUnsafeBufferPointer { source in
      if let first = source.baseAddress { pointer.update(from: first, count: source.count) }
    }
  }
}
