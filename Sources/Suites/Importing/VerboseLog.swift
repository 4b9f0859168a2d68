// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// What oneDNN prints with `ONEDNN_VERBOSE` set, from version 1 (`dnnl_verbose`) to 3.
///
/// Each forward convolution in 32-bit floats becomes a case whose multiplicity is how often it was
/// run; bias and ReLU are kept. Everything else is left out with a note.
public enum VerboseLog {
  /// What the lines begin with.
  static let markers = ["onednn_verbose,", "dnnl_verbose,"]

  /// Makes a suite of a log's convolutions, in the order in which they first occur.
  /// - Throws: `SuiteError.nothingToMeasure` where the log has none that can be run.
  public static func suite(
    parsing text: String, file: String, name: String
  ) throws(SuiteError) -> Suite {
    var tally = ImportTally()
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    for (number, line) in lines.enumerated() {
      guard let fields = fields(of: line) else { continue }
      add(fields, to: &tally, file: file, line: number + 1)
    }
    return try tally.suite(
      name: name, title: "Convolutions of \(name)", source: file,
      accepted: "lines of executed forward convolutions in 32-bit floats")
  }

  /// Whether a text is such a log.
  static func isLog(_ text: String) -> Bool {
    text.split { $0.isNewline }.contains { fields(of: $0) != nil }
  }

  /// What follows the marker of a line, wherever a framework's own prefix lets it begin.
  private static func fields(of line: Substring) -> [Substring]? {
    for marker in markers {
      if let range = line.firstRange(of: marker) {
        return line[range.upperBound...].split(separator: ",", omittingEmptySubsequences: false)
      }
    }
    return nil
  }

  private static func add(
    _ fields: [Substring], to tally: inout ImportTally, file: String, line: Int
  ) {
    // A version or a time stamp may stand before `exec`.
    guard let exec = fields.prefix(4).firstIndex(of: "exec"), fields.count > exec + 2 else {
      return
    }
    let kind = fields[exec + 2]
    guard kind == "convolution" else {
      tally.remark("executions of \(kind) are left out", file: file, line: line)
      return
    }
    let execution = VerboseConvolution(fields[(exec + 3)...])
    if let reason = execution.unsupported {
      tally.remark(reason, file: file, line: line)
      return
    }
    for operation in execution.otherPostOperations {
      tally.remark("the post-operation \(operation) is left out", file: file, line: line)
    }
    do throws(ProblemError) {
      tally.add(try ProblemDescriptor.parse(execution.problem), epilogue: execution.epilogue)
    } catch .volumetric {
      tally.remark("three-dimensional convolutions are left out", file: file, line: line)
    } catch {
      tally.remark("\(execution.problem) is left out: \(error)", file: file, line: line)
    }
  }
}
