// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// What identical code was seen to differ by on a machine, kept between runs.
public struct StoredNoiseFloor: Codable, Hashable, Sendable {
  /// Raised when the file changes in a way that readers notice.
  public static let currentSchema = 1

  /// The floors of one length of visits; each as a fraction.
  public struct Row: Codable, Hashable, Sendable {
    /// Length of a visit, in nanoseconds.
    public var visitNanoseconds: Double
    /// Pairs of fresh processes that were compared.
    public var sessions: Int
    /// What one interleaved pair of processes differed by, at most in 95 % of the cases.
    public var paired: Double
    /// What the median over the sessions may be off by: the floor of a gate.
    public var gate: Double?
    /// What two processes that ran one after the other differed by.
    public var apart: Double

    /// Floors.
    public init(
      visitNanoseconds: Double, sessions: Int, paired: Double, gate: Double?, apart: Double
    ) {
      self.visitNanoseconds = visitNanoseconds
      self.sessions = sessions
      self.paired = paired
      self.gate = gate
      self.apart = apart
    }

    private enum CodingKeys: String, CodingKey {
      case sessions, paired, gate, apart
      case visitNanoseconds = "visit_ns"
    }
  }

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
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try? data.write(to: Self.file(folder, machine: machine), options: .atomic)
  }

  private static func file(_ folder: URL, machine: String) -> URL {
    folder.appending(path: "noise-floor-\(machine).json")
  }
}
