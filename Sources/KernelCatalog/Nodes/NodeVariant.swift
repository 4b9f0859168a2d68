// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// What stands between convolutions: one kind of operation, by the kernels of one instruction set.
struct NodeVariant: Implementation {
  /// The kinds of operations, and what each is called.
  enum Kind: String, CaseIterable {
    case elementwise, sigmoid, pooling, shuffle, point, combination, resize, softmax, normalization
    case selection, rearrangement, concatenation, constant

    /// The kind of an operation; nil for convolutions.
    init?(_ operation: GraphOperation) {
      switch operation {
      case .convolution, .deformable: return nil
      case .relu, .add, .scale: self = .elementwise
      case .sigmoid: self = .sigmoid
      case .pooling: self = .pooling
      case .shuffle: self = .shuffle
      case .point: self = .point
      case .combination: self = .combination
      case .resize: self = .resize
      case .softmax: self = .softmax
      case .normalization: self = .normalization
      case .selection: self = .selection
      case .rearrangement: self = .rearrangement
      case .concatenation: self = .concatenation
      case .constant: self = .constant
      }
    }
  }

  let identity: VariantIdentity
  private let kind: Kind
  private let kernels: NodeKernels

  init(_ kind: Kind, _ instructionSet: InstructionSet) {
    self.kind = kind
    kernels = NodeKernels(instructionSet: instructionSet)
    identity = VariantIdentity(
      family: kind.rawValue, layout: "", instructionSet: instructionSet)
  }

  /// The variants for `instructionSet`: one of each kind.
  static func variants(_ instructionSet: InstructionSet) -> [NodeVariant] {
    Kind.allCases.map { NodeVariant($0, instructionSet) }
  }

  /// One operation; of those element by element also what follows it in one pass.
  func match(_ fragment: Fragment, workers: Int) -> Match {
    let following = fragment.nodes.dropFirst().map { fragment.graph.nodes[$0].operation }
    let addition: [GraphOperation] =
      fragment.first.operation == .scale && fragment.addend != nil ? [.add] : []
    let canFollow: [[GraphOperation]] =
      kind == .elementwise ? [[], [.relu], addition, addition + [.relu]] : [[]]
    guard Kind(fragment.first.operation) == kind, !fragment.sumsChannels,
      canFollow.contains(following)
    else { return refusal(of: fragment) }
    let blocked = Layout.channelBlocked(lanes: kernels.instructionSet.lanes)
    return .ways([blocked, .nhwc].map { Match.Way(input: $0, output: $0, cycles: 0) })
  }

  func takesParts(_ fragment: Fragment, reading: Bool) -> Bool { true }

  func prepare(
    _ fragment: Fragment, _ tensors: FragmentTensors, workers: Int
  ) throws(MemoryError) -> PreparedOperation {
    let prepared = prepared(fragment, tensors)
    return PreparedOperation(
      phases: prepared.map { $0.phase }, owner: Owners(prepared.map { $0.owner }))
  }

  private final class Owners {
    private let objects: [AnyObject]
    init(_ objects: [AnyObject]) { self.objects = objects }
  }

  private func prepared(
    _ fragment: Fragment, _ tensors: FragmentTensors
  ) -> [NodeKernels.Prepared] {
    let node = fragment.first
    switch node.operation {
    case .concatenation: return concatenation(node.name, fragment, tensors)
    case .constant:
      tensors.output.load(tensors.weights.constants[fragment.nodes[0]] ?? [])
      return []
    default: return [single(node, fragment, tensors)]
    }
  }

  /// The phase of what is one.
  private func single(
    _ node: OperationGraph.Node, _ fragment: Fragment, _ tensors: FragmentTensors
  ) -> NodeKernels.Prepared {
    let output = tensors.output
    let sources = tensors.sources(of: node)
    switch node.operation {
    case .relu: return kernels.elementwise(node.name, sources[0], hasReLU: true, to: output)
    case .add:
      return kernels.elementwise(
        node.name, sources[0], addend: sources[1], hasReLU: fragment.hasReLU, to: output)
    case .scale:
      return kernels.elementwise(
        node.name, sources[0], scale: sources[1],
        addend: fragment.addend.flatMap { tensors.inputs[$0] }, hasReLU: fragment.hasReLU,
        to: output)
    case .sigmoid: return kernels.sigmoid(node.name, sources[0], to: output)
    case .pooling(let pooling):
      return kernels.pooling(node.name, pooling, sources[0], sums: tensors.sums, to: output)
    case .shuffle(let groups):
      return kernels.shuffle(node.name, groups: groups, sources[0], to: output)
    default: return kernels.other(node, sources, to: output)
    }
  }

  /// Copies the sources that are not in place.
  private func concatenation(
    _ name: String, _ fragment: Fragment, _ tensors: FragmentTensors
  ) -> [NodeKernels.Prepared] {
    fragment.parts.compactMap { (tensor, firstChannel, channels) -> NodeKernels.Prepared? in
      guard let source = tensors.inputs[tensor] else { return nil }
      let part = Activation(
        partOf: tensors.output, firstChannel: firstChannel, channels: channels)
      let isAligned = part.isWhole || (part.layout == .nhwc && part.shape.batch == 1)
      if source.layout == part.layout, isAligned {
        return kernels.elementwise(name, source, to: part)
      }
      let copy = PartCopy(from: source, to: part)
      return (copy.phase(name), copy)
    }
  }
}
