// SPDX-License-Identifier: Apache-2.0

import Foundation
import Suites
import Testing

@Suite("Finding suites")
struct SuiteLibraryTests {
  private let folder: TemporaryFolder
  private let library: SuiteLibrary

  init() throws {
    folder = try TemporaryFolder()
    library = SuiteLibrary(folder: folder.path)
    for name in ["zeta", "group", "quick", "networks/alexnet"] {
      _ = try folder.write("{ title: '\(name)', cases: 'ic8ih9oc8kh3' }", to: "\(name).json5")
    }
    _ = try folder.write("no suite", to: "README.md")
  }

  @Test("Suites are listed by name, those in folders last")
  func names() throws {
    #expect(try library.names() == ["group", "quick", "zeta", "networks/alexnet"])
  }

  @Test("A folder behind a link is listed too")
  func linkedFolder() throws {
    let outside = try TemporaryFolder()
    let link = "\(outside.path)/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.path)
    #expect(try SuiteLibrary(folder: link).names() == library.names())
  }

  @Test("Names, paths and ‘all’ are read in order, each once")
  func mixed() throws {
    let path = try folder.write("{ title: 'Mine', cases: 'ic8ih9oc8kh3' }", to: "else/mine.json5")
    let elsewhere = SuiteLibrary(folder: "\(folder.path)/networks")
    #expect(try elsewhere.suites(["alexnet", path, "alexnet"]).map(\.name) == ["alexnet", "mine"])
    #expect(try library.suites(["quick", "all"]).map(\.name).prefix(2) == ["quick", "group"])
  }

  @Test("A name is taken before a path, and a path may be given for a suite of the folder")
  func nameBeforePath() throws {
    #expect(try library.suite("networks/alexnet").name == "networks/alexnet")
    #expect(try library.suite("\(folder.path)/networks/alexnet.json5").name == "alexnet")
  }

  @Test(
    "An unknown name is answered with the nearest ones",
    arguments: [
      ("quikc", "did you mean quick?"), ("Groups", "did you mean group?"),
      ("alexnt", "did you mean networks/alexnet?"),
      ("network/alexnet", "did you mean networks/alexnet?"),
    ])
  func unknown(name: String, answer: String) {
    let error = #expect(throws: SuiteError.self) { _ = try library.suite(name) }
    #expect(error?.description == "no suite and no file is called ‘\(name)’; \(answer)")
  }

  @Test("A name that is near to none is answered with what is accepted")
  func unknownAndFar() {
    let error = #expect(throws: SuiteError.self) { _ = try library.suite("./not-there.json5") }
    #expect(
      error?.description == "no suite and no file is called ‘./not-there.json5’; accepted are "
        + "the suites in \(folder.path), paths of files, and ‘all’")
  }

  @Test("Two suites of one name cannot share a run")
  func duplicates() throws {
    let path = try folder.write("{ title: 'Mine', cases: 'ic8ih9oc8kh3' }", to: "else/quick.json5")
    let error = #expect(throws: SuiteError.self) { _ = try library.suites(["quick", path]) }
    #expect(error == .duplicateSuite(name: "quick"))
    #expect(error?.description.hasPrefix("two suites of this run are called ‘quick’") == true)
  }

  @Test(
    "A folder that is not there, a folder in place of a file and bytes that are no text are named")
  func unreadable() throws {
    let missing = SuiteLibrary(folder: "\(folder.path)/missing")
    #expect(
      throws: SuiteError.unreadable(
        file: missing.folder, reason: "the folder of the suites cannot be listed")
    ) { _ = try missing.names() }
    #expect(
      throws: SuiteError.unreadable(
        file: folder.path, reason: "this is a folder; accepted is a file")
    ) { _ = try library.suite(folder.path) }
    let binary = "\(folder.path)/binary.json5"
    try Data([0xFF, 0xFE, 0x00]).write(to: URL(fileURLWithPath: binary))
    let reason =
      "this is no UTF-8 text; accepted are suites, batch files and logs, and ONNX models by the "
      + "extension .onnx"
    #expect(throws: SuiteError.unreadable(file: binary, reason: reason)) {
      _ = try library.suite(binary)
    }
    #expect(
      throws: SuiteError.unreadable(file: "/nowhere", reason: "there is no such file")
    ) { _ = try Suite(readingFile: "/nowhere") }
  }

  @Test("The name of a file's suite is safe as a folder's name")
  func safeNames() throws {
    for (file, name) in [("a.b.json5", "a.b"), ("...json5", "suite"), ("plain", "plain")] {
      let path = try folder.write("{ title: 'T', cases: 'ic8ih9oc8kh3' }", to: "else/\(file)")
      #expect(try Suite(readingFile: path).name == name)
    }
  }
}
