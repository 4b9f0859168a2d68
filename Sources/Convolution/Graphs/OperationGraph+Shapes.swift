// SPDX-License-Identifier: Apache-2.0

extension GraphOperation {
  /// The convolution or pooling that it is, or whose taps a deformable convolution moves.
  fileprivate var window: ConvolutionProblem? {
    switch self {
    case .convolution(let problem, _): problem
    case .deformable(let operation): operation.convolution.problem
    case .pooling(let pooling): pooling.window
    default: nil
    }
  }
}

extension OperationGraph {
  /// The shape of a node's result, from what it reads.
  func outputShape(
    _ name: String, _ operation: GraphOperation, _ sources: [GraphTensor]
  ) throws(GraphError) -> ActivationShape {
    try checkCount(name, operation, sources.count)
    if case .constant(let shape) = operation { return try checked(name, shape) }
    let first = shape(sources[0])
    if let window = operation.window {
      try check(sources[0], name, takes: window.inputShape)
      if case .deformable(let operation) = operation { try checkFields(operation, sources, name) }
      return window.outputShape
    }
    switch operation {
    case .add: try check(sources[1], name, takes: first)
    case .scale:
      var factors = first
      factors.extent = Extent(1, 1)
      try check(sources[1], name, takes: factors)
    case .concatenation: return try joined(name, sources)
    case .shuffle(let groups):
      guard groups > 0, first.channels % groups == 0
      else { throw .shuffle(node: name, channels: first.channels, groups: groups) }
    default: return try otherShape(name, operation, sources, first)
    }
    return first
  }

  private func checkFields(
    _ operation: DeformableOperation, _ sources: [GraphTensor], _ name: String
  ) throws(GraphError) {
    try check(sources[1], name, takes: operation.offsetShape)
    if operation.isModulated { try check(sources[2], name, takes: operation.maskShape) }
  }

  private func otherShape(
    _ name: String, _ operation: GraphOperation, _ sources: [GraphTensor], _ first: ActivationShape
  ) throws(GraphError) -> ActivationShape {
    switch operation {
    case .combination:
      guard let shape = Combination.shape(first, shape(sources[1])) else {
        throw .shapes(
          producer: self.name(sources[1]), consumer: name, output: shape(sources[1]), input: first)
      }
      return try checked(name, shape)
    case .selection(let selection):
      guard selection.fits(first) else { throw .misfit(node: name, source: first) }
      return try checked(name, selection.shape)
    case .rearrangement(let rearrangement):
      let shape = try checked(name, rearrangement.shape)
      guard rearrangement.fits(first) else { throw .misfit(node: name, source: first) }
      return shape
    case .resize(let resize):
      guard resize.fits(first.extent) else { throw .misfit(node: name, source: first) }
      var resized = first
      resized.extent = Extent(resize.rows.count, resize.columns.count)
      return try checked(name, resized)
    default: return first
    }
  }

  /// A shape of sizes that can be addressed sensibly.
  func checked(
    _ name: String, _ shape: ActivationShape
  ) throws(GraphError) -> ActivationShape {
    let axes = [shape.batch, shape.channels, shape.extent.height, shape.extent.width]
    var count = 1
    for axis in axes {
      guard (1...ConvolutionProblem.largestAxis).contains(axis),
        count <= ConvolutionProblem.largestTensor / axis
      else { throw .tooLarge(node: name, channels: shape.channels, shape: shape) }
      count *= axis
    }
    return shape
  }

  private func joined(
    _ name: String, _ sources: [GraphTensor]
  ) throws(GraphError) -> ActivationShape {
    let shapes = sources.map(shape)
    var joined = shapes[0]
    for (source, shape) in zip(sources, shapes).dropFirst() {
      var expected = joined
      expected.channels = shape.channels
      try check(source, name, takes: expected)
    }
    joined.channels = 0
    // Each shape is within the limits, and so is what is joined so far: nothing overflows.
    let pixels = joined.batch * joined.extent.area
    for shape in shapes {
      let channels = joined.channels + shape.channels
      guard channels <= ConvolutionProblem.largestAxis,
        channels <= ConvolutionProblem.largestTensor / pixels
      else { throw .tooLarge(node: name, channels: channels, shape: joined) }
      joined.channels = channels
    }
    return joined
  }

  private func checkCount(
    _ name: String, _ operation: GraphOperation, _ count: Int
  ) throws(GraphError) {
    switch operation {
    case .constant:
      guard count == 0 else { throw .sourceCount(node: name, count: count, accepted: "none") }
    case .convolution, .pooling, .relu, .sigmoid, .shuffle, .point, .selection, .rearrangement,
      .resize, .softmax, .normalization:
      guard count == 1 else { throw .sourceCount(node: name, count: count, accepted: "one") }
    case .deformable(let operation):
      let accepted = operation.isModulated ? "three: input, offsets and mask" : "two"
      guard count == (operation.isModulated ? 3 : 2) else {
        throw .sourceCount(node: name, count: count, accepted: accepted)
      }
    case .add, .scale, .combination:
      guard count == 2 else { throw .sourceCount(node: name, count: count, accepted: "two") }
    case .concatenation:
      guard count >= 2 else {
        throw .sourceCount(node: name, count: count, accepted: "two or more")
      }
    }
  }

  private func check(
    _ source: GraphTensor, _ consumer: String, takes expected: ActivationShape
  ) throws(GraphError) {
    guard shape(source) == expected else {
      throw .shapes(
        producer: name(source), consumer: consumer, output: shape(source), input: expected)
    }
  }
}
