// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Statistics

@Suite("Gaussian processes")
struct GaussianProcessTests {
  /// Normal numbers of a seed, by the sum of twelve.
  private struct Normal {
    var generator: SplitMix64

    mutating func next() -> Double {
      (0..<12).reduce(-6) { sum, _ in sum + Double(generator.next() >> 11) * 0x1p-53 }
    }

    mutating func uniform() -> Double { Double(generator.next() >> 11) * 0x1p-53 }
  }

  private static func value(_ x: Double, _ y: Double) -> Double { sin(3 * x) + 0.5 * y }

  /// Noisy values of a function of two inputs, of which a third says nothing.
  private static func drawn(
    _ count: Int, seed: UInt64, noise: Double
  ) -> (points: [GaussianProcess.Point], values: [Double]) {
    var normal = Normal(generator: SplitMix64(seed: seed))
    var points: [GaussianProcess.Point] = [], values: [Double] = []
    for _ in 0..<count {
      let inputs = [normal.uniform(), 100 * normal.uniform(), normal.uniform()]
      points.append(GaussianProcess.Point(inputs, kind: "a"))
      values.append(Self.value(inputs[0], inputs[1] / 100) + noise * normal.next())
    }
    return (points, values)
  }

  @Test("a smooth function is guessed between its noisy values, and its doubt covers the errors")
  func guesses() throws {
    let known = Self.drawn(120, seed: 1, noise: 0.03)
    let process = try #require(GaussianProcess.fitted(known.points, known.values))
    let asked = Self.drawn(200, seed: 2, noise: 0)
    var inside = 0
    var errors: [Double] = []
    for (point, truth) in zip(asked.points, asked.values) {
      let guess = process.guess(point)
      errors.append(abs(guess.value - truth))
      if abs(guess.value - truth) <= 2 * guess.deviation { inside += 1 }
    }
    #expect(median(of: errors) < 0.04)
    #expect(inside >= 170)
  }

  @Test("far from every known value it is less sure, and so it is of another kind")
  func doubts() throws {
    let known = Self.drawn(60, seed: 3, noise: 0.03)
    let process = try #require(GaussianProcess.fitted(known.points, known.values))
    let near = GaussianProcess.Point([0.5, 50, 0.5], kind: "a")
    let far = GaussianProcess.Point([4, 50, 0.5], kind: "a")
    let other = GaussianProcess.Point([0.5, 50, 0.5], kind: "b")
    #expect(process.guess(far).deviation > 2 * process.guess(near).deviation)
    #expect(process.guess(other).deviation > 2 * process.guess(near).deviation)
    #expect(process.nearest(other) == nil)
    let distance = try #require(process.nearest(far))
    #expect(distance > (process.neighbourDistances.max() ?? 0))
  }

  @Test("what is said of values left out is what is guessed without them")
  func leavesOut() throws {
    // Two points far from the others and from each other keep scales and level nearly the same.
    let known = Self.drawn(80, seed: 4, noise: 0.05)
    let smoothness = GaussianProcess.Smoothness(count: 3)
    let all = try #require(
      GaussianProcess(known.points, known.values, smoothness: smoothness))
    for place in stride(from: 0, to: 80, by: 9) {
      var points = known.points, values = known.values
      points.remove(at: place)
      values.remove(at: place)
      let others = try #require(GaussianProcess(points, values, smoothness: smoothness))
      let guess = others.guess(known.points[place])
      let left = all.leftOut[place]
      #expect(abs(known.values[place] - guess.value - left.error) < 0.02)
      let deviation =
        (guess.deviation * guess.deviation + smoothness.noise * smoothness.noise).squareRoot()
      #expect(abs(deviation / left.deviation - 1) < 0.05)
    }
  }

  @Test("errors of neighbours go together, those of strangers do not")
  func covariances() throws {
    let known = Self.drawn(40, seed: 5, noise: 0.03)
    let process = try #require(GaussianProcess.fitted(known.points, known.values))
    let place = GaussianProcess.Point([3, 50, 0.5], kind: "a")
    let close = GaussianProcess.Point([3.001, 50, 0.5], kind: "a")
    let pair = process.guess([place, close]).covariances
    #expect(pair[0][1] / (pair[0][0] * pair[1][1]).squareRoot() > 0.95)
    #expect(abs(pair[0][1] - pair[1][0]) < 1e-9)
  }

  @Test("the factor's inverse has the diagonal that solving for each unit vector gives")
  func inverse() throws {
    var normal = Normal(generator: SplitMix64(seed: 6))
    let size = 7
    let rows = (0..<size).map { _ in (0..<size).map { _ in normal.next() } }
    // A matrix times its transpose, with something on the diagonal.
    var matrix: [[Double]] = []
    for first in 0..<size {
      let line = (0...first).map { second in
        zip(rows[first], rows[second]).reduce(0.0) { $0 + $1.0 * $1.1 }
      }
      matrix.append(line)
      matrix[first][first] += 0.5
    }
    let factor = try #require(CholeskyFactor(matrix))
    let diagonal = factor.inverseDiagonal()
    for place in 0..<size {
      let unit = (0..<size).map { $0 == place ? 1.0 : 0 }
      let column = factor.solve(unit)
      #expect(abs(column[place] / diagonal[place] - 1) < 1e-9)
      var back: [Double] = []
      for row in 0..<size {
        let line = (0..<size).map { $0 <= row ? matrix[row][$0] : matrix[$0][row] }
        back.append(zip(line, column).reduce(0.0) { $0 + $1.0 * $1.1 })
      }
      #expect(zip(back, unit).allSatisfy { abs($0 - $1) < 1e-9 })
    }
    #expect(CholeskyFactor([[1], [2, 1]]) == nil)
  }
}
