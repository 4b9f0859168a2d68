// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Gating
internal import Planning
internal import Reporting

/// Writes gate-rounds.csv round by round, so that a gate that is killed loses none.
///
/// A gate's events cannot throw: a write that fails asks the gate to stop, and its error is thrown
/// behind it.
final class GateRoundFile {
  private let writer: CSVWriter
  private let entries: [SuiteEntry]
  private var failure: ReportingError?

  /// - Throws: `ReportingError.cannotWrite`.
  init(in folder: URL, of entries: [SuiteEntry]) throws(ReportingError) {
    writer = try CSVWriter(
      folder.appending(path: "gate-rounds.csv"), columns: GateRoundTable.columns)
    self.entries = entries
  }

  /// Whether a round could not be written.
  var hasFailed: Bool { failure != nil }

  func append(_ event: GateEvent) {
    guard case .round(let round) = event, failure == nil else { return }
    do throws(ReportingError) {
      try writer.append(GateRoundTable.row(round, of: entries[round.problem]))
    } catch {
      failure = error
    }
  }

  /// - Throws: `ReportingError.cannotWrite` where any round was not written.
  func close() throws(ReportingError) {
    if let failure { throw failure }
    try writer.settle()
  }
}
