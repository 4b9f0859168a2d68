// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What a run has left in its folder so far.
struct ResultFiles {
  let folder: URL

  static let tables = ["measurements", "comparisons", "workers", "samples", "metrics"]

  /// The suite's folder: that with the marks.
  private var suite: URL? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
    return names.map { folder.appending(path: $0) }
      .first { FileManager.default.fileExists(atPath: $0.appending(path: "groups.csv").path()) }
  }

  /// How many groups are finished.
  var groups: Int { max(0, lines("groups").count - 1) }

  /// Complete lines of a table.
  func lines(_ table: String) -> [String] {
    guard let suite,
      let data = FileManager.default.contents(atPath: suite.appending(path: "\(table).csv").path())
    else { return [] }
    return String(decoding: data, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: true
    )
    .map(String.init)
  }

  /// Of each table, the rows of finished groups.
  var finished: [String] {
    guard let last = lines("groups").last, groups > 0 else { return [] }
    let counts = last.split(separator: ",").compactMap { Int($0) }
    return zip(Self.tables, counts).map { table, count in
      lines(table).dropFirst().prefix(count).joined(separator: "\n")
    }
  }

  /// Checks that every file is whole and that every finished group has its rows.
  func check(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let suite = try #require(suite, sourceLocation: sourceLocation)
    for table in Self.tables + ["groups"] {
      let text = try String(contentsOf: suite.appending(path: "\(table).csv"), encoding: .utf8)
      #expect(text.hasSuffix("\n"), "\(table)", sourceLocation: sourceLocation)
    }
    let counts = (lines("groups").last ?? "").split(separator: ",").compactMap { Int($0) }
    for (table, count) in zip(Self.tables, counts) {
      #expect(lines(table).count > count, "\(table)", sourceLocation: sourceLocation)
    }
    let names = FileManager.default.enumerator(atPath: folder.path())?.compactMap { $0 as? String }
    #expect(
      names?.contains { $0.hasSuffix(".unfinished") } == false, sourceLocation: sourceLocation)
  }

  /// What run.json says under `key`.
  func record(_ key: String) throws -> Any? {
    let data = try Data(contentsOf: folder.appending(path: "run.json"))
    return (try JSONSerialization.jsonObject(with: data) as? [String: Any])?[key]
  }
}
