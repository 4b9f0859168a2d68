// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// What `advise` has measured on a machine, so that a call that was stopped need not begin again.
public struct AdviceFile: MachineFile, Hashable, Sendable {
  /// What the file's name begins with.
  public static let purpose = "advice"
  /// Version of the file's form; files of another version are not read.
  public static let currentSchema = 1

  /// The form of this file.
  public private(set) var schema = currentSchema
  /// The machine that measured.
  public let machine: String
  /// The comparisons by key.
  public private(set) var pairs: [String: MeasuredPair] = [:]

  /// Whether every comparison is one.
  public var isPlausible: Bool {
    pairs.values.allSatisfy { pair in
      [pair.nanoseconds, pair.speedup, pair.lower, pair.upper]
        .allSatisfy(Double.measured.contains)
    }
  }

  /// A file without comparisons.
  public init(machine: String) {
    self.machine = machine
  }

  /// Keeps a comparison in place of an earlier one.
  public mutating func record(_ pair: MeasuredPair, key: String) { pairs[key] = pair }
}

/// Two cases that ran in the same slices of time, over several fresh processes.
public struct MeasuredPair: Codable, Hashable, Sendable {
  /// Median time of the first, in nanoseconds.
  public var nanoseconds: Double
  /// Its time over that of the second.
  public var speedup: Double
  /// Lower bound of the speedup.
  public var lower: Double
  /// Upper bound of the speedup.
  public var upper: Double

  /// A comparison; see the properties.
  public init(nanoseconds: Double, speedup: Double, lower: Double, upper: Double) {
    self.nanoseconds = nanoseconds
    self.speedup = speedup
    self.lower = lower
    self.upper = upper
  }
}
