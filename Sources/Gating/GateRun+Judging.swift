// SPDX-License-Identifier: Apache-2.0

internal import Comparing
internal import Statistics

extension GateRun {
  /// The values of a case's sessions in a stage.
  private func values(_ place: Int, _ stage: GateStage) -> [Double] {
    let own = rounds.filter { $0.problem == place && $0.stage == stage && $0.counts }
    return Dictionary(grouping: own, by: \.session).sorted { $0.key < $1.key }
      .compactMap { GateJudge.session($0.value.map(\.logSpeedup)) }
  }

  func stageVerdicts(_ stage: GateStage) -> [Verdict?] {
    judge.verdicts(
      cases.indices.map { cases[$0].status == .ok ? values($0, stage) : [] })
  }

  func judgeAll(screening: [Verdict?], confirmation: [Verdict?]) {
    for place in open {
      guard let first = screening[place] else {
        cases[place].reason = "stopped before it was measured"
        continue
      }
      cases[place].screening = stage(.screening, place, first, family: screening)
      cases[place].confirmation = confirmation[place].map {
        stage(.confirmation, place, $0, family: confirmation)
      }
      let verdict = GateJudge.final(screening: first, confirmation: confirmation[place])
      cases[place].verdict = verdict.rawValue
      if first == .slower, verdict != .slower {
        cases[place].reason = GateCase.unconfirmed
      }
      state(place, family: screening.count { $0 != nil })
    }
  }

  /// The numbers of a case over all its rounds.
  private func state(_ place: Int, family: Int) {
    let own = rounds.filter { $0.problem == place && $0.counts }
    cases[place].baseNanoseconds = median(of: own.map(\.baseNanoseconds))
    cases[place].newNanoseconds = median(of: own.map(\.newNanoseconds))
    cases[place].detectableSlowdown = judge.speedup(values(place, .screening), family: family)
      .detectableEffect(margin: judge.policy.margin)
  }

  private func stage(
    _ stage: GateStage, _ place: Int, _ verdict: Verdict, family: [Verdict?]
  ) -> GateCase.Stage {
    let own = rounds.filter { $0.problem == place && $0.stage == stage }
    return GateCase.Stage(
      judge.speedup(values(place, stage), family: family.count { $0 != nil }),
      verdict: verdict, rounds: own.count { $0.counts },
      disturbedRounds: own.count { !$0.causes.isEmpty })
  }
}
