// SPDX-License-Identifier: Apache-2.0

internal import Convolution

#if KERNELS_AVX512
  /// The bits of a register of floats.
  typealias VectorBits = SIMD16<UInt32>
#elseif KERNELS_AVX2
  /// The bits of a register of floats.
  typealias VectorBits = SIMD8<UInt32>
#else
  /// The bits of a register of floats.
  typealias VectorBits = SIMD4<UInt32>
#endif

/// The number of each lane.
@inline(__always)
var laneNumbers: Vector {
  var numbers = Vector()
  for lane in 0..<Vector.scalarCount { numbers[lane] = Float(lane) }
  return numbers
}

/// The sum of all lanes; a loop, because Swift's own is a weak symbol.
@inline(__always)
func sum(of vector: Vector) -> Float {
  var sum = vector[0]
  for lane in 1..<Vector.scalarCount { sum += vector[lane] }
  return sum
}

/// Each lane held from `least` to `most`; NaN stays NaN.
@inline(__always)
func clipped(_ value: Vector, _ least: Vector, _ most: Vector) -> Vector {
  value.replacing(with: least, where: value .< least).replacing(with: most, where: value .> most)
}

/// `eˣ − 1` and `2ⁿ`, where `x` is `n · ln 2` and a rest of at most half of that.
///
/// The rest's exponential is a Taylor polynomial of degree 7, whose remainder is below 2⁻²⁷ of the
/// value.
/// - Requires: `x` from −87 to 88.
@inline(__always)
private func split(_ x: Vector) -> (rest: Vector, power: Vector) {
  // Adding 1.5·2²³ rounds to an integer, which then stands in the lowest bits.
  let magic = Vector(repeating: 12_582_912)
  let shifted = multiplyAdd(magic, x, Vector(repeating: 1.4426950408889634))
  let number = shifted - magic
  // ln 2 in two parts, the first exact in products with small integers.
  var rest = multiplySubtract(x, number, Vector(repeating: 0.693359375))
  rest = multiplyAdd(rest, number, Vector(repeating: 2.12194440e-4))
  var sum = Vector(repeating: 1 / 5040)
  sum = multiplyAdd(Vector(repeating: 1 / 720), sum, rest)
  sum = multiplyAdd(Vector(repeating: 1 / 120), sum, rest)
  sum = multiplyAdd(Vector(repeating: 1 / 24), sum, rest)
  sum = multiplyAdd(Vector(repeating: 1 / 6), sum, rest)
  sum = multiplyAdd(Vector(repeating: 0.5), sum, rest)
  sum = multiplyAdd(Vector(repeating: 1), sum, rest)
  let bits =
    unsafeBitCast(shifted, to: VectorBits.self)
    &- VectorBits(repeating: (12_582_912 as Float).bitPattern)
  let power = unsafeBitCast(
    (bits &+ VectorBits(repeating: 127)) &<< VectorBits(repeating: 23), to: Vector.self)
  return (sum * rest, power)
}

/// `eˣ`; zero below −87, infinite above 88; NaN stays NaN.
@inline(__always)
func exponential(_ x: Vector) -> Vector {
  let (rest, power) = split(clipped(x, Vector(repeating: -87), Vector(repeating: 88)))
  let result = multiplyAdd(power, power, rest)
  return result.replacing(with: Vector(), where: x .< Vector(repeating: -87))
    .replacing(with: Vector(repeating: .infinity), where: x .> Vector(repeating: 88))
}

/// The hyperbolic tangent, by `e²ˣ − 1`, which is exact where `x` is small.
@inline(__always)
func hyperbolicTangent(_ x: Vector) -> Vector {
  // Beyond ±10 it is one to the last bit.
  let (rest, power) = split(clipped(x + x, Vector(repeating: -20), Vector(repeating: 20)))
  let less = multiplyAdd(power - Vector(repeating: 1), power, rest)
  return less / (less + Vector(repeating: 2))
}

/// The error function: a series near zero, and beyond it formula 7.1.26, within 1.5·10⁻⁷.
/// - Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.5 and 7.1.26.
@inline(__always)
func errorFunction(_ x: Vector) -> Vector {
  let square = x * x
  var series = Vector(repeating: -1.0 / 1320)
  series = multiplyAdd(Vector(repeating: 1.0 / 216), series, square)
  series = multiplyAdd(Vector(repeating: -1.0 / 42), series, square)
  series = multiplyAdd(Vector(repeating: 0.1), series, square)
  series = multiplyAdd(Vector(repeating: -1.0 / 3), series, square)
  series = multiplyAdd(Vector(repeating: 1), series, square)
  let near = x * series * Vector(repeating: 1.1283791670955126)
  let isNegative = x .< Vector()
  let size = x.replacing(with: Vector() - x, where: isNegative)
  let t =
    Vector(repeating: 1) / multiplyAdd(Vector(repeating: 1), size, Vector(repeating: 0.3275911))
  var sum = Vector(repeating: 1.061405429)
  sum = multiplyAdd(Vector(repeating: -1.453152027), sum, t)
  sum = multiplyAdd(Vector(repeating: 1.421413741), sum, t)
  sum = multiplyAdd(Vector(repeating: -0.284496736), sum, t)
  sum = multiplyAdd(Vector(repeating: 0.254829592), sum, t)
  let far = multiplySubtract(Vector(repeating: 1), sum * t, exponential(Vector() - square))
  let signed = far.replacing(with: Vector() - far, where: isNegative)
  let end = Vector(repeating: Float(PointFunction.seriesEnd))
  return signed.replacing(with: near, where: size .< end)
}
