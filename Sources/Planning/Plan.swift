// SPDX-License-Identifier: Apache-2.0

public import Suites

/// What will be measured, before anything is: groups of entries that are interleaved.
///
/// Made once: a process that measures a part of it gets that part as data. Whoever decodes it says
/// what the build has, in `Implementations.key`.
public struct Plan: Codable, Sendable {
  /// The groups, in the order in which they are measured.
  public var groups: [PlanGroup]

  /// A plan of `groups`.
  public init(groups: [PlanGroup]) {
    self.groups = groups
  }

  /// All entries, in order.
  public var entries: [SuiteEntry] {
    groups.flatMap { group in group.entries.map { SuiteEntry(suite: group.suite, entry: $0) } }
  }

  /// The names of the external contenders that it has.
  public var externalContenders: Set<String> {
    Set(
      groups.flatMap(\.entries).compactMap { entry in
        guard case .external(let name) = entry.contender else { return nil }
        return name
      })
  }
}

/// Entries that share the same slice of time, because they are compared with each other.
public struct PlanGroup: Codable, Sendable {
  /// The suite it belongs to.
  public var suite: String
  /// The names of the suite's axes, in order.
  public var axisNames: [String]
  /// What is measured.
  public var entries: [PlanEntry]
  /// What is compared, as indices into `entries`.
  public var pairs: [PlanPair]

  /// Takes the entries and pairs of `other` into the same slice of time.
  mutating func interleave(_ other: PlanGroup) {
    let first = entries.count
    entries += other.entries
    pairs += other.pairs.map { pair in
      var moved = pair
      moved.baseline += first
      moved.contender += first
      return moved
    }
  }

  /// A group of `entries`.
  public init(suite: String, axisNames: [String], entries: [PlanEntry], pairs: [PlanPair]) {
    self.suite = suite
    self.axisNames = axisNames
    self.entries = entries
    self.pairs = pairs
  }
}

/// One row to be: a case, what computes it, on how many workers, from which caches.
public struct PlanEntry: Codable, Sendable {
  /// The case.
  public var suiteCase: SuiteCase
  /// What computes it.
  public var contender: Contender
  /// Why this contender, where a selection picked it; nil where it was named.
  public var selection: String?
  /// Number of workers.
  public var workers: Int
  /// Which data lies in the caches when an iteration starts.
  public var cache: CacheState

  /// An entry.
  public init(
    suiteCase: SuiteCase, contender: Contender, selection: String? = nil, workers: Int,
    cache: CacheState
  ) {
    self.suiteCase = suiteCase
    self.contender = contender
    self.selection = selection
    self.workers = workers
    self.cache = cache
  }
}

extension PlanEntry {
  /// What names its contender to another build, which then chooses as this one did: a pattern.
  public var pattern: String {
    if case .variants = contender, selection != nil { return KernelSelection.bestPattern }
    return contender.kernel
  }
}

/// An entry and the suite that it belongs to.
public struct SuiteEntry: Codable, Sendable {
  /// The suite.
  public var suite: String
  /// What is measured.
  public var entry: PlanEntry

  /// An entry of `suite`.
  public init(suite: String, entry: PlanEntry) {
    self.suite = suite
    self.entry = entry
  }
}

/// A comparison of two entries of a group.
public struct PlanPair: Codable, Hashable, Sendable {
  /// The comparison's name in the suite.
  public var comparison: String
  /// Index of the baseline in the group's entries.
  public var baseline: Int
  /// Index of the contender in the group's entries.
  public var contender: Int
  /// The comparison's axis values by name.
  public var axes: [String: String]

  /// A comparison of the entries at `baseline` and `contender`.
  public init(comparison: String, baseline: Int, contender: Int, axes: [String: String]) {
    self.comparison = comparison
    self.baseline = baseline
    self.contender = contender
    self.axes = axes
  }
}
