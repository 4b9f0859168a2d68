// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The object files that a program was linked from.
struct BuildObjects {
  /// Object files by `Module.build/File.swift.o`.
  let files: [String: URL]

  /// The list that SwiftPM hands to the linker: files of earlier builds lie in the same folders.
  private static let list = "convscope.product/Objects.LinkFileList"

  /// Finds the objects beside `program`.
  /// - Throws: `CodeComparisonError.noObjects` or `.notOfThisProgram`.
  init(of program: URL) throws(CodeComparisonError) {
    let path = program.path(percentEncoded: false)
    let folder = program.resolvingSymlinksInPath().deletingLastPathComponent()
    guard let text = try? String(contentsOf: folder.appending(path: Self.list), encoding: .utf8),
      let linked = Self.modified(program.resolvingSymlinksInPath())
    else { throw .noObjects(program: path) }
    var files: [String: URL] = [:]
    for line in text.split(separator: "\n") {
      // The folder may have been moved since, so only the end of the path counts.
      let name = line.trimmingCharacters(in: ["'", "\"", " "]).split(separator: "/").suffix(2)
        .joined(separator: "/")
      guard name.hasSuffix(".o") else { continue }
      let file = folder.appending(path: name)
      guard let compiled = Self.modified(file), compiled <= linked else {
        throw .notOfThisProgram(object: file.path(percentEncoded: false))
      }
      files[name] = file
    }
    guard !files.isEmpty else { throw .noObjects(program: path) }
    self.files = files
  }

  /// The module of an object.
  static func module(of name: String) -> String {
    String(name.prefix { $0 != "/" }.dropLast(".build".count))
  }

  private static func modified(_ file: URL) -> Date? {
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: file.path(percentEncoded: false))
    return attributes?[.modificationDate] as? Date
  }
}
