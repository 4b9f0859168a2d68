// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The matrices of a one-dimensional Winograd convolution F(m, r), built from its points.
///
/// `y = Aᵀ[(G·g) ⊙ (Bᵀ·d)]` gives `m` outputs of a filter `g` of `r` taps over `m + r − 1` inputs
/// `d`. Points are the finite ones; infinity is always the last.
/// - Source: Lavin and Gray, CVPR 2016, section 4; Barabasz et al., ACM TOMS 46(4), 2020, section 2.
struct WinogradTransform {
  /// Outputs of a tile.
  let outputs: Int
  /// Taps of the filter.
  let taps: Int
  /// `[outputs][tile]`.
  let output: [[Double]]
  /// `[tile][taps]`.
  let filter: [[Double]]
  /// `[tile][tile]`.
  let input: [[Double]]

  /// F(4, 3) with the points of oneDNN 2's kernels: 0, ±5/8, ±3/2.
  static let oneDNN = WinogradTransform(outputs: 4, taps: 3, points: [0, 0.625, -0.625, 1.5, -1.5])

  /// F(outputs, taps) over `points` and infinity.
  /// - Requires: `outputs + taps − 2` different points.
  init(outputs: Int, taps: Int, points: [Double]) {
    precondition(points.count == outputs + taps - 2)
    self.outputs = outputs
    self.taps = taps
    let last = points.count
    output = (0..<outputs).map { row in
      points.map { Self.power($0, row) } + [row == outputs - 1 ? 1 : 0]
    }
    filter =
      points.indices.map { index in
        let scale = points.indices.filter { $0 != index }
          .reduce(1) { $0 * (points[index] - points[$1]) }
        return (0..<taps).map { Self.power(points[index], $0) / scale }
      } + [(0..<taps).map { $0 == taps - 1 ? 1 : 0 }]
    // Row i holds the coefficients of ∏(x − pₖ) over k ≠ i; the last row those over all k.
    input = (0...last).map { index in
      let product = points.indices.filter { $0 != index }
        .reduce([1.0]) { Self.times($0, root: points[$1]) }
      return product + [Double](repeating: 0, count: last + 1 - product.count)
    }
  }

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { power, _ in power * base }
  }

  /// The polynomial times `(x − root)`, coefficients from the constant upwards.
  private static func times(_ polynomial: [Double], root: Double) -> [Double] {
    (0...polynomial.count).map { power in
      (power > 0 ? polynomial[power - 1] : 0)
        - (power < polynomial.count ? root * polynomial[power] : 0)
    }
  }

  /// How much larger the sum of absolute intermediate products is than that of the textbook's, on
  /// data of even magnitude: the largest over the outputs of `Σ|Aᵀ|·|G|·|Bᵀ|`, per tap.
  var amplification: Double {
    let largest = output.map { row in
      zip(row, zip(filter, input)).reduce(0) { sum, factors in
        sum + abs(factors.0) * factors.1.0.reduce(0) { $0 + abs($1) }
          * factors.1.1.reduce(0) { $0 + abs($1) }
      }
    }.max()
    return (largest ?? 0) / Double(taps)
  }
}

extension ErrorBound {
  /// The bound of a two-dimensional Winograd convolution with `transform` in both directions.
  ///
  /// To first order in u, the error is at most `(2·nG + 2·nB + 2·nA + C)·u` times the sum of the
  /// absolute intermediate products, where a transform's dot product of n terms, whose constants
  /// are rounded too, costs `n + 1` roundings in each direction, and `C` channels are summed.
  /// That sum exceeds `Σ|x·w|` by the amplification in each direction, on data of even magnitude:
  /// hence the largest `Σ|x·w|` of all outputs as scale.
  static func winograd(
    _ operation: ConvolutionOperation, _ transform: WinogradTransform
  ) -> ErrorBound {
    let tile = transform.outputs + transform.taps - 1
    let roundings =
      2 * (transform.taps + 1) + 4 * (tile + 1) + operation.problem.inChannelsPerGroup
      + (operation.epilogue.hasBias ? 1 : 0)
    let amplification = transform.amplification * transform.amplification
    let product = Double(roundings) * 0x1p-24
    return ErrorBound(relative: amplification * product / (1 - product), scale: .largest)
  }
}
