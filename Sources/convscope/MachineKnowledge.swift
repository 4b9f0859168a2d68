// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Convolution
internal import KernelCatalog
internal import Measuring
internal import Workers

/// The machine's limits: from the cache, or measured now.
enum MachineKnowledge {
  /// - Throws: `WorkerError`, `MemoryError`.
  static func limits(
    environment: RunEnvironment, isRefreshing: Bool, announce: (String) -> Void
  ) throws -> MachineLimits {
    let workers = environment.allowedCPUs.count
    let sets = InstructionSet.available
    if !isRefreshing,
      let known = MachineLimits.cached(
        machine: environment.machineKey, workers: workers, instructionSets: sets.map(\.rawValue))
    {
      return known
    }
    announce("measuring the machine's limits (kept for later runs; machine --refresh repeats it)")
    let limits = try MachineLimits.measure(
      on: try WorkerPool(count: workers), kernels: KernelCatalog.limitKernels(for: sets),
      machine: environment.machineKey)
    do {
      try limits.store()
    } catch {
      Console.error("note: the limits are not kept: \(error)")
    }
    return limits
  }
}
