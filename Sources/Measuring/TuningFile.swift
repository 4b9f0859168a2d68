// SPDX-License-Identifier: Apache-2.0

public import Boundary
public import Convolution
public import Foundation

/// What `convscope tune` has measured on a machine: the fastest variant of each problem.
public struct TuningFile: Codable, Hashable, Sendable {
  /// Version of the file's form; files of another version are not read.
  public static let currentSchema = 1

  /// The form of this file.
  public private(set) var schema = currentSchema
  /// The machine that measured.
  public let machine: String
  /// The choices by key.
  public private(set) var choices: [String: TunedChoice] = [:]

  /// A file without choices.
  public init(machine: String) {
    self.machine = machine
  }

  /// The choice for `operation`; nil where it was not measured.
  public func choice(
    for operation: ConvolutionOperation, workers: Int, accuracy: AccuracyClass
  ) -> TunedChoice? {
    choices[Self.key(operation, workers: workers, accuracy: accuracy)]
  }

  /// Keeps `choice` in place of an earlier one.
  public mutating func record(
    _ choice: TunedChoice, for operation: ConvolutionOperation, workers: Int,
    accuracy: AccuracyClass
  ) {
    choices[Self.key(operation, workers: workers, accuracy: accuracy)] = choice
  }

  /// The problem without a name, what follows it, and what else decides which variant is fastest.
  static func key(
    _ operation: ConvolutionOperation, workers: Int, accuracy: AccuracyClass
  ) -> String {
    let epilogue =
      (operation.epilogue.hasBias ? " bias" : "") + (operation.epilogue.hasReLU ? " relu" : "")
    let problem = ProblemDescriptor.print(NamedProblem(operation.problem))
    return "\(problem)\(epilogue) workers=\(workers) \(accuracy.rawValue)"
  }
}

extension TuningFile {
  /// Where it is kept: beside the machine's limits.
  public static func url(machine: String) -> URL {
    MachineLimits.cacheFile(machine: machine).deletingLastPathComponent()
      .appending(path: "tuning-\(machine).json")
  }

  /// The file of `machine`, without choices where there is none of this version.
  public static func stored(machine: String) -> TuningFile {
    read(url(machine: machine), machine: machine) ?? TuningFile(machine: machine)
  }

  /// The file at `url`, if it is of this version and `machine` measured it.
  static func read(_ url: URL, machine: String) -> TuningFile? {
    guard let data = try? Data(contentsOf: url),
      let file = try? JSONDecoder().decode(TuningFile.self, from: data),
      file.schema == currentSchema, file.machine == machine
    else { return nil }
    return file
  }

  /// Changes the file of `machine` at `url`, together with whoever else changes it now.
  ///
  /// It is read, changed and written under a lock, so that choices of another process stay. A file
  /// that cannot be read, perhaps of a later version, is kept under another name.
  /// - Throws: `FileError`; the file is then as it was.
  public static func update(
    _ url: URL, machine: String, _ change: (inout TuningFile) -> Void
  ) throws(FileError) {
    do {
      try Folder.make(url.deletingLastPathComponent())
      let lock = try FileLock(url.appendingPathExtension("lock"), waits: true)
      defer { withExtendedLifetime(lock) {} }
      let stored = read(url, machine: machine)
      if stored == nil, FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) {
        try setAside(url)
      }
      var file = stored ?? TuningFile(machine: machine)
      change(&file)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try WholeFile.write(try encoder.encode(file), to: url)
    } catch let error as FileError {
      throw error
    } catch FileLock.Refusal.failed(let error) {
      throw error
    } catch {
      throw FileError(path: url.path(percentEncoded: false), reason: SystemReason.text(of: error))
    }
  }

  /// Gives a file that this version cannot read another name, after the first that is free.
  private static func setAside(_ url: URL) throws {
    for number in 1... {
      let other = url.appendingPathExtension("unread-\(number)")
      guard !FileManager.default.fileExists(atPath: other.path(percentEncoded: false)) else {
        continue
      }
      return try Folder.move(url, to: other)
    }
  }
}
