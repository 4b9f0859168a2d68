// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Operations over the channels of each pixel, in Double.
enum PixelOperation {
  /// Replaces the channels of each pixel of a plain tensor by what `compute` makes of them.
  static func result(
    _ source: [Double], _ shape: ActivationShape, _ compute: ([Double]) -> [Double]
  ) -> [Double] {
    var result = source
    let area = shape.extent.area
    for image in 0..<shape.batch {
      for pixel in 0..<area {
        let first = image * shape.channels * area + pixel
        let channels = (0..<shape.channels).map { source[first + $0 * area] }
        for (channel, value) in compute(channels).enumerated() {
          result[first + channel * area] = value
        }
      }
    }
    return result
  }

  /// `eˣ` over the sum of those of all channels.
  static func softmax(_ channels: [Double]) -> [Double] {
    let largest = channels.reduce(-Double.infinity) { $0.maximumOrNaN($1) }
    let powers = channels.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// Roundings of a softmax: those of an exponential, whose argument was rounded and may be as large
  /// as 87 before the result counts as nothing, a sum and a division.
  static func softmaxRoundings(_ channels: Int) -> Int { 2 * (88 + 32) + channels + 2 }

  /// Less the mean, over the root of the variance and `epsilon`.
  static func normalized(_ channels: [Double], epsilon: Double) -> [Double] {
    let (mean, deviation) = moments(channels, epsilon)
    return channels.map { ($0 - mean) / deviation }
  }

  /// What the error of a normalisation is relative to: of each value the difference from the mean,
  /// which is rounded as the largest value is, and the deviation, whose error counts with the result.
  static func normalizedMagnitudes(_ channels: [Double], epsilon: Double) -> [Double] {
    let (mean, deviation) = moments(channels, epsilon)
    let largest = channels.reduce(0) { max($0, abs($1).orZero) }
    return channels.map { value in
      let result = abs((value - mean) / deviation).orZero
      return (2 * largest / deviation).orZero * (1 + result)
    }
  }

  private static func moments(
    _ channels: [Double], _ epsilon: Double
  ) -> (mean: Double, deviation: Double) {
    let count = Double(channels.count)
    let mean = channels.reduce(0, +) / count
    let variance = channels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    return (mean, (variance + epsilon).squareRoot())
  }
}
