// SPDX-License-Identifier: Apache-2.0

internal import Children
internal import Foundation
internal import Suites

/// Reads suites by name, and files by path, of which ONNX models take Python and may need sizes.
struct ModelReader {
  private let words: [String]
  /// Where whole networks go; nil reads convolutions only.
  private let folder: ModelFolder?
  private let seed: UInt64

  /// What a model may leave open.
  static let options = [
    Option(
      "--shape", repeatable: "NAME=1x3x224x224", "shape of a model's input (ONNX)"),
    Option("--dim", repeatable: "NAME=N", "size of an axis that a model names (ONNX)"),
  ]

  /// A reader that gives open sizes what the arguments say.
  ///
  /// With a folder, models are read as whole networks, too.
  init(_ arguments: Arguments, networksIn folder: ModelFolder? = nil, seed: UInt64 = 1) {
    self.folder = folder
    self.seed = seed
    words = Self.options.flatMap { option in
      arguments.all(option.name).map { "\(option.name)=\($0)" }
    }
  }

  /// The suites of these names and paths.
  /// - Throws: `SuiteError`, `UsageError`, `ImportError`.
  func suites(_ names: [String]) throws -> [Suite] {
    try checkSizes()
    let library = SuiteLibrary(folder: ProjectFolder.suites)
    if let word = words.first, !names.contains(where: library.isModel) {
      throw UsageError.invalidValue(
        option: String(word.prefix { $0 != "=" }),
        value: String(word.drop { $0 != "=" }.dropFirst()),
        accepted: "sizes for an ONNX model, and none is named")
    }
    return try library.suites(names, model: model)
  }

  /// Two sizes of one name contradict each other, whichever comes last.
  private func checkSizes() throws(UsageError) {
    var sizes: [String: String] = [:]
    for word in Set(words) {
      // `--dim=NAME=N`: the name is what stands before the last sign.
      let name = String(word.prefix(upTo: word.lastIndex(of: "=") ?? word.endIndex))
      guard let other = sizes.updateValue(word, forKey: name) else { continue }
      throw .invalidValue(
        option: String(word.prefix { $0 != "=" }), value: "\([other, word].sorted())",
        accepted: "one size for each name")
    }
  }

  /// What else a verb says of suites that were read in part.
  static func code(_ suites: [Suite]) -> ExitCode {
    suites.contains { $0.missing > 0 } ? .inconclusive : .success
  }

  /// What the reader of models says of `file`.
  private func listing(_ file: String, _ command: Command) throws -> ONNXListing {
    let finished: Command.Finished
    do {
      finished = try command.run()
    } catch {
      throw ImportError.noPython(reason: error.reason)
    }
    let data = Data(finished.output)
    if let refusal = try? JSONDecoder().decode(Refusal.self, from: data) {
      if let usage = refusal.usage { throw ImportError.wrongSizes(file: file, reason: usage) }
      if let reason = refusal.invalid { throw SuiteError.unreadable(file: file, reason: reason) }
    }
    guard let listing = try? ONNXListing(data) else {
      throw ImportError.readerFailed(file: file, fate: finished.fate)
    }
    return listing
  }

  /// Has Python list the model's convolutions.
  private func model(_ file: String) throws -> [Suite] {
    let peers = ProjectFolder.url.appending(path: "peers")
    let python = peers.appending(path: ".venv/bin/python")
    guard FileManager.default.isExecutableFile(atPath: python.path(percentEncoded: false)) else {
      throw ImportError.noPython(reason: "\(python.path(percentEncoded: false)) is not there")
    }
    var command = Command(
      [python, peers.appending(path: "onnx_convolutions.py")].map { $0.path(percentEncoded: false) }
        + ["--json"] + graphWords(file) + words + ["--", file])
    command.output = .pipe
    let listing = try listing(file, command)
    let name = URL(filePath: file).deletingPathExtension().lastPathComponent
    let whole = listing.whole(file: file, name: name)
    return (whole.map { [$0] } ?? []) + [try listing.suite(file: file, name: name)]
  }

  /// What asks the reader for the whole network: a folder of its own and the seed of its input.
  private func graphWords(_ file: String) -> [String] {
    guard let folder else { return [] }
    let name = URL(filePath: file).deletingPathExtension().lastPathComponent
    let own = folder.url.appending(path: name).path(percentEncoded: false)
    return ["--graph", own, "--seed", String(seed)]
  }

  /// What the reader says where it does not list anything.
  private struct Refusal: Decodable {
    var usage: String?
    var invalid: String?
  }
}
