// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A function of one number, applied to each element of a tensor.
///
/// NaN stays NaN.
public enum PointFunction: BitwiseCopyable, Codable, Hashable, Sendable {
  /// The nearest number from `least` to `most`; ReLU6 is from 0 to 6.
  case clip(least: Float, most: Float)
  /// `x` where that is positive, else `slope · x`.
  case leakyReLU(slope: Float)
  /// `slope · x + offset`, clipped from 0 to 1.
  case hardSigmoid(slope: Float, offset: Float)
  /// `x · clip(x / 6 + ½, 0, 1)`.
  /// - Source: Howard et al. 2019 (MobileNetV3), section 5.2.
  case hardSwish
  /// `x / (1 + e⁻ˣ)`, also called SiLU.
  case swish
  /// The hyperbolic tangent.
  case tanh
  /// The error function.
  case erf
  /// `x · Φ(x)`, with Φ the normal distribution.
  case gelu
  /// The square root.
  case squareRoot
  /// `|x|`.
  case absolute
  /// `x · tanh(ln(1 + eˣ))`.
  case mish

  /// The word by which descriptors and phases name it.
  public var name: String {
    switch self {
    case .clip: "clip"
    case .leakyReLU: "leaky"
    case .hardSigmoid: "hardsigmoid"
    case .hardSwish: "hardswish"
    case .swish: "swish"
    case .tanh: "tanh"
    case .erf: "erf"
    case .gelu: "gelu"
    case .squareRoot: "sqrt"
    case .absolute: "abs"
    case .mish: "mish"
    }
  }

  /// Whether zero stays zero, so that layout padding needs no care.
  public var keepsZero: Bool { callAsFunction(0) == 0 }
}

extension PointFunction {
  /// The exact value.
  public func callAsFunction(_ x: Double) -> Double {
    switch self {
    case .clip(let least, let most): Self.clipped(x, Double(least), Double(most))
    case .leakyReLU(let slope): x < 0 ? Double(slope) * x : x
    case .hardSigmoid(let slope, let offset):
      Self.clipped(Double(slope) * x + Double(offset), 0, 1)
    case .hardSwish: x * Self.clipped(x / 6 + 0.5, 0, 1)
    case .swish: x / (1 + exp(-x))
    case .tanh: Glibc.tanh(x)
    case .erf: Glibc.erf(x)
    case .gelu: x * (0.5 + 0.5 * Glibc.erf(x * 0.5.squareRoot()))
    case .squareRoot: x.squareRoot()
    case .absolute: abs(x)
    case .mish: x * Glibc.tanh(log1p(exp(x)))
    }
  }

  private static func clipped(_ x: Double, _ least: Double, _ most: Double) -> Double {
    x < least ? least : x > most ? most : x
  }

  /// No value grows more than this with its argument.
  var slope: Double {
    switch self {
    case .clip, .tanh, .absolute: 1
    case .leakyReLU(let slope): max(1, abs(Double(slope)))
    case .hardSigmoid(let slope, _): abs(Double(slope))
    // Of any float but the smallest, whose root's slope has no bound.
    case .squareRoot: 0x1p75
    case .hardSwish: 1.5
    case .swish, .erf, .gelu, .mish: 1.2
    }
  }

  /// What the function's own roundings are relative to.
  func magnitude(_ x: Double) -> Double {
    switch self {
    case .hardSigmoid(let slope, let offset): abs(Double(slope) * x) + abs(Double(offset))
    // The kernel takes polynomials for small arguments, and a difference from one beyond.
    case .erf: abs(x) < Self.seriesEnd ? abs(callAsFunction(x)) : 1
    // Factors are between zero and one, and are rounded as if they were one.
    case .hardSwish, .swish, .gelu, .mish: abs(x)
    default: abs(callAsFunction(x))
    }
  }

  /// Up to here the error function is a series.
  public static let seriesEnd = 0.5

  /// Roundings of the kernel.
  var roundings: Int {
    switch self {
    case .clip, .absolute: 0
    case .leakyReLU, .squareRoot: 1
    case .hardSigmoid: 2
    case .hardSwish: 4
    case .swish, .tanh, .erf, .gelu, .mish: 48
    }
  }
}
