// SPDX-License-Identifier: Apache-2.0

public import Foundation
public import Inputs
internal import Statistics

/// A folder that `convscope run` wrote, read back.
public struct StoredRun: Sendable {
  /// The versions of a run's files that this program reads.
  public static let acceptedSchemas = [1]

  /// The folder, as it was named.
  public let path: String
  /// CPU model and core count.
  public let machine: String
  /// When the run began, ISO 8601.
  public let startedAt: String
  /// The program's version.
  public let version: String
  /// Git revision of the build; nil where it was not known.
  public let revision: String?
  /// Fresh processes that each group's rounds come from; 1 is the run's own.
  public let processes: Int
  /// The margin of the run's own paired comparisons, as a fraction.
  public let noiseFloor: Double
  /// What two runs of identical code differ by here, as a fraction; nil where never measured.
  public let noiseFloorBetweenRuns: Double?
  /// Everything about the surroundings as `path.to.key` → text, lists joined by commas.
  public let environment: [String: String]
  /// The suites, in order.
  public let suites: [String]
  /// Where the suites lie that are files of their own, by name.
  public let suiteFiles: [String: String]
  /// The rows, sorted.
  public let cases: [StoredCase]
  /// What the machine can do at most with one worker, by `limitKeys`.
  let measuredLimits: [String: String]

  /// Reads the folder.
  /// - Parameters:
  ///   - folder: The run's.
  ///   - needsRounds: Whether each suite must have its samples.csv; without, its cases have no rounds.
  /// - Throws: `ComparingError`.
  public init(_ folder: URL, needsRounds: Bool = true) throws(ComparingError) {
    path = folder.path(percentEncoded: false)
    let file = "\(path)/run.json"
    let record = try Self.record(folder.appending(path: "run.json"))
    guard let environment = record["environment"] as? [String: Any],
      let machine = environment["machine"] as? String
    else { throw .malformed(path: file, reason: "environment.machine is missing") }
    self.machine = machine
    startedAt = try Self.time(record, "startedAt", in: file)
    version = try Self.value(record, "version", accepted: "a text", in: file) ?? ""
    revision = try Self.value(environment, "revision", accepted: "a text", in: file)
    processes = try Self.processes(record, in: file)
    noiseFloor = try Self.share(record, "noiseFloor", in: file) ?? 0
    noiseFloorBetweenRuns = try Self.share(record, "noiseFloorBetweenRuns", in: file)
    var flat = FlatJSON.flattened(environment, under: "")
    flat.merge(FlatJSON.flattened(record["libraries"] ?? [:], under: "libraries")) { $1 }
    self.environment = flat
    suites = try Self.suites(record, in: file)
    suiteFiles =
      try Self.value(record, "suiteFiles", accepted: "an object of paths", in: file) ?? [:]
    measuredLimits = Self.limits(record)
    cases = try Self.cases(folder, suites: suites, needsRounds: needsRounds)
  }

  private static func suites(
    _ record: [String: Any], in file: String
  ) throws(ComparingError) -> [String] {
    guard let suites = record["suites"] as? [String], !suites.isEmpty,
      Set(suites).count == suites.count
    else {
      throw .malformed(path: file, reason: "suites is no list of names, each once")
    }
    for suite in suites where !isPlain(suite) {
      throw .malformed(
        path: file,
        reason: "suites has ‘\(suite)’; accepted are names of folders in the run's own")
    }
    return suites
  }

  /// What names the suites to a program that plans them again: their files, or their names.
  public var suiteOperands: [String] { suites.map { suiteFiles[$0] ?? $0 } }

  /// Whether a suite's folder lies in the run's.
  private static func isPlain(_ suite: String) -> Bool {
    suite.split(separator: "/", omittingEmptySubsequences: false)
      .allSatisfy { !["", ".", ".."].contains($0) }
  }

  /// Any description of surroundings as `environment` shows those of a run.
  /// - Throws: an encoding error where a number is not finite.
  public static func flattened(_ environment: some Encodable) throws -> [String: String] {
    let data = try JSONEncoder().encode(environment)
    return FlatJSON.flattened(try JSONSerialization.jsonObject(with: data), under: "")
  }

  /// The comparisons of all suites, in order.
  /// - Throws: `ComparingError` where a file is missing or damaged.
  public func comparisons() throws(ComparingError) -> [StoredComparison] {
    var rows: [StoredComparison] = []
    for suite in suites {
      let folder = URL(filePath: "\(path)/\(suite)")
      let own = try StoredComparison.read(folder)
      try Self.check(own.count, of: .comparisons, in: folder)
      rows += own
    }
    return rows
  }

