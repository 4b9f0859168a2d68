// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A smooth function of several inputs, guessed from noisy values of it, that knows where it is unsure.
///
/// Inputs are scaled to a spread of 1 first. Points of different classes say less about each other.
/// - Source: Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006: prediction 2.2,
///   leaving one out 5.4.2; the covariance falls exponentially with distance (4.2.1, ν = 1/2) and has
///   a linear part.
public struct GaussianProcess: Sendable {
  /// A place whose value is known or asked for.
  public struct Point: Hashable, Sendable {
    /// The inputs.
    public var inputs: [Double]
    /// What kind of point it is.
    public var kind: String

    /// A point.
    public init(_ inputs: [Double], kind: String) {
      self.inputs = inputs
      self.kind = kind
    }
  }

  /// How fast the function changes and how noisy its values are.
  public struct Smoothness: Hashable, Sendable {
    /// For each input, the change over which values become strangers, in spreads of the input.
    public var lengths: [Double]
    /// Standard deviation of the noise of a value.
    public var noise: Double
    /// Standard deviation of the function around its linear part.
    public var amplitude: Double

    /// A function that hardly follows any of `count` inputs.
    public init(count: Int) {
      lengths = Array(repeating: 8, count: count)
      noise = 0.05
      amplitude = 0.3
    }
  }

  /// The function of points of another kind is like this one by so much.
  private static let likeness = 0.3
  /// Standard deviation of the linear part.
  private static let linear = 0.2
  /// More points than these do not sharpen the smoothness, and take too long.
  private static let mostForSmoothness = 160

  /// What it was guessed from.
  public let smoothness: Smoothness
  private let points: [Point]
  private let means: [Double]
  private let spreads: [Double]
  private let level: Double
  private let factor: CholeskyFactor
  private let weights: [Double]
  /// What each point's value would have been guessed from the others: error and standard deviation.
  public let leftOut: [(error: Double, deviation: Double)]

  /// The process through `values` at `points`; nil without points, or where the smoothness fits none.
  public init?(_ points: [Point], _ values: [Double], smoothness: Smoothness) {
    guard let first = points.first, points.count == values.count else { return nil }
    let count = Double(points.count)
    let means = first.inputs.indices.map { input in
      points.reduce(0) { $0 + $1.inputs[input] } / count
    }
    let spreads = first.inputs.indices.map { input in
      let sum = points.reduce(0) {
        $0 + ($1.inputs[input] - means[input]) * ($1.inputs[input] - means[input])
      }
      return max(sqrt(sum / count), 1e-9)
    }
    let level = values.reduce(0, +) / count
    let scaled = points.map { Self.scaled($0, means, spreads) }
    guard let factor = CholeskyFactor(Self.covariances(scaled, smoothness)) else { return nil }
    let weights = factor.solve(values.map { $0 - level })
    self.leftOut = zip(weights, factor.inverseDiagonal()).map { weight, precision in
      (error: weight / precision, deviation: 1 / sqrt(precision))
    }
    self.points = scaled
    (self.means, self.spreads, self.level) = (means, spreads, level)
    (self.factor, self.weights, self.smoothness) = (factor, weights, smoothness)
  }

  private static func scaled(_ point: Point, _ means: [Double], _ spreads: [Double]) -> Point {
    Point(
      point.inputs.indices.map { (point.inputs[$0] - means[$0]) / spreads[$0] }, kind: point.kind)
  }

  /// The lower half of the matrix of all pairs, with the noise on its diagonal.
  private static func covariances(_ points: [Point], _ smoothness: Smoothness) -> [[Double]] {
    points.indices.map { row in
      var line = (0...row).map { covariance(points[row], points[$0], smoothness) }
      line[row] += smoothness.noise * smoothness.noise
      return line
    }
  }

  private static func distance(_ first: Point, _ second: Point, _ lengths: [Double]) -> Double {
    var sum = 0.0
    for input in lengths.indices {
      let step = (first.inputs[input] - second.inputs[input]) / lengths[input]
      sum += step * step
    }
    return sqrt(sum)
  }

