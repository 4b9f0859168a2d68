// SPDX-License-Identifier: Apache-2.0

/// The comparison of a variant's output with the reference.
public struct Verification: Hashable, Sendable {
  /// What the comparison found.
  public enum Outcome: Hashable, Sendable {
    /// Every checked output is within the bound.
    case correct
    /// At least one output is not; the text names the worst: where, what and what was expected.
    case wrong(String)
    /// Most of what sees the image is zero, or nothing does, so agreement proves nothing.
    case mistrusted(String)
  }

  /// What was found.
  public let outcome: Outcome
  /// Largest error as a share of its bound; NaN where an output is NaN.
  public let worstErrorShare: Double
  /// Root mean square of the error over that of the reference.
  public let relativeRMSError: Double

  /// What a comparison found.
  init(outcome: Outcome, worstErrorShare: Double, relativeRMSError: Double) {
    self.outcome = outcome
    self.worstErrorShare = worstErrorShare
    self.relativeRMSError = relativeRMSError
  }

  /// Compares `output` with `reference`.
  ///
  /// What is infinite or NaN in the reference must be so in the output. Where the terms of an output
  /// add up to more than the largest number, a sum of them may overflow on the way, and the output
  /// may be infinite or NaN, or zero where minus infinity was rectified.
  /// - Parameters:
  ///   - output: plain `[N][Co][Ho][Wo]`.
  ///   - reference: the textbook result, of all outputs or of a sample.
  ///   - bound: what the variant is held to.
  ///   - shape: the output's shape, for naming the worst place.
  ///   - trustsZeros: whether the reference was verified itself, so that zeros prove as much.
  public init(
    output: [Float], reference: ReferenceConvolution, bound: ErrorBound, shape: ActivationShape,
    trustsZeros: Bool = false
  ) {
    precondition(output.count == shape.count)
    let largest = reference.magnitudes.max() ?? 0
    var worst = (share: -1.0, place: 0)
    var squaredError = 0.0
    var squaredReference = 0.0
    // Where a kernel lies wholly in the padding, zero is the only right answer; such outputs are
    // held to it, and say nothing about the others.
    var (zeros, seeing) = (0, 0)
    for place in reference.values.indices {
      let expected = reference.values[place]
      let got = output[reference.sampledIndices?[place] ?? place]
      let scale = bound.scale == .perOutput ? reference.magnitudes[place] : largest
      let share = Self.share(got, expected, bound, scale: scale)
      if share.isNaN || share > worst.share { worst = (share, place) }
      if got.isFinite, expected.isFinite {
        squaredError += (Double(got) - expected) * (Double(got) - expected)
        squaredReference += expected * expected
      }
      if reference.reachesImage(place) {
        seeing += 1
        if expected == 0 { zeros += 1 }
      }
      if share.isNaN { break }
    }
    worstErrorShare = worst.share.isNaN ? .nan : max(0, worst.share)
    relativeRMSError = squaredReference > 0 ? (squaredError / squaredReference).squareRoot() : 0
    if worst.share.isNaN || worst.share > 1 {
      let index = reference.sampledIndices?[worst.place] ?? worst.place
      outcome = .wrong(
        Self.describe(index, shape, got: output[index], expected: reference.values[worst.place]))
    } else {
      let mistrust = trustsZeros ? nil : Self.mistrust(zeros, of: seeing, reference)
      outcome = mistrust.map { Outcome.mistrusted($0) } ?? .correct
    }
  }

  /// Why agreement proves nothing; nil where it does.
  private static func mistrust(
    _ zeros: Int, of seeing: Int, _ reference: ReferenceConvolution
  ) -> String? {
    if seeing == 0 { return "none of \(reference.values.count) checked outputs sees the image" }
    guard zeros * 10 > seeing * 9 else { return nil }
    return "\(zeros) of \(seeing) checked outputs that see the image are zero"
  }

  /// The error of an output as a share of its limit; NaN where the output is NaN and should not be.
  private static func share(
    _ got: Float, _ expected: Double, _ bound: ErrorBound, scale: Double
  ) -> Double {
    let limit = bound.limit(scale, value: expected)
    let mayOverflow = scale + limit > bound.largestOutput
    if expected.isNaN { return got.isNaN ? 0 : .infinity }
    if got.isNaN { return mayOverflow ? 0 : .nan }
    if !expected.isFinite { return Double(got) == expected ? 0 : .infinity }
    if !got.isFinite || got == 0 && mayOverflow { return mayOverflow ? 0 : .infinity }
    let error = abs(Double(got) - expected)
    return error == 0 ? 0 : error / limit
  }

  private static func describe(
    _ index: Int, _ shape: ActivationShape, got: Float, expected: Double
  ) -> String {
    let column = index % shape.extent.width
    let row = index / shape.extent.width % shape.extent.height
    let channel = index / shape.extent.area % shape.channels
    let image = index / shape.extent.area / shape.channels
    return "output[\(image)][\(channel)][\(row)][\(column)] is \(got), expected \(expected)"
  }
}

extension ReferenceConvolution {
  /// Whether an output, by its place among those that were computed, sees more than padding.
  fileprivate func reachesImage(_ place: Int) -> Bool {
    problem.map { $0.reachesImage(output: sampledIndices?[place] ?? place) } ?? true
  }
}
