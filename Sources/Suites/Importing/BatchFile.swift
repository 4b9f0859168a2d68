// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Foundation

/// A batch file of benchdnn: problem descriptors, options and comments.
///
/// Words are separated by white space; one that begins with `#` comments out the rest of its line,
/// and a `\` at the end of a word joins it with the next. Options begin with `--`: `--batch=FILE`
/// reads another file, which is looked for beside this one; `--mb=N` replaces the batch of the
/// problems after it until `--reset`, and `--dt=TYPE` their data type; another driver than `--conv` is refused; all others are
/// skipped with a note. Command lines of benchdnn and the lines that it prints about a problem
/// (`perf,…` and `__REPRO`) are read as what they ask for.
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
    // Options hold within a file, as benchdnn has it.
    var options = BatchOptions()
    for word in BatchWord.words(of: text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text) {
      if word.beginsCommand { options = BatchOptions() }
      if word.text.prefix(while: { $0 != "=" }) == "--batch" {
        try readNested(String(word.text.dropFirst("--batch=".count)), from: word, file: file)
      } else if word.text.hasPrefix("-") {
        try readOption(word, into: &options, file: file)
      } else {
        try readProblem(word, options: options, file: file)
        try tally.checkCount(file: file, line: word.line)
      }
    }
  }

  private mutating func readOption(
    _ word: BatchWord, into options: inout BatchOptions, file: String
  ) throws(SuiteError) {
    func invalid(_ value: String, _ accepted: String) -> SuiteError {
      .invalidValue(place: word.place(in: file), value: value, accepted: accepted)
    }
    switch word.text.prefix(while: { $0 != "=" }) {
    case "--mb":
      guard options.readBatches(word.text.dropFirst("--mb=".count)) else {
        let accepted = "--mb=N or --mb=N,M with whole numbers, of which 0 is each problem's own"
        throw invalid("‘\(word.text)’", accepted)
      }
    case "--dt" where options.readTypes(word.text.dropFirst("--dt=".count)): break
    case "--dt" where word.text.dropFirst("--dt=".count).isEmpty:
      throw invalid("‘\(word.text)’", "--dt=TYPE with one or more of \(DataType.accepted)")
    case "--reset": options = BatchOptions()
    case "--conv": break
    case let other where BatchOptions.otherDrivers.contains(String(other)):
      throw invalid(
        "the driver \(other)", "\(BatchOptions.driver), whose problems are convolutions")
    default:
      let reason = BatchOptions.reason(skipping: word.text)
      tally.remark("the option ‘\(word.text)’ is skipped: \(reason)", file: file, line: word.line)
    }
  }

  /// The problem in each batch and type, read whole before any is added: one that is too large leaves out
  /// all.
  private static func problems(
    _ word: BatchWord, _ options: BatchOptions
  ) throws(ProblemError) -> [NamedProblem] {
    let named = try ProblemDescriptor.parse(word.text)
    var all: [NamedProblem] = []
    for batch in options.batches.isEmpty ? [0] : options.batches {
      let sized = batch == 0 ? named : try named.withBatch(batch)
      all += options.dataTypes.map { sized.of($0) }
    }
    return all
  }

  private mutating func readProblem(
    _ word: BatchWord, options: BatchOptions, file: String
  ) throws(SuiteError) {
    do throws(ProblemError) {
      for problem in try Self.problems(word, options) { tally.add(problem) }
      // No key begins with n, so what follows one is the name.
      if options.batches.isEmpty || options.batches.contains(0),
        !word.text.prefix(while: { $0 != "n" }).contains("mb")
      {
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
        place: word.place(in: file), text: word.text, reason: error)
    }
  }

  private mutating func readNested(
    _ path: String, from word: BatchWord, file: String
  ) throws(SuiteError) {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    let beside = path.hasPrefix("/") ? path : folder.appendingPathComponent(path).relativePath
    let place = SuitePlace(file: file, line: word.line, column: word.column, keyPath: "")
    guard opened.insert(Self.standardized(beside)).inserted else {
      tally.remark("a batch file that is named again is skipped", file: file, line: word.line)
      return
    }
    guard opened.count <= SuiteLimits.mostBatchFiles else {
      throw .tooMany(
        place: place, what: "batch files that one names", accepted: SuiteLimits.mostBatchFiles)
    }
    let text: String
    do throws(SuiteError) {
      text = try SuiteFile.text(beside)
    } catch {
      throw .invalidValue(
        place: place, value: "‘\(word.text)’",
        accepted: "--batch=FILE with a file that can be read; \(error)")
    }
    try read(text, file: beside)
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

extension NamedProblem {
  /// The same problem of another data type.
  fileprivate func of(_ type: DataType) -> NamedProblem {
    var named = self
    named.problem.dataType = type
    return named
  }

  /// The same problem of another batch.
  fileprivate func withBatch(_ batch: Int) throws(ProblemError) -> NamedProblem {
    var named = self
    named.problem = try ConvolutionProblem(
      groups: problem.groups, batch: batch, inChannels: problem.inChannels,
      outChannels: problem.outChannels, input: problem.input, kernel: problem.kernel,
      stride: problem.stride, padding: problem.padding, dilation: problem.dilation)
    return named
  }
}
