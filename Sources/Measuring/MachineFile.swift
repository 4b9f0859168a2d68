// SPDX-License-Identifier: Apache-2.0

public import Boundary
public import Foundation
internal import Inputs

/// What is kept of one machine beside its limits, as JSON in a file of its own.
public protocol MachineFile: Codable {
  /// What the file's name begins with.
  static var purpose: String { get }
  /// Version of the file's form; files of another version are not read.
  static var currentSchema: Int { get }
  /// The form of this file.
  var schema: Int { get }
  /// The machine that measured.
  var machine: String { get }
  /// A file in which nothing is kept.
  init(machine: String)
  /// Whether what it holds can have been measured; if not, the file counts as one of another version.
  var isPlausible: Bool { get }
}

extension MachineFile {
  /// Where it is kept: beside the machine's limits.
  public static func url(machine: String) -> URL {
    MachineLimits.cacheFile(machine: machine).deletingLastPathComponent()
      .appending(path: "\(purpose)-\(machine).json")
  }

  /// The file of `machine`, empty where there is none of this version.
  public static func stored(machine: String) -> Self {
    read(url(machine: machine), machine: machine) ?? Self(machine: machine)
  }

  /// The file at `url`, if it is of this version and `machine` measured it.
  static func read(_ url: URL, machine: String) -> Self? {
    // Thousands of choices are a megabyte.
    guard let bytes = try? InputFile.bytes(url.path(percentEncoded: false), limit: 1 << 26),
      (try? JSONNumbers.requireUniqueKeys(bytes)) != nil,
      let file = try? JSONDecoder().decode(Self.self, from: Data(bytes)),
      file.schema == currentSchema, file.machine == machine, file.isPlausible
    else { return nil }
    return file
  }

  /// Changes the file of `machine` at `url`, together with whoever else changes it now.
  ///
  /// It is read, changed and written under a lock, so that what another process adds stays. A file
  /// that cannot be read, perhaps of a later version, is kept under another name.
  /// - Throws: `FileError`; the file is then as it was.
  public static func update(
    _ url: URL, machine: String, _ change: (inout Self) -> Void
  ) throws(FileError) {
    do {
      try Folder.make(url.deletingLastPathComponent())
      let lock = try FileLock(url.appendingPathExtension("lock"), waits: true)
      defer { withExtendedLifetime(lock) {} }
      let stored = read(url, machine: machine)
      if stored == nil, FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) {
        try setAside(url)
      }
      var file = stored ?? Self(machine: machine)
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
