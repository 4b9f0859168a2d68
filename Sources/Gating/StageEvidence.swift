// SPDX-License-Identifier: Apache-2.0

internal import Comparing
internal import Measuring
internal import Statistics

/// What the sessions of one stage have shown so far.
struct StageEvidence {
  /// A session's values by case, and the cases that it visited, calm or not.
  private struct Session {
    var values: [Int: Double]
    var visited: Set<Int>
  }

  /// The rounds of each case: what disturbed them.
  private var causes: [Int: [[Disturbance.Cause]]] = [:]
  private var sessions: [Session] = []

  /// Takes the rounds of a session.
  mutating func add(_ rounds: [GateRound]) {
    let byCase = Dictionary(grouping: rounds, by: \.problem)
    for (place, own) in byCase { causes[place, default: []] += own.map(\.causes) }
    sessions.append(
      Session(
        values: byCase.compactMapValues { own in
          GateJudge.session(own.filter(\.counts).map(\.logSpeedup))
        }, visited: Set(byCase.keys)))
  }

  /// The sessions' values of a case, in order; none where too few of its rounds are calm.
  func values(_ place: Int) -> [Double] {
    indecision(place) == nil ? sessions.compactMap { $0.values[place] } : []
  }

  /// The means of the sessions that visited all of `places` over those with a calm round there, as
  /// long as half of them have one.
  func overall(_ places: [Int]) -> [Double] {
    sessions.compactMap { session in
      guard session.visited.isSuperset(of: places) else { return nil }
      let own = places.compactMap { session.values[$0] }
      return 2 * own.count >= places.count && !own.isEmpty
        ? own.reduce(0, +) / Double(own.count) : nil
    }
  }

  /// Why the rounds of a case decide nothing; nil where enough of them are calm.
  func indecision(_ place: Int) -> String? { CalmRounds.indecision(causes[place] ?? []) }

  /// Whether a case was measured at all.
  func hasRounds(_ place: Int) -> Bool { causes[place] != nil }

  /// The rounds that count of some cases.
  func calm(_ places: [Int]) -> Int { count(places) { $0.isEmpty } }

  /// The rounds that were disturbed of some cases.
  func disturbed(_ places: [Int]) -> Int { count(places) { !$0.isEmpty } }

  private func count(_ places: [Int], _ isMeant: ([Disturbance.Cause]) -> Bool) -> Int {
    places.reduce(0) { $0 + (causes[$1] ?? []).count(where: isMeant) }
  }
}
