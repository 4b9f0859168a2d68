// SPDX-License-Identifier: Apache-2.0

/// What a convolution does besides, where its neighbours in a block are joined to it.
public struct Joins {
  /// What is added to each sum before the epilogue's ReLU; of the output's shape, layout and step
  /// between pixels.
  public var addend: Activation?
  /// Groups of the channel shuffle through which the input is read; 1 reads it as it is.
  public var shuffleGroups: Int

  /// Joins; by default none.
  public init(addend: Activation? = nil, shuffleGroups: Int = 1) {
    self.addend = addend
    self.shuffleGroups = shuffleGroups
  }
}

/// A variant that can start its sums from another tensor, read its input through a channel shuffle,
/// and, where channels are innermost, read and write a range of channels of wider activations.
public protocol JoiningVariant: ConvolutionVariant {
  /// Whether it can read the input of `operation` through a shuffle of so many groups.
  func canShuffle(_ operation: ConvolutionOperation, groups: Int) -> Bool

  /// As `prepare`, with `joins`.
  /// - Requires: what `prepare` requires, and joins that it can do.
  /// - Throws: `MemoryError`.
  func prepare(
    _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
    workers: Int, joins: Joins
  ) throws -> PreparedOperation
}
