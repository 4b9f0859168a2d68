// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Inputs

/// A folder for the weights, inputs and results of the models that this process runs.
///
/// Its name has the process in it, so that a later run can remove what a killed one has left.
final class ModelFolder: Sendable {
  private static let prefix = "convscope-model-"
  /// The folder.
  let url: URL

  /// An empty folder among the temporary ones.
  /// - Throws: an error of the file system.
  init() throws {
    let parent = FileManager.default.temporaryDirectory
    Self.sweep(parent)
    let name = "\(Self.prefix)\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString)"
    url = parent.appending(path: name)
    try FileManager.default.createDirectory(
      at: url, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
  }

  deinit { remove() }

  /// Removes the folder and what is in it.
  func remove() { try? FileManager.default.removeItem(at: url) }

  /// Removes the folders of processes that are gone.
  private static func sweep(_ parent: URL) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []
    for name in names where name.hasPrefix(prefix) {
      let process = name.dropFirst(prefix.count).prefix { $0 != "-" }
      guard let id = Int(reading: process, in: 1...Int(Int32.max)),
        kill(pid_t(truncatingIfNeeded: id), 0) != 0, errno == ESRCH
      else { continue }
      try? FileManager.default.removeItem(at: parent.appending(path: name))
    }
  }
}
