// SPDX-License-Identifier: Apache-2.0

public import Convolution
internal import Glibc
public import Planning
public import Statistics
internal import Suites

/// Measures this build against itself, in this process and behind the contender protocol.
///
/// Any difference is the harness's: another state of the caches before the clock, other CPUs, other
/// work inside it. It would tilt every comparison with a contender in a process of its own.
public struct HarnessBias {
  /// Which of the two is the baseline.
  public enum Direction: String, CaseIterable, Sendable {
    /// The served build stands where a library would.
    case servedIsContender = "served contender"
    /// The build in this process does.
    case servedIsBaseline = "served baseline"
  }

  /// What was found of a problem.
  public struct Row: Sendable {
    /// Its descriptor.
    public var problem: String
    /// Which of the two was the baseline.
    public var direction: Direction
    /// Time behind the protocol over time in this process, over the sessions; nil where no session
    /// was calm.
    public var ratio: RatioEstimate?

    /// A finding.
    public init(problem: String, direction: Direction, ratio: RatioEstimate?) {
      self.problem = problem
      self.direction = direction
      self.ratio = ratio
    }

    /// Whether the two differ by more than `floor`, as far as the sessions show; nil where there are
    /// too few.
    public func isBiased(floor: Double) -> Bool? {
      guard let lower = ratio?.lower, let upper = ratio?.upper else { return nil }
      return lower > 1 + floor || upper < 1 / (1 + floor)
    }
  }

  /// Problems whose data comes from level 3 and from nearer, long and short, dense and thin: where
  /// one iteration before the clock was too few, the first four were off by 2 to 22 %.
  public static let problems = [
    "ic64ih56oc256kh1", "ic384ih14oc768kh2sh2", "ic512ih7oc512kh3ph1",
    "g96ic96ih112oc96kh3sh2ph1", "ic2048ih7oc512kh1", "ic64ih14oc64kh3ph1",
    "g32ic128ih28oc128kh3ph1", "ic3ih32oc16kh3ph1",
  ]
  /// Fresh served processes for each direction: as few as give an interval.
  public static let sessions = SignTest.leastCount(confidence: 0.95)
  /// Time for the rounds of a problem in a session, in seconds.
  public static let budget = 0.3
  /// What the served build is called in the plan.
  public static let servedName = "served"

  /// Measures a group within one session.
  public typealias Session = (PlanGroup) -> GroupResult

  private let contender: (ConvolutionOperation) -> Contender?
  private let begin: () throws -> Session
  private let isInterrupted: () -> Bool

  /// A study.
  /// - Parameters:
  ///   - contender: What computes an operation in this process, as the served build picks it.
  ///   - begin: Begins a session, with a fresh process of the served build.
  ///   - isInterrupted: Asked between groups.
  public init(
    contender: @escaping (ConvolutionOperation) -> Contender?,
    begin: @escaping () throws -> Session,
    isInterrupted: @escaping () -> Bool = { false }
  ) {
    self.contender = contender
    self.begin = begin
    self.isInterrupted = isInterrupted
  }

  /// Measures all problems in both directions.
  /// - Throws: `ProblemError`, or what beginning a session throws.
  public func rows() throws -> [Row] {
    var ratios: [String: [Double]] = [:]
    for _ in 0..<Self.sessions {
      for direction in Direction.allCases {
        let measure = try begin()
        for problem in Self.problems where !isInterrupted() {
          guard let group = try group(problem, direction),
            let speedup = measure(group).pairs.first?.speedup
          else { continue }
          // Baseline over contender.
          let sign = direction == .servedIsBaseline ? 1.0 : -1.0
          ratios[problem + direction.rawValue, default: []].append(sign * log(speedup.ratio))
        }
      }
    }
    return Direction.allCases.flatMap { direction in
      Self.problems.map { problem in
        let found = ratios[problem + direction.rawValue] ?? []
        return Row(
          problem: problem, direction: direction,
          ratio: found.isEmpty ? nil : RatioEstimate(logRatios: found))
      }
    }
  }

  /// The problem in this process and served, in the order of the direction.
  private func group(_ text: String, _ direction: Direction) throws -> PlanGroup? {
    let named = try ProblemDescriptor.parse(text)
    let suiteCase = SuiteCase(name: text, steps: [named])
    guard let contender = contender(ConvolutionOperation(named.problem)) else { return nil }
    let entries = [contender, .external(name: Self.servedName)].map {
      PlanEntry(suiteCase: suiteCase, contender: $0, workers: 1, cache: .warm)
    }
    return PlanGroup(
      suite: "machine", axisNames: [],
      entries: direction == .servedIsContender ? entries : entries.reversed(),
      pairs: [PlanPair(comparison: text, baseline: 0, contender: 1, axes: [:])])
  }
}
