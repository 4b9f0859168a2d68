// SPDX-License-Identifier: Apache-2.0

public import Convolution
internal import Foundation
internal import Inputs
public import Measuring
internal import Statistics

/// Predicts how long convolutions take from times of others: the cost model, corrected by what was
/// measured nearby.
///
/// What is learnt is the logarithm of nanoseconds per predicted cycle, a smooth function of the shapes
/// (`GaussianProcess`). Intervals are as wide as the errors of guessing each measured time from the others
/// ask for.
public struct TimeModel: Sendable {
  /// A convolution whose time is asked for, and what will compute it.
  public struct Task: Hashable, Sendable {
    /// The convolution.
    public var operation: ConvolutionOperation
    /// Workers that compute it together.
    public var workers: Int
    /// What computes it.
    public var kernel: VariantIdentity
    /// Clock cycles that the cost model predicts.
    public var cycles: Double

    /// A task; see the properties.
    public init(
      _ operation: ConvolutionOperation, workers: Int, kernel: VariantIdentity, cycles: Double
    ) {
      self.operation = operation
      self.workers = workers
      self.kernel = kernel
      self.cycles = cycles
    }
  }

  /// Fewer times than these predict nothing.
  public static let fewest = 24
  /// More times than these would take seconds to learn from; the newest are taken.
  public static let most = 800
  /// The share of measured times that shall lie inside the intervals.
  public static let confidence = 0.95

  private let process: GaussianProcess
  /// An interval's half width, in standard deviations.
  private let reach: Double
  /// What is farther from all measured times than this is outside of what was measured.
  private let farthest: Double
  /// Errors of guessing each time from the others, as logarithms of ratios, and their deviations.
  private let leftOut: [(error: Double, deviation: Double)]
  /// Times that it learnt from.
  public var count: Int { leftOut.count }

  /// A model of `times`; nil where there are fewer than `fewest`.
  public init?(_ times: [MeasuredTime]) {
    guard times.count >= Self.fewest else { return nil }
    let known = times.prefix(Self.most)
    let points = known.map {
      Self.point(Task($0.operation, workers: $0.workers, kernel: $0.kernel, cycles: $0.cycles))
    }
    let values = known.map { log($0.nanoseconds / $0.cycles) }
    guard let process = GaussianProcess.fitted(points, values) else { return nil }
    self.process = process
    leftOut = process.leftOut
    reach = Self.conformal(leftOut.map { abs($0.error) / $0.deviation })
    let distances = process.neighbourDistances
    farthest = distances.isEmpty ? 0 : quantile(0.99, of: distances)
  }

  /// The smallest value that `confidence` of what comes next stays below, one more value counted.
  ///
  /// - Source: Vovk, Gammerman, Shafer: Algorithmic Learning in a Random World, 2005 (conformal
  ///   prediction).
  private static func conformal(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let rank = Int(
      clamping: (confidence * Double(sorted.count + 1)).rounded(.up), to: 1...sorted.count)
    return sorted[rank - 1]
  }

  /// The share of its times that it would have predicted within `share`, each from the others.
  public func shareWithin(_ share: Double) -> Double {
    let near = leftOut.count { abs(exp($0.error) - 1) <= share }
    return Double(near) / Double(leftOut.count)
  }

  /// The median of those errors.
  public var typicalError: Double { median(of: leftOut.map { abs(exp($0.error) - 1) }) }
}

extension TimeModel {
  /// The shapes of a task as the model sees them; all but the stride as logarithms.
  static func point(_ task: Task) -> GaussianProcess.Point {
    let problem = task.operation.problem
    let cost = CostModel(problem)
    let lanes = Double(task.kernel.instructionSet?.lanes ?? 1)
    let vectors = (Double(problem.outChannels) / lanes).rounded(.up)
    let inputs = [
      task.cycles * Double(task.workers) * lanes / Double(cost.macs),
      Double(cost.macs) / Double(task.workers), Double(problem.inputShape.count),
      Double(problem.outputShape.count), Double(problem.filterCount),
      task.cycles / Double(cost.trafficBytes), Double(problem.kernel.area),
      vectors * lanes / Double(problem.outChannels), Double(problem.output.width),
      Double(problem.stride.width), Double(task.workers), Double(problem.inChannelsPerGroup),
      Double(problem.outChannelsPerGroup), Double(problem.dilation.width),
    ]
    let set = task.kernel.instructionSet?.rawValue ?? ""
    return GaussianProcess.Point(
      inputs.map { log($0) }, kind: "\(task.kernel.family)/\(task.kernel.layout)/\(set)")
  }

  /// The time of a task.
  public func predict(_ task: Task) -> PredictedTime { predict([(task, 1)]) }

  /// The time of tasks one after the other, each as often as it says.
  ///
  /// Errors of tasks that resemble each other do not cancel: the interval is made of the covariances.
  /// - Requires: at least one task.
  public func predict(_ tasks: [(task: Task, times: Int)]) -> PredictedTime {
    precondition(!tasks.isEmpty)
    let points = tasks.map { Self.point($0.task) }
    let (values, covariances) = process.guess(points)
    let times = zip(tasks, values).map { $0.0.task.cycles * exp($0.1) * Double($0.0.times) }
    let total = times.reduce(0, +)
    var variance = 0.0
    for first in times.indices {
      for second in times.indices {
        variance += times[first] * times[second] * covariances[first][second]
      }
      let noise = times[first] * process.smoothness.noise
      variance += noise * noise
    }
    let half = reach * (max(0, variance)).squareRoot() / total
    let outside = points.contains { point in
      process.nearest(point).map { $0 > farthest } ?? true
    }
    return PredictedTime(
      nanoseconds: total, lower: total * exp(-half), upper: total * exp(half), isOutside: outside)
  }

  /// How unsure the model is of each task, as a standard deviation of the logarithm of its time.
  public func doubt(_ task: Task) -> Double { process.guess(Self.point(task)).deviation }
}

/// A time that was not measured.
public struct PredictedTime: Hashable, Sendable {
  /// The time, in nanoseconds.
  public var nanoseconds: Double
  /// Lower bound of its 95 % interval.
  public var lower: Double
  /// Upper bound of its 95 % interval.
  public var upper: Double
  /// Whether nothing like it was measured, so that the interval means little.
  public var isOutside: Bool
  /// Whether the interval says anything: far outside of what was measured it has no end.
  public var hasInterval: Bool { lower > 0 && lower <= upper && upper.isFinite }

  /// A time; see the properties.
  public init(nanoseconds: Double, lower: Double, upper: Double, isOutside: Bool) {
    self.nanoseconds = nanoseconds
    self.lower = lower
    self.upper = upper
    self.isOutside = isOutside
  }
}
