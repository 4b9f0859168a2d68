// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The lower triangle of a Cholesky factor, row after row.
///
/// - Source: Golub and Van Loan, Matrix Computations, section 4.2.
struct CholeskyFactor: Sendable {
  private let size: Int
  private let rows: [[Double]]

  /// The factor of a symmetric matrix whose lower triangle is `matrix`; nil where it is not positive
  /// definite.
  init?(_ matrix: [[Double]]) {
    size = matrix.count
    var rows: [[Double]] = []
    rows.reserveCapacity(size)
    for row in 0..<size {
      var line = matrix[row]
      for column in 0...row {
        var sum = line[column]
        if column < row {
          let other = rows[column]
          for place in 0..<column { sum -= line[place] * other[place] }
          line[column] = sum / other[column]
        } else {
          for place in 0..<column { sum -= line[place] * line[place] }
          guard sum > 0, sum.isFinite else { return nil }
          line[column] = sqrt(sum)
        }
      }
      rows.append(Array(line[...row]))
    }
    self.rows = rows
  }

  /// The solution of `L·x = right`.
  func forward(_ right: [Double]) -> [Double] {
    var solution = right
    for row in 0..<size {
      let line = rows[row]
      var sum = solution[row]
      for place in 0..<row { sum -= line[place] * solution[place] }
      solution[row] = sum / line[row]
    }
    return solution
  }

  /// The solution of `Lᵀ·x = right`.
  private func backward(_ right: [Double]) -> [Double] {
    var solution = right
    for row in stride(from: size - 1, through: 0, by: -1) {
      let line = rows[row]
      solution[row] /= line[row]
      let value = solution[row]
      for place in 0..<row { solution[place] -= line[place] * value }
    }
    return solution
  }

  /// The solution of `L·Lᵀ·x = right`.
  func solve(_ right: [Double]) -> [Double] { backward(forward(right)) }

  /// The diagonal of the inverse of `L·Lᵀ`: the squares of each column of the inverse of `L`.
  func inverseDiagonal() -> [Double] {
    (0..<size).map { column in
      var solution = [Double](repeating: 0, count: size)
      var sum = 0.0
      for row in column..<size {
        let line = rows[row]
        var value = row == column ? 1.0 : 0
        for place in column..<row { value -= line[place] * solution[place] }
        solution[row] = value / line[row]
        sum += solution[row] * solution[row]
      }
      return sum
    }
  }
}
