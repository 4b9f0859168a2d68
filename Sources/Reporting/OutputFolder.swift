// SPDX-License-Identifier: Apache-2.0

internal import Boundary
public import Foundation
internal import Inputs

/// A folder of results that this process alone writes.
///
/// Its lock goes with the process, however that ends. What an earlier command left there is never
/// touched: it is moved into a folder beside the new results.
public final class OutputFolder: Sendable {
  /// The folder.
  public let url: URL
  /// Where earlier results went; nil where there were none.
  public let earlier: URL?
  private let lock: FileLock

  /// Where earlier results go, inside the folder.
  public static let earlierName = "earlier"
  private static let lockName = ".lock"

  /// What a folder is written by.
  public enum Command: Sendable {
    case run, gate, profile

    /// The names that it gives, beside the folders of suites.
    fileprivate var names: Set<String> {
      switch self {
      case .run: ["run.json", "answers.md", "report.html", "roofline.png", "roofline.svg"]
      case .gate: ["gate.json", "gate-rounds.csv", "run-1", "run-2"]
      case .profile: ["trace.json", "phases.csv"]
      }
    }
  }

  /// Makes the folder or takes it over, and moves what an earlier `command` left in it.
  /// - Throws: `ReportingError.inUse` where another process writes it, `.cannotWrite`.
  public init(_ url: URL, for command: Command) throws(ReportingError) {
    self.url = url
    try ReportingError.translating(url) { try Folder.make(url) }
    lock = try Self.lock(url)
    earlier = try Self.setAside(url, of: command)
  }

  /// Takes the folder of an earlier run in order to continue it.
  /// - Throws: `ReportingError.cannotResume` where another process writes it.
  public init(continuing url: URL) throws(ReportingError) {
    self.url = url
    earlier = nil
    do {
      lock = try Self.lock(url)
    } catch {
      switch error {
      case .inUse(let path, let owner):
        throw .cannotResume(path: path, reason: "\(owner) is writing it")
      default: throw error
      }
    }
  }

  private static func lock(_ url: URL) throws(ReportingError) -> FileLock {
    do {
      return try FileLock(url.appending(path: lockName), waits: false)
    } catch {
      switch error {
      case .held(let owner): throw .inUse(path: url.path(percentEncoded: false), owner: owner)
      case .failed(let failure):
        throw .cannotWrite(path: url.path(percentEncoded: false), reason: failure.reason)
      }
    }
  }

  private static func setAside(_ url: URL, of command: Command) throws(ReportingError) -> URL? {
    try ReportingError.translating(url) {
      let names = try Folder.names(in: url).filter {
        command.names.contains($0) || (command == .run && isSuite($0, in: url))
      }
      guard !names.isEmpty else { return nil }
      let folder = try unused(in: url.appending(path: earlierName))
      for name in names.sorted() {
        try Folder.move(url.appending(path: name), to: folder.appending(path: name))
      }
      return folder
    }
  }

  /// Whether a folder has the files of a suite, or of several such as `networks/x`; not where it is
  /// the folder of a run itself.
  private static func isSuite(_ name: String, in folder: URL) -> Bool {
    let path = folder.appending(path: name).path(percentEncoded: false)
    let files = FileManager.default
    guard name != earlierName, !files.fileExists(atPath: "\(path)/run.json") else { return false }
    let inside = (try? files.contentsOfDirectory(atPath: path)) ?? []
    return inside.contains(RunTable.measurements.file)
      || inside.contains { files.fileExists(atPath: "\(path)/\($0)/\(RunTable.measurements.file)") }
  }

  /// A new folder, the first is 1.
  private static func unused(in parent: URL) throws -> URL {
    try Folder.make(parent)
    let numbers = try Folder.names(in: parent).compactMap { Int(reading: $0, in: 0...Int.max - 1) }
    let number = (numbers.max() ?? 0) + 1
    let folder = parent.appending(path: String(number))
    try Folder.make(folder)
    return folder
  }
}

extension ReportingError {
  /// Runs `body`; what the file system says becomes an error about `file`.
  static func translating<Value>(
    _ file: URL, _ body: () throws -> Value
  ) throws(ReportingError) -> Value {
    do {
      return try body()
    } catch let error as FileError {
      throw .cannotWrite(path: error.path, reason: error.reason)
    } catch {
      throw .cannotWrite(
        path: file.path(percentEncoded: false), reason: SystemReason.text(of: error))
    }
  }
}
