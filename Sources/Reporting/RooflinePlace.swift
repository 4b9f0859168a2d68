// SPDX-License-Identifier: Apache-2.0

public import Convolution
public import Measuring

/// Where a result stands under the machine's roofs.
///
/// Achieved arithmetic is counted over taps inside the image, because a tap in the padding need not
/// be computed; so no variant that sums products can pass 100 %.
public struct RooflinePlace: Hashable, Sendable {
  /// FLOP/s over all taps, padding included: the field's usual figure, in GFLOP/s.
  public var gflopPerSecond: Double
  /// Arithmetic inside the image as a share of the measured FMA peak, in percent.
  public var peakPercent: Double?
  /// The same as a share of the lower of FMA peak and bandwidth × intensity, in percent.
  public var rooflinePercent: Double?
  /// The roof that limits: `fma`, or the memory level whose bandwidth does.
  public var bound: String?

  /// The place of a case that takes `nanoseconds`.
  /// - Parameters:
  ///   - cost: The case's arithmetic and traffic.
  ///   - nanoseconds: Time of one iteration.
  ///   - instructionSet: The one whose peak counts; nil takes the highest.
  ///   - workers: Workers at work.
  ///   - coldMemory: Whether the compulsory traffic comes from memory whatever its size.
  ///   - limits: What the machine can do.
  ///   - calibration: FMA throughput of the widest instruction set while this was measured, in
  ///     GFLOP/s; scales the peak to the machine's pace at that time.
  public init(
    cost: CostModel, nanoseconds: Double, instructionSet: InstructionSet?, workers: Int,
    coldMemory: Bool, limits: MachineLimits, calibration: Double? = nil
  ) {
    gflopPerSecond = Double(cost.flops) / nanoseconds
    let achieved = 2 * Double(cost.macsInsideImage) / nanoseconds
    // Without arithmetic there is no place under these roofs.
    guard cost.macsInsideImage > 0, let best = limits.peak(instructionSet, workers: workers),
      let widest = limits.peak(nil, workers: workers)
    else { return }
    let peak = best * (calibration.map { $0 / widest } ?? 1)
    peakPercent = 100 * achieved / peak
    let workingSet = coldMemory ? Int.max / 2 : cost.trafficBytes
    guard let level = limits.bandwidth(workingSet: workingSet, workers: workers) else { return }
    let intensity = 2 * Double(cost.macsInsideImage) / Double(cost.trafficBytes)
    let memoryRoof = intensity * level.readGBPerSecond
    rooflinePercent = 100 * achieved / min(peak, memoryRoof)
    bound = memoryRoof < peak ? level.level : "fma"
  }
}
