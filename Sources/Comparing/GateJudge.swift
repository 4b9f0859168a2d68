// SPDX-License-Identifier: Apache-2.0

public import Statistics

/// Turns what the two stages of a gate measured into verdicts.
///
/// The unit of the statistics is a *session*: a fresh process of each build. What a process has by
/// chance, such as where its memory lies, stays for all its rounds, so rounds of one process are no
/// independent evidence; sessions are. A session contributes the median of its rounds' ratios.
///
/// A stage is looked at up to `looks` times, as sessions are added. Each look has its own share of the
/// error, so that the chance of a false claim in any of them is at most the policy's, whatever decided
/// how many sessions there were.
public struct GateJudge: Sendable {
  /// What counts as a regression.
  public let policy: GatePolicy

  /// How often a stage is looked at, at most.
  public static let looks = 4
  /// The first look's share of the error; the others share the rest, which most gates do not need.
  static let shareOfFirstLook = 0.5

  /// A judge that follows `policy`.
  public init(_ policy: GatePolicy) {
    self.policy = policy
  }

  /// The part of the policy's error that a look may use up; looks are counted from 0.
  static func share(ofLook look: Int) -> Double {
    look == 0 ? shareOfFirstLook : (1 - shareOfFirstLook) / Double(looks - 1)
  }

  /// One session's value from the log ratios (base over new) of its rounds; nil where there are
  /// none.
  public static func session(_ logRatios: [Double]) -> Double? {
    logRatios.isEmpty ? nil : median(of: logRatios)
  }

  /// The margins of all cases together, as fractions: what cases differ by without a cause averages
  /// out with the root of their number, but what moves all of them alike does not, so a third is the
  /// least.
  public func overallMargins(cases: Int) -> (noiseFloor: Double, threshold: Double) {
    let divisor = min(Double(max(cases, 1)).squareRoot(), 3)
    return (policy.noiseFloor / divisor, policy.threshold / divisor)
  }

  /// Judges what a stage has so far.
  /// - Parameters:
  ///   - cases: The sessions' values of each case in order, none where it was not measured.
  ///   - suspects: The cases that are judged each by itself; nil for all.
  ///   - noiseFloors: What identical code differs by in visits as long as each case's, as fractions; nil
  ///     takes the policy's for all.
  ///   - overall: The sessions' means over all cases; none where they are not judged together.
  ///   - look: How often the stage was judged before.
  /// - Returns: estimates and verdicts.
  public func judgement(
    of cases: [[Double]], suspects: Set<Int>? = nil, noiseFloors: [Double]? = nil,
    overall: [Double] = [], look: Int = 0
  ) -> GateJudgement {
    let measured = cases.indices.filter {
      !cases[$0].isEmpty && suspects?.contains($0) ?? true
    }
    let common = RatioEstimate.commonInflation(of: cases)
    func item(
      _ place: Int?, _ values: [Double], _ margins: (noiseFloor: Double, threshold: Double)
    ) -> Item {
      Item(
        place: place,
        speedup: RatioEstimate(
          symmetric: values, confidence: shownConfidence, inflation: common),
        noiseFloor: margins.noiseFloor, threshold: margins.threshold)
    }
    var items = measured.map {
      item($0, cases[$0], (noiseFloors?[$0] ?? policy.noiseFloor, policy.threshold))
    }
    if !overall.isEmpty {
      items.append(item(nil, overall, overallMargins(cases: cases.count { !$0.isEmpty })))
    }
    return judgement(items, count: cases.count, look: look)
  }

  /// Claims are held to a stricter level than the interval that is shown and that *same* is read from:
  /// an interval for a dozen cases at once is wider than anyone needs for one of them.
  private var shownConfidence: Double { 1 - policy.familyWiseError }

  private struct Item {
    /// The case; nil for all together.
    var place: Int?
    var speedup: RatioEstimate
    var noiseFloor: Double
    var threshold: Double

    /// Undecided so far; what could be seen at `confidence`.
    func judged(confidence: Double) -> GateJudgement.Judged {
      GateJudgement.Judged(
        speedup: speedup, verdict: .inconclusive,
        detectable: speedup.detectableEffect(
          margin: max(noiseFloor, threshold), confidence: confidence))
    }
  }

  private func judgement(_ items: [Item], count: Int, look: Int) -> GateJudgement {
    let adjusted = HolmCorrection(pValues: items.map(\.speedup.pValue)).adjusted
    let level = policy.familyWiseError * Self.share(ofLook: look)
    // That of the strictest of the family's tests at the first look.
    let strictest =
      1 - policy.familyWiseError * Self.share(ofLook: 0) / Double(max(items.count, 1))
    var judgement = GateJudgement(cases: count)
    for (item, pValue) in zip(items, adjusted) {
      let verdict = Verdict(
        speedup: item.speedup, noiseFloor: item.noiseFloor, threshold: item.threshold)
      var judged = item.judged(confidence: strictest)
      judged.verdict = verdict.isClaim && pValue > level ? .inconclusive : verdict
      if let place = item.place {
        judgement.cases[place] = judged
      } else {
        judgement.overall = judged
      }
    }
    return judgement
  }

  /// The final verdict of a case: a claim only where both stages make it.
  ///
  /// A suspect that its second run clears takes that run's verdict, since the second run was not
  /// chosen for looking slow or fast; one that the second run contradicts is undecided.
  /// - Parameters:
  ///   - screening: The verdict of the first stage.
  ///   - confirmation: That of the second stage; nil where the case was not measured again.
  /// - Returns: what the gate says about the case.
  public static func final(screening: Verdict, confirmation: Verdict?) -> Verdict {
    guard screening.isClaim else { return screening }
    guard let confirmation, confirmation == screening || confirmation == .same else {
      return .inconclusive
    }
    return confirmation
  }
}
