// SPDX-License-Identifier: Apache-2.0

internal import Counters

/// How the simulated counts of an entry differ between two builds.
public struct CountDifference: Hashable, Sendable {
  /// What a difference means.
  public enum Verdict: String, Codable, Hashable, Sendable {
    /// Within the limit.
    case same
    /// More than the limit allows.
    case more
    /// Less by more than the limit.
    case less
    /// One of the two has no count.
    case unknown
  }

  /// The entry of the build that is judged; of the other one where only that has it.
  public var row: SimulatedRow
  /// The entry of the build that is compared with; nil where it has none.
  public var baseRow: SimulatedRow?
  /// The event's name; empty where an entry has nothing to compare.
  public var event: String
  /// The count of the build that is compared with; nil where it has none.
  public var base: Double?
  /// The count of the build that is judged; nil where it has none.
  public var new: Double?
  /// The limit, as a share.
  public var limit: Double
  /// Why there is nothing to compare; nil where there is.
  public var reason: String?

  /// A difference.
  public init(
    row: SimulatedRow, baseRow: SimulatedRow?, event: String = "", base: Double? = nil,
    new: Double? = nil, limit: Double = 0, reason: String? = nil
  ) {
    self.row = row
    self.baseRow = baseRow
    self.event = event
    self.base = base
    self.new = new
    self.limit = limit
    self.reason = reason
  }

  /// New over base; nil where one has no count, or the base's is 0.
  public var ratio: Double? {
    guard let base, let new, base > 0 else { return nil }
    return new / base
  }

  /// What it means.
  public var verdict: Verdict {
    guard let base, let new else { return .unknown }
    let slack = max(base * limit, CountLimits.leastGrowth)
    return new - base > slack ? .more : base - new > slack ? .less : .same
  }
}

extension SimulatedCounts {
  /// How these counts differ from those of another build, entry by entry and event by event.
  ///
  /// Where a case has one kernel in each build and they are not the same, the two are compared:
  /// another choice of the selection is a change, too.
  ///
  /// An entry that only one of the two has is one difference without an event.
  public func differences(
    from base: SimulatedCounts, limits: CountLimits
  ) -> [CountDifference] {
    let ours = entries.flatMap { entry in
      differences(of: entry, from: base.counterpart(of: entry.row, in: self), limits: limits)
    }
    let lost = base.entries.filter { counterpart(of: $0.row, in: base) == nil }
    return ours
      + lost.map {
        CountDifference(
          row: $0.row, baseRow: $0.row, reason: "the new build has no such case and kernel")
      }
  }

  private func differences(
    of entry: Entry, from other: Entry?, limits: CountLimits
  ) -> [CountDifference] {
    guard let other, entry.row.reason == nil, other.row.reason == nil else {
      let reason =
        entry.row.reason.map { "new: \($0)" } ?? other?.row.reason.map { "base: \($0)" }
        ?? "the other build has no such case and kernel"
      return [CountDifference(row: entry.row, baseRow: other?.row, reason: reason)]
    }
    return Set(entry.counts.keys).union(other.counts.keys).sorted().map { event in
      CountDifference(
        row: entry.row, baseRow: other.row, event: event, base: other.counts[event],
        new: entry.counts[event], limit: limits.share(of: event))
    }
  }

  /// The functions that execute more or fewer instructions than in `base`, all entries together, by
  /// more than the limit of instructions; the largest difference first.
  public func changedFunctions(
    from base: SimulatedCounts
  ) -> [(name: String, base: Double, new: Double)] {
    let sums = [base, self].map { counts in
      counts.entries.reduce(into: [String: Double]()) { sums, entry in
        sums.merge(entry.functions, uniquingKeysWith: +)
      }
    }
    let limit = CountLimits().share(of: SimulatedEvent.instructions.rawValue)
    var found: [(name: String, base: Double, new: Double)] = []
    for name in Set(sums[0].keys).union(sums[1].keys).sorted() {
      let (base, new) = (sums[0][name] ?? 0, sums[1][name] ?? 0)
      guard abs(new - base) > max(base * limit, CountLimits.leastGrowth) else { continue }
      found.append((name: name, base: base, new: new))
    }
    return found.sorted { abs($0.new - $0.base) > abs($1.new - $1.base) }
  }

  /// The entry that is compared with `row` of `other`.
  private func counterpart(of row: SimulatedRow, in other: SimulatedCounts) -> Entry? {
    if let same = entries.first(where: { $0.row.isSame(as: row) }) { return same }
    let candidates = entries.filter { $0.row.isSameCase(as: row) }
    let rivals = other.entries.filter { $0.row.isSameCase(as: row) }
    return candidates.count == 1 && rivals.count == 1 ? candidates[0] : nil
  }
}
