// SPDX-License-Identifier: Apache-2.0

import Convolution
import Testing

@testable import ExternalPeers

/// A small problem with data, for contenders that are not fast.
struct Example: CustomTestStringConvertible, Sendable {
  let testDescription: String
  var operation: ConvolutionOperation
  var input: [Float]
  var weights: Weights

  /// Dense, grouped, strided, dilated, asymmetrically padded, depthwise.
  static let all: [Example] =
    (try? [
      Example("dense"),
      Example("groups, stride, bias", groups: 2, stride: Extent(2, 1), bias: true),
      Example("dilation, two images", batch: 2, dilation: Extent(1, 2)),
      Example(
        "asymmetric padding, ReLU", padding: Padding(top: 2, left: 0, bottom: 1, right: 3),
        relu: true),
      Example(
        "depthwise, rectangular, bias, ReLU", groups: 4, kernel: Extent(1, 5), bias: true,
        relu: true),
    ]) ?? []

  init(
    _ name: String, groups: Int = 1, batch: Int = 1, kernel: Extent = Extent(3, 3),
    stride: Extent = Extent(1, 1), padding: Padding = Padding(1, 1),
    dilation: Extent = Extent(1, 1), bias: Bool = false, relu: Bool = false
  ) throws {
    testDescription = name
    let problem = try ConvolutionProblem(
      groups: groups, batch: batch, inChannels: 4, outChannels: 8, input: Extent(7, 6),
      kernel: kernel, stride: stride, padding: padding, dilation: dilation)
    operation = ConvolutionOperation(
      problem, epilogue: Epilogue(hasBias: bias, hasReLU: relu))
    input = Self.values(problem.inputShape.count, step: 7)
    weights = Weights(
      operation, filter: Self.values(problem.filterCount, step: 5),
      bias: bias ? Self.values(8, step: 3) : [])
  }

  /// The comparison of `output` with the reference.
  func verify(_ output: [Float], _ accuracy: ContenderAccuracy) -> Verification {
    Verification(
      output: output,
      reference: ReferenceConvolution(operation, input: input, weights: weights),
      bound: accuracy.errorBound(operation), shape: operation.problem.outputShape)
  }

  /// Small integers without a pattern: sums of their products are exact.
  private static func values(_ count: Int, step: Int) -> [Float] {
    (0..<count).map { Float(($0 * step + $0 / 11) % 9 - 4) }
  }
}

extension ExternalContender {
  /// Prepares an example on one worker.
  func prepare(_ example: Example) throws(ExternalError) -> Handle {
    try prepare(example.operation, input: example.input, weights: example.weights, workers: 1)
  }
}