  /// What `measuredLimits` has: the sets whose arithmetic was measured, the most that it and memory
  /// reach, and their ratio.
  static let limitKeys = [
    "instruction sets", "FMA peak, GFLOP/s", "memory read, GB/s",
    "FLOP per byte of memory at balance",
  ]

  private static func limits(_ record: [String: Any]) -> [String: String] {
    func rows(_ list: String) -> [[String: Any]] {
      ((record["limits"] as? [String: Any])?[list] as? [[String: Any]] ?? [])
        .filter { $0["workers"] as? Int == 1 }
    }
    func most(_ list: String, _ key: String, _ isMeant: ([String: Any]) -> Bool) -> Double? {
      rows(list).filter(isMeant).compactMap { $0[key] as? Double }.max()
    }
    // Those of other types than 32-bit floats name it.
    let peak = most("peaks", "gflopPerSecond") { $0["dataType"] == nil }
    let memory = most("bandwidths", "readGBPerSecond") { $0["level"] as? String == "memory" }
    let balance = peak.flatMap { peak in memory.map { peak / $0 } }
    let numbers = [peak, memory, balance].map { $0.map { String(format: "%.3g", $0) } }
    let sets = rows("peaks").compactMap { $0["instructionSet"] as? String }
      .reduce(into: [String]()) { if !$0.contains($1) && $1 != "scalar" { $0.append($1) } }
    let values = [sets.isEmpty ? nil : sets.joined(separator: ", ")] + numbers
    return Dictionary(
      zip(limitKeys, values).compactMap { key, value in value.map { (key, $0) } },
      uniquingKeysWith: { $1 })
  }

  /// A table of a suite's folder with the columns `required`, and no row twice.
  /// - Throws: `ComparingError.unreadable`, or `.malformedLine`.
  public static func table(
    _ table: RunTable, in folder: URL, required: [String] = []
  ) throws(ComparingError) -> CSVTable {
    do throws(CSVFault) {
      return try CSVTable(table, in: folder, required: required)
    } catch {
      throw ComparingError(error)
    }
  }

  static func record(_ file: URL) throws(ComparingError) -> [String: Any] {
    let path = file.path(percentEncoded: false)
    let bytes: [UInt8]
    do throws(InputFile.Fault) {
      bytes = try InputFile.bytes(path, limit: RunTable.largestFile)
    } catch {
      throw .unreadable(path: path, reason: "\(error); a run's folder has one")
    }
    do throws(DecodingError) {
      try JSONNumbers.requireUniqueKeys(bytes)
    } catch {
      throw .malformed(path: path, reason: error.words(in: bytes) { _ in false })
    }
    guard let object = Self.object(bytes) else {
      let number = JSONNumbers.refused(in: bytes) { Self.object($0) != nil }
      throw .malformed(path: path, reason: number ?? "it is no JSON object")
    }
    guard let schema = object["schema"] as? Int else {
      let found = object["schema"].map { "schema is \($0)" } ?? "schema is missing"
      throw .malformed(
        path: path,
        reason: "\(found); accepted is \(acceptedSchemas.map(String.init).joined(separator: ", "))")
    }
    guard acceptedSchemas.contains(schema) else {
      throw .unknownSchema(path: path, found: schema, accepted: acceptedSchemas)
    }
    return object
  }

  private static func object(_ bytes: [UInt8]) -> [String: Any]? {
    (try? JSONSerialization.jsonObject(with: Data(bytes))) as? [String: Any]
  }

  /// What the record may have, of the type that it must then have.
  private static func value<Value>(
    _ record: [String: Any], _ key: String, accepted: String, in path: String
  ) throws(ComparingError) -> Value? {
    guard let found = record[key], !(found is NSNull) else { return nil }
    guard let value = found as? Value else {
      throw .malformed(path: path, reason: "\(key) is \(found); accepted is \(accepted)")
    }
    return value
  }

  /// A time that the record must have: by it runs are put in order.
  private static func time(
    _ record: [String: Any], _ key: String, in path: String
  ) throws(ComparingError) -> String {
    guard let text = record[key] as? String, (try? Date(text, strategy: .iso8601)) != nil else {
      let found = record[key].map { "\(key) is \($0)" } ?? "\(key) is missing"
      throw .malformed(path: path, reason: "\(found); accepted is a time as 2026-01-31T12:00:00Z")
    }
    return text
  }

  private static func cases(
    _ folder: URL, suites: [String], needsRounds: Bool
  ) throws(ComparingError) -> [StoredCase] {
    var cases: [StoredCase] = []
    for suite in suites {
      let files = folder.appending(path: suite)
      let measurements = try table(
        .measurements, in: files, required: RunTable.key + ["status", "time_ns_median"])
      let isThere = FileManager.default.fileExists(
        atPath: files.appending(path: RunTable.samples.file).path(percentEncoded: false))
      let samples =
        needsRounds || isThere
        ? try table(.samples, in: files, required: RunTable.key + ["time_ns"]) : nil
      try Self.check(measurements.rows.count, of: .measurements, in: files)
      cases += try Self.cases(
        measurements, samples, path: files.path(percentEncoded: false))
    }
    return cases.sorted { $0.key < $1.key }
  }

