// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Inputs

/// The suites of a folder, by name, and any other file by its path.
public struct SuiteLibrary: Hashable, Sendable {
  /// The folder whose files are suites; a suite in a folder below it has the folder in its name.
  public let folder: String

  /// What stands for every suite of the folder.
  public static let everySuite = "all"
  /// The extension of a suite file.
  static let suiteExtension = ".json5"

  /// The suites in `folder`.
  public init(folder: String) {
    self.folder = folder
  }

  /// The names of all suites, sorted, those in folders last.
  /// - Throws: `SuiteError.unreadable` where the folder cannot be listed.
  public func names() throws(SuiteError) -> [String] {
    // A folder that is a link lists nothing by itself.
    let resolved = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    guard let paths = try? FileManager.default.subpathsOfDirectory(atPath: resolved) else {
      throw .unreadable(file: folder, reason: "the folder of the suites cannot be listed")
    }
    return paths.filter { $0.hasSuffix(Self.suiteExtension) }
      .map { String($0.dropLast(Self.suiteExtension.count)) }
      .sorted { ($0.contains("/") ? 1 : 0, $0) < ($1.contains("/") ? 1 : 0, $1) }
  }

  /// Reads the suites of the given names and paths, each once, in order; `all` is every suite, and
  /// `model` reads the file of an ONNX model, which may become several.
  /// - Throws: `SuiteError` for the first that is unknown or not valid, and what `model` throws.
  public func suites(
    _ arguments: [String],
    model: (String) throws -> [Suite] = { path in
      throw SuiteError.unreadable(file: path, reason: "nothing here reads ONNX models")
    }
  ) throws -> [Suite] {
    var wanted: [String] = []
    for argument in arguments {
      for name in argument == Self.everySuite ? try names() : [argument]
      where !wanted.contains(name) { wanted.append(name) }
    }
    var suites: [Suite] = []
    for name in wanted {
      for var suite in try isModel(name) ? model(name) : [self.suite(name)] {
        if isModel(name) { suite.file = name }
        guard !suites.contains(where: { $0.name == suite.name }) else {
          throw SuiteError.duplicateSuite(name: suite.name)
        }
        suites.append(suite)
      }
    }
    return suites
  }

  /// Whether this is the path of an ONNX model that is there, and not the name of a suite.
  public func isModel(_ nameOrPath: String) -> Bool {
    ONNXListing.isModel(nameOrPath) && FileManager.default.fileExists(atPath: nameOrPath)
  }

  /// Reads the suite of this name or, where there is none, the file at this path.
  ///
  /// A file may be a suite, a benchdnn batch file or a log of `ONEDNN_VERBOSE`.
  /// - Throws: `SuiteError`; for an unknown name with the nearest ones.
  public func suite(_ nameOrPath: String) throws(SuiteError) -> Suite {
    let names = try self.names()
    if names.contains(nameOrPath) {
      let path = "\(folder)/\(nameOrPath)\(Self.suiteExtension)"
      return try Suite(parsing: try SuiteFile.text(path), file: path, name: nameOrPath)
    }
    guard FileManager.default.fileExists(atPath: nameOrPath) else {
      throw .unknownSuite(
        name: nameOrPath, nearest: NearestNames.of(nameOrPath, among: names), folder: folder)
    }
    var suite = try Suite(readingFile: nameOrPath)
    suite.file = nameOrPath
    return suite
  }
}
