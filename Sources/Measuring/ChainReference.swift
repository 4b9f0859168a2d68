// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// What a chain must give, and how far a contender may be from it that shows only its last output.
///
/// Each step may add its own error, and the error of its input goes through it: what an input is off by
/// moves an output by at most `Σ|w|` times as much, and a ReLU by no more.
enum ChainReference {
  /// The last step's result in Double; the magnitudes are the largest errors that are allowed.
  /// - Parameters:
  ///   - data: The chain's tensors.
  ///   - bound: What each step may add.
  /// - Returns: one value and magnitude per output, or per sampled one of a large problem.
  static func last(
    _ data: CaseData, bound: (ConvolutionOperation) -> ErrorBound
  ) -> ReferenceConvolution {
    var input = data.input
    // What the input may be off by, value by value; the first is given.
    var slack: TensorValues = []
    var result = ReferenceConvolution(values: [], magnitudes: [], sampledIndices: nil)
    for (step, operation) in data.operations.enumerated() {
      let weights = data.weights[step]
      let isLast = step == data.operations.count - 1
      let indices = isLast ? ReferenceCache.checkedOutputs(operation.problem) : nil
      let exact = ReferenceConvolution(operation, input: input, weights: weights, at: indices)
      let passed = slack.isEmpty ? [] : passed(slack, operation, weights, at: indices)
      let limits = limits(exact, passed: passed, bound: bound(operation))
      result = ReferenceConvolution(
        values: exact.values, magnitudes: limits, sampledIndices: indices)
      guard !isLast else { break }
      input = exact.values.map { TensorValue($0) }
      slack = limits.map { TensorValue($0).nextUp }
    }
    return result
  }

  /// What errors of the input do to the output at most.
  private static func passed(
    _ slack: TensorValues, _ operation: ConvolutionOperation, _ weights: Weights, at indices: [Int]?
  ) -> [Double] {
    let plain = ConvolutionOperation(operation.problem, epilogue: Epilogue())
    let sizes = Weights(plain, filter: weights.filter.map { abs($0) })
    return ReferenceConvolution(plain, input: slack, weights: sizes, at: indices).values
  }

  /// The step's own error on top of what its input brings, and the rounding of the reference's own
  /// input to 32 bits.
  private static func limits(
    _ exact: ReferenceConvolution, passed: [Double], bound: ErrorBound
  ) -> [Double] {
    let magnitudes = exact.magnitudes.indices.map {
      exact.magnitudes[$0] + (passed.isEmpty ? 0 : passed[$0])
    }
    let largest = magnitudes.max() ?? 0
    return magnitudes.indices.map { place in
      let own = bound.limit(bound.scale == .perOutput ? magnitudes[place] : largest)
      guard !passed.isEmpty else { return own }
      return own + passed[place] + magnitudes[place] * 0x1p-24
    }
  }
}
