// SPDX-License-Identifier: Apache-2.0

public import Foundation
internal import Statistics

/// What a comparison of two stored runs judged, as a page reads it.
public struct StoredChanges: Codable, Sendable {
  /// A case that both runs timed.
  struct Row: Codable, Sendable {
    var suite: String
    /// The case's name.
    var `case`: String
    var kernel: String
    var workers: Int
    var cache: String
    /// Medians, in nanoseconds.
    var firstNs: Double?
    var secondNs: Double?
    /// Time in the first run over that in the second, with its bounds.
    var ratio: Double
    var low: Double?
    var high: Double?
    var verdict: String
  }

  /// A fact about the surroundings that differs.
  struct Difference: Codable, Sendable {
    var key: String
    var first: String?
    var second: String?
    var isOfMachine: Bool
  }

  var rows: [Row]
  var unmatched: [String]
  var differences: [Difference]
  /// The margin between runs, and where it comes from.
  var noiseFloor: String

  /// Compares the runs in two folders as `RunComparison` does.
  /// - Throws: `ComparingError` where one is no run, or they have nothing in common.
  public init(_ first: URL, _ second: URL, threshold: Double) throws(ComparingError) {
    let first = try StoredRun(first)
    let floor = first.floorBetweenRuns
    let comparison = try RunComparison(
      first, try StoredRun(second), threshold: threshold,
      familyWiseError: GatePolicy.defaultFamilyWiseError)
    self.init(comparison, noiseFloor: floor.text)
  }

  init(_ comparison: RunComparison, noiseFloor: String) {
    rows = comparison.rows.map(Row.init)
    unmatched = comparison.unmatched
    differences = comparison.differences.map {
      Difference(key: $0.key, first: $0.first, second: $0.second, isOfMachine: $0.isOfMachine)
    }
    self.noiseFloor = noiseFloor
  }

  /// As JSON.
  /// - Throws: an encoding error where a number is not finite.
  public var data: Data {
    get throws { try JSONEncoder().encode(self) }
  }
}

extension StoredChanges.Row {
  init(_ row: RunComparison.Row) {
    let key = row.first.key
    self.init(
      suite: key.suite, case: key.name, kernel: key.kernel, workers: key.workers,
      cache: key.cache, firstNs: row.first.medianNanoseconds,
      secondNs: row.second.medianNanoseconds, ratio: row.speedup.ratio, low: row.speedup.lower,
      high: row.speedup.upper, verdict: row.verdict.rawValue)
  }
}
