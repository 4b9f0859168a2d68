// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// A folder as `swift build` leaves it: a program, the list of its objects, and the objects.
final class BuildFixture {
  let folder: URL

  var program: URL { folder.appending(path: "convscope") }

  /// The compilers and tools that a comparison needs; the tests are skipped without.
  static let compiler = tool(["cc", "clang", "gcc"])
  static var canBeBuilt: Bool { compiler != nil && tool(["objcopy", "llvm-objcopy"]) != nil }

  /// Compiles each object, such as `KernelsAVX2.build/A.swift.o`, from its C source.
  init(_ objects: [String: String]) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "build-\(UUID())")
    for (name, source) in objects { try compile(source, to: name) }
    let product = folder.appending(path: "convscope.product")
    try FileManager.default.createDirectory(at: product, withIntermediateDirectories: true)
    // Paths of where it was built, which need not be where it lies.
    let lines = objects.keys.sorted().map { "/elsewhere/release/\($0)\n" }
    try lines.joined().write(
      to: product.appending(path: "Objects.LinkFileList"), atomically: true, encoding: .utf8)
    try link()
  }

  /// Makes the program newer than its objects; its content is of this folder alone.
  func link() throws {
    try Data(folder.path().utf8).write(to: program)
  }

  /// Compiles with descriptions for a debugger, which name the folder.
  func compile(_ source: String, to name: String) throws {
    let output = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: output.deletingLastPathComponent(), withIntermediateDirectories: true)
    let file = folder.appending(path: "source.c")
    try source.write(to: file, atomically: true, encoding: .utf8)
    let end = try TestProgram.run(
      ["-g", "-O1", "-c", file.path(), "-o", output.path()], in: folder,
      program: [Self.compiler ?? "cc"])
    try #require(end.code == 0, "compiling \(name): \(end.errors)")
  }

  private static func tool(_ names: [String]) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
    return names.lazy.flatMap { name in folders.lazy.map { "\($0)/\(name)" } }
      .first(where: FileManager.default.isExecutableFile(atPath:))
  }

  deinit { try? FileManager.default.removeItem(at: folder) }
}
