// SPDX-License-Identifier: Apache-2.0

/// What a session leaves behind.
struct SessionOutcome {
  var rounds: [GateRound] = []
  /// What each build computed a case with.
  var implementations: [Int: [GateSide: String]] = [:]
  /// Why a case dropped out, and because of which build.
  var failures: [Int: (side: GateSide, failure: BuildFailure)] = [:]
  /// What is wrong with a result.
  var faults: [Int: (side: GateSide, text: String)] = [:]

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

  /// Whether a case is still measured.
  func isOpen(_ place: Int) -> Bool { failures[place] == nil && faults[place] == nil }
}
