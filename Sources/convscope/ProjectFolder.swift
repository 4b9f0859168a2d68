// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The checkout that this program was built in, where suites, counter groups and results live.
enum ProjectFolder {
  /// The nearest folder above the executable that holds `suites`; the current one where none does.
  static let url: URL = checkout ?? URL(filePath: FileManager.default.currentDirectoryPath)

  private static let checkout: URL? = {
    let executable = Bundle.main.executableURL?.resolvingSymlinksInPath()
    var folder = executable?.deletingLastPathComponent() ?? URL(filePath: ".")
    while folder.path() != "/" {
      if isFolder(folder.appending(path: "suites")) { return folder }
      folder = folder.deletingLastPathComponent()
    }
    return nil
  }()

  /// Whether what `path` leads to, links and all, lies in this checkout.
  ///
  /// The folder of the suites counts wherever it lies: that of a program which was built in a cache
  /// is a link.
  static func contains(_ path: String) -> Bool {
    guard let checkout, let place = resolved(path) else { return false }
    return [checkout.path(percentEncoded: false), suites]
      .compactMap(resolved).contains { place == $0 || place.hasPrefix($0 + "/") }
  }

  private static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// The folder of the suite files.
  static var suites: String { url.appending(path: "suites").path(percentEncoded: false) }

  /// The folder of the counter groups.
  static var counterGroups: String {
    url.appending(path: "counter-groups").path(percentEncoded: false)
  }

  /// A suite's command with its program's path: one with a slash that exists in this checkout is
  /// meant relative to it, so that suites work from any current folder.
  static func resolving(_ command: [String]) -> [String] {
    guard let program = command.first, program.contains("/"), !program.hasPrefix("/") else {
      return command
    }
    let inCheckout = url.appending(path: program).path(percentEncoded: false)
    guard FileManager.default.isExecutableFile(atPath: inCheckout) else { return command }
    return [inCheckout] + command.dropFirst()
  }

  private static func isFolder(_ url: URL) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(
      atPath: url.path(percentEncoded: false), isDirectory: &isDirectory) && isDirectory.boolValue
  }
}
