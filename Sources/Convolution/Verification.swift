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
    output: TensorValues, reference: ReferenceConvolution, bound: ErrorBound,
    shape: ActivationShape, trustsZeros: Bool = false
  ) {
    precondition(output.count == shape.count)
    self.init(reference, bound, shape, trustsZeros: trustsZeros) { Double(output[$0]) }
  }

  /// The same of outputs that may be integers of more bits than a float has.
  public init(
    output: [Double], reference: ReferenceConvolution, bound: ErrorBound, shape: ActivationShape,
    trustsZeros: Bool = false
  ) {
    precondition(output.count == shape.count)
    self.init(reference, bound, shape, trustsZeros: trustsZeros) { output[$0] }
  }

  private init(
    _ reference: ReferenceConvolution, _ bound: ErrorBound, _ shape: ActivationShape,
    trustsZeros: Bool, output: (Int) -> Double
  ) {
    let largest = reference.magnitudes.max() ?? 0
    var tally = Tally()
    for (place, expected) in reference.values.enumerated() where !tally.worst.share.isNaN {
      let got = output(reference.sampledIndices?[place] ?? place)
      let scale = bound.scale == .perOutput ? reference.magnitudes[place] : largest
      tally.add(
        got, expected, share: Self.share(got, expected, bound, scale: scale), place: place,
        reachesImage: reference.reachesImage(place))
    }
    let worst = tally.worst
    worstErrorShare = worst.share.isNaN ? .nan : max(0, worst.share)
    relativeRMSError = tally.relativeRMSError
    if worst.share.isNaN || worst.share > 1 {
      let index = reference.sampledIndices?[worst.place] ?? worst.place
      outcome = .wrong(
        Self.describe(index, shape, got: output(index), expected: reference.values[worst.place]))
    } else {
      outcome = trustsZeros ? .correct : tally.outcome(reference)
    }
  }

  /// What is known of the outputs that were compared.
  private struct Tally {
    /// The largest error as a share of its bound, and where.
    var worst = (share: -1.0, place: 0)
    private var squaredError = 0.0, squaredReference = 0.0
    /// Outputs that see the image, and those of them that are zero: where a kernel lies wholly in the
    /// padding, zero is the only right answer, and says nothing about the others.
    private var seeing = 0, zeros = 0

    mutating func add(
      _ got: Double, _ expected: Double, share: Double, place: Int, reachesImage: Bool
    ) {
      if share.isNaN || share > worst.share { worst = (share, place) }
      if got.isFinite, expected.isFinite {
        squaredError += (Double(got) - expected) * (Double(got) - expected)
        squaredReference += expected * expected
      }
      guard reachesImage else { return }
      seeing += 1
      if expected == 0 { zeros += 1 }
    }

    var relativeRMSError: Double {
      squaredReference > 0 ? (squaredError / squaredReference).squareRoot() : 0
    }

    /// What agreement proves.
    func outcome(_ reference: ReferenceConvolution) -> Outcome {
      if seeing == 0 {
        return .mistrusted("none of \(reference.values.count) checked outputs sees the image")
      }
      guard zeros * 10 > seeing * 9 else { return .correct }
      return .mistrusted("\(zeros) of \(seeing) checked outputs that see the image are zero")
    }
  }

  /// The error of an output as a share of its limit; NaN where the output is NaN and should not be.
  private static func share(
    _ got: Double, _ expected: Double, _ bound: ErrorBound, scale: Double
  ) -> Double {
    let limit = bound.limit(scale, value: expected)
    let mayOverflow = scale + limit > bound.largestOutput
    if expected.isNaN { return got.isNaN ? 0 : .infinity }
    if got.isNaN { return mayOverflow ? 0 : .nan }
    if !expected.isFinite { return got == expected ? 0 : .infinity }
    if !got.isFinite || got == 0 && mayOverflow { return mayOverflow ? 0 : .infinity }
    let error = abs(got - expected)
    return error == 0 ? 0 : error / limit
  }

  private static func describe(
    _ index: Int, _ shape: ActivationShape, got: Double, expected: Double
  ) -> String {
    let column = index % shape.extent.width
    let row = index / shape.extent.width % shape.extent.height
    let channel = index / shape.extent.area % shape.channels
    let image = index / shape.extent.area / shape.channels
    // A float in the digits of one.
    let shown = Double(Float(got)) == got ? "\(Float(got))" : "\(got)"
    return "output[\(image)][\(channel)][\(row)][\(column)] is \(shown), expected \(expected)"
  }
}

extension ReferenceConvolution {
  /// Whether an output, by its place among those that were computed, sees more than padding.
  fileprivate func reachesImage(_ place: Int) -> Bool {
    problem.map { $0.reachesImage(output: sampledIndices?[place] ?? place) } ?? true
  }
}
