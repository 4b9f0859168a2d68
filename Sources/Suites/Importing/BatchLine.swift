// SPDX-License-Identifier: Apache-2.0

/// What a line of a batch file asks for: the file's own words, a command line, or what benchdnn
/// prints about one.
struct BatchLine {
  /// The part of the line that holds options and problems; empty in a line of totals.
  let text: Substring
  /// Whether it is a command of its own, which no option of an earlier line concerns.
  let isCommand: Bool

  /// What benchdnn prints beside its problems.
  private static let totals = ["Output template:", "tests:", "total:", "total perf:"]
  /// What stands before the options and the problem of a test that was run.
  private static let reproducer = "__REPRO:"

  /// Finds the words of a line.
  init(_ line: Substring) {
    let trimmed = line.drop { $0.isWhitespace }
    if Self.totals.contains(where: trimmed.hasPrefix) {
      (text, isCommand) = (line.suffix(0), true)
    } else if let found = line.firstRange(of: Self.reproducer) {
      (text, isCommand) = (line[found.upperBound...], true)
    } else if trimmed.hasPrefix("perf,") {
      (text, isCommand) = (Self.measured(trimmed), true)
    } else if let command = Self.arguments(line) {
      (text, isCommand) = (command, true)
    } else {
      (text, isCommand) = (line, false)
    }
  }

  /// The field of a line of performance that holds options and the problem; the whole line where
  /// none does.
  private static func measured(_ line: Substring) -> Substring {
    let fields = fields(of: line)
    let problem = fields.firstIndex { field in
      field.split(whereSeparator: \.isWhitespace).last.map(isProblem) ?? false
    }
    // An option may hold a comma, too.
    let options = fields.firstIndex { $0.hasPrefix("--") }
    guard let first = options ?? problem, let last = problem ?? options, first <= last else {
      return line
    }
    return line[fields[first].startIndex..<fields[last].endIndex]
  }

  /// The parts between commas, of which those in quotes, as in a name, are none.
  private static func fields(of line: Substring) -> [Substring] {
    var isQuoted = false
    return line.split(omittingEmptySubsequences: false) { character in
      if character == "\"" { isQuoted.toggle() }
      return character == "," && !isQuoted
    }
  }

  /// Whether a word begins like a descriptor: with groups, batch or input channels.
  private static func isProblem(_ word: Substring) -> Bool {
    let key = word.prefix { $0.isLetter }
    return ["g", "mb", "ic"].contains(key) && word.dropFirst(key.count).first?.isNumber == true
  }

  /// What follows the program in a command line; nil where the line is none.
  private static func arguments(_ line: Substring) -> Substring? {
    for word in line.split(whereSeparator: \.isWhitespace) {
      if word.hasPrefix("#") { return nil }
      if word == "benchdnn" || word.hasSuffix("/benchdnn") { return line[word.endIndex...] }
    }
    return nil
  }
}
