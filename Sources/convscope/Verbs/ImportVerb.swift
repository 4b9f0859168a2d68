// SPDX-License-Identifier: Apache-2.0

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
    why, to standard error. ONNX models (*.onnx) need Python's onnx: `peers/setup onnx`.
    """
  static let options = [
    Option("--output", "FILE", "write the suite to this file instead of standard output")
  ]

  private let file: String
  private let output: String?

  init(_ arguments: Arguments) throws {
    guard let file = arguments.operands.first else { throw UsageError.missingOperand("FILE") }
    if arguments.operands.count > 1 {
      throw UsageError.tooManyOperands(arguments.operands[1], accepted: "one file")
    }
    self.file = file
    output = arguments.value("--output")
  }

  func run() throws -> ExitCode {
    let suite =
      file.hasSuffix(".onnx")
      ? try Self.onnxModel(file) : try SuiteLibrary(folder: ProjectFolder.suites).suite(file)
    for note in suite.notes { Console.error("note: \(note)") }
    let text = SuiteWriter.text(suite)
    guard let output else {
      Console.out(String(text.dropLast()))
      return .success
    }
    do {
      try Data(text.utf8).write(to: URL(filePath: output), options: .atomic)
    } catch {
      throw ImportError.cannotWrite(path: output, reason: error.localizedDescription)
    }
    return .success
  }

  /// Has Python list the model's convolutions as a batch file, and reads that.
  private static func onnxModel(_ file: String) throws -> Suite {
    let peers = ProjectFolder.url.appending(path: "peers")
    let process = Process()
    process.executableURL = peers.appending(path: ".venv/bin/python")
    process.arguments = [
      peers.appending(path: "onnx_convolutions.py").path(percentEncoded: false), file,
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    do {
      try process.run()
    } catch {
      throw ImportError.noPython(reason: error.localizedDescription)
    }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw ImportError.modelNotRead(file: file, status: Int(process.terminationStatus))
    }
    let name = URL(filePath: file).deletingPathExtension().lastPathComponent
    let text = String(decoding: data, as: UTF8.self)
    return try BatchFile.suite(parsing: text, file: file, name: name)
  }
}

/// Why a file cannot be turned into a suite.
enum ImportError: Error, CustomStringConvertible {
  /// The suite file cannot be written.
  case cannotWrite(path: String, reason: String)
  /// The virtual environment for the ONNX reader is missing.
  case noPython(reason: String)
  /// The ONNX reader found nothing to import, or failed; it has said why.
  case modelNotRead(file: String, status: Int)

  var description: String {
    switch self {
    case .cannotWrite(let path, let reason): "cannot write \(path): \(reason)"
    case .noPython(let reason):
      "reading ONNX models needs Python with onnx (\(reason)); `peers/setup onnx` installs it"
    case .modelNotRead(let file, let status):
      "\(file): no convolution could be read (the reader ended with \(status))"
    }
  }
}
