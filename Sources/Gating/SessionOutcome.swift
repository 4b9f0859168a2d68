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

  /// Whether a case is still measured.
  func isOpen(_ place: Int) -> Bool { failures[place] == nil && faults[place] == nil }
}
