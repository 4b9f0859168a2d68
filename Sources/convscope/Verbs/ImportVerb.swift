// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Foundation
internal import Suites

/// `convscope import`: problems from the field as a suite file.
struct ImportVerb: Verb {
  static let name = "import"
  static let operands = "FILE"
  static let summary =
    "Turn a benchdnn batch file, an ONEDNN_VERBOSE log or an ONNX model into a suite."
  static let discussion = """
    Writes the suite file to standard output, with names and multiplicities; what was left out, and
    why, to standard error. ONNX models (*.onnx) need Python's onnx: `peers/setup onnx`. Exit code 4
    where convolutions of a model are missing, 65 where none could be read.
    """
  static let options =
    [Option("--output", "FILE", "write the suite to this file instead of standard output")]
    + ModelReader.options

  private let file: String
  private let output: String?
  private let reader: ModelReader

  init(_ arguments: Arguments) throws {
    guard let file = arguments.operands.first else { throw UsageError.missingOperand("FILE") }
    if arguments.operands.count > 1 {
      throw UsageError.tooManyOperands(arguments.operands[1], accepted: "one file")
    }
    self.file = file
    output = arguments.value("--output")
    reader = ModelReader(arguments)
  }

  func run() throws -> ExitCode {
    let suites = try reader.suites([file])
    for note in suites.flatMap(\.notes) { Console.error("note: \(note)") }
    let text = suites.map(SuiteWriter.text).joined()
    guard let output else {
      Console.out(lines: String(text.dropLast()))
      return ModelReader.code(suites)
    }
    try WholeFile.write(Data(text.utf8), to: URL(filePath: output))
    return ModelReader.code(suites)
  }
}

/// Why a file cannot be turned into a suite.
enum ImportError: Error, CustomStringConvertible {
  /// The virtual environment for the ONNX reader is missing.
  case noPython(reason: String)
  /// The ONNX reader ended without an answer; it has said why.
  case readerFailed(file: String, fate: String)
  /// The sizes that were given do not fit the model.
  case wrongSizes(file: String, reason: String)

  var description: String {
    switch self {
    case .noPython(let reason):
      "reading ONNX models needs Python with onnx (\(reason)); `peers/setup onnx` installs it"
    case .readerFailed(let file, let fate):
      "\(file): the reader of ONNX models \(fate)"
    case .wrongSizes(let file, let reason): "\(file): \(reason)"
    }
  }
}
