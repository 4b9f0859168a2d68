// SPDX-License-Identifier: Apache-2.0

#if XNNPACK
  internal import CXNNPACK
  internal import Glibc
  internal import Synchronization

  /// The XNNPACK that this process is linked with, given an allocator of ours.
  ///
  /// The library hides where its packed filters lie, which measuring with a cold filter needs to
  /// know; its allocations tell.
  final class XNNPACKLibrary: Sendable {
    /// Bytes of each live allocation, by address.
    private let allocations = Mutex<[UInt: Int]>([:])
    /// Held while an operator is made, so that what is new belongs to it.
    private let turn = Mutex<Void>(())

    /// The library, or why it does not work here.
    static let shared: Result<XNNPACKLibrary, XNNPACKError> = {
      let library = XNNPACKLibrary()
      var allocator = library.allocator
      return Result { () throws(XNNPACKError) in
        // The library copies the struct and ignores later calls; `shared` keeps the context.
        try XNNPACKError.check(xnn_initialize(&allocator), "xnn_initialize")
        return library
      }
    }()

    /// Calls `make` while no other operator is made.
    /// - Returns: what it made, and the memory that the library has allocated for it.
    func recording<Made>(
      _ make: () throws(XNNPACKError) -> Made
    ) throws(XNNPACKError) -> (made: Made, memory: [UnsafeRawBufferPointer]) {
      try turn.withLock { _ throws(XNNPACKError) in
        let before = allocations.withLock { $0 }
        let made = try make()
        let memory = allocations.withLock { $0 }.compactMap { address, bytes in
          before[address] == nil
            ? UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: bytes)
            : nil
        }
        return (made, memory)
      }
    }

    private func allocate(_ bytes: Int, alignment: Int) -> UnsafeMutableRawPointer? {
      var memory: UnsafeMutableRawPointer?
      guard posix_memalign(&memory, alignment, bytes) == 0, let memory else { return nil }
      allocations.withLock { $0[UInt(bitPattern: memory)] = bytes }
      return memory
    }

    private func reallocate(
      _ old: UnsafeMutableRawPointer?, _ bytes: Int
    ) -> UnsafeMutableRawPointer? {
      // Locked from before: once `old` is free, another thread may get and note the same address.
      let place = UInt(bitPattern: old)
      let new = allocations.withLock { live -> UInt? in
        guard let new = realloc(UnsafeMutableRawPointer(bitPattern: place), bytes) else {
          return nil
        }
        live[place] = nil
        live[UInt(bitPattern: new)] = bytes
        return UInt(bitPattern: new)
      }
      return new.flatMap { UnsafeMutableRawPointer(bitPattern: $0) }
    }

    private func release(_ memory: UnsafeMutableRawPointer?) {
      allocations.withLock { $0[UInt(bitPattern: memory)] = nil }
      free(memory)
    }

    private static func library(_ context: UnsafeMutableRawPointer?) -> XNNPACKLibrary? {
      context.map { Unmanaged<XNNPACKLibrary>.fromOpaque($0).takeUnretainedValue() }
    }

    /// The functions that the library calls instead of malloc and free.
    private var allocator: xnn_allocator {
      xnn_allocator(
        context: Unmanaged.passUnretained(self).toOpaque(),
        allocate: { XNNPACKLibrary.library($0)?.allocate($1, alignment: 16) },
        reallocate: { XNNPACKLibrary.library($0)?.reallocate($1, $2) },
        deallocate: { XNNPACKLibrary.library($0)?.release($1) },
        aligned_allocate: { XNNPACKLibrary.library($0)?.allocate($2, alignment: $1) },
        aligned_deallocate: { XNNPACKLibrary.library($0)?.release($1) })
    }
  }
#endif
