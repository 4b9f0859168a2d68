// SPDX-License-Identifier: Apache-2.0

import Statistics
import Testing

@Suite("Least squares")
struct LeastSquaresTests {
  @Test("a plane is found exactly, whatever the units of its predictors")
  func plane() throws {
    var generator = SplitMix64(seed: 3)
    let rows = (0..<20).map { _ in
      [Double(generator.index(below: 100)) * 1e9, Double(generator.index(below: 100)) * 1e-6]
    }
    let targets = rows.map { 7 + 2e-9 * $0[0] - 3e6 * $0[1] }
    let fit = try #require(LeastSquares(rows, targets))
    #expect(abs(fit.intercept - 7) < 1e-6)
    #expect(abs(fit.slopes[0] / 2e-9 - 1) < 1e-9)
    #expect(abs(fit.slopes[1] / -3e6 - 1) < 1e-9)
    #expect(abs(fit.rSquared - 1) < 1e-12)
    #expect(abs(fit.value(rows[5]) - targets[5]) < 1e-6)
  }

  @Test("the share of variance is the square of the correlation")
  func correlation() throws {
    // Anscombe 1973, the first set: r = 0.81642.
    let x = [10.0, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
    let y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
    let fit = try #require(LeastSquares(x.map { [$0] }, y))
    #expect(abs(fit.intercept - 3.0001) < 1e-3)
    #expect(abs(fit.slopes[0] - 0.5001) < 1e-3)
    #expect(abs(fit.rSquared - 0.66654) < 1e-4)
  }

  @Test("too few targets, and predictors that depend on each other, have no fit but with a ridge")
  func degenerate() throws {
    #expect(LeastSquares([], []) == nil)
    #expect(LeastSquares([[1, 2], [2, 3]], [1, 2]) == nil)
    let rows = (0..<6).map { [Double($0), 2 * Double($0)] }
    #expect(LeastSquares(rows, (0..<6).map { Double($0) }) == nil)
    let fit = try #require(LeastSquares(rows, (0..<6).map { 5 * Double($0) }, ridge: 1e-3))
    #expect(abs(fit.value([3, 6]) - 15) < 0.05)
    // A predictor that never changes depends on the intercept.
    #expect(LeastSquares((0..<4).map { [Double($0), 1] }, [0, 1, 2, 3]) == nil)
  }
}
