// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Foundation

/// A batch file of benchdnn: problem descriptors, options and comments.
///
/// Words are separated by white space; one that begins with `#` comments out the rest of its line,
/// and a `\` at the end of a word joins it with the next. Options begin with `--`: `--batch=FILE`
/// reads another file, which is looked for beside this one; all others are skipped with a note,
/// because every problem is run forward in 32-bit floats.
/// - Source: oneDNN, tests/benchdnn, general information on batch files.
public struct BatchFile {
  private var tally = ImportTally()
  private var opened: Set<String> = []
  private var problemsWithoutBatch = 0
  private var firstWithoutBatch: (file: String, line: Int)?

  private init() {}

  /// Makes a suite of a batch file's problems, in order; equal ones become one case.
  /// - Throws: `SuiteError` for a descriptor that describes no problem, or where there is none.
  public static func suite(
    parsing text: String, file: String, name: String
  ) throws(SuiteError) -> Suite {
    var batch = Self()
    batch.opened.insert(standardized(file))
    try batch.read(text, file: file)
    batch.remarkOnBatch()
    return try batch.tally.suite(
      name: name, title: "Problems of \(name)", source: file,
      accepted: "problem descriptors, one a line")
  }

  private mutating func read(_ text: String, file: String) throws(SuiteError) {
    for word in BatchWord.words(of: text) {
      if word.text.hasPrefix("--batch=") {
        try readNested(String(word.text.dropFirst("--batch=".count)), from: word, file: file)
      } else if word.text.hasPrefix("--") {
        tally.remark(
          "the option ‘\(word.text)’ is skipped: problems run forward in 32-bit floats",
          file: file, line: word.line)
      } else {
        try readProblem(word, file: file)
      }
    }
  }

  private mutating func readProblem(_ word: BatchWord, file: String) throws(SuiteError) {
    do throws(ProblemError) {
      tally.add(try ProblemDescriptor.parse(word.text))
      // No key begins with n, so what follows one is the name.
      if !word.text.prefix(while: { $0 != "n" }).contains("mb") {
        problemsWithoutBatch += 1
        firstWithoutBatch = firstWithoutBatch ?? (file, word.line)
      }
    } catch  where error.isTooLarge {
      tally.remark(
        "problems too large to run are left out, as \(word.text)", file: file, line: word.line)
    } catch .volumetric {
      tally.remark("three-dimensional problems are left out", file: file, line: word.line)
    } catch {
      throw .invalidDescriptor(
        place: SuitePlace(file: file, line: word.line, column: word.column, keyPath: ""),
        text: word.text, reason: error)
    }
  }

  private mutating func readNested(
    _ path: String, from word: BatchWord, file: String
  ) throws(SuiteError) {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    let beside = path.hasPrefix("/") ? path : folder.appendingPathComponent(path).relativePath
    guard FileManager.default.fileExists(atPath: beside) else {
      tally.remark("‘\(path)’ is skipped: there is no such file", file: file, line: word.line)
      return
    }
    guard opened.insert(Self.standardized(beside)).inserted else {
      tally.remark("a batch file that is named again is skipped", file: file, line: word.line)
      return
    }
    try read(try SuiteFile.text(beside), file: beside)
  }

  private mutating func remarkOnBatch() {
    guard let first = firstWithoutBatch else { return }
    tally.remark(
      "\(problemsWithoutBatch) problems give no batch (mb) and run with 1; benchdnn takes 2",
      file: first.file, line: first.line)
  }

  private static func standardized(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
  }
}
