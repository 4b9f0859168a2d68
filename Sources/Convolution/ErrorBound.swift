// SPDX-License-Identifier: Apache-2.0

/// How far a variant's result may lie from the exact one.
public struct ErrorBound: Hashable, Sendable {
  /// What the relative bound is multiplied with.
  public enum Scale: Hashable, Sendable {
    /// `Σ|x·w|` of the output itself: for variants that only sum products.
    case perOutput
    /// The largest `Σ|x·w|` of all outputs: for variants that mix neighbouring outputs.
    case largest
  }

  /// The bound as a multiple of the scale.
  public var relative: Double
  /// The scale.
  public var scale: Scale
  /// What roundings to multiples of the smallest number add, whatever the scale.
  public var absolute: Double

  /// A bound of `relative` times `scale`, plus `absolute`.
  public init(relative: Double, scale: Scale = .perOutput, absolute: Double = 0) {
    self.relative = relative
    self.scale = scale
    self.absolute = absolute
  }

  /// How far results may lie from exact values of the magnitude `scale`.
  public func limit(_ scale: Double) -> Double { relative * scale + absolute }

  /// The bound of any order of summation in 32-bit floats, fused or not:
  /// `γₙ = n·u / (1 − n·u)`, `u = 2⁻²⁴`, for `n` terms per output (a bias is one more).
  ///
  /// A product that is rounded by itself, as without FMA, loses half of the smallest number at most
  /// where it underflows, and so does an FMA; sums alone lose nothing there.
  /// - Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., sections 2.1 and 3.1.
  public static func summation(_ operation: ConvolutionOperation) -> ErrorBound {
    let problem = operation.problem
    let terms =
      problem.inChannelsPerGroup * problem.kernel.area + (operation.epilogue.hasBias ? 1 : 0)
    let product = Double(terms) * 0x1p-24
    return ErrorBound(relative: product / (1 - product), absolute: Double(terms) * 0x1p-149)
  }
}
