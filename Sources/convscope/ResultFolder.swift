// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Foundation
internal import Reporting

/// Where results go that were not sent elsewhere: `results/<machine>/<UTC time>`.
enum ResultFolder {
  /// The folder that `--output` named, or a new one; what an earlier `command` left there is moved,
  /// with a note.
  ///
  /// - Throws: `ReportingError` where another process writes it, or it cannot be written.
  static func make(
    _ output: String?, for command: OutputFolder.Command, machine: String
  ) throws(ReportingError) -> OutputFolder {
    let folder = try OutputFolder(
      output.map { URL(filePath: $0) } ?? unused(machine: machine, suffix: suffix(command)),
      for: command)
    if let earlier = folder.earlier {
      Console.error(
        "note: earlier results were moved to \(earlier.path(percentEncoded: false))")
    }
    return folder
  }

  /// A folder of this second that no other process has made.
  private static func unused(machine: String, suffix: String) -> URL {
    let parent = ProjectFolder.url.appending(path: "results/\(machine)")
    try? Folder.make(parent)
    let now = UTCTime.now
    for number in 1...Self.mostPerSecond {
      let folder = parent.appending(path: now + (number > 1 ? "-\(number)" : "") + suffix)
      // Made here and now: whoever is second gets another. Any other error is told by who writes.
      if mkdir(folder.path(percentEncoded: false), 0o777) == 0 || errno != EEXIST { return folder }
    }
    return parent.appending(path: now + suffix)
  }

  private static let mostPerSecond = 1000

  private static func suffix(_ command: OutputFolder.Command) -> String {
    switch command {
    case .run: ""
    case .gate: "-gate"
    case .profile: "-profile"
    }
  }
}
