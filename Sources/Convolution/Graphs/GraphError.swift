// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// Why nodes do not make an operation graph.
public enum GraphError: Error, Hashable, Sendable {
  /// There is no node.
  case empty
  /// Two nodes have one name, or one is called like the input.
  case duplicateName(String)
  /// A node reads what no earlier node computes.
  case unknownSource(node: String, source: String, accepted: [String])
  /// A node reads another number of tensors than its operation takes.
  case sourceCount(node: String, count: Int, accepted: String)
  /// What a node reads has another shape than it takes.
  case shapes(
    producer: String, consumer: String, output: ActivationShape, input: ActivationShape)
  /// The channels of a shuffle are not divisible by its groups.
  case shuffle(node: String, channels: Int, groups: Int)
  /// A node takes elements that its source does not have.
  case misfit(node: String, source: ActivationShape)
  /// A node's result would overflow.
  case overflow(node: String, gain: Int, scale: Double)
  /// Nobody reads a node's result, and it is not the last.
  case unread(node: String)
  /// More nodes than a plan could be made for.
  case tooManyNodes(accepted: Int)
  /// The result of a concatenation has more channels or elements than can be addressed sensibly.
  case tooLarge(node: String, channels: Int, shape: ActivationShape)
}

extension GraphError: CustomStringConvertible {
  /// The node or edge, both shapes, and what is accepted.
  public var description: String {
    switch self {
    case .empty: "a graph has no nodes; accepted is at least one"
    case .duplicateName(let name):
      "two nodes are called ‘\(name)’; accepted are names of their own, other than "
        + "‘\(OperationGraph.inputName)’"
    case .unknownSource(let node, let source, let accepted):
      "\(node) reads ‘\(source)’, which no earlier node computes; accepted are "
        + NearestNames.accepted(accepted, near: source)
    case .sourceCount(let node, let count, let accepted):
      "\(node) reads \(count) tensors; accepted is \(accepted)"
    case .shapes(let producer, let consumer, let output, let input):
      "edge \(producer) → \(consumer): \(producer) gives \(Self.text(output)), but \(consumer) "
        + "takes \(Self.text(input)); accepted are equal shapes"
    case .shuffle(let node, let channels, let groups):
      "\(node): \(channels) channels are not divisible by \(groups) groups"
    case .misfit(let node, let source):
      "\(node) takes elements of \(Self.text(source)) that it does not have; accepted are places "
        + "inside it"
    case .overflow(let node, let gain, let scale):
      "\(node) with a gain of \(gain): its elements would be about \(scale), and overflow; accepted "
        + "are gains, sums and products that keep them below \(OperationGraph.largestScale)"
    case .tooManyNodes(let accepted):
      "a block has more than \(accepted) nodes, which is the limit"
    case .tooLarge(let node, let channels, let shape):
      "\(node) would have \(channels) channels of \(shape.batch)x\(shape.extent.height)x"
        + "\(shape.extent.width); accepted are at most \(ConvolutionProblem.largestAxis) channels "
        + "and \(ConvolutionProblem.largestTensor) elements"
    case .unread(let node):
      "nothing reads \(node), and it is not the last node; accepted are nodes that the last one "
        + "depends on"
    }
  }

  private static func text(_ shape: ActivationShape) -> String {
    "\(shape.batch)x\(shape.channels)x\(shape.extent.height)x\(shape.extent.width)"
  }
}
