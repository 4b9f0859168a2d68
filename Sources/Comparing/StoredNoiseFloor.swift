// SPDX-License-Identifier: Apache-2.0

internal import Boundary
public import Foundation

/// What identical code was seen to differ by on a machine, kept between runs.
public struct StoredNoiseFloor: Codable, Hashable, Sendable {
  /// Raised when the file changes in a way that readers notice.
  public static let currentSchema = 1

  /// Version of this file.
  public var schema = currentSchema
  /// CPU model and core count.
  public var machine: String
  /// When, ISO 8601.
  public var measuredAt: String
  /// By length, shortest first.
  public var rows: [Row]

  /// Floors of a machine.
  public init(machine: String, measuredAt: String, rows: [Row]) {
    self.machine = machine
    self.measuredAt = measuredAt
    self.rows = rows
  }

  /// The row whose length is nearest to `nanoseconds`, by factor; nil where there is none.
  public func row(near nanoseconds: Double) -> Row? {
    rows.min { left, right in
      Self.distance(left, nanoseconds) < Self.distance(right, nanoseconds)
    }
  }

  private static func distance(_ row: Row, _ nanoseconds: Double) -> Double {
    max(row.visitNanoseconds / nanoseconds, nanoseconds / row.visitNanoseconds)
  }

  /// Reads what `store` wrote for this machine; nil where there is none, or of another version.
  public static func read(_ folder: URL, machine: String) -> StoredNoiseFloor? {
    guard let data = try? Data(contentsOf: file(folder, machine: machine)),
      let stored = try? JSONDecoder().decode(StoredNoiseFloor.self, from: data),
      stored.schema == currentSchema, stored.machine == machine
    else { return nil }
    return stored
  }

  /// Writes the file; where that cannot be done, it is measured again when needed.
  public func store(_ folder: URL) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    guard let data = try? encoder.encode(self) else { return }
    try? OutputFile.makeFolder(folder)
    try? OutputFile.write(data, to: Self.file(folder, machine: machine))
  }

  private static func file(_ folder: URL, machine: String) -> URL {
    folder.appending(path: "noise-floor-\(machine).json")
  }
}
