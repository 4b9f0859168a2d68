// SPDX-License-Identifier: Apache-2.0

internal import Measuring

/// What a session leaves behind.
struct SessionOutcome {
  var rounds: [GateRound] = []
  /// What each build computed a case with.
  var implementations: [Int: [GateSide: String]] = [:]
  /// Why a case dropped out, and because of which build.
  var failures: [Int: (side: GateSide, failure: SubjectFailure)] = [:]
  /// What is wrong with a result.
  var faults: [Int: (side: GateSide, text: String)] = [:]

  /// Whether both builds were given entries of a plan.
  var takesEntries = true

  /// Takes note of why a case drops out.
  mutating func note(_ failure: SubjectFailure, _ place: Int, _ side: GateSide) {
    switch failure {
    // Whoever asked to stop asks the gate as well.
    case .interrupted: return
    case .wrong(let text): faults[place] = (side, text)
    case .unsupported, .failed, .ended:
      // Where both fail, it is the new build's failure too, unless one cannot do what is asked.
      if failures[place] == nil || side == .new && !failure.isRefusal {
        failures[place] = (side, failure)
      }
    }
  }

  /// The same of what its rounds saw.
  mutating func note(_ rounds: Rounds, _ place: Int) {
    for (side, failure) in zip(GateSide.allCases, rounds.failures) {
      if let failure { note(failure, place, side) }
    }
  }

  /// Forgets the failures of a process that ended before its time, and says how it ended; nil where
  /// none did.
  mutating func removeEnded() -> String? {
    var text: String?
    for (place, failed) in failures {
      guard case .ended(let reason) = failed.failure else { continue }
      text = "\(failed.side.rawValue) build: \(reason)"
      failures[place] = nil
    }
    return text
  }

  /// Whether a build is given a case: one that failed in the other build may fail in both.
  func mayTry(_ place: Int) -> Bool {
    faults[place] == nil && failures[place].map { !$0.failure.isRefusal } ?? true
  }

  /// Whether a case is still measured.
  func isOpen(_ place: Int) -> Bool { failures[place] == nil && faults[place] == nil }
}
