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
  /// What rounding the sum to the output's type may change, as a multiple of the sum.
  public var rounding: Double
  /// The largest finite output.
  public var largestOutput: Double

  /// A bound of `relative` times `scale`, plus `absolute`, and of rounding the result.
  public init(
    relative: Double, scale: Scale = .perOutput, absolute: Double = 0, rounding: Double = 0,
    largestOutput: Double = Double(Float.greatestFiniteMagnitude)
  ) {
    self.relative = relative
    self.scale = scale
    self.absolute = absolute
    self.rounding = rounding
    self.largestOutput = largestOutput
  }

  /// How far results may lie from an exact value of the magnitude `scale`: the sum from `value`, and
  /// what is written from the sum.
  public func limit(_ scale: Double, value: Double = 0) -> Double {
    let sum = relative * scale + absolute
    return rounding > 0 ? sum + rounding * (abs(value).orZero + sum) : sum
  }

  /// The bound of any order of summation in 32-bit floats, fused or not:
  /// `γₙ = n·u / (1 − n·u)`, `u = 2⁻²⁴`, for `n` terms per output (a bias is one more).
  ///
  /// A product that is rounded by itself, as without FMA, loses half of the smallest number at most
  /// where it underflows, and so does an FMA; sums alone lose nothing there. Instructions for bf16
  /// make zero of each product, sum and result below the smallest normal number.
  ///
  /// An output in bf16 is rounded once more, by half a unit of its last place. Integers are exact.
  /// - Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., sections 2.1 and 3.1.
  public static func summation(_ operation: ConvolutionOperation) -> ErrorBound {
    let problem = operation.problem
    let terms =
      problem.inChannelsPerGroup * problem.kernel.area + (operation.epilogue.hasBias ? 1 : 0)
    let product = Double(terms) * 0x1p-24
    let relative = product / (1 - product)
    switch problem.dataType {
    case .f32: return ErrorBound(relative: relative, absolute: Double(terms) * 0x1p-149)
    case .u8s8, .u8s8s32, .u8s8f32: return ErrorBound(relative: 0)
    case .bf16f32:
      return ErrorBound(relative: relative, absolute: Double(2 * terms + 1) * 0x1p-126)
    case .bf16:
      return ErrorBound(
        relative: relative, absolute: Double(2 * terms + 1) * 0x1p-126,
        rounding: BFloat16.roundingUnit,
        largestOutput: Double(BFloat16.greatestFiniteMagnitude.value))
    }
  }
}
