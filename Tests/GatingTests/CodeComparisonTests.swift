// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Gating

@Suite("Machine code of two builds", .enabled(if: BuildFixture.canBeBuilt))
struct CodeComparisonTests {
  private static let sources = [
    "KernelsAVX2.build/Tile.swift.o": "float twice(float x) { return 2 * x; }",
    "KernelsBaseline.build/Tile.swift.o": "float twice(float x) { return 2 * x; }",
    "KernelCatalog.build/Choice.swift.o": "int choice(int n) { return n > 8; }",
    "Reporting.build/Table.swift.o": "const char *title(void) { return \"time\"; }",
    "convscope.build/ServeVerb.swift.o": "int serve(void) { return 1; }",
    "convscope.build/GateVerb.swift.o": "int gate(void) { return 1; }",
  ]

  /// The comparison of the usual build with one where `object` has another source.
  private func comparison(_ object: String, _ source: String) throws -> CodeComparison {
    let base = try BuildFixture(Self.sources)
    let new = try BuildFixture(Self.sources.merging([object: source]) { $1 })
    return try withExtendedLifetime((base, new)) { try CodeComparison(base.program, new.program) }
  }

  @Test("is the same in equal programs, wherever they lie")
  func equalPrograms() throws {
    let base = try BuildFixture(Self.sources)
    let copy = base.folder.appending(path: "copy")
    try FileManager.default.copyItem(at: base.program, to: copy)
    let found = try CodeComparison(copy, base.program)
    #expect(found.changed.isEmpty)
    #expect(found.isUnchanged(nil))
    #expect(found.isUnchanged("avx2"))
  }

  @Test("is the same where only folders and descriptions for a debugger differ")
  func otherFolder() throws {
    let object = "KernelsAVX2.build/Tile.swift.o"
    // Another line number is another description.
    let found = try comparison(object, "\n\n" + (Self.sources[object] ?? ""))
    #expect(found.changed.isEmpty)
    #expect(found.text == "machine code unchanged in both builds")
  }

  @Test("is changed where a kernel is, for the cases of its instruction set")
  func kernel() throws {
    let found = try comparison(
      "KernelsAVX2.build/Tile.swift.o", "float twice(float x) { return x + x + x; }")
    #expect(found.changed == ["KernelsAVX2"])
    #expect(!found.isUnchanged("avx2"))
    #expect(found.isUnchanged("baseline"))
    #expect(!found.isUnchanged(nil))
    #expect(found.text == "machine code changed in KernelsAVX2")
  }

  @Test("is changed where only a constant is")
  func constant() throws {
    let found = try comparison(
      "KernelsBaseline.build/Tile.swift.o", "float twice(float x) { return 3 * x; }")
    #expect(found.changed == ["KernelsBaseline"])
    #expect(!found.isUnchanged("baseline"))
  }

  @Test("is changed for all cases where a caller or the choice is")
  func caller() throws {
    let changes = [
      ("KernelCatalog.build/Choice.swift.o", "int choice(int n) { return n > 9; }"),
      ("convscope.build/ServeVerb.swift.o", "int serve(void) { return 2; }"),
    ]
    for (object, source) in changes {
      let found = try comparison(object, source)
      #expect(found.changed == [BuildObjects.module(of: object)])
      #expect(!found.isUnchanged("avx2"))
    }
  }

  @Test("is the same where only what prints and judges is another")
  func reporting() throws {
    for (object, source) in [
      ("Reporting.build/Table.swift.o", "const char *title(void) { return \"duration\"; }"),
      ("convscope.build/GateVerb.swift.o", "int gate(void) { return 2; }"),
      ("convscope.build/NewVerb.swift.o", "int added(void) { return 2; }"),
    ] {
      #expect(try comparison(object, source).changed.isEmpty)
    }
  }

  @Test("is changed where a file is new, and in a module that nobody has heard of")
  func newFile() throws {
    let source = "int added(void) { return 2; }"
    #expect(try comparison("Workers.build/New.swift.o", source).changed == ["Workers"])
    #expect(try comparison("KernelsAVX2.build/New.swift.o", source).changed == ["KernelsAVX2"])
  }

  @Test("is not known for a program without its objects, or with newer ones")
  func unknown() throws {
    let base = try BuildFixture(Self.sources)
    let new = try BuildFixture(Self.sources)
    let lonely = FileManager.default.temporaryDirectory.appending(path: "lonely-\(UUID())")
    try Data("program".utf8).write(to: lonely)
    defer { try? FileManager.default.removeItem(at: lonely) }
    #expect(throws: CodeComparisonError.noObjects(program: lonely.path())) {
      try CodeComparison(lonely, new.program)
    }
    let object = new.folder.appending(path: "KernelsAVX2.build/Tile.swift.o")
    let later = Date().addingTimeInterval(10)
    try FileManager.default.setAttributes(
      [.modificationDate: later], ofItemAtPath: object.path())
    #expect(throws: CodeComparisonError.notOfThisProgram(object: object.path())) {
      try CodeComparison(base.program, new.program)
    }
    try FileManager.default.removeItem(at: object)
    #expect(throws: CodeComparisonError.notOfThisProgram(object: object.path())) {
      try CodeComparison(base.program, new.program)
    }
  }
}
