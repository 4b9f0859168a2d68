// SPDX-License-Identifier: Apache-2.0

public import Foundation
internal import Inputs
internal import Measuring
public import Planning

extension RunFolder {
  /// Reads `run.json` of the folder at `url`.
  /// - Throws: `ReportingError` where there is none, or one of another version.
  public static func record(of url: URL) throws(ReportingError) -> RunRecord {
    let path = url.appending(path: "run.json").path(percentEncoded: false)
    let bytes: [UInt8]
    do throws(InputFile.Fault) {
      bytes = try InputFile.bytes(path, limit: RunTable.largestFile)
    } catch {
      throw .cannotRead(path: path, reason: error.description)
    }
    let decoder = JSONDecoder()
    let schema = RunRecord.currentSchema
    guard (try? decoder.decode(Form.self, from: Data(bytes)))?.schema == schema else {
      throw .cannotRead(path: path, reason: "this is no record of schema \(schema)")
    }
    let record: RunRecord
    do {
      try JSONNumbers.requireUniqueKeys(bytes)
      record = try decoder.decode(RunRecord.self, from: Data(bytes))
    } catch {
      let words = (error as? DecodingError)?.words(in: bytes) {
        (try? decoder.decode(RunRecord.self, from: Data($0))) != nil
      }
      throw .cannotRead(path: path, reason: words ?? "this is no record")
    }
    if let fault = record.fault { throw .cannotRead(path: path, reason: fault) }
    return record
  }

  /// What is looked at before the rest.
  private struct Form: Decodable {
    var schema: Int
  }

  /// Opens the files of a suite of an earlier run behind the groups that it finished.
  ///
  /// Groups are measured and written in the order of the plan, so those that are finished are the
  /// first ones. Rows behind the last mark, of a group that was stopped, are removed.
  /// - Parameters:
  ///   - suite: The suite's name.
  ///   - axes: Its axes.
  ///   - groups: Its groups in the plan.
  /// - Returns: how many of `groups` are finished.
  /// - Throws: `ReportingError`; where the rows are of another plan, too.
  public func resume(
    suite: String, axes: [String], groups: [PlanGroup]
  ) throws(ReportingError) -> Int {
    let folder = url.appending(path: suite)
    let marks = folder.appending(path: RunTable.groups.file)
    guard FileManager.default.fileExists(atPath: marks.path(percentEncoded: false)) else {
      try checkThatNothingIsLost(in: folder)
      try begin(suite: suite, axes: axes)
      return 0
    }
    var rows = try FinishedRows(folder: folder)
    let finished = try rows.keep(groups)
    try rows.write()
    try begin(suite: suite, axes: axes, behind: rows)
    return finished
  }

  /// Without marks there are no rows, unless an earlier version wrote them.
  private func checkThatNothingIsLost(in folder: URL) throws(ReportingError) {
    guard let table = try? CSVTable(.measurements, in: folder), !table.rows.isEmpty else { return }
    throw .cannotResume(
      path: folder.path(percentEncoded: false),
      reason: "it has rows but no \(RunTable.groups.file), as this version writes")
  }
}
