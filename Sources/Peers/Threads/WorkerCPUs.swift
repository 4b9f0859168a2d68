// SPDX-License-Identifier: Apache-2.0

#if (OneDNN && !ONEDNN_LEFT_OUT) || XNNPACK
  internal import CPlatform

  /// The CPUs on which workers are pinned, for libraries that bring threads of their own.
  enum WorkerCPUs {
    /// The CPUs of a team of `count` that the calling thread leads: its own first, where it is
    /// pinned to one, then the others that the process may use, as the pool of workers takes them.
    static func first(_ count: Int) -> [CInt] {
      let own = ofCallingThread()
      let allowed = ofProcess()
      guard own.count == 1 else { return Array(allowed.prefix(count)) }
      return Array((own + allowed.filter { $0 != own[0] }).prefix(count))
    }

    private static func ofProcess() -> [CInt] {
      withUnsafeTemporaryAllocation(of: CInt.self, capacity: capacity) { buffer in
        Array(buffer.prefix(Int(cplatform_allowed_cpus(buffer.baseAddress, CInt(capacity)))))
      }
    }

    /// The CPUs on which the calling thread may run.
    static func ofCallingThread() -> [CInt] {
      withUnsafeTemporaryAllocation(of: CInt.self, capacity: capacity) { buffer in
        Array(buffer.prefix(Int(cplatform_current_thread_cpus(buffer.baseAddress, CInt(capacity)))))
      }
    }

    /// As many CPUs as the system's masks hold.
    private static let capacity = 1024
  }
#endif
