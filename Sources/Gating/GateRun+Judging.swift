// SPDX-License-Identifier: Apache-2.0

internal import Comparing
internal import Measuring
internal import Statistics

extension GateRun {
  /// Judges what a stage has so far.
  /// - Parameters:
  ///   - stage: Which.
  ///   - places: The cases that it measures.
  ///   - suspects: Those of them that are judged by themselves.
  ///   - together: Whether `places` are judged together, too.
  ///   - look: How often it was judged before.
  /// - Returns: what it shows; a case whose rounds were disturbed is undecided.
  func judge(
    _ stage: GateStage, _ places: [Int], _ suspects: [Int], together: Bool, look: Int
  ) -> GateJudgement {
    let evidence = evidence[stage] ?? StageEvidence()
    let open = Set(places.filter { cases[$0].status == .ok })
    return judge.judgement(
      of: cases.indices.map { open.contains($0) ? evidence.values($0) : [] },
      suspects: open.intersection(suspects),
      noiseFloors: cases.indices.map { noiseFloor(of: $0).relative },
      overall: together ? evidence.overall(open.sorted()) : [], look: look)
  }

  /// What identical code differs by in visits as long as a case's, and what is to be known of it.
  private func noiseFloor(of place: Int) -> (relative: Double, doubt: String?) {
    let visits = rounds.filter { $0.problem == place && $0.counts }.map(\.visitNanoseconds)
    return floors.margin(visit: visits.isEmpty ? nil : median(of: visits))
  }

  func judgeAll(screening: GateJudgement, confirmation: GateJudgement) {
    for place in open { conclude(place, screening.cases[place], confirmation.cases[place]) }
    guard let first = screening.overall else { return }
    let second = confirmation.overall
    let margins = judge.overallMargins(cases: open.count)
    overall = GateOverall(
      cases: open.count, margin: max(margins.noiseFloor, margins.threshold),
      verdict: GateJudge.final(screening: first.verdict, confirmation: second?.verdict),
      screening: stage(.screening, open, first),
      confirmation: second.map { stage(.confirmation, open, $0) },
      detectableSlowdown: first.detectable)
  }

  private func conclude(
    _ place: Int, _ first: GateJudgement.Judged?, _ second: GateJudgement.Judged?
  ) {
    guard evidence[.screening]?.hasRounds(place) == true else {
      cases[place].reason = "stopped before it was measured"
      return
    }
    let screening = first?.verdict ?? .inconclusive
    let verdict = GateJudge.final(screening: screening, confirmation: second?.verdict)
    cases[place].verdict = verdict.rawValue
    let floor = noiseFloor(of: place)
    if let doubt = floor.doubt { cases[place].reason = doubt }
    if floor.relative != judge.policy.noiseFloor { cases[place].noiseFloor = floor.relative }
    if screening.isClaim, verdict != screening {
      cases[place].reason = GateCase.unconfirmed(screening)
    }
    for stage in [GateStage.screening, .confirmation] {
      if let reason = evidence[stage]?.indecision(place) { cases[place].reason = reason }
    }
    cases[place].screening = first.map { stage(.screening, [place], $0) }
    cases[place].confirmation = second.map { stage(.confirmation, [place], $0) }
    guard let first else { return }
    cases[place].detectableSlowdown = first.detectable
    let own = rounds.filter { $0.problem == place && $0.counts }
    cases[place].baseNanoseconds = median(of: own.map(\.baseNanoseconds))
    cases[place].newNanoseconds = median(of: own.map(\.newNanoseconds))
  }

  private func stage(
    _ stage: GateStage, _ places: [Int], _ judged: GateJudgement.Judged
  ) -> GateCase.Stage {
    let evidence = evidence[stage] ?? StageEvidence()
    return GateCase.Stage(
      judged.speedup, verdict: judged.verdict, rounds: evidence.calm(places),
      disturbedRounds: evidence.disturbed(places))
  }
}
