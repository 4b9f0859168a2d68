// SPDX-License-Identifier: Apache-2.0

internal import Boundary
public import Foundation
public import Measuring

/// The files of a profile.
public struct ProfileFiles: Sendable {
  /// The timeline, as Perfetto and `chrome://tracing` open it.
  public let trace: URL
  /// One row per phase and worker.
  public let phases: URL
  private let folder: URL

  /// Files in `folder`, which need not exist yet.
  public init(_ folder: URL) {
    self.folder = folder
    trace = folder.appending(path: "trace.json")
    phases = folder.appending(path: "phases.csv")
  }

  /// Writes both.
  /// - Throws: `ReportingError.cannotWrite`.
  public func write(_ profile: CaseProfile, counters: [String]) throws(ReportingError) {
    do {
      try OutputFile.makeFolder(folder)
      try OutputFile.write(try ChromeTrace(profile).json(), to: trace)
    } catch let error as FileFailure {
      throw ReportingError(error)
    } catch {
      throw .cannotWrite(
        path: trace.path(percentEncoded: false), reason: SystemReason.text(of: error))
    }
    let table = ProfileTable(counters: counters)
    let writer = try CSVWriter(phases, columns: table.columns)
    for row in table.rows(profile) { try writer.append(row) }
  }
}
