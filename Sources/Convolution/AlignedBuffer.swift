// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Memory on a page boundary, zeroed, freed with the last reference; of floats, unless who uses it
/// knows better.
///
/// The memory is guarded by nothing: kernels read and write it through `pointer`, each worker its
/// own part, and a barrier stands between writing and reading.
public final class AlignedBuffer {
  /// Where memory for kernels starts; what lies there has the type that goes with it.
  public typealias Address = UnsafeMutablePointer<Float>

  /// The first float; aligned to `alignment`.
  public let pointer: Address
  /// Number of whole floats.
  public var count: Int { bytes / MemoryLayout<Float>.stride }
  /// Number of bytes.
  public let bytes: Int

  /// Alignment of every buffer, in bytes: a page, so that variants meet equal cache sets.
  public static let alignment = 4096

  /// Bytes behind the last float that may be read, though never written: vector kernels of
  /// libraries load the last elements of a row with whatever follows (XNNPACK up to 16 bytes).
  public static let readableTail = 64

  private let memory: UnsafeMutableRawPointer
  private let isGuarded: Bool

  /// A buffer of `count` zeros.
  /// - Parameters:
  ///   - count: floats.
  ///   - isGuarded: whether a page of NaN lies on each side, so that tests find what a kernel
  ///     reads or writes there; see `guardsAreIntact`.
  /// - Throws: `MemoryError` where the system has not enough memory.
  public convenience init(count: Int, isGuarded: Bool = false) throws(MemoryError) {
    precondition(count >= 0)
    try self.init(bytes: count * MemoryLayout<Float>.stride, isGuarded: isGuarded)
  }

  /// A buffer of `count` floats that begins with `values`, with zeros behind them.
  /// - Throws: `MemoryError` where the system has not enough memory.
  public convenience init(_ values: TensorValues, count: Int? = nil) throws(MemoryError) {
    try self.init(count: count ?? values.count)
    _ = floats.update(from: values)
  }

  /// A buffer of `bytes` zeros; see above.
  /// - Throws: `MemoryError` where the system has not enough memory.
  public init(bytes: Int, isGuarded: Bool = false) throws(MemoryError) {
    precondition(bytes >= 0)
    let used = Self.used(bytes)
    let before = isGuarded ? Self.alignment : 0
    let after = isGuarded ? Self.alignment : Self.readableTail
    guard let allocated = Self.allocate(before + used + after) else {
      throw MemoryError(requestedBytes: used)
    }
    memory = allocated
    pointer = (allocated + before).bindMemory(
      to: Float.self, capacity: max(bytes / MemoryLayout<Float>.stride, 1))
    self.bytes = bytes
    self.isGuarded = isGuarded
    memset(allocated, isGuarded ? Self.guardByte : 0, before + used + after)
    memset(pointer, 0, used)
  }

  /// Bytes between the guards: of an empty buffer, too, there is a first float.
  private static func used(_ bytes: Int) -> Int {
    bytes > 0 ? bytes : MemoryLayout<Float>.stride
  }

  deinit { free(memory) }

  /// Pages of this size spare the walk through page tables that follows most accesses to a large
  /// filter; in a virtual machine that walk is long.
  private static let hugePage = 2 << 20

  /// Memory on a page boundary; on huge pages where it fills half of one and the system gives them.
  private static func allocate(_ bytes: Int) -> UnsafeMutableRawPointer? {
    let isLarge = bytes >= hugePage / 2
    let rounded = isLarge ? (bytes + hugePage - 1) / hugePage * hugePage : bytes
    var allocated: UnsafeMutableRawPointer?
    guard posix_memalign(&allocated, isLarge ? hugePage : alignment, rounded) == 0 else {
      return nil
    }
    // A refusal leaves small pages, which only cost time.
    if isLarge { _ = madvise(allocated, rounded, madviseHugePage) }
    return allocated
  }

  /// `MADV_HUGEPAGE`, a macro that Glibc's module does not show.
  private static let madviseHugePage: Int32 = 14

  /// All guards are made of this byte; a float of it is a NaN.
  private static let guardByte: Int32 = 0xFF

  /// Whether nothing has been written around the floats; true where there are no guards.
  public var guardsAreIntact: Bool {
    guard isGuarded else { return true }
    let end = UnsafeRawPointer(pointer) + Self.used(bytes)
    return [UnsafeRawPointer(memory), end].allSatisfy { start in
      UnsafeRawBufferPointer(start: start, count: Self.alignment).allSatisfy {
        $0 == UInt8(Self.guardByte)
      }
    }
  }

  /// Writes an integer in place of the float `index`.
  public func storeInteger(_ value: Int32, at index: Int) {
    pointer[index] = Float(bitPattern: UInt32(bitPattern: value))
  }

  /// The integers of a buffer that holds such; nil of an empty one.
  public var integers: UnsafePointer<Int32>? {
    bytes > 0 ? UnsafeRawPointer(pointer).assumingMemoryBound(to: Int32.self) : nil
  }

  /// The floats as a buffer.
  public var floats: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: pointer, count: count)
  }
}

/// The system could not give the memory that a tensor needs.
public struct MemoryError: Error, Hashable, Sendable {
  /// What was asked for.
  public var requestedBytes: Int

  /// A failed request for so many bytes.
  public init(requestedBytes: Int) {
    self.requestedBytes = requestedBytes
  }
}
