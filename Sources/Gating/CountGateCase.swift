// SPDX-License-Identifier: Apache-2.0

public import Comparing
public import Measuring

/// One case of a gate by simulated counts: an element of `cases` in gate.json.
public struct CountGateCase: Codable, Hashable, Sendable {
  /// The suite.
  public var suite: String
  /// The case.
  public var name: String
  /// What the new build computes it with; the base's where only that has the case.
  public var kernel: String
  /// What the base computes it with; nil where it has no such case.
  public var baseKernel: String?
  /// Workers; one, where there are counts.
  public var workers: Int
  /// Cache state.
  public var cache: String
  /// What became of it: `ok`, `skipped`, or `failed` where only the base has counts.
  public var status: GateCase.Status
  /// Why it is not `ok`.
  public var reason: String
  /// The worst of its counts' verdicts; nil where there is none.
  public var verdict: CountDifference.Verdict?
  /// Its events, sorted by name.
  public var counts: [Count]

  /// One event of a case.
  public struct Count: Codable, Hashable, Sendable {
    /// The event's name.
    public var event: String
    /// Its count in one iteration of the base.
    public var base: Double?
    /// Its count in one iteration of the new build.
    public var new: Double?
    /// New over base.
    public var ratio: Double?
    /// By which share it may grow.
    public var limit: Double
    /// What the difference means.
    public var verdict: CountDifference.Verdict

    init(_ difference: CountDifference) {
      event = difference.event
      base = difference.base
      new = difference.new
      ratio = difference.ratio
      limit = difference.limit
      verdict = difference.verdict
    }

    /// By how much it changed, as a share; nil where that is not a number.
    public var change: Double? { ratio.map { $0 - 1 } }
  }

  private enum CodingKeys: String, CodingKey {
    case suite, kernel, workers, cache, status, reason, verdict, counts
    case name = "case"
    case baseKernel = "base_kernel"
  }
}

extension CountGateCase {
  /// The cases that `differences` are about, in their order.
  public static func cases(of differences: [CountDifference]) -> [CountGateCase] {
    var places: [SimulatedRow: Int] = [:]
    var groups: [[CountDifference]] = []
    for difference in differences {
      if let place = places[difference.row] {
        groups[place].append(difference)
      } else {
        places[difference.row] = groups.count
        groups.append([difference])
      }
    }
    return groups.map(CountGateCase.init)
  }

  /// The case of differences that are all of the same entry.
  /// - Requires: at least one difference.
  private init(_ differences: [CountDifference]) {
    let first = differences[0]
    suite = first.row.suite
    name = first.row.caseName
    kernel = first.row.kernel
    baseKernel = first.baseRow?.kernel
    workers = first.row.workers
    cache = first.row.cache
    counts = differences.filter { !$0.event.isEmpty }.map(Count.init)
    verdict = Self.verdict(counts)
    reason = first.reason ?? ""
    if verdict != nil {
      status = .ok
    } else {
      // What the base computes and the new build cannot is news; what neither can is none.
      let isLoss = first.baseRow?.reason == nil && first.baseRow != nil && first.row.reason != nil
      status = isLoss ? .failed : .skipped
      if reason.isEmpty { reason = "the two builds have no event in common" }
    }
  }

  private static func verdict(_ counts: [Count]) -> CountDifference.Verdict? {
    let verdicts = Set(counts.map(\.verdict))
    return [.more, .less, .same].first(where: verdicts.contains)
  }

  /// The counts that differ by more than their limit; where none does, the one that changed most.
  var told: [Count] {
    let changed = counts.filter { $0.verdict == .more || $0.verdict == .less }
    guard changed.isEmpty else { return changed }
    let most = counts.max { abs($0.change ?? 0) < abs($1.change ?? 0) }
    // Nothing changed at all: instructions are what people know.
    let usual = counts.first { $0.event == Self.instructions } ?? counts.first
    return [most.flatMap { ($0.change ?? 0) == 0 ? nil : $0 } ?? usual].compactMap { $0 }
  }

  private static let instructions = "PAPI_TOT_INS"
}
