// SPDX-License-Identifier: Apache-2.0

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
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw ReportingError.cannotWrite(
        path: folder.path(percentEncoded: false), reason: error.localizedDescription)
    }
    return folder
  }
}
