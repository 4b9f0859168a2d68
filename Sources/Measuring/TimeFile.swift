// SPDX-License-Identifier: Apache-2.0

public import Convolution
internal import Inputs

/// Times of convolutions that were measured on a machine, from which others are predicted.
public struct TimeFile: MachineFile, Hashable, Sendable {
  /// What the file's name begins with.
  public static let purpose = "times"
  /// Version of the file's form; files of another version are not read.
  public static let currentSchema = 1

  /// The form of this file.
  public private(set) var schema = currentSchema
  /// The machine that measured.
  public let machine: String
  /// The times by key.
  public private(set) var times: [String: MeasuredTime] = [:]

  /// Whether every time is one.
  public var isPlausible: Bool {
    times.values.allSatisfy { time in
      (1...65_536).contains(time.workers)
        && [time.nanoseconds, time.cycles].allSatisfy(Double.measured.contains)
    }
  }

  /// A file without times.
  public init(machine: String) {
    self.machine = machine
  }

  /// Keeps a time in place of an earlier one of the same problem, kernel, workers and build.
  public mutating func record(_ time: MeasuredTime) { times[time.key] = time }

  /// The times of `build`, newest first; those of all builds where it has fewer than `fewest`.
  ///
  /// Times of other builds are of other code, though mostly of much the same.
  public func times(build: String, fewest: Int) -> (times: [MeasuredTime], isOfBuild: Bool) {
    let all = times.values.sorted { ($0.date, $0.key) > ($1.date, $1.key) }
    let own = all.filter { $0.build == build }
    return own.count >= fewest ? (own, true) : (all, false)
  }
}

/// How long a variant took for a convolution, with warm caches.
public struct MeasuredTime: Codable, Hashable, Sendable {
  /// The convolution, and what follows it.
  public var operation: ConvolutionOperation
  /// Workers that computed it together.
  public var workers: Int
  /// What computed it.
  public var kernel: VariantIdentity
  /// Clock cycles that the cost model predicts.
  public var cycles: Double
  /// Median time of one iteration, in nanoseconds.
  public var nanoseconds: Double
  /// When, in UTC: `2026-11-30T081500Z`.
  public var date: String
  /// The build that measured: a git revision or, without one, a version.
  public var build: String

  /// A time; see the properties.
  public init(
    _ operation: ConvolutionOperation, workers: Int, kernel: VariantIdentity, cycles: Double,
    nanoseconds: Double, date: String, build: String
  ) {
    self.operation = operation
    self.workers = workers
    self.kernel = kernel
    self.cycles = cycles
    self.nanoseconds = nanoseconds
    self.date = date
    self.build = build
  }

  /// What is measured once.
  var key: String {
    let bias = operation.epilogue.hasBias ? " bias" : ""
    let relu = operation.epilogue.hasReLU ? " relu" : ""
    let problem = ProblemDescriptor.print(operation.problem)
    return "\(problem)\(bias)\(relu) workers=\(workers) \(kernel.id) \(build)"
  }
}
