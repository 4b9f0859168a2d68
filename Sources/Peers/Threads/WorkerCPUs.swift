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
  }
#endif
