// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// What oneDNN prints with `ONEDNN_VERBOSE` set, from version 1 (`dnnl_verbose`) to 3.
///
/// Each forward convolution in 32-bit floats or bf16 becomes a case whose multiplicity is how often it was
/// run; bias and ReLU are kept. Everything else is left out with a note.
public struct VerboseLog {
  private var tally = ImportTally()
  private var firstCreation: Int?
  private let file: String

  private init(file: String) { self.file = file }

  /// Makes a suite of a log's convolutions, in the order in which they first occur.
  /// - Throws: `SuiteError.nothingToMeasure` where the log has none that can be run.
  public static func suite(
    parsing text: String, file: String, name: String
  ) throws(SuiteError) -> Suite {
    var log = Self(file: file)
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    for (number, line) in lines.enumerated() {
      for part in VerboseLine.lines(in: line) { log.add(part, line: number + 1) }
      try log.tally.checkCount(file: file, line: number + 1)
    }
    if log.tally.cases.isEmpty, let line = log.firstCreation {
      log.tally.remark(
        "convolutions that are only created are left out, because how often they run is not there",
        file: file, line: line)
    }
    return try log.tally.suite(
      name: name, title: "Convolutions of \(name)", source: file,
      accepted: "lines of executed forward convolutions of one data type, as oneDNN 1 to 3 write "
        + "them with ONEDNN_VERBOSE=1")
  }

  /// Whether a text is such a log.
  static func isLog(_ text: String) -> Bool {
    text.split { $0.isNewline }.contains { !VerboseLine.lines(in: $0).isEmpty }
  }

  private mutating func add(_ part: VerboseLine, line: Int) {
    func leaveOut(_ reason: String) { tally.remark(reason, file: file, line: line) }
    if part.isOfMKLDNN {
      return leaveOut(
        "lines of MKL-DNN 0.x are left out, because they do not say the types of tensors")
    }
    if part.createsConvolution { firstCreation = firstCreation ?? line }
    guard let exec = part.execution else { return }
    if part.isGraph {
      return leaveOut(
        "executions of graph partitions are left out, because strides and padding are not there")
    }
    guard part.fields.count > exec + 2, !part.isBroken else {
      return leaveOut("a line that is cut is left out")
    }
    let kind = part.fields[exec + 2]
    guard kind == "convolution" else { return leaveOut("executions of \(kind) are left out") }
    add(VerboseConvolution(part.fields[(exec + 3)...]), line: line)
  }

  private mutating func add(_ execution: VerboseConvolution, line: Int) {
    if let reason = execution.unsupported {
      tally.remark(reason, file: file, line: line)
      return
    }
    do throws(ProblemError) {
      var named = execution.isWhole ? try ProblemDescriptor.parse(execution.problem) : nil
      named?.problem.dataType = execution.dataType
      guard let named, !execution.mayLackDigits(named.problem) else {
        tally.remark(
          "a line that is cut inside its problem is left out", file: file, line: line)
        return
      }
      tally.add(named, epilogue: execution.epilogue)
    } catch .volumetric {
      tally.remark("three-dimensional convolutions are left out", file: file, line: line)
      return
    } catch {
      tally.remark("\(execution.problem) is left out: \(error)", file: file, line: line)
      return
    }
    for operation in execution.otherPostOperations {
      tally.remark("the post-operation \(operation) is left out", file: file, line: line)
    }
  }
}