  /// Refuses a table that lacks rows of finished groups, as the last mark in `groups.csv` counts them;
  /// runs of earlier versions have no marks.
  private static func check(
    _ count: Int, of table: RunTable, in folder: URL
  ) throws(ComparingError) {
    guard
      let marked = try? CSVTable(.groups, in: folder).rows.last?.integer(table.rawValue),
      count < marked
    else { return }
    throw .malformed(
      path: folder.appending(path: table.file).path(percentEncoded: false),
      reason: "it has \(count) rows; \(RunTable.groups.file) says \(marked)")
  }

  /// The rows of a suite with their rounds, where there are any; `path` is the suite's folder, for errors.
  static func cases(
    _ measurements: CSVTable, _ samples: CSVTable?, path: String
  ) throws(ComparingError) -> [StoredCase] {
    let rounds = Dictionary(grouping: samples?.rows ?? []) { CaseKey($0) }
    var cases: [StoredCase] = []
    for row in measurements.rows {
      guard let key = CaseKey(row) else {
        throw .malformed(path: "\(path)/measurements.csv", reason: "a row names no workers")
      }
      let one = stored(key, row, rounds: rounds[key] ?? [])
      guard one.status != "ok" || one.medianNanoseconds != nil else {
        throw .malformed(
          path: "\(path)/measurements.csv",
          reason: "\(key.label) has the status ok and no time_ns_median")
      }
      cases.append(one)
    }
    try check(rounds.keys, Set(cases.map(\.key)), path: "\(path)/samples.csv")
    return cases
  }

  /// Refuses rounds of what is not `known`.
  private static func check(
    _ keys: some Sequence<CaseKey?>, _ known: Set<CaseKey>, path: String
  ) throws(ComparingError) {
    for key in keys {
      guard let key else { throw .malformed(path: path, reason: "a row names no workers") }
      guard known.contains(key) else {
        throw .malformed(
          path: path,
          reason: "it has rounds of \(key.label), which measurements.csv does not have")
      }
    }
  }

  /// The processes of each group; one where the record does not say.
  private static func processes(
    _ record: [String: Any], in path: String
  ) throws(ComparingError) -> Int {
    guard let value = record["processes"], !(value is NSNull) else { return 1 }
    guard let count = value as? Int, count >= 1 else {
      throw .malformed(
        path: path, reason: "processes is \(value); accepted is a whole number from 1")
    }
    return count
  }

  /// A share that the record may have.
  private static func share(
    _ record: [String: Any], _ key: String, in path: String
  ) throws(ComparingError) -> Double? {
    guard let value = record[key], !(value is NSNull) else { return nil }
    guard let share = value as? Double, StoredNoiseFloor.shares.contains(share) else {
      throw .malformed(
        path: path,
        reason: "\(key) is \(value); accepted is a share from 0 to "
          + "\(StoredNoiseFloor.shares.upperBound)")
    }
    return share
  }

  private static func stored(
    _ key: CaseKey, _ row: CSVTable.Row, rounds: [CSVTable.Row]
  ) -> StoredCase {
    // Runs written before rounds were marked have no such column: none of theirs is left out.
    let counted = rounds.filter { $0["counted"] != "0" }
    return StoredCase(
      key: key, problem: row.text("problem"), status: row.text("status"),
      reason: row.text("reason"), medianNanoseconds: row.number("time_ns_median"),
      lowerNanoseconds: row.number("time_ns_lo"), upperNanoseconds: row.number("time_ns_hi"),
      samples: samples(counted), disturbedRounds: rounds.count { !$0.text("disturbed").isEmpty },
      iterations: row.integer("iterations") ?? 0, macs: row.integer("macs") ?? 0)
  }

  /// The values that a case is judged by: its rounds, or, where those come from several processes,
  /// the processes' medians, since rounds of one process are no independent evidence.
  private static func samples(_ rounds: [CSVTable.Row]) -> [Double] {
    // Runs of earlier versions have no column for processes, and one process.
    let times = rounds.compactMap { round in
      round.number("time_ns").map { (process: round.integer("process") ?? 0, time: $0) }
    }
    let processes = Dictionary(grouping: times, by: \.process).sorted { $0.key < $1.key }
    guard processes.count > 1 else { return times.map(\.time) }
    return processes.map { median(of: $0.value.map(\.time)) }
  }
}
