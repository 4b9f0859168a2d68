// SPDX-License-Identifier: Apache-2.0

internal import Statistics

extension GateReport {
  /// Takes the judged cases and concludes.
  ///
  /// The worst news decides: a wrong result before a regression, a regression before a failure,
  /// a failure before doubt.
  /// - Parameters:
  ///   - cases: All cases.
  ///   - overall: What they show together, where that was looked at.
  ///   - isInterrupted: Whether measuring was stopped before its end.
  public mutating func conclude(
    _ cases: [GateCase], overall: GateOverall? = nil, isInterrupted: Bool = false
  ) {
    self.cases = cases
    self.overall = overall
    let judged = cases.filter { $0.status == .ok && $0.judged != nil }
    // A case whose rounds give no bounds has no such slowdown, and so has the gate.
    let detectable = judged.compactMap(\.detectableSlowdown)
    detectableSlowdown = detectable.count == judged.count ? detectable.max() : nil
    let ratios = judged.compactMap(\.decisive?.timeRatio)
    timeRatio = ratios.isEmpty ? nil : geometricMean(of: ratios)
    outcome = outcome(judged, isInterrupted: isInterrupted)
    exitCode = outcome.exitCode
  }

  private func outcome(_ judged: [GateCase], isInterrupted: Bool) -> Outcome {
    if cases.contains(where: { $0.status == .wrong }) { return .wrong }
    if overall?.judged == .slower || judged.contains(where: { $0.judged == .slower }) {
      return .regression
    }
    if isInterrupted { return .interrupted }
    if cases.contains(where: { $0.status == .failed }) { return .failed }
    let undecided = judged.count { $0.judged == .inconclusive }
    switch policy.inconclusive {
    case .fail: if undecided > 0 { return .inconclusive }
    case .pass: if undecided == judged.count, !judged.isEmpty { return .inconclusive }
    }
    // Only cases that are skipped because nothing changed pass without a measurement.
    let isAllUnchanged =
      !cases.isEmpty && cases.allSatisfy { $0.status == .skipped && $0.isUnchanged == true }
    return judged.isEmpty && !isAllUnchanged ? .inconclusive : .passed
  }
}
