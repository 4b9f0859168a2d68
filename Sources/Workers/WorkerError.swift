// SPDX-License-Identifier: Apache-2.0

/// Why a pool of workers cannot be made.
public enum WorkerError: Error, Hashable, Sendable {
  /// More workers were asked for than this process has CPUs.
  case notEnoughCPUs(requested: Int, available: Int)
  /// The system refused to pin a worker to its CPU.
  case cannotPin(worker: Int, cpu: Int, errno: Int32)
}
