// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// What this machine can do at most, measured by loops that do nothing else.
public struct MachineLimits: Codable, Hashable, Sendable {
  /// Fused multiply-add throughput.
  public struct Peak: Codable, Hashable, Sendable {
    /// The instruction set's name, or `scalar`.
    public var instructionSet: String
    /// Workers that computed at once.
    public var workers: Int
    /// All workers together, in GFLOP/s.
    public var gflopPerSecond: Double
    /// What is multiplied, where instructions of its own do so; nil for 32-bit floats.
    public var dataType: DataType?
  }

  /// Memory throughput at one level.
  public struct Bandwidth: Codable, Hashable, Sendable {
    /// `L1`, `L2`, `L3` or `memory`.
    public var level: String
    /// Largest working set of one worker that counts as this level, in bytes; nil for memory.
    public var capacityBytes: Int?
    /// Workers that streamed at once.
    public var workers: Int
    /// Working set of each worker while measuring, in bytes.
    public var bytesPerWorker: Int
    /// All workers together, reading, in GB/s.
    public var readGBPerSecond: Double
    /// All workers together, writing, in GB/s.
    public var writeGBPerSecond: Double
    /// `a = b + s·c`, 12 bytes an element, all workers together, in GB/s.
    public var triadGBPerSecond: Double
  }

  /// What it costs to start a phase on several workers and to wait for all.
  public struct ForkJoin: Codable, Hashable, Sendable {
    /// Workers that met.
    public var workers: Int
    /// Median, in nanoseconds.
    public var nanoseconds: Double
  }

  /// Raised when the meaning of a field changes; other versions are measured anew.
  public static let currentSchema = 3

  /// The version of this format.
  public var schema = currentSchema
  /// The machine, as it names result folders.
  public var machine: String
  /// When it was measured, ISO 8601 in UTC.
  public var measuredAt: String
  /// Throughput per instruction set and worker count.
  public var peaks: [Peak]
  /// Throughput per memory level and worker count.
  public var bandwidths: [Bandwidth]
  /// Cost of a phase per worker count.
  public var forkJoins: [ForkJoin]
  /// What reading the clock twice in a row shows, in nanoseconds.
  public var clockNanoseconds: Double
  /// The cores' clock per worker count; nil where an older version measured the limits.
  public var clocks: [CoreClock]?
  /// What disturbed the measurement; nil where a version measured that did not look.
  public var surroundings: Surroundings?

  /// The peak of an instruction set with a number of workers, in GFLOP/s; without an instruction
  /// set the highest of all.
  ///
  /// Where no instructions multiply `type` itself, its numbers become 32-bit floats first, and the peak
  /// of those is theirs.
  public func peak(
    _ instructionSet: InstructionSet?, workers: Int, of type: DataType = .f32
  ) -> Double? {
    let own = peaks.filter {
      $0.workers == workers && ($0.dataType ?? .f32) == type.arithmetic
        && (instructionSet == nil || $0.instructionSet == instructionSet?.rawValue)
    }.map(\.gflopPerSecond).max()
    return own ?? (type.arithmetic == .f32 ? nil : peak(instructionSet, workers: workers))
  }

  /// The highest peak of each worker count in 32-bit floats, in GFLOP/s.
  public var peakOfWorkers: [Int: Double] {
    let floats = peaks.filter { $0.dataType == nil }
    return Dictionary(floats.map { ($0.workers, $0.gflopPerSecond) }, uniquingKeysWith: max)
  }

  /// The level in which a working set of `bytes`, shared evenly by the workers, lives.
  public func bandwidth(workingSet bytes: Int, workers: Int) -> Bandwidth? {
    let share = bytes / max(workers, 1)
    let levels = bandwidths.filter { $0.workers == workers }
    return levels.first { $0.capacityBytes.map { share <= $0 } ?? true }
  }

  /// The level next to `level` on the way to the core; nil where it is the nearest.
  public func nearer(than level: Bandwidth) -> Bandwidth? {
    let levels = bandwidths.filter { $0.workers == level.workers }
    return levels.firstIndex { $0.level == level.level }
      .flatMap { $0 > 0 ? levels[$0 - 1] : nil }
  }

  /// Why a pace of the FMA loop shows the limits to be too low; nil where it does not.
  public func contradiction(pace: Double?, workers: Int) -> String? {
    guard let pace, let peak = peak(nil, workers: workers), pace > Self.notableRise * peak else {
      return nil
    }
    return "the FMA loop beside the rounds reached "
      + "\((10 * pace).rounded() / 10) GFLOP/s, more than the peak of \((10 * peak).rounded() / 10)"
  }

  /// A short loop may run at a higher clock than a long one by less than this.
  static let notableRise = 1.1
}
