// SPDX-License-Identifier: Apache-2.0

public import Planning
internal import Statistics

extension PairResult {
  /// The comparison of two of a group's cases.
  ///
  /// What a process has by chance, such as where its memory lies, stays for all its rounds. So where
  /// the rounds come from several processes, each contributes the median of its rounds' ratios, and
  /// the interval is over the processes, as a gate's is.
  public init(_ pair: PlanPair, cases: [CaseResult], noiseFloor: NoiseMargins) {
    let sides = [(pair.baseline, "baseline"), (pair.contender, "contender")]
    func none(_ status: RowStatus, _ reason: String) -> Self {
      Self(pair: pair, speedup: nil, verdict: .inconclusive, status: status, reason: reason)
    }
    // Both sides have the same rounds, so what one says of them holds for both.
    if let disturbed = sides.map({ cases[$0.0] }).first(where: { $0.status == .disturbed }),
      sides.allSatisfy({ cases[$0.0].status == .ok || cases[$0.0].status == .disturbed })
    {
      self = none(.disturbed, disturbed.reason)
      return
    }
    if let (place, side) = sides.first(where: { cases[$0.0].time == nil }) {
      self = none(cases[place].status, "\(side): \(cases[place].reason)")
      return
    }
    let speedup = Self.speedup(cases[pair.baseline], cases[pair.contender])
    // The longer visits are disturbed more.
    let visits = sides.compactMap { cases[$0.0].visitNanoseconds }
    let margin = noiseFloor.margin(visit: visits.max())
    self.init(
      pair: pair, speedup: speedup,
      verdict: Verdict(speedup: speedup, noiseFloor: margin.relative), status: .ok,
      reason: margin.doubt ?? "")
  }

  private static func speedup(_ baseline: CaseResult, _ contender: CaseResult) -> RatioEstimate {
    guard baseline.processCount > 1 else {
      // Both sides count the same rounds.
      return RatioEstimate(
        series: RatioEstimate.logRatios(baseline.countedSamples, contender.countedSamples))
    }
    let ratios = RatioEstimate.logRatios(baseline.samples, contender.samples)
    return RatioEstimate(logRatios: baseline.perProcess(ratios))
  }
}
