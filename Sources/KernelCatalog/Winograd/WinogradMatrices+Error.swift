// SPDX-License-Identifier: Apache-2.0

internal import Convolution

extension WinogradMatrices {
  /// How much larger the sum of the absolute intermediate products can be than the largest sum of
  /// absolute products of the convolution itself, in one direction.
  ///
  /// Output k gets input e and tap t through `Σᵢ|Aᵀ[k][i]|·|G[i][t]|·|Bᵀ[i][e]|`. The same pair
  /// belongs to the true sum of output e − t, so of all pairs of an output the worst stands for
  /// them: the largest over k of `Σₒ maxₜ` of that weight at e = o + t.
  var amplification: Double {
    let reach = form.taps - 1
    let sums = output.map { row in
      (-reach..<form.points).reduce(0.0) { sum, place in
        let taps = (0..<form.taps).filter { (0..<form.points).contains(place + $0) }
        let weights = taps.map { tap in
          row.indices.reduce(0.0) { weight, point in
            weight + abs(row[point] * filter[point][tap] * input[point][place + tap])
          }
        }
        return sum + (weights.max() ?? 0)
      }
    }
    return sums.max() ?? 0
  }

  /// How much larger the root mean square of the intermediate products is than that of the textbook's,
  /// on independent data, in one direction: the root of the mean over the outputs of
  /// `Σᵢ Aᵀ[k][i]²·|G[i]|²·|Bᵀ[i]|²` per tap.
  var spread: Double {
    func squares(_ row: [Double]) -> Double { row.reduce(0) { $0 + $1 * $1 } }
    let sum = output.reduce(0.0) { sum, row in
      row.indices.reduce(sum) { sum, point in
        sum + row[point] * row[point] * squares(filter[point]) * squares(input[point])
      }
    }
    return (sum / Double(form.outputs * form.taps)).squareRoot()
  }

  /// The root mean square of the error over that of the output, on independent data of mean zero.
  ///
  /// Rounding a partial sum costs 0.41·u of it (u/√3 at the worst mantissa). Over n terms partial
  /// sums grow as their square root, so the roundings add up to `0.41·u·√(n/2)` of the result; sums
  /// of chunks, added in turn, give `chunk + channels/chunk` for n. The transforms count as four
  /// channels more, and what the products lose in the output transform is the spread, once for each
  /// direction. Measured errors of all forms, with 9 to 600 channels, were 0.28 to 0.36 instead of
  /// `0.41/√2 = 0.29` times this; the constant is that of the middle.
  func expectedRelativeError(channels: Int) -> Double {
    let chunk = Double(min(channels, WinogradBlocking.channelsPerSum))
    let terms = chunk + Double(channels) / chunk + 4
    return 0.32 * 0x1p-24 * spread * spread * terms.squareRoot()
  }
}

extension ErrorBound {
  /// The bound of a two-dimensional Winograd convolution with `matrices` in both directions.
  ///
  /// Every term of an output passes at most this many roundings: one of the filter, which is
  /// transformed in Double; in each pass of the input transform a chain of `pairs + 1` FMAs with up
  /// to two rounded constants; one per channel or chunk of taps that is summed, `terms` in all; in each pass of the output transform `pairs + 2`
  /// operations with one constant; one for the bias. The terms' absolute sum is at most the
  /// amplification in each direction times the largest `Σ|x·w|` of all outputs. (An input and a tap
  /// that meet in no output, at a border with little padding, are taken to be no larger together
  /// than those that do.)
  static func winograd(
    _ operation: ConvolutionOperation, _ matrices: WinogradMatrices, terms: Int
  ) -> ErrorBound {
    let chain = matrices.pairs.count + 3
    let roundings = 1 + 4 * chain + terms + (operation.epilogue.hasBias ? 1 : 0)
    let product = Double(roundings) * 0x1p-24
    let amplification = matrices.amplification * matrices.amplification
    return ErrorBound(relative: amplification * product / (1 - product), scale: .largest)
  }
}
