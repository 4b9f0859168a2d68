// SPDX-License-Identifier: Apache-2.0

internal import Inputs

extension MachineLimits {
  /// The cores' clock while they compute.
  public struct CoreClock: Codable, Hashable, Sendable {
    /// Workers that computed at once.
    public var workers: Int
    /// One worker's rate of dependent additions, in GHz.
    public var gigahertz: Double
  }

  /// How a peak compares with what the clock and the width of a vector make possible.
  public struct PeakExplanation: Hashable, Sendable {
    /// FLOP per cycle and worker.
    public var flopPerCycle: Double
    /// Vector multiply-adds per cycle, as a whole number: the pipes that the loop kept busy.
    public var pipes: Int
    /// Measured over clock × lanes × 2 × pipes × workers; 1 is full agreement.
    public var agreement: Double
  }

  /// The name of the peak of one float at a time.
  public static let scalarName = "scalar"

  /// The clock with a number of workers, in GHz; nil where it was not measured.
  public func clock(workers: Int) -> Double? {
    clocks?.first { $0.workers == workers }?.gigahertz
  }

  /// Explains a peak of vectors of `lanes` numbers; nil where the clock was not measured.
  public func explanation(of peak: Peak, lanes: Int) -> PeakExplanation? {
    guard let clock = clock(workers: peak.workers), clock > 0 else { return nil }
    let flopPerCycle = peak.gflopPerSecond / (clock * Double(peak.workers))
    let perPipe = 2 * Double(lanes)
    let pipes = Int(clamping: (flopPerCycle / perPipe).rounded(), to: 1...1_000)
    return PeakExplanation(
      flopPerCycle: flopPerCycle, pipes: pipes,
      agreement: flopPerCycle / (perPipe * Double(pipes)))
  }
}
