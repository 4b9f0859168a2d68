// SPDX-License-Identifier: Apache-2.0

/// Finds the first of several commits in a row that is slow, and says so where it cannot tell.
///
/// The first commit is known to be fast and the last to be slow. What cannot be judged is passed over
/// for a neighbour. The two commits that are left are measured against each other, since a search that
/// took one wrong turn ends beside two that are alike.
public struct Bisection {
  /// What a commit is.
  public enum Judgement: Hashable, Sendable {
    /// As fast as the first.
    case fast
    /// As slow as the last.
    case slow
    /// It cannot be told, for this reason.
    case unknown(String)
  }

  /// How a search ended.
  public enum Outcome: Hashable, Sendable {
    /// This commit is slower than the one before.
    case found(Int)
    /// The slowdown lies behind the commit `fast` and not behind `slow`; for this reason it is not
    /// known where.
    case unknown(fast: Int, slow: Int, reason: String)
  }

  private let count: Int
  private let judge: (Int) throws -> Judgement
  private let isSlower: (_ commit: Int, _ before: Int) throws -> Judgement

  /// A search among `count` commits.
  /// - Parameters:
  ///   - count: Number of commits, the fast and the slow end among them; at least 2.
  ///   - judge: Tells whether a commit is as fast as the first one or as slow as the last.
  ///   - isSlower: Tells whether a commit is slower than the one before it.
  public init(
    count: Int, judge: @escaping (Int) throws -> Judgement,
    isSlower: @escaping (_ commit: Int, _ before: Int) throws -> Judgement
  ) {
    precondition(count >= 2)
    self.count = count
    self.judge = judge
    self.isSlower = isSlower
  }

  /// Searches.
  /// - Throws: what the judges throw.
  public func run() throws -> Outcome {
    var (fast, slow) = (0, count - 1)
    var reasons: [Int: String] = [:]
    while let next = Self.middle(between: fast, slow, without: reasons) {
      switch try judge(next) {
      case .fast: fast = next
      case .slow: slow = next
      case .unknown(let reason): reasons[next] = reason
      }
    }
    guard slow - fast == 1 else {
      let between = reasons.filter { $0.key > fast && $0.key < slow }
      let texts = Set(between.values).sorted().joined(separator: "; ")
      return .unknown(
        fast: fast, slow: slow, reason: "\(between.count) commits cannot be judged (\(texts))")
    }
    switch try isSlower(slow, fast) {
    case .slow: return .found(slow)
    case .fast:
      return .unknown(
        fast: fast, slow: slow,
        reason: "the two are alike, so the slowdown came in several steps, or a turn was wrong")
    case .unknown(let reason): return .unknown(fast: fast, slow: slow, reason: reason)
    }
  }

  /// The commit nearest to the middle of those that are left; nil where none is.
  private static func middle(
    between fast: Int, _ slow: Int, without judged: [Int: String]
  ) -> Int? {
    (fast + 1..<max(slow, fast + 1)).filter { judged[$0] == nil }
      .min { abs(2 * $0 - fast - slow) < abs(2 * $1 - fast - slow) }
  }
}
