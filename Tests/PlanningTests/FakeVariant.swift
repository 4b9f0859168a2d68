// SPDX-License-Identifier: Apache-2.0

import Convolution

/// A variant that can be planned with, but not run.
struct FakeVariant: ConvolutionVariant {
  typealias Failure = any Error

  var identity: VariantIdentity
  /// Problems with more groups than this are unsupported.
  var mostGroups = Int.max

  init(_ family: String, mostGroups: Int = .max) {
    identity = VariantIdentity(family: family, layout: "nchw")
    self.mostGroups = mostGroups
  }

  func support(_ operation: ConvolutionOperation, workers: Int) -> Support {
    operation.problem.groups <= mostGroups
      ? .supported : .unsupported(reason: "more than \(mostGroups) groups")
  }

  func layouts(_ operation: ConvolutionOperation) -> (input: Layout, output: Layout) {
    (.nchw, .nchw)
  }

  func prepare(
    _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
    workers: Int, joins: Joins
  ) throws -> PreparedOperation {
    PreparedOperation(phases: [])
  }
}
