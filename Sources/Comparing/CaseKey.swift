// SPDX-License-Identifier: Apache-2.0

public import Inputs

/// What makes two rows of two runs the same question.
public struct CaseKey: Codable, Hashable, Sendable, Comparable {
  /// The suite.
  public var suite: String
  /// The case inside it.
  public var name: String
  /// The variant that computed it.
  public var kernel: String
  /// Workers that computed together.
  public var workers: Int
  /// Cache state.
  public var cache: String

  /// A key.
  public init(suite: String, name: String, kernel: String, workers: Int, cache: String) {
    self.suite = suite
    self.name = name
    self.kernel = kernel
    self.workers = workers
    self.cache = cache
  }

  /// By suite, case, kernel, workers, cache.
  public static func < (left: CaseKey, right: CaseKey) -> Bool {
    (left.suite, left.name, left.kernel, left.workers, left.cache)
      < (right.suite, right.name, right.kernel, right.workers, right.cache)
  }

  /// The key of a row of measurements.csv or samples.csv; nil where a cell is missing.
  public init?(_ row: CSVTable.Row) {
    guard let suite = row["suite"], let name = row["case"], let kernel = row["kernel"],
      let workers = row.integer("workers"), let cache = row["cache"]
    else { return nil }
    self.init(suite: suite, name: name, kernel: kernel, workers: workers, cache: cache)
  }
}

extension CaseKey {
  /// The key as people read it.
  public var label: String {
    [suite, name, kernel, "\(workers) worker\(workers == 1 ? "" : "s")", cache]
      .joined(separator: " · ")
  }
}
