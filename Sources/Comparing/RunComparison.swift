// SPDX-License-Identifier: Apache-2.0

public import Statistics

/// Two stored runs set against each other, case by case.
///
/// The two were measured one after the other, so nothing cancels: estimates are unpaired, and the
/// margin should be what two runs of identical code differ by on the machine.
public struct RunComparison: Sendable {
  /// The cases that both timed.
  public let rows: [Row]
  /// Cases that only one run has, or timed; with the reason.
  public let unmatched: [String]
  /// What differs in the surroundings.
  public let differences: [EnvironmentDifference]

  /// Compares `second` with `first`.
  /// - Parameters:
  ///   - first: What is compared with.
  ///   - second: What is judged.
  ///   - noiseFloor: What two runs of identical code differ by, as a fraction.
  ///   - threshold: The smallest difference that matters, as a fraction.
  ///   - familyWiseError: Probability of any false claim that is accepted over all rows.
  /// - Throws: `ComparingError.nothingInCommon`.
  public init(
    _ first: StoredRun, _ second: StoredRun, noiseFloor: Double, threshold: Double,
    familyWiseError: Double
  ) throws(ComparingError) {
    let others = Dictionary(
      second.cases.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    let pairs = first.cases.compactMap { one in
      others[one.key].flatMap { one.isTimed && $0.isTimed ? (one, $0) : nil }
    }
    guard !pairs.isEmpty else { throw .nothingInCommon(first: first.path, second: second.path) }
    let confidence = 1 - familyWiseError / Double(pairs.count)
    let speedups = pairs.map { one, other in
      RatioEstimate(
        unpairedNumerators: one.samples, denominators: other.samples, confidence: confidence)
    }
    let verdicts = Verdict.family(
      speedups, noiseFloor: noiseFloor, threshold: threshold, familyWiseError: familyWiseError)
    rows = pairs.indices.map {
      Row(
        first: pairs[$0].0, second: pairs[$0].1, speedup: speedups[$0], verdict: verdicts[$0])
    }
    unmatched = Self.unmatched(first, second, matched: Set(pairs.map(\.0.key)))
    differences = EnvironmentDifference.between(first, second)
  }

  private static func unmatched(
    _ first: StoredRun, _ second: StoredRun, matched: Set<CaseKey>
  ) -> [String] {
    let sides = [(first, second), (second, first)]
    var lines: [String] = []
    for (own, other) in sides {
      let known = Dictionary(other.cases.map { ($0.key, $0) }, uniquingKeysWith: { one, _ in one })
      for one in own.cases where !matched.contains(one.key) {
        if known[one.key] == nil {
          lines.append("\(one.key.label): only in \(own.path)")
        } else if !one.isTimed {
          let reason = one.status == "ok" ? "samples.csv has no rounds of it" : one.reason
          lines.append("\(one.key.label): \(one.status) in \(own.path): \(reason)")
        }
      }
    }
    return lines
  }

  /// Geometric mean of the speedups of each suite, in the order of the rows.
  public var geometricMeans: [(suite: String, speedup: Double, cases: Int)] {
    var suites: [String] = []
    for row in rows where !suites.contains(row.first.key.suite) {
      suites.append(row.first.key.suite)
    }
    return suites.map { suite in
      let ratios = rows.filter { $0.first.key.suite == suite }.map(\.speedup.ratio)
      return (suite, geometricMean(of: ratios), ratios.count)
    }
  }

  /// The smallest slowdown that would have been called one, in each row; nil without an interval.
  public func detectableSlowdowns(margin: Double) -> [Double?] {
    rows.map { $0.speedup.detectableEffect(margin: margin) }
  }
}

extension RunComparison {
  /// A case that both runs timed.
  public struct Row: Sendable {
    /// What was measured.
    public var first: StoredCase
    /// The same in the second run.
    public var second: StoredCase
    /// Time in the first run over that in the second: above 1 the second is faster.
    public var speedup: RatioEstimate
    /// What the speedup carries, with errors controlled over all rows.
    public var verdict: Verdict
  }
}
