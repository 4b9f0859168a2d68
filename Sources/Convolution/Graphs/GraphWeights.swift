// SPDX-License-Identifier: Apache-2.0

/// The constants of a graph: those of each convolution, nil for other nodes.
public struct GraphWeights: Sendable {
  /// Constants by the place of the node.
  public var ofNodes: [Weights?]
  /// The values of the nodes that are constants, plain `[N][C][H][W]`, by the place of the node.
  public var constants: [Int: TensorValues]

  /// Constants for a graph.
  public init(_ ofNodes: [Weights?], constants: [Int: TensorValues] = [:]) {
    self.ofNodes = ofNodes
    self.constants = constants
  }
}
