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

  /// Whether tiles that take all taps of a line at once have code for any border, not only for the
  /// usual padding of half a kernel.
  ///
  /// With several channels in a vector that code is long and slow, and rarely of use; such lines are
  /// left to single taps.
  @inlinable @inline(__always)
  public var meetsAnyBorder: Bool {
    if case .permuted(let inputs, _) = self { inputs == 1 } else { true }
  }
}
