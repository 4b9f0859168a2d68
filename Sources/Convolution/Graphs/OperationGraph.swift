// SPDX-License-Identifier: Apache-2.0

/// A block: named operations over one input, always consistent once made.
///
/// Nodes stand in an order in which each reads only the input and earlier ones; the last node's
/// result is the graph's.
public struct OperationGraph: Hashable, Sendable {
  /// One operation.
  public struct Node: Hashable, Sendable {
    /// What names it inside the graph.
    public let name: String
    /// What it computes.
    public let operation: GraphOperation
    /// What it reads, in order.
    public let sources: [GraphTensor]
    /// The shape of its result.
    public let shape: ActivationShape
    /// A factor on the weights that are drawn for it: offsets of a deformable convolution spread
    /// as it says.
    public let gain: Int
    /// About how large its result's elements are: their root mean square on drawn tensors, with
    /// weights that keep it but for the gain.
    public let scale: Double

    /// The convolution that it computes, whether its taps move or not; nil for other operations.
    public var convolution: ConvolutionOperation? {
      switch operation {
      case .convolution(let problem, let hasBias):
        ConvolutionOperation(problem, epilogue: Epilogue(hasBias: hasBias))
      case .deformable(let operation): operation.convolution
      default: nil
      }
    }
  }

  /// Shape of the input.
  public let input: ActivationShape
  /// The operations.
  public private(set) var nodes: [Node] = []
  /// Nodes whose results count beside the last one's: a network may have several.
  public private(set) var kept: Set<Int> = []
  /// Whether its weights are given and not drawn, so that how large elements become is known.
  public let hasOwnWeights: Bool

  /// What the input is called where nodes name their sources.
  public static let inputName = "input"
  /// The most nodes of a graph: DenseNet-201 as one block would have about 700, and planning and
  /// checking one looks at all pairs.
  public static let mostNodes = 1_000

  /// A graph over an input of the given shape, without nodes yet.
  public init(input: ActivationShape, hasOwnWeights: Bool = false) {
    self.input = input
    self.hasOwnWeights = hasOwnWeights
  }

  /// Appends a node that reads the tensors named `sources`.
  /// - Throws: `GraphError` where a source is unknown or its shape is not what the node takes.
  public mutating func append(
    _ name: String, _ operation: GraphOperation, reading sources: [String], gain: Int = 1
  ) throws(GraphError) {
    guard nodes.count < Self.mostNodes else { throw .tooManyNodes(accepted: Self.mostNodes) }
    guard name != Self.inputName, !nodes.contains(where: { $0.name == name }) else {
      throw .duplicateName(name)
    }
    var tensors: [GraphTensor] = []
    for source in sources {
      guard let tensor = tensor(named: source) else {
        throw .unknownSource(
          node: name, source: source, accepted: [Self.inputName] + nodes.map { $0.name })
      }
      tensors.append(tensor)
    }
    let shape = try outputShape(name, operation, tensors)
    let scale = scale(operation, tensors, gain: gain)
    guard hasOwnWeights || scale <= Self.largestScale else {
      throw .overflow(node: name, gain: gain, scale: scale)
    }
    nodes.append(
      Node(
        name: name, operation: operation, sources: tensors, shape: shape, gain: gain, scale: scale))
  }

  /// Has the result of the node of this name count beside that of the last one.
  /// - Throws: `GraphError.unknownSource` where no node has the name.
  public mutating func keep(_ name: String) throws(GraphError) {
    guard case .node(let place) = tensor(named: name) else {
      throw .unknownSource(node: "the result", source: name, accepted: nodes.map { $0.name })
    }
    kept.insert(place)
  }

  /// The nodes whose results are the graph's: those that were kept, and the last one.
  public var results: [Int] {
    var results = kept
    if let last = nodes.indices.last { results.insert(last) }
    return results.sorted()
  }

  /// The node that alone reads the result of the node at `place`; nil where there are several or
  /// none, or where the result itself counts.
  public func onlyReader(of place: Int) -> Int? {
    let readers = consumers(of: .node(place))
    return readers.count == 1 && !kept.contains(place) ? readers[0] : nil
  }

  /// Elements are at most this large in the mean: sums of them, and what deviates from the mean, must
  /// stay below the largest float, of 2¹²⁸.
  public static let largestScale = 0x1p96

  private func scale(
    _ operation: GraphOperation, _ sources: [GraphTensor], gain: Int
  ) -> Double {
    let scales = sources.map { (source) -> Double in
      guard case .node(let place) = source else { return 1 }
      return nodes[place].scale
    }
    return switch operation {
    case .convolution, .deformable: Double(gain) * max(1, scales[0])
    case .pooling, .relu, .shuffle, .selection, .rearrangement, .resize: scales[0]
    case .point(.hardSigmoid), .point(.tanh), .point(.erf), .sigmoid, .softmax: 1
    case .point(.leakyReLU(let slope)): max(1, abs(Double(slope))) * scales[0]
    case .point(.squareRoot): max(1, scales[0])
    case .point: scales[0]
    case .constant: 1
    case .normalization(let epsilon): 1 / max(Double(epsilon), 0x1p-40).squareRoot()
    case .combination(.multiply), .combination(.parametricReLU), .combination(.divide):
      scales[0] * scales[1]
    case .combination: scales[0] + scales[1]
    case .add: scales[0] + scales[1]
    case .scale: scales[0] * scales[1]
    case .concatenation: scales.max() ?? 1
    }
  }

  /// Checks what only the whole graph can show.
  /// - Throws: `GraphError.empty`, `GraphError.unread`.
  public func checkComplete() throws(GraphError) {
    guard !nodes.isEmpty else { throw .empty }
    for place in nodes.indices.dropLast()
    where !kept.contains(place) && consumers(of: .node(place)).isEmpty {
      throw .unread(node: nodes[place].name)
    }
  }

  /// The tensor of this name.
  public func tensor(named name: String) -> GraphTensor? {
    if name == Self.inputName { return .input }
    return nodes.firstIndex { $0.name == name }.map { .node($0) }
  }

  /// The shape of a tensor.
  public func shape(_ tensor: GraphTensor) -> ActivationShape {
    if case .node(let place) = tensor { nodes[place].shape } else { input }
  }

  /// What a tensor is called.
  public func name(_ tensor: GraphTensor) -> String {
    if case .node(let place) = tensor { nodes[place].name } else { Self.inputName }
  }

  /// The nodes that read a tensor, each once.
  public func consumers(of tensor: GraphTensor) -> [Int] {
    nodes.indices.filter { nodes[$0].sources.contains(tensor) }
  }

  /// The convolutions, in order.
  public var convolutions: [NamedProblem] {
    nodes.compactMap { node in
      node.convolution.map { NamedProblem($0.problem, name: node.name) }
    }
  }

  /// The nodes as `a: conv(input) + relu(a)`, convolutions by their descriptors.
  public var descriptor: String {
    nodes.map { node in
      let sources = node.sources.map(name).joined(separator: ",")
      guard let convolution = node.convolution else {
        return "\(node.name)=\(node.operation.name)(\(sources))"
      }
      let word = if case .deformable = node.operation { "deform:" } else { "" }
      let bias = convolution.epilogue.hasBias ? "+bias" : ""
      let gain = node.gain == 1 ? "" : "*\(node.gain)"
      let text = word + ProblemDescriptor.print(convolution.problem) + bias + gain
      return "\(node.name)=\(text)(\(sources))"
    }.joined(separator: " + ")
  }
}
