// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The matrices of a one-dimensional Winograd convolution, and what follows from them.
///
/// `y = Aᵀ[(G·g) ⊙ (Bᵀ·d)]` gives `outputs` outputs of a filter `g` over a line `d` of inputs. The
/// points are 0, then pairs +a, −a, and ∞ where their number is even.
/// - Source: Lavin and Gray, CVPR 2016, section 4; Barabasz et al., ACM TOMS 46(4), 2020, section 2.
struct WinogradMatrices {
  /// F(outputs, taps).
  let form: WinogradForm
  /// The positive point of each pair.
  let pairs: [Double]
  /// Aᵀ, `[outputs][points]`.
  let output: [[Double]]
  /// G, `[points][taps]`.
  let filter: [[Double]]
  /// Bᵀ, `[points][points]`.
  let input: [[Double]]

  /// The positive points, by the number of all points.
  ///
  /// A search by steps of 1/16 over the measured error of F(4, 3), F(6, 3) and so on, on uniform
  /// data, found these; ±1, ±2 has twice the error for 6 points. They have so few bits that all
  /// constants of up to 8 points are exact in 32-bit floats.
  static let points: [Int: [Double]] = [
    4: [1], 5: [0.625, 1.5], 6: [0.625, 1.5], 7: [0.5, 1.1875, 3], 8: [0.5, 1, 1.875],
    9: [0.4375, 0.875, 1.5, 3.25],
  ]

  /// The matrices of `form`.
  /// - Requires: a form for whose number of points there is a choice of points.
  init(_ form: WinogradForm) {
    guard let pairs = Self.points[form.points] else {
      preconditionFailure("no points are chosen for F(\(form.outputs), \(form.taps))")
    }
    self.form = form
    self.pairs = pairs
    let points: [Double] = [0] + pairs.flatMap { pair -> [Double] in [pair, -pair] }
    let hasInfinity = form.points.isMultiple(of: 2)
    output = (0..<form.outputs).map { row in
      let infinity: [Double] = hasInfinity ? [row == form.outputs - 1 ? 1 : 0] : []
      return points.map { Self.power($0, row) } + infinity
    }
    let taps = 0..<form.taps
    let infinity: [Double] = taps.map { $0 == form.taps - 1 ? 1 : 0 }
    filter =
      points.map { point in
        let scale = points.reduce(1.0) { $1 == point ? $0 : $0 * (point - $1) }
        return taps.map { Self.power(point, $0) / scale }
      } + (hasInfinity ? [infinity] : [])
    // A row holds the coefficients of ∏(x − pₖ) over the other points; that of ∞ over all.
    let rows =
      points.map { point in Self.polynomial(points.filter { $0 != point }) }
      + (hasInfinity ? [Self.polynomial(points)] : [])
    input = rows.map { $0 + [Double](repeating: 0, count: form.points - $0.count) }
  }

  /// The kernels' constants, in the order in which they read them.
  ///
  /// With `P(x²) = ∏(x² − aᵢ²)`: the coefficients of P but the leading 1; the points aᵢ; for each
  /// pair, those of P without its own factor; then for each output but the first aᵢᵏ.
  var constants: [Double] {
    let squares = pairs.map { $0 * $0 }
    var constants: [Double] = Self.polynomial(squares).dropLast() + pairs
    for own in squares {
      constants += Self.polynomial(squares.filter { $0 != own }).dropLast()
    }
    for row in 1..<form.outputs { constants += pairs.map { Self.power($0, row) } }
    return constants
  }

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { power, _ in power * base }
  }

  /// The coefficients of `∏(x − root)`, from the constant upwards.
  private static func polynomial(_ roots: [Double]) -> [Double] {
    roots.reduce([1.0]) { polynomial, root in
      (0...polynomial.count).map { power -> Double in
        let raised = power > 0 ? polynomial[power - 1] : 0
        return power < polynomial.count ? raised - root * polynomial[power] : raised
      }
    }
  }
}
