// SPDX-License-Identifier: Apache-2.0

/// Nodes of a graph that are computed together and write one tensor: one node, or several that are
/// fused.
public struct Fragment: Sendable {
  /// The graph.
  public let graph: OperationGraph
  /// The places of its nodes, in order; only the last one's result is written.
  public var nodes: [Int]
  /// Whether each channel of the result is summed while it is written.
  public var sumsChannels: Bool

  /// A fragment of `graph`; at least one node.
  public init(_ graph: OperationGraph, _ nodes: [Int], sumsChannels: Bool = false) {
    self.graph = graph
    self.nodes = nodes
    self.sumsChannels = sumsChannels
  }

  /// The node that runs first.
  public var first: OperationGraph.Node { graph.nodes[nodes[0]] }

  /// The place of the node whose result is written.
  public var result: Int { nodes[nodes.count - 1] }

  /// Its operations, such as `conv+add+relu`.
  public var name: String { nodes.map { graph.nodes[$0].operation.name }.joined(separator: "+") }

  /// The tensors that it reads and does not compute itself, each once.
  public var reads: [GraphTensor] {
    var own = Set(nodes.map { GraphTensor.node($0) })
    var tensors: [GraphTensor] = []
    for source in nodes.flatMap({ graph.nodes[$0].sources }) where own.insert(source).inserted {
      tensors.append(source)
    }
    return tensors
  }

  /// The places of its convolutions.
  public var convolutions: [Int] { nodes.filter { graph.nodes[$0].convolution != nil } }

  /// The convolution of the fragment with what follows it in its store; nil where its taps move, where
  /// there is none or another one, and where something stands beside it that is no join.
  public var convolution: (node: Int, operation: ConvolutionOperation)? {
    guard let node = only, case .convolution = graph.nodes[node].operation,
      let operation = stored(node, nodes[...])
    else { return nil }
    let before = nodes.prefix { $0 != node }
    guard before.isEmpty || (before.count == 1 && isShuffled) else { return nil }
    return (node, operation)
  }

  /// The deformable convolution of the fragment, with what follows it in its store.
  public var deformable: DeformableOperation? {
    guard let node = only, node == nodes[0], joins.isEmpty,
      let operation = stored(node, nodes[...]),
      case .deformable(let deformable) = graph.nodes[node].operation
    else { return nil }
    return try? DeformableOperation(
      operation, offsetGroups: deformable.offsetGroups, isModulated: deformable.isModulated)
  }

  /// The two convolutions of the fragment, a depthwise one and the pointwise one that reads it, with
  /// what follows each.
  public var separable: (depthwise: Int, pointwise: Int, operation: SeparableOperation)? {
    let places = nodes.indices.filter { graph.nodes[nodes[$0]].convolution != nil }
    guard places.count == 2, places[0] == 0, !sumsChannels,
      let first = stored(nodes[0], nodes[..<places[1]]),
      let second = stored(nodes[places[1]], nodes[places[1]...])
    else { return nil }
    return SeparableOperation(first, second).map { (nodes[0], nodes[places[1]], $0) }
  }

  /// What an addition behind the first node adds to its result; nil where there is none.
  ///
  /// It may be a tensor that the fragment reads for something else, too.
  public var addend: GraphTensor? {
    guard let addition = nodes.dropFirst().first(where: { graph.nodes[$0].operation == .add })
    else { return nil }
    return graph.nodes[addition].sources.first { !computes($0) }
  }

  /// Whether a ReLU follows the first node.
  public var hasReLU: Bool { nodes.dropFirst().contains { graph.nodes[$0].operation == .relu } }

  /// Groups of the shuffle through which a convolution reads; 1 without one.
  public var shuffleGroups: Int {
    guard nodes.count > 1, case .shuffle(let groups) = first.operation else { return 1 }
    return groups
  }

  private var isShuffled: Bool { if case .shuffle = first.operation { true } else { false } }

  /// What is asked of the kernel of a convolution besides.
  public var joins: [Join] {
    var joins: [Join] = []
    if addend != nil { joins.append(.addend) }
    if shuffleGroups > 1 { joins.append(.shuffle(groups: shuffleGroups)) }
    if sumsChannels { joins.append(.channelSums) }
    return joins
  }

  /// Where the sources of a concatenation lie in its result.
  public var parts: [(tensor: GraphTensor, firstChannel: Int, channels: Int)] {
    var channel = 0
    return graph.nodes[result].sources.map { source in
      let channels = graph.shape(source).channels
      defer { channel += channels }
      return (source, channel, channels)
    }
  }

  /// The fragment with the node at `place` behind it.
  public func followed(by place: Int) -> Fragment {
    Fragment(graph, nodes + [place], sumsChannels: sumsChannels)
  }

  /// Its only convolution, whether its taps move or not.
  private var only: Int? { convolutions.count == 1 ? convolutions[0] : nil }

  /// The convolution at `place` with the ReLU among those of `nodes` that follow it; nil where others
  /// follow than an addition and a ReLU.
  private func stored(_ place: Int, _ nodes: ArraySlice<Int>) -> ConvolutionOperation? {
    let following = nodes.drop { $0 != place }.dropFirst().map { graph.nodes[$0].operation }
    guard var operation = graph.nodes[place].convolution,
      following == [] || following == [.relu]
        || (following.first == .add && following.dropFirst().allSatisfy { $0 == .relu }
          && addend != nil)
    else { return nil }
    operation.epilogue.hasReLU = following.contains(.relu)
    return operation
  }

  private func computes(_ tensor: GraphTensor) -> Bool {
    nodes.contains { .node($0) == tensor }
  }
}

extension Fragment {
  /// What decides whether an implementation matches it: equal for fragments that differ in names and
  /// places only.
  public struct Signature: Hashable {
    private let operations: [GraphOperation]
    private let shapes: [ActivationShape]
    /// For each source its place in the fragment; where it is none of it, how often it was read before.
    private let sources: [[Int]]
    private let sumsChannels: Bool

    /// The signature of `fragment`.
    public init(_ fragment: Fragment) {
      let nodes = fragment.nodes.map { fragment.graph.nodes[$0] }
      let reads = fragment.reads
      operations = nodes.map { $0.operation }
      shapes = nodes.map { $0.shape }
      sumsChannels = fragment.sumsChannels
      sources = nodes.map { node in
        node.sources.map { source in
          fragment.nodes.firstIndex { .node($0) == source }
            ?? -1 - (reads.firstIndex(of: source) ?? 0)
        }
      }
    }
  }
}
