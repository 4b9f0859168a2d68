// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("The command line, by the program itself")
struct CommandLineTests {
  private func run(_ words: [String], columns: Int? = nil) throws -> Program {
    let folder = FileManager.default.temporaryDirectory.appending(path: "words-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let variables = columns.map { ["COLUMNS": "\($0)"] } ?? [:]
    return try Program(words, in: folder, variables: variables)
  }

  @Test(
    "a slip is answered with what was probably meant",
    arguments: [
      (["rnu"], "‘run’"), (["compar"], "‘compare’"), (["run", "--buget", "3s"], "‘--budget’"),
      (["report", "--treshold", "2%", "x"], "‘--threshold’"),
    ])
  func slips(words: [String], meant: String) throws {
    let program = try run(words)
    #expect(program.exitCode == 64)
    #expect(program.standardError.contains("did you mean \(meant)?"))
  }

  @Test("what is near nothing gets the list alone")
  func noise() throws {
    let program = try run(["xyzzyq"])
    #expect(program.exitCode == 64)
    #expect(!program.standardError.contains("did you mean"))
    #expect(!program.standardError.contains("measure-group"))
  }

  @Test("report names what is no run")
  func report() throws {
    let program = try run(["report", "/nowhere/a", "/nowhere/b"])
    #expect(program.exitCode == 65)
    #expect(program.standardError.contains("/nowhere/a"))
    #expect(try run(["report"]).exitCode == 64)
    #expect(try run(["report", "a", "b", "c"]).exitCode == 64)
  }

  @Test(
    "bisect wants a good commit and a bad one behind it",
    arguments: [
      ([], "GOOD..BAD"), (["HEAD"], "GOOD..BAD"), (["HEAD..HEAD"], "comes after"),
      (["no-such-revision..HEAD"], "no-such-revision"), (["..HEAD"], "GOOD..BAD"),
      (["a...b"], "GOOD..BAD"),
    ])
  func bisect(words: [String], message: String) throws {
    let program = try run(["bisect"] + words)
    #expect(program.exitCode == 64)
    #expect(program.standardError.contains(message), "\(program.standardError)")
  }

  /// What the program prints on standard output.
  private func output(_ words: [String], columns: Int? = nil) throws -> String {
    let program = try run(words, columns: columns)
    #expect(program.exitCode == 0)
    return program.standardOutput
  }

  @Test("shells and man know every verb and option", arguments: ["bash", "zsh", "fish", "man"])
  func completion(kind: String) throws {
    let text = try output(["completion", kind])
    for word in ["run", "report", "gate", "budget", "threshold"] {
      #expect(text.contains(word), "\(word)")
    }
    #expect(!text.contains("measure-group"))
    #expect(try run(["completion", "tcsh"]).exitCode == 64)
  }

  @Test("help fits a narrow terminal")
  func narrowHelp() throws {
    for words in [["--help"], ["run", "--help"], ["agree", "--help"]] {
      let lines = try output(words, columns: 60).split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= 60 })
    }
  }

  @Test("help fits 80 columns", arguments: ["run", "gate", "report", "list", "profile"])
  func help(verb: String) throws {
    for line in try output([verb, "--help"]).split(separator: "\n") {
      #expect(line.count <= 80, "\(line)")
    }
  }
}
