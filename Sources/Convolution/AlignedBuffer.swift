// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Floats on a page boundary, zeroed, freed with the last reference.
///
/// The memory is guarded by nothing: kernels read and write it through `pointer`, each worker its
/// own part, and a barrier stands between writing and reading.
public final class AlignedBuffer {
  /// The first float; aligned to `alignment`.
  public let pointer: UnsafeMutablePointer<Float>
  /// Number of floats.
  public let count: Int

  /// Alignment of every buffer, in bytes: a page, so that variants meet equal cache sets.
  public static let alignment = 4096

  /// Bytes behind the last float that may be read, though never written: vector kernels of
  /// libraries load the last elements of a row with whatever follows (XNNPACK up to 16 bytes).
  public static let readableTail = 64

  /// A buffer of `count` zeros.
  /// - Throws: `MemoryError` where the system has not enough memory.
  public init(count: Int) throws(MemoryError) {
    precondition(count >= 0)
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    var memory: UnsafeMutableRawPointer?
    guard posix_memalign(&memory, Self.alignment, bytes + Self.readableTail) == 0, let memory else {
      throw MemoryError(requestedBytes: bytes)
    }
    pointer = memory.bindMemory(to: Float.self, capacity: max(count, 1))
    self.count = count
    memset(memory, 0, bytes + Self.readableTail)
  }

  deinit { free(pointer) }

  /// The floats as a buffer.
  public var floats: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: pointer, count: count)
  }
}

/// The system could not give the memory that a tensor needs.
public struct MemoryError: Error, Hashable, Sendable {
  /// What was asked for.
  public var requestedBytes: Int
}
