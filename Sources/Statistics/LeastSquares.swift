// SPDX-License-Identifier: Apache-2.0

/// A linear model of several predictors and an intercept, fitted by least squares.
public struct LeastSquares: Hashable, Sendable {
  /// What a target is where every predictor is 0.
  public let intercept: Double
  /// What a target gains for each unit of a predictor, in their order.
  public let slopes: [Double]
  /// The share of the targets' variance that the model explains.
  public let rSquared: Double

  /// The fit of `targets` to `rows` of predictors.
  ///
  /// Predictors are centred and scaled before they are squared, so their units do not matter. There is
  /// none where there are fewer targets than unknowns, or the predictors depend on each other.
  /// - Parameters:
  ///   - rows: the predictors of each target, as many in each row.
  ///   - targets: what they are to explain.
  ///   - ridge: what is added to the diagonal, as a share of it: above 0 similar predictors share what
  ///     they explain, and slopes stay small.
  public init?(_ rows: [[Double]], _ targets: [Double], ridge: Double = 0) {
    guard let width = rows.first?.count, rows.count == targets.count, rows.count > width else {
      return nil
    }
    let (means, scales) = Self.spread(rows, width: width)
    let target = Self.mean(targets)
    let scaled = rows.map { row in row.indices.map { (row[$0] - means[$0]) / scales[$0] } }
    var matrix = (0..<width).map { first in
      (0..<width).map { second in scaled.reduce(0) { $0 + $1[first] * $1[second] } }
    }
    for place in 0..<width { matrix[place][place] *= 1 + ridge }
    let right = (0..<width).map { column in
      zip(scaled, targets).reduce(0) { $0 + $1.0[column] * ($1.1 - target) }
    }
    guard let solution = Self.solve(matrix, right) else { return nil }
    let slopes = zip(solution, scales).map { $0 / $1 }
    let intercept = target - Self.product(slopes, means)
    let left = zip(rows, targets).reduce(0) { sum, pair in
      let error = pair.1 - intercept - Self.product(slopes, pair.0)
      return sum + error * error
    }
    let whole = targets.reduce(0) { $0 + ($1 - target) * ($1 - target) }
    (self.slopes, self.intercept) = (slopes, intercept)
    rSquared = whole > 0 ? 1 - left / whole : 0
  }

  /// The mean of each column, and how far it spreads.
  private static func spread(
    _ rows: [[Double]], width: Int
  ) -> (means: [Double], scales: [Double]) {
    let columns = (0..<width).map { column in rows.map { $0[column] } }
    let means = columns.map(mean)
    let scales = zip(columns, means).map { column, mean in
      max(column.reduce(0) { max($0, abs($1 - mean)) }, .leastNormalMagnitude)
    }
    return (means, scales)
  }

  private static func product(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The target of a row of predictors.
  public func value(_ row: [Double]) -> Double {
    zip(slopes, row).reduce(intercept) { $0 + $1.0 * $1.1 }
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  /// Gaussian elimination with the largest pivot; nil where a pivot is as good as 0.
  private static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
    var rows = zip(matrix, right).map { $0 + [$1] }
    let size = right.count
    let largest = matrix.joined().reduce(0) { max($0, abs($1)) }
    for column in 0..<size {
      guard let pivot = (column..<size).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }),
        abs(rows[pivot][column]) > 1e-12 * largest
      else { return nil }
      rows.swapAt(column, pivot)
      for row in 0..<size where row != column {
        let factor = rows[row][column] / rows[column][column]
        for place in column...size { rows[row][place] -= factor * rows[column][place] }
      }
    }
    return (0..<size).map { rows[$0][size] / rows[$0][$0] }
  }
}
