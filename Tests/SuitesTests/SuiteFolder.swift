// SPDX-License-Identifier: Apache-2.0

import Foundation
import Suites

/// The folder `suites/` of the package that these tests belong to.
enum SuiteFolder {
  /// Its path.
  static let path = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("suites").path

  /// Its suites.
  static let library = SuiteLibrary(folder: path)

  /// The names of its suites, found without the library so that the two can be compared.
  static var names: [String] {
    let folder = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
    return paths.filter { $0.hasSuffix(".json5") }.map { String($0.dropLast(6)) }.sorted()
  }
}
