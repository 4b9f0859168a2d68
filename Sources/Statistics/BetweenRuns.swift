// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What two runs differ by that were measured one after the other, in several cases.
///
/// Nothing cancels between them. So a case is held to what the *other* cases of the same two runs
/// differ by: most of them did not change, and what two runs of one build differ by shows in them. A
/// shift that the cases have in common may be the machine's hour, so it is held against no case, up to
/// a size; between no shift and that one, the difference that is smaller counts.
public struct BetweenRuns: Sendable {
  /// A case: the times of fresh processes of each run.
  public struct Pair: Sendable {
    /// One value per process, positive.
    public var first: [Double]
    /// The same of the second run.
    public var second: [Double]

    /// A case.
    /// - Requires: at least one value on each side, all positive and finite.
    public init(first: [Double], second: [Double]) {
      precondition(!first.isEmpty && !second.isEmpty)
      precondition((first + second).allSatisfy { $0 > 0 && $0.isFinite })
      self.first = first
      self.second = second
    }

    /// First over second: above 0 the second is faster.
    var logRatio: Double { log(median(of: first)) - log(median(of: second)) }

    /// The variance of `logRatio` by chance of its processes.
    var variance: Double { Self.variance(first) + Self.variance(second) }

    /// That of a median, from the variance of the logarithms: π/2 times that of a mean.
    private static func variance(_ times: [Double]) -> Double {
      .pi / 2 * Spread(times.map { log($0) }).variance / Double(times.count)
    }
  }

  /// The estimates, in the order of the cases.
  public let estimates: [RatioEstimate]
  /// By what factor the cases are faster in the second run, in the middle.
  public let commonRatio: Double

  /// Compares two runs.
  /// - Parameters:
  ///   - pairs: The cases.
  ///   - logRatios: Of further cases that were compared by the same two builds; these are not judged.
  ///   - usual: What two runs of one build are known to differ by at most, as a fraction: the
  ///     standard deviation where the other cases are few, and where they changed.
  ///   - confidence: That of the intervals.
  public init(
    _ pairs: [Pair], besides logRatios: [Double] = [], usual: Double, confidence: Double
  ) {
    precondition(usual >= 0 && confidence > 0 && confidence < 1)
    let all = pairs.map(\.logRatio)
    commonRatio = all.isEmpty ? 1 : exp(median(of: all + logRatios))
    estimates = pairs.indices.map { place in
      var others = all + logRatios
      others.remove(at: place)
      return Scale(of: others, usual: log1p(usual), variance: pairs[place].variance)
        .estimate(pairs[place], confidence: confidence)
    }
  }
}

extension BetweenRuns {
  /// What a case that did not change may differ by.
  private struct Scale {
    /// Where the other cases lie, as far as that may be the machine's hour.
    let shift: Double
    /// The standard deviation and its degrees of freedom; nil where the other cases are too few.
    let observed: (deviation: Double, freedom: Double)?
    /// The largest standard deviation.
    let largest: Double

    /// Fewer cases than this say nothing about others.
    static let leastOthers = 4
    /// A common shift beyond so many of the usual ones is none of the machine.
    static let mostShifts = 2.0

    init(of others: [Double], usual: Double, variance: Double) {
      largest = (usual * usual + variance).squareRoot()
      guard others.count >= Self.leastOthers else {
        (shift, observed) = (0, nil)
        return
      }
      shift = min(max(median(of: others), -Self.mostShifts * usual), Self.mostShifts * usual)
      // A few of the others may have changed, too.
      let spread = Spread(others, trimming: 0.2)
      // The middle of the others is itself uncertain.
      let between = spread.variance * (1 + .pi / 2 / Double(others.count))
      // The variance of drawn-in values is no sum of squares of normal ones: by simulation, less is known.
      observed = ((between + variance).squareRoot(), 0.75 * spread.freedom)
    }

    func estimate(_ pair: Pair, confidence: Double) -> RatioEstimate {
      let logRatio = pair.logRatio
      let reach = reach(1 - confidence)
      let ends = [logRatio, logRatio - shift]
      let (low, high) = (ends.min() ?? logRatio, ends.max() ?? logRatio)
      let distance = low > 0 ? low : high < 0 ? -high : 0
      return RatioEstimate(
        ratio: exp(logRatio), lower: exp(low - reach), upper: exp(high + reach),
        rounds: min(pair.first.count, pair.second.count), ties: 0, confidence: confidence,
        pValue: pValue(distance))
    }

    private func reach(_ error: Double) -> Double {
      let most = largest * StudentT.normal(confidence: 1 - error)
      guard let observed else { return most }
      return min(
        most, observed.deviation * StudentT.value(tail: error, freedom: observed.freedom))
    }

    private func pValue(_ distance: Double) -> Double {
      guard distance > 0 else { return 1 }
      let least = StudentT.tail(distance / largest, freedom: StudentT.manyDegrees)
      guard let observed else { return least }
      return min(least, StudentT.tail(distance / observed.deviation, freedom: observed.freedom))
    }
  }
}

/// The variance of some values.
struct Spread {
  let variance: Double
  /// How many free values it stands on.
  let freedom: Double

  /// The sample variance, 0 for fewer than two values; with `trimming`, that share of the values on
  /// either side is drawn in to the next one first, and the rest stands for all.
  /// - Source: Yuen, The Two-Sample Trimmed t for Unequal Population Variances, Biometrika 61 (1974).
  init(_ values: [Double], trimming share: Double = 0) {
    let sorted = ascending(values)
    let trimmed = Int((min(share, 0.4) * Double(values.count)).rounded(.down))
    let kept = sorted.dropFirst(trimmed).dropLast(trimmed)
    freedom = Double(max(kept.count - 1, 0))
    guard let low = kept.first, let high = kept.last, freedom > 0 else {
      variance = 0
      return
    }
    let drawn = sorted.map { min(max($0, low), high) }
    let mean = drawn.reduce(0, +) / Double(drawn.count)
    variance = drawn.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / freedom
  }
}
