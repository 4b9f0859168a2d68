// SPDX-License-Identifier: Apache-2.0

/// What the lanes of a vector hold in a line kernel, and where an input comes from.
public enum LineSource: Hashable, Sendable {
  /// Lanes are channels, and each output channel sees the input channel of its own lane.
  case ownChannel
  /// Lanes are channels of several groups; within a group of `outputs` lanes, each sees all of the
  /// group's `inputs` channels, which a permutation of the input's lanes brings to it.
  case permuted(inputs: Int, outputs: Int)
  /// Lanes are output channels of one group, and all see the same input channel.
  case sharedChannel
  /// Lanes are neighbouring pixels of one channel, and weights are single floats.
  case pixels

  /// The channel of its group that `lane` sees when the kernel comes to `channel`.
  ///
  /// Where there are as many inputs as outputs, each lane begins with its own channel, which needs no
  /// permutation: permutations and FMAs share one of two pipes on Zen 3.
  public func inputChannel(_ channel: Int, ofLane lane: Int) -> Int {
    guard case .permuted(let inputs, let outputs) = self, inputs == outputs else { return channel }
    return (lane + channel) % inputs
  }
}