  private static func covariance(
    _ first: Point, _ second: Point, _ smoothness: Smoothness
  ) -> Double {
    var product = 0.0
    for input in first.inputs.indices { product += first.inputs[input] * second.inputs[input] }
    let isSame = first.kind == second.kind
    let near =
      smoothness.amplitude * smoothness.amplitude
      * exp(-distance(first, second, smoothness.lengths))
    let line = linear * linear * (1 + product / Double(first.inputs.count))
    return near * (isSame ? 1 : likeness) + line * (isSame ? 1 : 0.5)
  }

  /// Guesses at `places`: values, and the covariances of what is not known of the function there.
  public func guess(_ places: [Point]) -> (values: [Double], covariances: [[Double]]) {
    let scaled = places.map { Self.scaled($0, means, spreads) }
    let known = scaled.map { place in points.map { Self.covariance(place, $0, smoothness) } }
    let values = known.map { row in zip(row, weights).reduce(level) { $0 + $1.0 * $1.1 } }
    let halves = known.map(factor.forward)
    let covariances = scaled.indices.map { first in
      scaled.indices.map { second in
        zip(halves[first], halves[second]).reduce(
          Self.covariance(scaled[first], scaled[second], smoothness)
        ) { $0 - $1.0 * $1.1 }
      }
    }
    return (values, covariances)
  }

  /// The value at a place and how far off it may be, without the noise of a new value.
  public func guess(_ place: Point) -> (value: Double, deviation: Double) {
    let (values, covariances) = guess([place])
    return (values[0], sqrt(max(0, covariances[0][0])))
  }

  /// The distance to the nearest known point of the same kind; nil where there is none.
  public func nearest(_ place: Point) -> Double? {
    let scaled = Self.scaled(place, means, spreads)
    return points.lazy.filter { $0.kind == place.kind }
      .map { Self.distance(scaled, $0, smoothness.lengths) }.min()
  }

  /// For each known point that is not alone of its kind, the distance to its nearest neighbour.
  public var neighbourDistances: [Double] {
    points.indices.compactMap { place in
      points.indices.lazy
        .filter { $0 != place && points[$0].kind == points[place].kind }
        .map { Self.distance(points[place], points[$0], smoothness.lengths) }.min()
    }
  }
}

extension GaussianProcess {
  /// The process whose smoothness explains each value best from the others.
  ///
  /// Lengths, noise and amplitude are halved and doubled in turn, as long as that helps. With many
  /// points the smoothness is that of a part of them, drawn from a fixed seed.
  public static func fitted(_ points: [Point], _ values: [Double]) -> GaussianProcess? {
    guard let first = points.first, points.count == values.count else { return nil }
    var generator = SplitMix64(seed: 1)
    let chosen = generator.permutation(of: points.count).prefix(mostForSmoothness)
    let some = chosen.map { points[$0] }, known = chosen.map { values[$0] }
    var best = Smoothness(count: first.inputs.count)
    var score = GaussianProcess(some, known, smoothness: best)?.surprise ?? .infinity
    for _ in 0..<3 {
      let before = score
      for change in Smoothness.changes(count: first.inputs.count) {
        let tried = change(best)
        guard let found = GaussianProcess(some, known, smoothness: tried)?.surprise,
          found < score - 1e-4
        else { continue }
        (best, score) = (tried, found)
      }
      if score == before { break }
    }
    return GaussianProcess(points, values, smoothness: best)
  }

  /// How unlikely the known values are, each given the others, in the mean.
  private var surprise: Double {
    leftOut.reduce(0) { sum, left in
      let error = left.error / left.deviation
      return sum + log(left.deviation) + error * error / 2
    } / Double(max(leftOut.count, 1))
  }
}

extension GaussianProcess.Smoothness {
  /// Halving and doubling of everything that there is, one at a time, within sane bounds.
  fileprivate static func changes(count: Int) -> [(Self) -> Self] {
    let factors = [0.5, 2]
    var changes: [(Self) -> Self] = []
    for factor in factors {
      for input in 0..<count {
        changes.append { old in
          var new = old
          new.lengths[input] = min(64, max(0.25, old.lengths[input] * factor))
          return new
        }
      }
      changes.append { old in
        var new = old
        new.noise = min(0.5, max(0.002, old.noise * factor))
        return new
      }
      changes.append { old in
        var new = old
        new.amplitude = min(4, max(0.02, old.amplitude * factor))
        return new
      }
    }
    return changes
  }
}
