// SPDX-License-Identifier: Apache-2.0

internal import Comparing
internal import Measuring
internal import Statistics

extension GateRun {
  /// The values of a case's sessions in a stage.
  private func values(_ place: Int, _ stage: GateStage) -> [Double] {
    let own = rounds.filter { $0.problem == place && $0.stage == stage && $0.counts }
    return Dictionary(grouping: own, by: \.session).sorted { $0.key < $1.key }
      .compactMap { GateJudge.session($0.value.map(\.logSpeedup)) }
  }

  /// Why the rounds of a case in a stage decide nothing; nil where enough of them are calm.
  private func indecision(_ place: Int, _ stage: GateStage) -> String? {
    CalmRounds.indecision(
      rounds.filter { $0.problem == place && $0.stage == stage }.map(\.causes))
  }

  func stageVerdicts(_ stage: GateStage) -> [Verdict?] {
    let disturbed = open.filter { indecision($0, stage) != nil }
    var verdicts = judge.verdicts(
      cases.indices.map { place in
        cases[place].status == .ok && !disturbed.contains(place) ? values(place, stage) : []
      })
    for place in disturbed { verdicts[place] = .inconclusive }
    return verdicts
  }

  func judgeAll(screening: [Verdict?], confirmation: [Verdict?]) {
    for place in open {
      guard let first = screening[place] else {
        cases[place].reason = "stopped before it was measured"
        continue
      }
      cases[place].screening = stage(.screening, place, first, family: screening)
      cases[place].confirmation = confirmation[place].flatMap {
        stage(.confirmation, place, $0, family: confirmation)
      }
      let verdict = GateJudge.final(screening: first, confirmation: confirmation[place])
      cases[place].verdict = verdict.rawValue
      if first == .slower, verdict != .slower { cases[place].reason = GateCase.unconfirmed }
      for stage in [GateStage.screening, .confirmation] {
        if let reason = indecision(place, stage) { cases[place].reason = reason }
      }
      state(place, family: screening.count { $0 != nil })
    }
  }

  /// The numbers of a case over all its rounds.
  private func state(_ place: Int, family: Int) {
    let own = rounds.filter { $0.problem == place && $0.counts }
    guard !own.isEmpty, !values(place, .screening).isEmpty else { return }
    cases[place].baseNanoseconds = median(of: own.map(\.baseNanoseconds))
    cases[place].newNanoseconds = median(of: own.map(\.newNanoseconds))
    cases[place].detectableSlowdown = judge.speedup(values(place, .screening), family: family)
      .detectableEffect(margin: judge.policy.margin)
  }

  private func stage(
    _ stage: GateStage, _ place: Int, _ verdict: Verdict, family: [Verdict?]
  ) -> GateCase.Stage? {
    let own = rounds.filter { $0.problem == place && $0.stage == stage }
    let values = values(place, stage)
    guard !values.isEmpty else { return nil }
    return GateCase.Stage(
      judge.speedup(values, family: family.count { $0 != nil }),
      verdict: verdict, rounds: own.count { $0.counts },
      disturbedRounds: own.count { !$0.causes.isEmpty })
  }
}
