// SPDX-License-Identifier: Apache-2.0

internal import Boundary
public import Foundation
public import Measuring

/// The files of a profile.
public struct ProfileFiles {
  /// The timeline, as Perfetto and `chrome://tracing` open it.
  public let trace: URL
  /// One row per phase and worker.
  public let phases: URL
  private let folder: OutputFolder

  /// Files in `folder`.
  public init(_ folder: OutputFolder) {
    self.folder = folder
    trace = folder.url.appending(path: "trace.json")
    phases = folder.url.appending(path: "phases.csv")
  }

  /// Writes both.
  /// - Throws: `ReportingError.cannotWrite`.
  public func write(_ profile: CaseProfile, counters: [String]) throws(ReportingError) {
    try ReportingError.translating(trace) {
      try WholeFile.write(try ChromeTrace(profile).json(), to: trace)
    }
    let table = ProfileTable(counters: counters)
    try CSVWriter.write(table.rows(profile), columns: table.columns, to: phases)
  }
}
