// SPDX-License-Identifier: Apache-2.0

/// What a convolution can do besides, for its neighbours in a block.
public enum Join: Hashable, Sendable {
  /// Start its sums from another tensor.
  case addend
  /// Read its input through a channel shuffle of so many groups.
  case shuffle(groups: Int)
  /// Where channels are innermost, read and write a range of channels of wider activations.
  case parts
  /// Sum each channel of its output while it writes it.
  case channelSums
}

/// What a convolution does besides, where its neighbours in a block are joined to it.
public struct Joins {
  /// What is added to each sum before the epilogue's ReLU; of the output's shape, layout and step
  /// between pixels.
  public var addend: Activation?
  /// Groups of the channel shuffle through which the input is read; 1 reads it as it is.
  public var shuffleGroups: Int
  /// Whether the output is summed over its pixels; see `PreparedOperation.channelSums`.
  public var sumsChannels: Bool

  /// Joins; by default none.
  public init(addend: Activation? = nil, shuffleGroups: Int = 1, sumsChannels: Bool = false) {
    self.addend = addend
    self.shuffleGroups = shuffleGroups
    self.sumsChannels = sumsChannels
  }
}
