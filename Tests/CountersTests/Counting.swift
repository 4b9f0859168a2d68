// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import Counters

/// The PMU that the virtual library plays.
let virtualMachine = CounterEnvironment(
  paranoid: 2, hasPMU: true, isVirtual: false, isContainer: false, isRoot: false,
  isFiltered: false, hardwareErrno: 0, softwareErrno: 0)

/// Runs `body` on a thread of its own, as a worker's item does.
func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
  await withCheckedContinuation { continuation in
    Thread.detachNewThread { continuation.resume(returning: body()) }
  }
}

extension CounterSession {
  /// A session with a stand-in of PAPI, made on a thread of its own.
  static func made(
    _ group: CounterGroup, _ library: Result<PAPILibrary, PAPIAbsence>,
    on machine: CounterEnvironment = virtualMachine
  ) async -> CounterSession {
    await onOwnThread { CounterSession(group: group, library: library, environment: machine) }
  }

  /// Counts `intervals` runs of `body` on a thread of its own.
  func count(
    intervals: Int = 1, _ body: @escaping @Sendable () -> Void = {}
  ) async -> [CounterReading] {
    await onOwnThread {
      let counters = makeWorkerCounters()
      for _ in 0..<intervals {
        counters.start()
        body()
        counters.stop()
      }
      var readings: [CounterReading] = []
      counters.read(into: &readings)
      counters.close()
      return readings
    }
  }
}
