// SPDX-License-Identifier: Apache-2.0

internal import CPAPI

extension CounterExperiment {
  /// Experiments for the events that a PMU counts; each a loop whose instructions are known.
  ///
  /// The ranges for caches and TLB are wide where CPUs define the event differently: they tell a
  /// counter that counts something else, not one that is off by a few percent.
  static let hardware = [
    loop(
      "PAPI_TOT_INS", "1,000,000 rounds of 2 instructions", 2_000_000,
      Tolerance(above: 0.001, extra: 2000)
    ) { cpapi_loop_branches(1_000_000) },
    loop(
      "PAPI_BR_INS", "1,000,000 branches", 1_000_000, Tolerance(above: 0.001, extra: 500)
    ) { cpapi_loop_branches(1_000_000) },
    loop(
      "PAPI_TOT_CYC", "1,600,000 multiplications in a chain, 3 cycles each", 4_800_000,
      Tolerance(below: 0.01, above: 0.03)
    ) { cpapi_loop_multiplications(100_000) },
    fma("PAPI_FMA_INS", "800,000 FMA instructions", 800_000),
    fma("PAPI_SP_OPS", "800,000 FMA instructions on 8 floats each", 12_800_000),
    CounterExperiment(
      event: CounterEvent(name: "PAPI_BR_MSP"), work: "1,000,000 branches on random bits",
      tolerance: Tolerance(below: 0.1, above: 0.1), prepare: randomBranches),
    chase("PAPI_L1_DCM", Tolerance(below: 0.05, above: 0.15)),
    chase("PAPI_L2_DCM", Tolerance(below: 0.2, above: 0.15)),
    CounterExperiment(
      event: CounterEvent(name: "PAPI_TLB_DM"), work: "200,000 loads from random pages of 64 MiB",
      tolerance: Tolerance(below: 0.4, above: 0.2),
      prepare: { follow(PointerCycle(count: 16384, stride: 4096 + 64)) }),
  ]

  private static func loop(
    _ name: String, _ work: String, _ expected: Double, _ tolerance: Tolerance,
    _ body: @escaping @Sendable () -> Void
  ) -> CounterExperiment {
    CounterExperiment(
      event: CounterEvent(name: name), work: work, tolerance: tolerance,
      prepare: {
        guard cpapi_has_loops() else { return .impossible("no such loop for this architecture") }
        return .work {
          body()
          return Effect(expected)
        }
      })
  }

  private static func fma(_ name: String, _ work: String, _ expected: Double) -> CounterExperiment {
    CounterExperiment(
      event: CounterEvent(name: name), work: work, tolerance: Tolerance(above: 0.001, extra: 500),
      prepare: {
        guard cpapi_has_fma() else { return .impossible("this CPU has no FMA instructions") }
        return .work {
          cpapi_loop_fma(100_000)
          return Effect(expected)
        }
      })
  }

  private static func chase(_ name: String, _ tolerance: Tolerance) -> CounterExperiment {
    CounterExperiment(
      event: CounterEvent(name: name), work: "200,000 loads from random lines of 64 MiB",
      tolerance: tolerance, prepare: { follow(PointerCycle(count: 1 << 20, stride: 64)) })
  }

  /// Follows a cycle of pointers in an order that no prefetcher foresees.
  private static func follow(_ cycle: PointerCycle) -> Preparation {
    guard cpapi_has_loops() else { return .impossible("no such loop for this architecture") }
    var position = cycle.start
    return .work {
      // Each run goes on where the last one ended: those lines are not in the cache.
      position = cpapi_chase(position, 200_000) ?? position
      withExtendedLifetime(cycle) {}
      return Effect(200_000)
    }
  }

  @Sendable private static func randomBranches() -> Preparation {
    guard cpapi_has_loops() else { return .impossible("no such loop for this architecture") }
    let count = 1_000_000
    var random = XorShift(seed: 1)
    let bits = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() >> 32) }
    return .work {
      bits.withUnsafeBufferPointer {
        cpapi_loop_random_branches($0.baseAddress, UInt64(clamping: count))
      }
      // Half of them are guessed wrongly; the loop's own branch never is.
      return Effect(Double(count) / 2)
    }
  }
}
