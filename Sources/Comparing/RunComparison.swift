// SPDX-License-Identifier: Apache-2.0

public import Statistics

/// Two stored runs set against each other, case by case.
///
/// The two were measured one after the other, so nothing cancels: what two runs of one build differ by
/// is read from the cases themselves, see `BetweenRuns`.
public struct RunComparison: Sendable {
  /// The cases that both timed.
  public let rows: [Row]
  /// Cases that only one run has, or timed; with the reason.
  public let unmatched: [String]
  /// What differs in the surroundings.
  public let differences: [EnvironmentDifference]
  /// Why nothing is judged; nil where it is.
  public let refusal: String?
  /// By what factor the cases are faster in the second run, in the middle.
  public let commonRatio: Double

  /// Compares `second` with `first`.
  /// - Parameters:
  ///   - first: What is compared with.
  ///   - second: What is judged.
  ///   - threshold: The smallest difference that matters, as a fraction.
  ///   - familyWiseError: Probability of any false claim that is accepted over all rows.
  /// - Throws: `ComparingError.nothingInCommon`.
  public init(
    _ first: StoredRun, _ second: StoredRun, threshold: Double, familyWiseError: Double
  ) throws(ComparingError) {
    let others = Dictionary(
      second.cases.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    let pairs = first.cases.compactMap { one in
      others[one.key].flatMap { one.isTimed && $0.isTimed ? (one, $0) : nil }
    }
    guard !pairs.isEmpty else { throw .nothingInCommon(first: first.path, second: second.path) }
    refusal = Self.refusal([first, second])
    let runs = BetweenRuns(
      pairs.map { BetweenRuns.Pair(first: $0.0.samples, second: $0.1.samples) },
      usual: max(first.usualBetweenRuns, second.usualBetweenRuns),
      confidence: 1 - familyWiseError / Double(pairs.count))
    commonRatio = runs.commonRatio
    let canJudge = refusal == nil
    let speedups = zip(pairs, runs.estimates).map { pair, estimate in
      canJudge && pair.0.hasEnoughProcesses && pair.1.hasEnoughProcesses
        ? estimate : estimate.withoutBounds
    }
    let verdicts = Verdict.family(
      speedups, noiseFloor: max(first.knownBetweenRuns, second.knownBetweenRuns),
      threshold: threshold, familyWiseError: familyWiseError)
    rows = pairs.indices.map {
      Row(
        first: pairs[$0].0, second: pairs[$0].1, speedup: speedups[$0], verdict: verdicts[$0])
    }
    unmatched = Self.unmatched(first, second, matched: Set(pairs.map(\.0.key)))
    differences = EnvironmentDifference.between(first, second)
  }

  /// Runs of a process or two say nothing about what another process would differ by.
  static func refusal(_ runs: [StoredRun]) -> String? {
    let short = runs.filter { $0.processes < StoredCase.leastProcesses }
    guard !short.isEmpty else { return nil }
    let names = short.map {
      "\($0.path) (\($0.processes == 1 ? "one process" : "\($0.processes) processes"))"
    }
    return "what identical code differs by from process to process is not known of "
      + names.joined(separator: " and ") + "; measure with `run --processes 15`, or compare the "
      + "builds with `gate --against`"
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
