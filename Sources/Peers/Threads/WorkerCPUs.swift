// SPDX-License-Identifier: Apache-2.0

#if OneDNN || XNNPACK
  internal import CPlatform

  /// The CPUs on which workers are pinned, for libraries that bring threads of their own.
  enum WorkerCPUs {
    /// The CPUs of `count` workers: the first that the process may use, as the pool takes them.
    static func first(_ count: Int) -> [CInt] {
      withUnsafeTemporaryAllocation(of: CInt.self, capacity: count) { buffer in
        let found = cplatform_allowed_cpus(buffer.baseAddress, CInt(count))
        return Array(buffer.prefix(Int(found)))
      }
    }

    /// The CPUs on which the calling thread may run.
    static func ofCallingThread() -> [CInt] {
      let capacity = 1024
      return withUnsafeTemporaryAllocation(of: CInt.self, capacity: capacity) { buffer in
        let found = cplatform_current_thread_cpus(buffer.baseAddress, CInt(capacity))
        return Array(buffer.prefix(Int(found)))
      }
    }
  }
#endif
