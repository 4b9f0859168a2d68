// SPDX-License-Identifier: Apache-2.0

internal import Foundation
public import Measuring

/// What `run.json` says about a run: enough to repeat it and to know whether another compares.
public struct RunRecord: Codable, Hashable, Sendable {
  /// Raised when a file of the run changes in a way that readers notice.
  public static let currentSchema = 1

  /// Version of the run's files.
  public var schema = currentSchema
  /// The program's version.
  public var version: String
  /// When the run began, ISO 8601 in UTC.
  public var startedAt: String
  /// When it ended; nil while it runs, or where it was killed.
  public var endedAt: String?
  /// When it was continued, if ever; ISO 8601 in UTC.
  public var resumedAt: [String]?
  /// Whether it was stopped before its end.
  public var interrupted = false
  /// The command line.
  public var command: [String]
  /// Seed of tensors and orders.
  public var seed: UInt64
  /// Half relative width asked for.
  public var precision: Double
  /// Margin below which differences count as noise, in the shortest visits.
  public var noiseFloor: Double
  /// The margins by length of visits; nil where none was measured, or by versions that had one.
  public var noiseFloors: [NoiseMargins.Row]?
  /// Where that margin comes from; nil in runs of versions that did not say.
  public var noiseFloorSource: String?
  /// Fresh processes that the rounds of each group are spread over; nil is none but this one.
  public var processes: Int?
  /// Worker counts of suites for which nobody named any; nil in runs of versions that took one.
  public var usualWorkers: [Int]?
  /// What two runs of identical code differ by on this machine, as a fraction; nil where
  /// `machine --check` has not measured it.
  public var noiseFloorBetweenRuns: Double?
  /// The suites, in order.
  public var suites: [String]
  /// Where the suites lie that are files of their own, by name: absolute paths; nil in runs of
  /// versions that did not say.
  public var suiteFiles: [String: String]?
  /// The folder in which the command line was typed; nil in runs of versions that did not say.
  public var startedIn: String?
  /// The surroundings.
  public var environment: RunEnvironment
  /// Libraries that can be measured in process, with their versions and what they picked.
  public var libraries: [String: String]
  /// What the machine can do at most.
  public var limits: MachineLimits
  /// What was counted; nil in runs of versions that did not say.
  public var counters: CounterRecord?

  /// A record of a run that begins now.
  public init(
    version: String, command: [String], options: MeasuringOptions, suites: [String],
    environment: RunEnvironment, libraries: [String: String], limits: MachineLimits
  ) {
    self.version = version
    startedAt = Self.now
    self.command = command
    seed = options.seed
    precision = options.precision
    noiseFloor =
      options.noiseFloor.margin(visit: MeasuringOptions.leastSampleNanoseconds).relative
    noiseFloors = options.noiseFloor.rows.isEmpty ? nil : options.noiseFloor.rows
    self.suites = suites
    self.environment = environment
    self.libraries = libraries
    self.limits = limits
  }

  /// A value that no run has written, with its key; nil where there is none.
  var fault: String? {
    let shares = [("precision", precision), ("noiseFloor", noiseFloor)]
    if let (key, value) = shares.first(where: { !(0...10).contains($0.1) }) {
      return "\(key) is \(value); accepted is a share from 0 to 10"
    }
    let counts = [("processes", [processes ?? 1]), ("usualWorkers", usualWorkers ?? [1])]
    if let (key, values) = counts.first(where: { $0.1.isEmpty || $0.1.contains { $0 < 1 } }) {
      return "\(key) is \(values); accepted are whole numbers from 1"
    }
    return limits.isPlausible ? nil : "limits holds numbers that no machine can have"
  }

  /// This moment as the record writes it.
  public static var now: String { Date().formatted(.iso8601) }
}
