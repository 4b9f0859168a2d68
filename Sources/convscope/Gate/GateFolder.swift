// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Foundation
internal import Reporting

/// The folder that a gate writes.
enum GateFolder {
  /// Makes the folder that `--output` names, or one beside the runs.
  /// - Throws: `ReportingError.cannotWrite`.
  static func create(_ arguments: Arguments, machine: String) throws -> URL {
    let folder =
      arguments.value("--output").map { URL(filePath: $0) }
      ?? ProjectFolder.url.appending(path: "results/\(machine)/\(UTCTime.now)-gate")
    do throws(FileFailure) {
      try OutputFile.makeFolder(folder)
    } catch {
      throw ReportingError(error)
    }
    return folder
  }
}
