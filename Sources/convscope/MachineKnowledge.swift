// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Convolution
internal import KernelCatalog
internal import Measuring
internal import Workers

/// The machine's limits: from the cache, or measured now.
enum MachineKnowledge {
  /// Where the limits of the machine come from and go to.
  static func store(_ environment: RunEnvironment, isSilent: Bool = false) -> LimitKeeper.Store {
    let (machine, workers) = (environment.machineKey, environment.allowedCPUs.count)
    let sets = InstructionSet.available
    return LimitKeeper.Store(
      kept: {
        MachineLimits.cached(
          machine: machine, workers: workers, instructionSets: sets.map(\.rawValue))
      },
      measure: {
        try MachineLimits.measure(
          on: try WorkerPool(count: workers), kernels: KernelCatalog.limitKernels(for: sets),
          machine: machine)
      },
      keep: { limits in
        do throws(FileError) {
          try limits.store()
        } catch {
          Console.error("note: the limits are not kept: \(error)")
        }
      },
      forget: { MachineLimits.forget(machine: machine) },
      announce: { if !isSilent { Console.error($0) } }, note: { Console.error("note: \($0)") })
  }
}
