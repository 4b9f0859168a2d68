// SPDX-License-Identifier: Apache-2.0

public import Boundary
public import Foundation
internal import Inputs
internal import Machine

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
  /// Load average of the minute before; nil where it was not known, as in files of before.
  public var loadAverage: Double?
  /// By length, shortest first.
  public var rows: [Row]
  /// What the place of its functions costs a build; nil where nobody looked.
  public var layout: Layout?

  /// After so many days a floor is measured again: neighbours, kernels and microcode change.
  public static let daysValid = 90.0

  /// Floors of a machine.
  public init(
    machine: String, measuredAt: String, loadAverage: Double? = nil, rows: [Row],
    layout: Layout? = nil
  ) {
    self.machine = machine
    self.measuredAt = measuredAt
    self.loadAverage = loadAverage
    self.rows = rows
    self.layout = layout
  }

  /// Why it is not kept; nil where it is.
  ///
  /// A floor taken beside other work would call everything the same for as long as it is kept.
  public func reasonAgainst(cpus: Int) -> String? {
    MachineLoad.reasonAgainst(loadAverage, cpus: cpus)
  }

  /// Whether what was measured at `text` was so at most `daysValid` days before `now`.
  private static func isValid(_ text: String, at now: Date) -> Bool {
    guard let date = try? Date(text, strategy: .iso8601) else { return false }
    return now.timeIntervalSince(date) < daysValid * 86_400
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

  /// What may stand as a floor, as a fraction: ten times as long is no noise any more.
  public static let shares = 0.0...10.0

  /// Reads what `store` wrote for this machine; nil where there is none that `check` accepts.
  public static func read(
    _ folder: URL, machine: String, now: Date = Date()
  ) -> StoredNoiseFloor? {
    (try? check(folder, machine: machine, now: now)) ?? nil
  }

  /// Reads what `store` wrote for this machine; nil where there is none, of another version, or too
  /// old.
  /// - Throws: `ComparingError.malformed` where the file is damaged or has floors that cannot be.
  public static func check(
    _ folder: URL, machine: String, now: Date = Date()
  ) throws(ComparingError) -> StoredNoiseFloor? {
    let file = file(folder, machine: machine)
    let path = file.path(percentEncoded: false)
    guard let bytes = try? InputFile.bytes(path, limit: 1 << 24) else { return nil }
    var stored: StoredNoiseFloor
    do {
      stored = try Self.decoded(bytes)
    } catch {
      let reason = (error as? DecodingError)?.words(in: bytes) { (try? Self.decoded($0)) != nil }
      throw .malformed(path: path, reason: reason ?? "it is no JSON of noise floors")
    }
    guard stored.schema == currentSchema, stored.machine == machine,
      isValid(stored.measuredAt, at: now)
    else { return nil }
    if let date = stored.layout?.measuredAt, !isValid(date, at: now) { stored.layout = nil }
    if let fault = stored.fault { throw .malformed(path: path, reason: fault) }
    return stored
  }

  /// What no measurement leads to; nil where there is nothing of that.
  private var fault: String? {
    let most = Self.shares.upperBound
    if let layout, !Self.shares.contains(layout.relative) {
      return "layout.relative is \(layout.relative); accepted is a share from 0 to \(most)"
    }
    guard let row = rows.first(where: { !$0.isPlausible }) else { return nil }
    return "visit_ns \(row.visitNanoseconds) has the floors \(row.paired), "
      + "\(row.gate.map { "\($0)" } ?? "none") and \(row.apart); accepted are shares from "
      + "0 to \(most) of visits above 0 ns"
  }

  private static func decoded(_ bytes: [UInt8]) throws -> Self {
    try JSONNumbers.requireUniqueKeys(bytes)
    return try JSONDecoder().decode(Self.self, from: Data(bytes))
  }

  /// Writes the file.
  /// - Throws: `FileError`.
  public func store(_ folder: URL) throws(FileError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    guard let data = try? encoder.encode(self) else { return }
    try Folder.make(folder)
    try WholeFile.write(data, to: Self.file(folder, machine: machine))
  }

  private static func file(_ folder: URL, machine: String) -> URL {
    folder.appending(path: "noise-floor-\(machine).json")
  }
}
