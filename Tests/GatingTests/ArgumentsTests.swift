// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import convscope

@Suite("The words of a command line")
struct ArgumentsTests {
  private static let options = [
    Option("--workers", "1,2", ""), Option("--output", "DIR", ""), Option("--quiet", nil, ""),
    Option("--allow-exec", optional: "COMMAND", ""),
  ]

  private func sorted(_ words: [String]) throws(UsageError) -> Arguments {
    try Arguments(words, accepting: Self.options)
  }

  @Test(
    "an empty value is no wish for the default",
    arguments: [
      ["--workers", ""], ["--workers="], ["--workers", " "], ["--output="], ["--output", "\t"],
      ["--allow-exec="], [""], ["--", ""], ["--output"], ["--output", "--quiet"],
      ["--output", "--workers=1"], ["--quiet=1"], ["--quiet="], ["--other"],
    ])
  func empty(_ words: [String]) {
    #expect(throws: UsageError.self) { try sorted(words) }
  }

  @Test("a list has no empty part", arguments: ["1,,2", ",", "1,", " ,1"])
  func emptyPart(_ value: String) throws {
    let arguments = try sorted(["--workers", value])
    #expect(throws: UsageError.self) { try arguments.list("--workers") }
  }

  @Test("a value that is given twice counts once, in the order of the first")
  func repeated() throws {
    let arguments = try sorted(["--workers", "2,1,2", "--workers=1", "--workers", "3"])
    #expect(try arguments.list("--workers") == ["2", "1", "3"])
  }

  @Test(
    "one value is given once, and a list as often as one likes",
    arguments: [["--output", "a", "--output", "b"], ["--output=a", "--output=a"]])
  func givenTwice(_ words: [String]) throws {
    let error = #expect(throws: UsageError.self) { try sorted(words) }
    #expect(error.map { "\($0)".contains("--output") } == true)
    #expect(try sorted(["--workers", "1", "--workers", "2"]).all("--workers") == ["1", "2"])
    #expect(try sorted(["--quiet", "--quiet"]).has("--quiet"))
  }

  @Test("a value that may be left out is taken from behind its `=` only")
  func optional() throws {
    let all = try sorted(["--allow-exec", "suite.json5"])
    #expect(all.operands == ["suite.json5"])
    #expect(all.all("--allow-exec") == [""])
    #expect(all.words(Self.options) == ["--allow-exec", "--", "suite.json5"])
    let some = try sorted(["--allow-exec=python3"])
    #expect(some.all("--allow-exec") == ["python3"])
    #expect(some.words(Self.options) == ["--allow-exec=python3"])
  }

  @Test("operands come back as operands, whatever they look like")
  func operands() throws {
    let words = ["--output=a", "--", "--peer=evil=sh", "-x", "quick"]
    let arguments = try sorted(words)
    #expect(arguments.operands == ["--peer=evil=sh", "-x", "quick"])
    #expect(arguments.words(Self.options) == words)
    #expect(try sorted(arguments.words(Self.options)).operands == arguments.operands)
  }
}
