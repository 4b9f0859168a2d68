// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Statistics

/// The tensors of a case, the same for both builds and for every process.
struct GateTensors {
  let input: [Float]
  let weights: Weights

  /// Uniform values in [−1, 1) for input and bias, the filter scaled by 1/√terms.
  init(_ operation: ConvolutionOperation, seed: UInt64) {
    let problem = operation.problem
    var generator = SplitMix64(seed: seed)
    let terms = Float(problem.inChannelsPerGroup * problem.kernel.area)
    input = Self.uniform(problem.inputShape.count, scale: 1, using: &generator)
    weights = Weights(
      operation,
      filter: Self.uniform(
        problem.filterCount, scale: (3 / terms).squareRoot(), using: &generator),
      bias: Self.uniform(
        operation.epilogue.hasBias ? problem.outChannels : 0, scale: 1, using: &generator))
  }

  private static func uniform(
    _ count: Int, scale: Float, using generator: inout SplitMix64
  ) -> [Float] {
    (0..<count).map { _ in (Float(generator.next() >> 40) * 0x1p-23 - 1) * scale }
  }
}
