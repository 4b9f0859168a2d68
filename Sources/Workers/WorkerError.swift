// SPDX-License-Identifier: Apache-2.0

internal import Boundary

/// Why a pool of workers cannot be made.
public enum WorkerError: Error, Hashable, Sendable {
  /// More workers were asked for than this process has CPUs.
  case notEnoughCPUs(requested: Int, available: Int)
  /// The system refused to pin a worker to its CPU.
  case cannotPin(worker: Int, cpu: Int, errno: Int32)
  /// The system makes no threads for the workers.
  case noThreads(workers: Int, errno: Int32)
}

extension WorkerError: CustomStringConvertible {
  /// What was asked for, and what is accepted.
  public var description: String {
    switch self {
    case .notEnoughCPUs(let requested, let available):
      "\(requested) workers were asked for; accepted are 1 to \(available), the CPUs that the "
        + "affinity mask and the control group leave to this process"
    case .cannotPin(let worker, let cpu, let errno):
      "worker \(worker) cannot be pinned to CPU \(cpu): \(SystemReason(errno))"
    case .noThreads(let workers, let errno):
      "the system makes no threads for \(workers) workers: \(SystemReason(errno)); see ulimit -u, "
        + "ulimit -v and the pids limit of the control group"
    }
  }
}
