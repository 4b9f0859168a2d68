// SPDX-License-Identifier: Apache-2.0

/// What is done to an output element after its sum is complete.
public struct Epilogue: Codable, Hashable, Sendable {
  /// Whether a bias per output channel is added.
  public var hasBias: Bool
  /// Whether negative results become zero, after the bias.
  public var hasReLU: Bool

  /// An epilogue; by default nothing.
  public init(hasBias: Bool = false, hasReLU: Bool = false) {
    self.hasBias = hasBias
    self.hasReLU = hasReLU
  }
}

/// A convolution with its epilogue.
public struct ConvolutionOperation: Codable, Hashable, Sendable {
  /// The convolution.
  public var problem: ConvolutionProblem
  /// What follows each sum.
  public var epilogue: Epilogue

  /// A convolution followed by `epilogue`.
  public init(_ problem: ConvolutionProblem, epilogue: Epilogue = Epilogue()) {
    self.problem = problem
    self.epilogue = epilogue
  }
}

/// The constants of a convolution, as a framework hands them over.
public struct Weights: Sendable {
  /// The filter, plain `[Co][Ci/G][Kh][Kw]`.
  public var filter: TensorValues
  /// The bias per output channel; empty where the epilogue has none.
  public var bias: TensorValues
  /// What integers stand for; nil where floats are computed.
  public var quantization: Quantization?

  /// Weights for `operation`; those of integers are whole numbers, and so is their bias.
  /// - Requires: counts that match the operation, and a quantization of integers.
  public init(
    _ operation: ConvolutionOperation, filter: TensorValues, bias: TensorValues = [],
    quantization: Quantization? = nil
  ) {
    let problem = operation.problem
    precondition(filter.count == problem.filterCount)
    precondition(bias.count == (operation.epilogue.hasBias ? problem.outChannels : 0))
    precondition(
      problem.dataType.arithmetic == .u8s8
        ? quantization?.scales.count == problem.outChannels : quantization == nil)
    self.filter = filter
    self.bias = bias
    self.quantization = quantization
  }
}
