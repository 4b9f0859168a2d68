// SPDX-License-Identifier: Apache-2.0

public import Convolution
internal import Foundation
public import Measuring

/// Where a result stands under the machine's roofs.
///
/// Achieved arithmetic is counted over taps inside the image, because a tap in the padding need not
/// be computed; so no variant that sums products can pass 100 %. Work without arithmetic, such as
/// pooling, stands under the bandwidth alone.
public struct RooflinePlace: Hashable, Sendable {
  /// FLOP/s over all taps, padding included: the field's usual figure, in GFLOP/s; nil without
  /// multiply-accumulates.
  public var gflopPerSecond: Rate?
  /// Arithmetic inside the image over the measured FMA peak; nil without multiply-accumulates.
  public var peakShare: Rate?
  /// The same over the lower of FMA peak and bandwidth × intensity; without multiply-accumulates,
  /// compulsory traffic over bandwidth.
  public var rooflineShare: Rate?
  /// The roof that limits: `fma`, or the memory level whose bandwidth does.
  public var bound: String?

  /// Why the shares are empty although there are roofs; nil where they are not.
  public var doubt: String?

  /// What a share may be above 1 by noise.
  static let tolerance = 1.05

  /// The place of a case that takes `nanoseconds`.
  /// - Parameters:
  ///   - cost: The case's arithmetic and traffic.
  ///   - nanoseconds: Time of one iteration.
  ///   - instructionSet: The one whose peak counts; nil takes the highest.
  ///   - dataType: What is multiplied.
  ///   - workers: Workers at work.
  ///   - coldMemory: Whether the compulsory traffic comes from memory whatever its size.
  ///   - limits: What the machine can do.
  ///   - calibration: FMA throughput of the widest instruction set while this was measured, in
  ///     GFLOP/s; scales the peak to the machine's pace at that time.
  ///   - accuracy: What transforms first may pass the FMA peak; nil is as exact.
  public init(
    cost: CostModel, nanoseconds: Double, instructionSet: InstructionSet?,
    dataType: DataType = .f32, workers: Int, coldMemory: Bool, limits: MachineLimits,
    calibration: Double? = nil, accuracy: AccuracyClass? = nil
  ) {
    gflopPerSecond = Rate(Double(cost.flops), per: nanoseconds)
    let workingSet = coldMemory ? Int.max / 2 : cost.trafficBytes
    let level = limits.bandwidth(workingSet: workingSet, workers: workers)
    let traffic = level.flatMap {
      Rate(Double(cost.trafficBytes), per: nanoseconds * $0.readGBPerSecond)
    }
    defer { check(accuracy, traffic, level, limits) }
    guard let achieved = Rate(2 * Double(cost.macsInsideImage), per: nanoseconds) else {
      (rooflineShare, bound) = (traffic, traffic == nil ? nil : level?.level)
      return
    }
    guard let best = limits.peak(instructionSet, workers: workers, of: dataType),
      let widest = limits.peak(nil, workers: workers)
    else { return }
    let peak = best * (calibration.map { $0 / widest } ?? 1)
    peakShare = Rate(achieved.value, per: peak)
    guard let level, let intensity = Rate(2 * cost.macsInsideImage, per: cost.trafficBytes) else {
      return
    }
    let memoryRoof = intensity.value * level.readGBPerSecond
    rooflineShare = Rate(achieved.value, per: min(peak, memoryRoof))
    bound = memoryRoof < peak ? level.level : BoundName.arithmetic
  }

  /// Leaves shares out that no measured limit allows: the limit, and not the case, is what they tell
  /// of.
  ///
  /// What transforms first multiplies less than its share counts. Data may lie one level nearer than
  /// its size suggests, but not beyond the nearest.
  private mutating func check(
    _ accuracy: AccuracyClass?, _ traffic: Rate?, _ level: MachineLimits.Bandwidth?,
    _ limits: MachineLimits
  ) {
    guard accuracy != .fast else { return }
    let nearer = level.flatMap { limits.nearer(than: $0) }?.readGBPerSecond ?? 0
    let allowed = level.map { max(1, nearer / $0.readGBPerSecond) } ?? .infinity
    if let peakShare, peakShare.value > Self.tolerance {
      doubt = String(format: "%.0f %% of the FMA peak", peakShare.percent)
    } else if let traffic, let level, traffic.value > Self.tolerance * allowed {
      doubt = String(format: "%.0f %% of the bandwidth of ", traffic.percent) + level.level
    }
    guard let beyond = doubt else { return }
    (peakShare, rooflineShare) = (nil, nil)
    doubt =
      "\(beyond), more than the machine's limits as they were measured allow: no share of them is "
      + "shown (machine --refresh measures them again)"
  }
}
