// SPDX-License-Identifier: Apache-2.0

import Convolution
import Testing

@testable import Peers

@Suite("Winograd transforms of libraries")
struct WinogradTransformTests {
  @Test("the matrices compute a correlation")
  func matricesCorrelate() {
    let transform = WinogradTransform.oneDNN
    let data: [Double] = [0.3, -1.2, 0.7, 2.1, -0.4, 0.9]
    let taps: [Double] = [0.5, -0.25, 1.5]
    let products = zip(times(transform.filter, taps), times(transform.input, data)).map { $0 * $1 }
    let output = times(transform.output, products)
    for index in 0..<4 {
      let expected = (0..<3).reduce(0) { $0 + data[index + $1] * taps[$1] }
      #expect(abs(output[index] - expected) < 1e-12)
    }
  }

  @Test("points far from 1 amplify the error more")
  func farPointsAmplify() {
    let far = WinogradTransform(outputs: 4, taps: 3, points: [0, 1, -1, 4, -4])
    #expect(far.amplification > WinogradTransform.oneDNN.amplification)
    #expect(WinogradTransform.oneDNN.amplification > 1)
  }

  private func times(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
    matrix.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
  }
}
