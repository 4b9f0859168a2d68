// SPDX-License-Identifier: Apache-2.0

/// A tensor of an operation graph: its input, or what a node computes.
public enum GraphTensor: Hashable, Sendable {
  /// The graph's input.
  case input
  /// The output of the node at this place.
  case node(Int)
}
