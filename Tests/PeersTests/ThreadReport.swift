// SPDX-License-Identifier: Apache-2.0

#if (OneDNN && !ONEDNN_LEFT_OUT) || XNNPACK
  import CPlatform
  import Glibc
  import Synchronization

  /// What threads say about themselves: their kernel id and the CPUs they may use.
  final class ThreadReport: Sendable {
    private let entries = Mutex<[CInt: String]>([:])
    private let arrived = Atomic<Int>(0)

    /// The report as the untyped argument of a C function.
    var opaque: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    /// Adds the calling thread to the report behind `opaque`.
    static func add(to opaque: UnsafeMutableRawPointer?) {
      guard let opaque else { return }
      let usable = allowedCPUs() ?? "unknown"
      Unmanaged<ThreadReport>.fromOpaque(opaque).takeUnretainedValue().entries.withLock {
        $0[cplatform_thread_id()] = usable
      }
    }

    /// Holds the calling thread until `count` have come, so that none can do the work of another.
    static func meet(_ opaque: UnsafeMutableRawPointer?, count: Int) {
      guard let opaque else { return }
      let report = Unmanaged<ThreadReport>.fromOpaque(opaque).takeUnretainedValue()
      report.arrived.wrappingAdd(1, ordering: .relaxed)
      while report.arrived.load(ordering: .relaxed) < count { sched_yield() }
    }

    /// The kernel's list of CPUs that the calling thread may use: `0-3` or `1`.
    private static func allowedCPUs() -> String? {
      guard let file = fopen("/proc/thread-self/status", "r") else { return nil }
      defer { fclose(file) }
      let key = "Cpus_allowed_list:"
      return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { line in
        while fgets(line.baseAddress, 4096, file) != nil {
          let text = line.baseAddress.map { String(cString: $0) } ?? ""
          guard text.hasPrefix(key) else { continue }
          return text.dropFirst(key.count).filter { !$0.isWhitespace }
        }
        return nil
      }
    }

    /// The entries of all threads but the calling one.
    var ofOthers: [CInt: String] {
      entries.withLock { $0 }.filter { $0.key != cplatform_thread_id() }
    }
  }
#endif
